"""Who may see a confidential record; for everybody else it is not found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from luyue.rulebook.engine.addresses import employee_key, resolved, said_address
from luyue.rulebook.engine.conditions import Facts
from luyue.rulebook.engine.enforcement import ANSWERS, OPEN_TO_ALL
from luyue.rulebook.engine.events import NOBODYS, TOLD_AHEAD, Event, Obligation, Status
from luyue.rulebook.engine.receipts import receivers
from luyue.rulebook.engine.rules import BoundControl, Rules, deed_of, record_type_of
from luyue.rulebook.engine.sign_offs import sign_off_rounds
from luyue.rulebook.engine.story import in_order

GENERAL = ANSWERS | OPEN_TO_ALL | {"correct", "void"}


def readers(
    rules: Rules,
    record_type: str,
    events: Sequence[Event],
    obligations: Iterable[Obligation] = (),
    possible: Collection[str] | None = None,
) -> frozenset[str] | None:
    """The addresses that may see the record, or None when everybody may.

    Those are the readers whom the procedures name and everybody whom the case concerns: who acted, received it, was
    told, signs, owes something now, is its owner or registrar, is mentioned, or has a role in the actions that are
    possible now (in all of the type's own where `possible` is not said).
    Where several procedures hide the record, each one's readers may see it. A condition that cannot be decided hides.
    """
    story = in_order(events)
    facts = story[-1].facts if story else {}
    hiding = [bound for bound in _hiding(rules, record_type, facts) if not bound.control.fields]
    if not hiding:
        return None
    named = {resolved(address.key, _persons(story)) for bound in hiding for address in bound.control.readers}
    with_a_role = _with_a_role(rules, record_type, possible)
    return frozenset(named | _concerned(rules, record_type, story) | _owing(obligations) | with_a_role)


def field_readers(
    rules: Rules, record_type: str, facts: Facts, persons: Mapping[str, int | None]
) -> Mapping[str, frozenset[str]]:
    """For each hidden field of a record that itself may be seen, the addresses that may see the field too."""
    found: dict[str, frozenset[str]] = {}
    for bound in _hiding(rules, record_type, facts):
        allowed = frozenset(resolved(address.key, persons) for address in bound.control.readers)
        for name in bound.control.fields:
            found[name] = found.get(name, frozenset()) | allowed
    return found


def _hiding(rules: Rules, record_type: str, facts: Facts) -> list[BoundControl]:
    return [bound for bound in rules.confidentiality(record_type) if bound.holds(facts) is not False]


def _concerned(rules: Rules, record_type: str, story: Sequence[Event]) -> set[str]:
    persons = _persons(story)
    acted = {employee_key(event.by) for event in story if event.by is not None and deed_of(event.action) not in NOBODYS}
    told = {str(event.data["address"]) for event in story if deed_of(event.action) == TOLD_AHEAD}
    parts = {employee_key(employee) for employee in persons.values() if employee is not None}
    mentioned = {said_address(mention) for event in story for mention in event.data.get("mentions", ())} - {""}
    slots = (slot for round_ in sign_off_rounds(story, rules, record_type) for slot in round_.slots)
    sign = {address for slot in slots for address in (slot.address, *slot.handed_over_from)}
    return acted | told | parts | mentioned | sign | receivers(story, rules, record_type)


def _with_a_role(rules: Rules, record_type: str, possible: Collection[str] | None) -> set[str]:
    return {
        address.key
        for bound in rules.of_kind("role")
        for action in bound.control.actions
        if record_type_of(action) == record_type and deed_of(action) not in GENERAL
        if possible is None or action in possible
        for address in bound.control.may
        if address.person is None
    }


def _owing(obligations: Iterable[Obligation]) -> set[str]:
    """Whom the installation is still to tell ahead of a date owes nothing, and sees it when he or she is told."""
    running = (owed for owed in obligations if owed.status in (Status.RUNNING, Status.PAUSED))
    return {owed.owner for owed in running if not owed.detail.get("by_itself")}


def _persons(story: Sequence[Event]) -> Mapping[str, int | None]:
    return story[-1].persons if story else {}
