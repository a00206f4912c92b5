"""People who follow their procedures: given what should happen to a record, they do first what must come before it.

The demonstration's year is made by them, through the ordinary actions with a moved clock, so that ledger, obligations
and lateness are real.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from luyue.organization.authority import holders_of
from luyue.organization.models import Company, Employee
from luyue.records import clock
from luyue.records.actions import Action, Upload
from luyue.records.case import Case
from luyue.records.general import ACKNOWLEDGE, SIGN
from luyue.records.models import Record
from luyue.records.refusing import Refused
from luyue.records.registry import record_type as type_named
from luyue.records.rules import rules_in_force, rules_of
from luyue.rulebook.engine.enforcement import Objection, addresses_that_may
from luyue.rulebook.engine.rules import Rules

DEEPEST = 8
PAPER = b"%PDF-1.4\n% a paper of the demonstration\n"

Words = Callable[[str, Record, Random], dict[str, Any]]


class StuckError(RuntimeError):
    """The procedure leaves no way to do this; in the demonstration that is a fault of the profile."""


@dataclass
class Stage:
    """One company in which a story is played, and its time."""

    company: Company
    password: str
    words: Mapping[str, Words]
    random: Random
    now: datetime
    known_holders: dict[str, list[Employee]] = field(default_factory=dict)

    def pass_time(self, least: timedelta, most: timedelta) -> None:
        """Let some time pass, then go on in working hours."""
        self.now += least + (most - least) * self.random.random()
        local = self.now.astimezone(self.company.zone)
        if local.hour < 8 or local.hour >= 17:
            local = (local + timedelta(days=int(local.hour >= 17))).replace(hour=8, minute=self.random.randrange(5, 55))
        while local.weekday() >= 5:
            local += timedelta(days=1)
        self.now = local

    def holder(self, address: str, record: Record) -> Employee | None:
        """Somebody whom the address reaches; the demonstration's positions are never vacant."""
        if address == "person:owner":
            return record.owner
        if address == "person:registrar":
            return record.registrar
        found = self.holders(address)
        return found[0] if found else None

    def holders(self, address: str) -> list[Employee]:
        """All whom the address reaches; nobody comes or goes in the demonstration."""
        if address not in self.known_holders:
            self.known_holders[address] = holders_of(self.company.pk, address, self.now.date())
        return self.known_holders[address]

    def first_of(self, addresses: Sequence[str]) -> list[Employee]:
        """Those whom the addresses reach."""
        return [employee for address in addresses for employee in self.holders(address)]

    def who_may(self, action: Action[Any, Any], record: Record) -> list[Employee]:
        """Those whom some role names for the action, the owner of the case first."""
        name = action.full_name(type_named(record._meta.model_name or "").name)
        rules = self._rules(record)
        if any(role.control.everyone for role in rules.roles(name)):
            return [each for each in (record.owner, self.holder("person:registrar", record)) if each]
        named = [self.holder(address, record) for address in addresses_that_may(name, rules)]
        people = list(dict.fromkeys(each for each in named if each))
        wanted_elsewhere = self._needed_for_four_eyes(name, record)
        return sorted(people, key=lambda each: (each in wanted_elsewhere, each.pk != record.owner_id))

    def _rules(self, record: Record) -> Rules:
        if record.pk:
            return rules_of(record.binding_id, self.company)
        return rules_in_force(self.company, self.now.astimezone(self.company.zone).date())

    def _needed_for_four_eyes(self, name: str, record: Record) -> set[Employee]:
        """Those who may take an action that must be another person's than this one's: they hold back."""
        rules = self._rules(record)
        others = {each for bound in rules.separations(name) for each in bound.control.actions if each != name}
        found = {self.holder(address, record) for other in others for address in addresses_that_may(other, rules)}
        return {each for each in found if each}


def open_record(stage: Stage, record: Record, action: Action[Any, Any], said: dict[str, Any]) -> Any:
    """Open a record as somebody who may."""
    with clock.moved_to(stage.now):
        for person in stage.who_may(action, record):
            return action.given(uploads=_papers(record, said.pop("papers", ())))(record, by=person, **said)
    raise StuckError(f"nobody of {stage.company} may {action.name}")


def bring_about(stage: Stage, record: Any, name: str, depth: int = 0, by: Sequence[str] = ()) -> None:
    """Have the action taken, by whom the procedure asks for it, after whatever it demands before it."""
    record_type = type_named(record.type)
    action = record_type.all_actions[name]
    if depth > DEEPEST:
        raise StuckError(f"{record.number}: no way to {name}")
    for _attempt in range(12):
        people = [each for each in stage.who_may(action, record) if not by] or stage.first_of(by)
        if not people:
            raise StuckError(f"nobody of {stage.company} may {record.type}.{name}")
        refused = _try(stage, record, action, people)
        if refused is None:
            return
        _overcome(stage, record, action, refused, depth)
    raise StuckError(f"{record.number} ({stage.company.code}, {record.state}): {name}: {refused}")


