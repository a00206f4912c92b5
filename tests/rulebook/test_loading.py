from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from luyue.rulebook.loading import read_company, read_document, read_profile
from luyue.rulebook.problems import RulebookError
from luyue.rulebook.values import Interval
from tests.rulebook.papers import COMPANY, HEAD, REPLY, paper


def refused(text: str) -> list[str]:
    with pytest.raises(RulebookError) as wrong:
        read_document(text, source_name="qm-10.yaml")
    return [str(problem) for problem in wrong.value.problems]


def test_a_procedure_is_read_as_it_was_written() -> None:
    document = read_document(HEAD + REPLY)

    assert (document.procedure, document.edition, document.effective) == ("QM-10", "1", date(2026, 1, 1))
    limit = document.clauses[0].controls[0].time_limit
    assert limit is not None
    assert (limit.starts, limit.within, limit.owner and limit.owner.key) == (
        ("complaint.register",),
        "24h",
        "department:quality",
    )


@pytest.mark.parametrize(
    ("said", "instead", "sentence"),
    [
        (
            "within: 24h",
            "wthin: 24h",
            "qm-10.yaml:16: clauses[0].controls[0].time_limit.wthin: no key `wthin` is known here;"
            " did you mean `within`?",
        ),
        (
            'number: "3.1"',
            "number: 3.10",
            'qm-10.yaml:9: clauses[0].number: 3.10 is read as a number or as true and false; put it in quotes: "3.10"',
        ),
        (
            'edition: "1"',
            "edition: true",
            'qm-10.yaml:3: edition: true is read as a number or as true and false; put it in quotes: "true"',
        ),
        (
            "effective: 2026-01-01",
            "effective: 2026-13-01",
            "qm-10.yaml:4: effective: a date such as 2026-03-09 is needed here, not “2026-13-01”",
        ),
        (
            "effective: 2026-01-01",
            "scope: 全公司\neffective: 2026-01-01",
            "qm-10.yaml:4: scope: a text is written with its languages, such as {zh-hans: …, en: …}",
        ),
        (
            "prepared: {position: sales_manager}",
            "prepared: {position: 销售经理}",
            "qm-10.yaml:5: prepared.position: “销售经理” cannot stand here;"
            " needed is small letters, digits and underscores, such as `sales_manager`",
        ),
        (
            "prepared: {position: sales_manager}",
            "prepared: {position: sales_manager, department: sales}",
            "qm-10.yaml:5: prepared: name exactly one of position, department, person",
        ),
        ("prepared: {position: sales_manager}\n", "", "qm-10.yaml:1: prepared: `prepared` is missing"),
        (
            "title: {",
            "procedure: QM-11\ntitle: {",
            "qm-10.yaml:2: procedure: `procedure` stands here twice; it was already said on line 1",
        ),
        (
            "within: 24h",
            "within: one day",
            "qm-10.yaml:16: clauses[0].controls[0].time_limit.within: “one day” is not a span; write a whole number"
            " and one of m (minutes), h (hours), bh (business hours), d (days), wd (working days), mo (months),"
            " y (years), such as 2h, 4bh, 10d, 10d! (its end does not move), 3wd or 2mo",
        ),
        (
            "within: 24h",
            "within: 24h\n          due: complaint.promised_on",
            "qm-10.yaml:12: clauses[0].controls[0].time_limit: say exactly one of `within` (a span or its field)"
            " and `due` (a date field)",
        ),
        (
            "starts: complaint.register",
            "starts: register",
            "qm-10.yaml:14: clauses[0].controls[0].time_limit.starts: “register” cannot stand here;"
            " needed is a record type and a name in it, such as `complaint.register`",
        ),
        (
            "within: 24h",
            "within: 24h\n          when: {market: domestic}",
            "qm-10.yaml:17: clauses[0].controls[0].time_limit.when.market: write the values as a list: [domestic]",
        ),
        (
            "within: 24h",
            'within: 24h\n          when: {amount: "(5, 5]"}',
            "qm-10.yaml:17: clauses[0].controls[0].time_limit.when.amount: the interval “(5, 5]” is empty",
        ),
        (
            "within: 24h",
            'within: 24h\n          when: {amount: "~5"}',
            "qm-10.yaml:17: clauses[0].controls[0].time_limit.when.amount: “~5” is no interval;"
            " accepted are <=300, <300, >=300, >300, =300, (300, 1000], [0, 5)",
        ),
        (
            "within: 24h",
            "within: 24h\n          when: {amount: 5}",
            "qm-10.yaml:17: clauses[0].controls[0].time_limit.when.amount: a condition is a list of values,"
            " true or false, or an interval such as “(300, 1000]”",
        ),
        (
            "within: 24h",
            "within: 24h\n          when: {}",
            "qm-10.yaml:17: clauses[0].controls[0].time_limit.when:"
            " an empty condition is always true: leave `when` out instead",
        ),
        (
            "within: 24h",
            "within: 24h\n          escalate: [{at: half, to: {position: general_manager}}]",
            "qm-10.yaml:17: clauses[0].controls[0].time_limit.escalate[0].at: “half” cannot stand here;"
            " needed is a share of the time, such as `75%`",
        ),
        (
            "- time_limit:",
            "- timelimit:",
            "qm-10.yaml:12: clauses[0].controls[0].timelimit: no key `timelimit` is known here;"
            " did you mean `time_limit`?",
        ),
        ("clauses:\n", "clauses: []\nx:\n", "qm-10.yaml:8: clauses: at least 1 must stand here"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_is_accepted(said: str, instead: str, sentence: str) -> None:
    text = (HEAD + REPLY).replace(said, instead, 1)

    assert sentence in refused(text)


@pytest.mark.parametrize(
    ("control", "sentence"),
    [
        ("role: {actions: complaint.close}", "say either whom `may` names or `everyone: true`"),
        ("sign_off: {before: complaint.close}", "say either who the `signers` are or `same_as` which earlier action"),
        ("notice: {on: complaint.close}", "say either `to` whom inside, or `customer: true`"),
        (
            "notice: {on: complaint.close, customer: true}",
            "a notice to the customer names the actions it is `proved_by`",
        ),
        (
            "notice: {on: complaint.close, to: {department: sales}, channels: fone}",
            "“fone” cannot stand here; did you mean `phone`?",
        ),
        (
            "cadence: {every: fortnight, actions: visit.plan}",
            "“fortnight” cannot stand here; needed is a period: day, week, month, quarter, half-year, year,"
            " or months such as `2mo`",
        ),
        ("cadence: {every: month, times: 0, actions: visit.plan}", "a number from 1 upwards is needed here, not “0”"),
        ("retention: {record: complaint}", "say exactly one of years, product_life, for_ever"),
        ("retention: {record: complaint, years: many}", "a whole number is needed here, not “many”"),
        ("separate_persons: {actions: [complaint.close]}", "at least 2 must stand here"),
        ("prerequisite: {before: complaint.close, needs: {}}", "name exactly one of action, link, attachment"),
        ("time_limit: [24h]", "a table of keys is needed here; accepted are"),
    ],
)
def test_each_kind_of_control_says_what_it_lacks(control: str, sentence: str) -> None:
    (problem,) = refused(paper(control))

    assert sentence in problem


def test_a_clause_without_consequence_is_refused() -> None:
    assert refused(paper()) == [
        "qm-10.yaml:9: clauses[0]: a clause has at least one control, or `attested` (a duty of conduct), or"
        " `text_only` with the reason (definitions, scope), or `planned` with the area it waits for"
    ]


def test_a_clause_with_a_control_is_more_than_text() -> None:
    text = paper("order: {first: complaint.assess, then: complaint.close}", clause="text_only: {zh-hans: 定义}")

    assert refused(text) == [
        "qm-10.yaml:9: clauses[0]: `text_only` stands alone: a clause with controls is more than text"
    ]


def test_everything_wrong_is_said_at_once_in_the_order_of_the_lines() -> None:
    text = (
        (HEAD + REPLY)
        .replace('edition: "1"', "edition: 1")
        .replace("within:", "wthin:")
        .replace("effective", "efective")
    )

    with pytest.raises(RulebookError) as wrong:
        read_document(text, source_name="qm-10.yaml")

    assert [(problem.line, problem.code) for problem in wrong.value.problems] == [
        (1, "missing"),
        (3, "number_for_text"),
        (4, "unknown_key"),
        (16, "unknown_key"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "qm-10.yaml: the file is empty"),
        ("a: [1", "qm-10.yaml:2: this is no YAML: while parsing a flow sequence, did not find expected ',' or ']'"),
        ("a: \x01", "qm-10.yaml: this is no YAML: unacceptable character #x0001"),
        ("a: !!python/name:os.system ''", "qm-10.yaml:1: this is no YAML: could not determine a constructor"),
        ("a: &one [1]\nb: *one", "qm-10.yaml:1: a: this repeats an earlier part by its name (*…)"),
        ("- 1", "qm-10.yaml:1: a table of keys is needed here"),
    ],
)
def test_a_text_that_is_no_procedure_is_refused(text: str, sentence: str) -> None:
    assert refused(text)[0].startswith(sentence)


def test_on_is_a_word_and_no_yes() -> None:
    document = read_document(paper("notice: {on: complaint.close, to: {department: sales}}"))

    notice = document.clauses[0].controls[0].notice
    assert notice is not None
    assert notice.on == ("complaint.close",)


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("<=300", "300", "300.01"),
        ("<300", "299.99", "300"),
        (">=300", "300", "299.99"),
        (">300", "300.01", "300"),
        ("=300", "300", "300.5"),
        ("(300, 1000]", "1000", "300"),
        ("[300, 1000)", "300", "1000"),
        ("≤300", "300", "301"),
    ],
)
def test_an_interval_says_which_bound_belongs_to_it(written: str, inside: str, outside: str) -> None:
    interval = Interval.parse(written)

    assert Decimal(inside) in interval
    assert Decimal(outside) not in interval


