from __future__ import annotations

import codecs
import gzip
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Complaint
from luyue.exchange.commands import import_register
from luyue.ledger.models import Entry
from luyue.organization.models import Employee
from luyue.parties.models import Party
from luyue.records.models import Binding, Counter, Record
from luyue.rulebook.loading import read_profile
from tests.exchange.conftest import CFPB, CFPB_MAP, LEDGER_MAP, OldRegister, import_complaints
from tests.firms import Firm

HEAD = "来电时间,客户,渠道,问题,发货日期,数量,转办日期,转办部门,经办人"
GOOD = "2014-03-03 10:20,华东工具厂,电话,端面崩刃,2014-02-20,12,2014/03/04,企业联络处,联络员"
PLAIN = "2014-03-05,江南机械,来信,包装破损,,,无,,"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A file of these lines under a head, as some office would have kept it."""

    def written(*lines: str, head: str = HEAD, encoding: str = "utf-8", name: str = "ledger.csv") -> Path:
        file = tmp_path / name
        file.write_bytes("\r\n".join([head, *lines, ""]).encode(encoding))
        return file

    return written


def bring_in(file: Path, *more: str, map_file: Path | None = None, by: str = "intake_clerk") -> Result:
    return import_complaints(file, *more, map_file=map_file or LEDGER_MAP, by=by)


def said_by(result: Result) -> Any:
    return json.loads(result.stdout)


def reasons(result: Result) -> dict[int, list[str]]:
    return {row["line"]: row["reasons"] for row in said_by(result)["bad"]}


def test_a_row_becomes_a_record_with_its_real_dates(registry_office: Firm, write: Write) -> None:
    result = bring_in(write(GOOD, PLAIN), "--json")

    first, second = Complaint.objects.order_by("opened_at")
    entries = [
        (entry.action, registry_office.local(entry.occurred_at), entry.entered_at.year >= 2024)
        for entry in Entry.objects.filter(record=first).order_by("sequence")
    ]
    assert result.exit_code == 0
    assert said_by(result)["brought_in"] == 2
    assert (first.number, first.channel, first.quantity, str(first.delivered_on)) == (
        "C2014-00001",
        "phone",
        12,
        "2014-02-20",
    )
    assert (str(first.party), first.party.number if first.party else "") == ("华东工具厂", "K001")
    assert first.owner == registry_office["liaison_officer"]
    assert entries == [
        ("complaint.register", "2014-03-03 10:20", True),
        ("complaint.forward", "2014-03-04 09:00", True),
    ]
    assert Entry.objects.filter(record=second).count() == 1


def test_one_bad_row_keeps_all_others_out(registry_office: Firm, write: Write) -> None:
    file = write(GOOD, PLAIN.replace("2014-03-05", "2014-13-05"))

    refused = bring_in(file, "--json")

    assert refused.exit_code == 1
    assert reasons(refused) == {3: ["“2014-13-05” is no date of the form %Y-%m-%d %H:%M, %Y-%m-%d, %Y/%m/%d."]}
    assert [kind for kind in (Record, Party, Counter, Binding) if kind.objects.exists()] == []

    skipped = bring_in(file, "--json", "--skip-bad")

    assert skipped.exit_code == 0
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("端面崩刃", "", "what happened: This field is required."),
        (",12,", ",很多,", "quantity: Enter a number."),
        ("2014/03/04", "2014/03/01", "“Forward” (2014-03-01) would lie before “Register” (2014-03-03)."),
        ("2014-03-03 10:20", "2044-03-03", "“Register” (2044-03-03) would lie in the future."),
        ("企业联络处", "法务部", "There is no department “法务部”."),
        (",联络员", ",张三", "Nobody is called “张三”."),
        ("端面崩刃", "端面,崩刃", "The row has 10 cells, the head has 9; perhaps a separator stands in a text."),
        ("2014-03-03 10:20", "无", "The column “来电时间” is empty."),
        ("2014-02-20", "1814-02-20", "delivery date: 1814-02-20 cannot be right; accepted are days from 1990 to 2100."),
        (
            "2014-03-03 10:20",
            "2012-12-31",
            "受理员 may not take the action “Register” by the procedures in force on 2012-12-31.",
        ),
    ],
)
def test_a_bad_row_is_told_why(registry_office: Firm, write: Write, old: str, new: str, reason: str) -> None:
    result = bring_in(write(PLAIN, GOOD.replace(old, new, 1)), "--json")

    assert reason in reasons(result)[3]
    assert not Record.objects.exists()


def test_bad_rows_come_back_as_a_file_and_can_be_brought_in_once_mended(
    registry_office: Firm, write: Write, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.csv"
    bring_in(write(GOOD, PLAIN.replace("2014-03-05", "2014-13-05")), "--skip-bad", "--rejects", str(rejects))

    head, row = rejects.read_text(encoding="utf-8-sig").splitlines()
    assert head == f"Line,Reason,{HEAD}"
    assert row.startswith('3,"“2014-13-05” is no date of the form')

    rejects.write_text(rejects.read_text(encoding="utf-8").replace("2014-13-05", "2014-03-05"), encoding="utf-8")
    assert said_by(bring_in(rejects, "--json"))["brought_in"] == 1
    assert Record.objects.count() == 2


def test_bad_rows_that_could_be_kept_nowhere_stop_it_before_it_begins(
    registry_office: Firm, write: Write, tmp_path: Path
) -> None:
    file = write(GOOD, PLAIN.replace("2014-03-05", "2014-13-05"))
    before = file.read_bytes()

    nowhere = bring_in(file, "--skip-bad", "--rejects", str(tmp_path / "nowhere" / "rejects.csv"))
    over_itself = bring_in(file, "--skip-bad", "--rejects", str(file))

    assert (nowhere.exit_code, "Nothing can be written into" in nowhere.output) == (1, True)
    assert (over_itself.exit_code, "cannot be written over" in over_itself.output) == (1, True)
    assert file.read_bytes() == before
    assert not Record.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_way_of_writing_the_file_gives_the_same(
    registry_office: Firm, write: Write, encoding: str, separator: str
) -> None:
    lines = [line.replace(",", separator) for line in (HEAD, GOOD, PLAIN)]

    result = bring_in(write(*lines[1:], head=lines[0], encoding=encoding), "--json")

    assert said_by(result)["brought_in"] == 2
    assert sorted(Complaint.objects.values_list("what_happened", flat=True)) == ["包装破损", "端面崩刃"]


def test_a_zipped_file_with_lone_carriage_returns_is_read(registry_office: Firm, tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv.gz"
    file.write_bytes(gzip.compress(codecs.BOM_UTF8 + "\r".join([HEAD, GOOD, PLAIN]).encode()))

    assert said_by(bring_in(file, "--json"))["brought_in"] == 2


def test_a_file_that_breaks_off_is_refused(registry_office: Firm, tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv.gz"
    file.write_bytes(gzip.compress("\n".join([HEAD, GOOD, PLAIN]).encode())[:-20])

    result = bring_in(file)

    assert result.exit_code == 1
    assert result.output.startswith("Error: ledger.csv.gz cannot be read")


def test_a_second_run_says_that_there_is_nothing_new(registry_office: Firm, write: Write) -> None:
    file = write(GOOD, GOOD, PLAIN)
    first = bring_in(file)
    second = bring_in(file)
    grown = bring_in(write(GOOD, GOOD, PLAIN, PLAIN.replace("破损", "受潮")))

    assert "3 of 3 rows brought in" in first.stdout
    assert "1 row says the same as an earlier one; it is linked to it as repeating it." in first.stdout
    assert second.stdout.splitlines() == ["3 rows had been brought in before.", "There is nothing new in the file."]
    assert "1 of 4 rows brought in" in grown.stdout
    assert Record.objects.count() == 4


def test_known_customers_are_not_entered_again(registry_office: Firm, write: Write) -> None:
    known = registry_office.customer("华东工具厂")

    result = bring_in(write(GOOD, GOOD.replace("崩刃", "裂纹"), PLAIN), "--json")

    assert said_by(result)["newcomers"] == {"party": 1}
    assert Complaint.objects.filter(party=known).count() == 2


def test_a_key_tells_rows_apart_and_refuses_to_stand_for_two(
    registry_office: Firm, write: Write, tmp_path: Path
) -> None:
    keyed = tmp_path / "keyed.yaml"
    keyed.write_text(LEDGER_MAP.read_text(encoding="utf-8") + "key: [来电时间]\n", encoding="utf-8")

    refused = bring_in(write(GOOD, GOOD.replace("崩刃", "裂纹")), "--json", map_file=keyed)
    assert reasons(refused) == {3: ["The row has the key of line 2 but says something else."]}

    bring_in(write(GOOD), map_file=keyed)
    changed = bring_in(write(GOOD.replace("崩刃", "裂纹")), "--json", map_file=keyed)
    assert (said_by(changed)["brought_in"], said_by(changed)["already_there"]) == (0, 1)


def test_what_a_procedure_refuses_only_at_the_deed_is_taken_back_whole(
    registry_office: Firm, write: Write, tmp_path: Path
) -> None:
    twice = tmp_path / "twice.yaml"
    withdrawn = "  - {action: withdraw, at: 发货日期, fields: {reason: {value: 旧台账}}}\n"
    twice.write_text(LEDGER_MAP.read_text(encoding="utf-8") + withdrawn * 2, encoding="utf-8")
    file = write(PLAIN, GOOD.replace("2014-02-20", "2014-03-06"))

    stopped = bring_in(file, "--json", map_file=twice)

    assert stopped.exit_code == 1
    assert reasons(stopped)[3][0].startswith("Possible only when the record is")
    assert [kind for kind in (Record, Party) if kind.objects.exists()] == []

    skipped = bring_in(file, "--json", "--skip-bad", map_file=twice)

    assert (said_by(skipped)["brought_in"], list(reasons(skipped))) == (1, [3])
    assert [party.name for party in Party.objects.all()] == ["江南机械"]


def test_a_role_that_does_not_reach_far_enough_is_found_at_the_deed(db: None, write: Write, tmp_path: Path) -> None:
    folder = shutil.copytree(CFPB, tmp_path / "cfpb")
    procedure = folder / "complaints.yaml"
    whole = "[complaint.register, complaint.forward, complaint.take_over_outcome, complaint.withdraw]"
    by_phone = "      - role: {actions: [complaint.forward], may: [{department: intake}], when: {channel: [phone]}}\n"
    text = procedure.read_text(encoding="utf-8").replace(whole, "[complaint.register]")
    procedure.write_text(text.replace("      - numbering:", f"{by_phone}      - numbering:"), encoding="utf-8")
    firm = Firm(read_profile(folder))

    result = bring_in(write(GOOD, GOOD.replace("电话", "来信")), "--json", "--skip-bad")

    assert list(reasons(result)) == [3]
    assert [record.registrar for record in Record.objects.all()] == [firm["intake_clerk"]]
    connection.check_constraints()


def test_it_happens_in_the_name_of_an_administrator_unless_said_otherwise(registry_office: Firm, write: Write) -> None:
    arguments = ["complaints", str(write(PLAIN)), "--company", "cfpb", "--map", str(LEDGER_MAP)]

    nobody = CliRunner().invoke(import_register, arguments)
    assert nobody.output == "Error: The company has no administrator; say with --by in whose name it happens.\n"

    Employee.objects.filter(pk=registry_office["head"].pk).update(is_administrator=True)
    assert CliRunner().invoke(import_register, arguments).exit_code == 0
    assert Record.objects.get().registrar == registry_office["head"]


def test_whoever_may_not_register_brings_nothing_in(registry_office: Firm, write: Write) -> None:
    result = bring_in(write(PLAIN), "--json", by="liaison_officer")

    assert result.exit_code == 1
    assert reasons(result) == {
        2: ["联络员 may not take the action “Register” by the procedures in force on 2014-03-05."]
    }


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("register: complaints", "register: improvements", "the map is for `improvements`"),
        ("action: forward", "action: foward", "did you mean `forward`?"),
        ("what_happened: 问题", "what_hapened: 问题", "did you mean `what_happened`?"),
        ("what_happened: 问题", "demand: 问题", "the action `register` needs `what_happened`"),
        ("what_happened: 问题", "what_happened: 事由", "the file has no column “事由”"),
        (
            "what_happened: 问题",
            "what_happened: {column: 问题, value: x}",
            "say exactly one of `column`, `text`, `value`",
        ),
        ("what_happened: 问题", 'what_happened: {column: 问题, create: "K{sequence:3}"}', "`create` is for customers"),
        ("then:", "thn:", "did you mean `then`?"),
    ],
)
def test_a_map_that_does_not_fit_is_refused(
    registry_office: Firm, write: Write, tmp_path: Path, old: str, new: str, error: str
) -> None:
    wrong = tmp_path / "wrong.yaml"
    text = LEDGER_MAP.read_text(encoding="utf-8")
    assert text.count(old) == 1
    wrong.write_text(text.replace(old, new), encoding="utf-8")

    result = bring_in(write(GOOD), map_file=wrong)

    assert result.exit_code == 1
    assert error in result.output


def test_unknown_company_register_and_person_are_named(registry_office: Firm, write: Write) -> None:
    file = str(write(PLAIN))

    def error(register: str, *more: str) -> str:
        return CliRunner().invoke(import_register, [register, file, "--map", str(LEDGER_MAP), *more]).output

    assert error("complaints", "--company", "x") == "Error: There is no company with the code x.\n"
    assert "there is no register `complaint`; did you mean `complaints`?" in error("complaint", "--company", "cfpb")
    assert error("complaints", "--company", "cfpb", "--by", "x") == "Error: Nobody employed here signs in as x.\n"


def test_nothing_comes_in_when_six_rows_of_the_real_list_are_bad(
    registry_office: Firm, old_register: OldRegister, tmp_path: Path
) -> None:
    lines = gzip.decompress(old_register.file.read_bytes()).split(b"\r\n")
    part = tmp_path / "part.csv"
    part.write_bytes(b"\r\n".join(lines[:330]))

    result = import_complaints(part, "--json", map_file=CFPB_MAP)

    assert result.exit_code == 1
    assert list(reasons(result)) == [126, 215, 225, 277, 278, 322]
    assert not Record.objects.exists()


def test_a_record_brought_in_is_the_same_as_one_entered_by_hand(registry_office: Firm, write: Write) -> None:
    bring_in(write(GOOD))
    brought_in = Complaint.objects.get()
    with registry_office.at("2026-03-02 10:00"):
        by_hand = complaint_is.register.given(occurred_at=brought_in.opened_at)(
            Complaint(),
            by=registry_office["intake_clerk"],
            party=brought_in.party,
            channel="phone",
            what_happened="端面崩刃",
            delivered_on=brought_in.delivered_on,
            quantity=Decimal(12),
        )
        forwarded = Entry.objects.get(record=brought_in, action="complaint.forward")
        complaint_is.forward.given(occurred_at=forwarded.occurred_at)(
            by_hand,
            by=registry_office["intake_clerk"],
            to_department=registry_office["liaison_officer"].department,
            to_person=registry_office["liaison_officer"],
            note="",
        )
    by_hand.refresh_from_db()

    def story(complaint: Complaint) -> list[Any]:
        entries = Entry.objects.filter(record=complaint).order_by("sequence")
        return [(e.action, e.state_before, e.state_after, e.changes, e.facts, e.dates, e.data) for e in entries]

    def owed(complaint: Complaint) -> list[Any]:
        rows = complaint.obligations.order_by("key")
        return [(row.key, row.status, row.due_at, row.started_at, row.done_at, row.done_by_id) for row in rows]

    assert story(brought_in) == story(by_hand)
    assert owed(brought_in) == owed(by_hand)
    assert (brought_in.state, brought_in.version, brought_in.nearest_due_at) == (
        by_hand.state,
        by_hand.version,
        by_hand.nearest_due_at,
    )