def _try(stage: Stage, record: Any, action: Action[Any, Any], people: list[Employee]) -> Refused | None:
    last: Refused | None = None
    for person in people:
        said = stage.words[record.type](action.name, record, stage.random)
        uploads = _papers(record, said.pop("papers", ()))
        try:
            with clock.moved_to(stage.now):
                action.given(uploads=uploads)(record, by=person, **said)
        except Refused as refused:
            last = refused
            if set(refused.codes) <= {"role", "separate_persons"}:
                continue
            return refused
        stage.now += timedelta(minutes=stage.random.randrange(4, 40))
        return None
    return last


def _papers(record: Record, kinds: Any) -> tuple[Upload, ...]:
    called = dict(type_named(record._meta.model_name or "").attachment_kinds.choices)
    return tuple(Upload(kind, f"{called[kind]}.pdf", PAPER) for kind in kinds)


def _overcome(stage: Stage, record: Any, action: Action[Any, Any], refused: Refused, depth: int) -> None:
    """Do what the refusals ask for, the first of them that can be done."""
    with clock.moved_to(stage.now):
        person = stage.who_may(action, record)[0]
        case = Case(record, person, stage.now)
        found = case.objections(action, {})
    for objection in found:
        if _supplied(stage, record, objection, depth):
            return
    raise StuckError(f"{record.number} ({stage.company.code}, {record.state}): {action.name}: {refused}")


def _supplied(stage: Stage, record: Any, objection: Objection, depth: int) -> bool:
    said = objection.params
    match objection.code:
        case "prerequisite_action" | "order":
            name = str(said.get("action") or said.get("first"))
            bring_about(stage, record, name.partition(".")[2], depth + 1, by=said.get("by", ()))
        case "prerequisite_attachment":
            with clock.moved_to(stage.now):
                attach = type_named(record.type).all_actions["attach"]
                for person in (record.owner, *stage.who_may(attach, record)):
                    if not Case(record, person, stage.now).refusals(attach):
                        attach.given(uploads=_papers(record, [said["attachment"]]))(record, by=person, note="")
                        return True
            return False
        case "prerequisite_link":
            _play_linked(stage, record, str(said["type"]), tuple(said["states"]), depth)
        case "sign_off_missing":
            if not said["opened"]:
                bring_about(stage, record, str(said["after"][0]).partition(".")[2], depth + 1)
            sign_all(stage, record)
        case "sign_off_returned":
            bring_about(stage, record, str(said["after"][0]).partition(".")[2], depth + 1)
        case _:
            return False
    return True


def _play_linked(stage: Stage, record: Any, kind: str, states: tuple[str, ...], depth: int) -> None:
    linked = [link.target for link in record.links_out.filter(target__type=kind).select_related("target")]
    if not linked:
        bring_about(stage, record, f"raise_{kind}", depth + 1)
        linked = [link.target for link in record.links_out.filter(target__type=kind).select_related("target")]
    model = type_named(kind).model
    for each in linked:
        if states and each.state not in states:
            play_improvement(stage, model._default_manager.get(pk=each.pk), depth + 1)


def play_improvement(stage: Stage, improvement: Any, depth: int = 0) -> None:
    """From cause to verified effect."""
    for name in ("contain", "analyse_cause", "plan_action", "start", "complete_action", "finish", "verify_effect"):
        if improvement.state == "closed":
            return
        stage.pass_time(timedelta(hours=2), timedelta(hours=30))
        bring_about(stage, improvement, name, depth + 1)


def sign_all(stage: Stage, record: Any) -> None:
    """Whoever is waited for signs, one after the other."""
    for _turn in range(20):
        with clock.moved_to(stage.now):
            case = Case(record, record.owner or record.registrar, stage.now)
            waiting = [(each, slot) for each in case.rounds for slot in each.waiting]
            if not waiting:
                return
            each, slot = waiting[0]
            people = _reached(stage, slot.address)
            person = next((one for one in people if one.pk != slot.not_by), None)
            if person is None:
                raise StuckError(f"{record.number}: nobody may sign for {slot.address}")
            SIGN.given(password=stage.password)(
                record, by=person, decision="agreed", opinion="同意。", control=each.group, slot=slot.n
            )
        stage.now += timedelta(minutes=stage.random.randrange(10, 180))


def _reached(stage: Stage, address: str) -> list[Employee]:
    return stage.holders(address)


def acknowledge_all(stage: Stage, record: Any, *, share: float) -> None:
    """Those to whom the record was routed confirm that they have it; a share of them forgets."""
    waiting = record.obligations.filter(kind="routing", done_at=None, is_owed=True)
    for row in list(waiting):
        if stage.random.random() > share:
            continue
        people = _reached(stage, row.owner)
        if people:
            with clock.moved_to(stage.now):
                ACKNOWLEDGE(record, by=people[0], control=row.control, receiver=row.owner)
