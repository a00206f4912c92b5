from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import translation

from luyue.insight.procedure_checks import findings_in, findings_in_shipped
from luyue.site.upkeep import check

COMPANY = """\
company: mingxing
name: {zh-hans: 明兴}
short_name: {zh-hans: 明兴}
departments: [{code: sales, name: {zh-hans: 销售部}}]
positions: [{code: manager, name: {zh-hans: 经理}}]
"""
PROCEDURE = """\
procedure: QM-10
title: {zh-hans: 程序}
edition: "1"
effective: 2026-01-01
prepared: {position: manager}
approved: {position: manager}
clauses:
  - number: "1"
    text: {zh-hans: 由经理登记投诉。}
    controls:
      - role: {actions: complaint.register, may: {position: manager}}
  - number: "2"
    text: {zh-hans: 货物追踪。}
    planned: transport
"""


def profile(folder: Path, procedure: str = PROCEDURE) -> Path:
    (folder / "company.yaml").write_text(COMPANY, encoding="utf-8")
    (folder / "qm-10.yaml").write_text(procedure, encoding="utf-8")
    return folder


def test_the_shipped_procedures_have_nothing_to_mend() -> None:
    assert [finding for finding in findings_in_shipped() if finding["level"] == "error"] == []


def test_a_wrong_name_in_a_profile_is_an_error_with_its_place(tmp_path: Path) -> None:
    with translation.override("en"):
        found = findings_in(profile(tmp_path, PROCEDURE.replace("complaint.register", "complaint.registr")))

    assert found[0] == {
        "level": "error",
        "code": "rulebook.unknown_name",
        "message": "no action `complaint.registr`; did you mean `complaint.register`?",
        "hint": "",
        "about": f"{tmp_path.name}/qm-10.yaml:clauses[0].controls[0].role.actions[0]",
    }


def test_what_nobody_may_do_and_what_is_planned_are_warnings(tmp_path: Path) -> None:
    with translation.override("en"):
        found = findings_in(profile(tmp_path))

    warnings = [finding["message"] for finding in found if finding["level"] == "warning"]
    assert warnings[0] == "clause 2 waits for `transport`"
    assert "nobody can take complaint.close: no procedure names a role for it" in warnings
    assert "nobody can take complaint.register: no procedure names a role for it" not in warnings
    assert not any("complaint.comment" in warning for warning in warnings)


@pytest.mark.parametrize(("procedure", "code"), [(PROCEDURE, 0), (PROCEDURE.replace("planned:", "plan:"), 1)])
def test_the_command_fails_when_something_must_be_mended(tmp_path: Path, procedure: str, code: int) -> None:
    result = CliRunner().invoke(check, ["--profile", str(profile(tmp_path, procedure)), "--json"])

    assert result.exit_code == code
    levels = {finding["level"] for finding in json.loads(result.stdout)["findings"]}
    assert ("error" in levels) == bool(code)