def test_a_profile_is_read_completely_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text(COMPANY.replace("short_name", "shortname"), encoding="utf-8")
    (tmp_path / "qm-10.yaml").write_text(HEAD + REPLY.replace("within", "wthin"), encoding="utf-8")
    (tmp_path / "qm-11.yaml").write_bytes(b"title: \xff")

    with pytest.raises(RulebookError) as wrong:
        read_profile(tmp_path)

    assert [(problem.file, problem.code) for problem in wrong.value.problems] == [
        ("company.yaml", "missing"),
        ("company.yaml", "unknown_key"),
        ("qm-10.yaml", "unknown_key"),
        ("qm-11.yaml", "not_utf8"),
    ]


def test_one_edition_stands_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(HEAD + REPLY, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(HEAD + REPLY, encoding="utf-8")

    with pytest.raises(RulebookError) as wrong:
        read_profile(tmp_path)

    assert str(wrong.value) == "b.yaml: edition: edition 1 of QM-10 is already in a.yaml"


def test_a_profile_keeps_each_text_to_the_letter(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(HEAD + REPLY, encoding="utf-8")

    profile = read_profile(tmp_path)

    assert profile.company.company == "mingxing"
    assert [(paper.file, paper.text) for paper in profile.papers] == [("a.yaml", HEAD + REPLY)]


def test_a_company_without_positions_is_refused() -> None:
    with pytest.raises(RulebookError) as wrong:
        read_company(COMPANY.replace("positions:", "posts:"))

    assert [str(problem) for problem in wrong.value.problems] == [
        "company.yaml:1: positions: `positions` is missing",
        "company.yaml:7: posts: no key `posts` is known here; did you mean `positions`?",
    ]
