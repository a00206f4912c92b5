from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from luyue.ledger.commands import anchor, verify
from luyue.ledger.sealing import seal
from luyue.organization.models import Company
from tests.ledger.conftest import MORNING, Write, verified_after


def _anchor(code: str) -> Result:
    return CliRunner().invoke(anchor, [code])


def _verify(*arguments: str) -> Result:
    return CliRunner().invoke(verify, arguments)


def test_an_unknown_company_is_refused(company: Company) -> None:
    assert (_anchor("nobody").exit_code, _verify("--company", "nobody").exit_code) == (1, 1)
    assert "There is no company with the code nobody." in _anchor("nobody").output


@pytest.mark.django_db
def test_an_installation_without_companies_has_nothing_to_verify() -> None:
    assert (_verify().exit_code, _verify().output) == (0, "There is no company yet.\n")


def test_what_is_not_sealed_cannot_be_anchored(company: Company, write: Write) -> None:
    write()

    assert "Nothing has been sealed yet" in _anchor("huarui").output


def test_the_anchor_says_which_block_of_which_company_it_stands_for(company: Company, write: Write) -> None:
    write(), write()
    block = seal(company, now=MORNING)
    assert block is not None

    assert json.loads(_anchor("huarui").output) == {
        "company": "huarui",
        "company_id": company.pk,
        "block": 1,
        "digest": block.digest,
        "sealed_at": "2026-03-02T09:00:00.000000+00:00",
        "count": 2,
        "size": 2,
    }


def test_verifying_says_plainly_what_it_cannot_prove(company: Company, write: Write, tmp_path: Path) -> None:
    write(), write()
    seal(company, now=MORNING)
    exported = tmp_path / "anchor.json"
    exported.write_text(_anchor("huarui").output)
    write()

    without, given = _verify(), _verify("--anchor", str(exported))

    assert (without.exit_code, given.exit_code) == (0, 0)
    assert without.output == (
        "Huarui Gears (huarui): 3 entries in 1 chains, 1 blocks.\n"
        "  ✓ Everything fits together.\n"
        "  1 entry is not sealed yet.\n"
        "  No anchor confirms it: whoever could rewrite the whole ledger could do so unnoticed. "
        "Not proven: 3 entries.\n"
    )
    assert given.output == (
        "Huarui Gears (huarui): 3 entries in 1 chains, 1 blocks.\n"
        "  ✓ Everything fits together.\n"
        "  1 entry is not sealed yet.\n"
        "  Anchored up to block 1, sealed at 2026-03-02T17:00:00+08:00. Not yet proven: 1 entries; "
        "these could be rewritten or cut off unnoticed.\n"
    )


def test_an_anchor_that_does_not_fit_ends_with_exit_code_1(company: Company, write: Write, tmp_path: Path) -> None:
    write()
    seal(company, now=MORNING)
    exported = tmp_path / "anchor.json"
    exported.write_text(_anchor("huarui").output.replace('"block": 1', '"block": 7'))

    result = _verify("--json", "--anchor", str(exported))

    assert result.exit_code == 1
    [report] = json.loads(result.output)
    assert (report["company"], report["found"]) == ("huarui", 1)
    assert [finding["code"] for finding in report["findings"]] == ["anchor_missing"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_anchor_that_a_windows_shell_wrote_down_is_read(
    company: Company, write: Write, tmp_path: Path, encoding: str
) -> None:
    write()
    seal(company, now=MORNING)
    exported = tmp_path / "anchor.json"
    exported.write_text(_anchor("huarui").output.replace("\n", "\r\n"), encoding=encoding)

    assert "Anchored up to block 1" in _verify("--anchor", str(exported)).output


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("no", "it is not JSON"),
        ("[]", "an object with names is expected"),
        ('{"company": "huarui", "company_id": 1, "block": "1"}', "block is missing or wrong"),
    ],
)
def test_a_file_that_is_no_anchor_is_refused(company: Company, tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "anchor.json"
    file.write_text(text)

    result = _verify("--anchor", str(file))

    assert result.exit_code == 1
    assert sentence in result.output


def test_an_anchor_of_another_company_is_refused(company: Company, write: Write, tmp_path: Path) -> None:
    write()
    seal(company, now=MORNING)
    exported = tmp_path / "anchor.json"
    exported.write_text(_anchor("huarui").output.replace("huarui", "beili"))

    result = _verify("--anchor", str(exported))

    assert result.exit_code == 1
    assert "An anchor is of the company beili, which is not verified here." in result.output


def test_one_company_says_nothing_about_another(company: Company, write: Write) -> None:
    other = Company.objects.create(code="beili", name="北力", short_name="北力")
    write()

    report = verified_after(lambda cursor: cursor.execute("UPDATE ledger_entry SET action = 'x'"), other)

    assert (report.found, report.extent.entries) == (0, 0)
