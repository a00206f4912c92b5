"""The whole table of permissions: position, action, state, company; what is expected is read from the YAML alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from luyue.organization.models import Employee
from luyue.records import clock
from luyue.records.actions import Action
from luyue.records.case import Case
from luyue.records.models import Record
from luyue.records.registry import record_type
from luyue.rulebook.loading import SHIPPED
from tests.contract.courses import courses
from tests.firms import Firm

ASKED_OTHERWISE = {"acknowledge", "sign", "hand_over", "add_signer", "override"}
"""Named by what waits for them (a receipt, a signature, `override_by`), not by a role."""
BY_POWER = {"comment", "attach", "correct", "void"}
LATER = "2026-06-01 10:00"


def test_who_may_do_what_in_which_state_is_what_the_procedures_say(firm: Firm) -> None:
    paper = Paper(SHIPPED / firm.company.code)
    wrong = []
    with firm.at(LATER):
        now = clock.now()
        for record in courses(firm):
            for position, person in firm.people.items():
                case = Case(record, person, now)
                for action in record_type(record.type).all_actions.values():
                    if action.name in ASKED_OTHERWISE or action.is_opening:
                        continue
                    found = answer(case, action)
                    expected = paper.answer(record, action, position, person)
                    if found != expected:
                        wrong.append(f"{record.type}.{action.name} at {record.state} by {position}: {found}")

    assert wrong == []


def answer(case: Case, action: Action[Any, Any]) -> str:
    """What the kernel says about state and role, whatever else stands against the action."""
    codes = {refusal.code for refusal in case.refusals(action)}
    return "state" if "state" in codes else "role" if codes & {"role", "role_nobody"} else "may"


class Paper:
    """A company's procedures as they stand in its files, read without the product's own reading."""

    def __init__(self, folder: Path) -> None:
        company = yaml.safe_load((folder / "company.yaml").read_text(encoding="utf-8"))
        self.powers: Mapping[str, list[dict[str, str]]] = company["powers"]
        self.above = {each["code"]: each.get("parent") for each in company["departments"]}
        self.department = {each["code"]: each["department"] for each in company["positions"]}
        self.roles = list(self._roles(folder))

    def _roles(self, folder: Path) -> Iterator[dict[str, Any]]:
        for file in sorted(folder.glob("*.yaml")):
            written = yaml.safe_load(file.read_text(encoding="utf-8"))
            for clause in written.get("clauses", []) if isinstance(written, dict) else []:
                yield from (control["role"] for control in clause.get("controls", []) if "role" in control)

    def answer(self, record: Record, action: Action[Any, Any], position: str, person: Employee) -> str:
        if action.name in BY_POWER:
            if record.state == "void":
                return "state"
            named = self.powers[action.name]
        else:
            if record.state not in (action.at or self._not_final(record)):
                return "state"
            name = f"{record.type}.{action.name}"
            named = [
                each for role in self.roles if name in role["actions"] and holds(role, record) for each in role["may"]
            ]
        return "may" if any(self._is_named(each, record, position, person) for each in named) else "role"

    def _not_final(self, record: Record) -> set[str]:
        return set(record_type(record.type).states.values) - record.FINAL

    def _is_named(self, address: dict[str, str], record: Record, position: str, person: Employee) -> bool:
        if "position" in address:
            return address["position"] == position
        if "department" in address:
            return address["department"] in self._departments(position)
        return {"owner": record.owner_id, "registrar": record.registrar_id}[address["person"]] == person.pk

    def _departments(self, position: str) -> Iterator[str]:
        department: str | None = self.department[position]
        while department:
            yield department
            department = self.above[department]


def holds(role: dict[str, Any], record: Record) -> bool:
    """Whether the role's condition is met; roles depend on nothing but choices."""
    for fact, allowed in role.get("when", {}).items():
        assert isinstance(allowed, list), f"this table knows no condition {allowed!r}"
        if getattr(record, fact) not in allowed:
            return False
    return True


@pytest.mark.parametrize("action", sorted(BY_POWER))
def test_the_companies_say_for_every_general_power_who_has_it(action: str) -> None:
    for folder in sorted(SHIPPED.iterdir()):
        if (folder / "company.yaml").is_file():
            assert Paper(folder).powers[action]
