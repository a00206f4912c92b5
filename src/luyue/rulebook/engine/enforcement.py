"""What stands against an action: asked before it is taken, and before its button is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from luyue.rulebook.controls import Need
from luyue.rulebook.engine.addresses import resolved
from luyue.rulebook.engine.conditions import Facts, holds, unknown_facts
from luyue.rulebook.engine.events import Event
from luyue.rulebook.engine.rules import BoundControl, Rules, deed_of
from luyue.rulebook.engine.sign_offs import Round, RoundState, latest_round, sign_off_rounds
from luyue.rulebook.engine.story import in_order
from luyue.rulebook.values import Address, Text

ANSWERS = frozenset({"sign", "hand_over", "add_signer", "acknowledge", "override"})
"""Deeds whose doer is named by what they answer to (a slot, a receiver, `override_by`), not by a role."""

OPEN_TO_ALL = frozenset({"comment", "attach"})
"""What every employee may do as long as neither a procedure nor the company narrows it."""


class HasAuthority(Protocol):
    """What the engine asks of a person: under what addresses he or she may act."""

    @property
    def keys(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class StruckThrough:
    """A field left empty on purpose, with the reason (N/A)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why an action is refused, with the clause that says so; `code` and `params` make the sentence."""

    kind: str
    key: str
    procedure: str
    clause: str
    clause_text: Text | None
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    override_by: str | None = None


@dataclass(frozen=True, slots=True)
class RequiredField:
    """A field that an action must fill, and whether it may be struck through instead."""

    name: str
    may_be_struck_through: bool
    bound: BoundControl


def objections(
    action: str,
    rules: Rules,
    record_type: str,
    facts: Facts,
    events: Sequence[Event],
    authority: HasAuthority,
    by: int,
    links: Sequence[tuple[str, str]] = (),
    attachments: Mapping[str, int] | None = None,
    given_fields: Collection[str] | Mapping[str, Any] | None = None,
    rounds: Sequence[Round] | None = None,
) -> tuple[Objection, ...]:
    """Everything that stands against this person taking this action now; nothing when it may be taken.

    `given_fields` is None before the form is filled, and required fields then object to nothing. A condition that
    cannot be decided holds for nothing but sign-offs, which wait until it can. `rounds` spares working out the
    signatures again when many actions are asked about.
    """
    story = in_order(events)
    found = [
        *role_objections(action, rules, facts, story, authority),
        *_order_objections(action, rules, facts, story),
        *_prerequisite_objections(action, rules, facts, story, links, attachments or {}),
        *_separation_objections(action, rules, facts, story, by),
        *_sign_off_objections(action, rules, record_type, facts, story, rounds),
        *_field_objections(action, rules, facts, given_fields),
    ]
    if not any(objection.override_by for objection in found):
        return tuple(found)
    allowed = overridden(action, story)
    return tuple(objection for objection in found if not (objection.override_by and objection.key in allowed))


def what_comes_first(action: str, rules: Rules, facts: Facts, events: Sequence[Event]) -> tuple[Objection, ...]:
    """The other actions that procedures want before this one; told also where the record's state is not reached yet."""
    if not (rules.orders(action) or rules.prerequisites(action)):
        return ()
    story = in_order(events)
    allowed = overridden(action, story)
    found = [
        *_order_objections(action, rules, facts, story),
        *(
            objection
            for objection in _prerequisite_objections(action, rules, facts, story, (), {})
            if objection.code == "prerequisite_action"
        ),
    ]
    return tuple(objection for objection in found if not (objection.override_by and objection.key in allowed))


def required_fields(action: str, rules: Rules, facts: Facts) -> tuple[RequiredField, ...]:
    """The fields that the action must fill with these facts; struck through only if every control allows it."""
    found: dict[str, RequiredField] = {}
    for bound in _in_force(rules.required_fields(action), facts):
        for name in bound.control.fields:
            if name not in found or not bound.control.may_be_struck_through:
                found[name] = RequiredField(name, bound.control.may_be_struck_through, bound)
    return tuple(found.values())


def overridden(action: str, events: Iterable[Event]) -> frozenset[str]:
    """The groups of the controls that were set aside for this action; an override serves for one deed only."""
    groups: set[str] = set()
    for event in events:
        if event.action == action:
            groups.clear()
        elif deed_of(event.action) == "override" and event.data.get("action") in (None, "", action):
            groups.add(str(event.data.get("control")))
    return frozenset(groups)


def may_override(group: str, rules: Rules, events: Sequence[Event], authority: HasAuthority) -> bool:
    """Whether this person holds the position that may set the control aside (特批); nobody may where none is named."""
    persons = in_order(events)[-1].persons if events else {}
    named = [bound.control.override_by for bound in rules.group(group) if getattr(bound.control, "override_by", None)]
    return any(resolved(address.key, persons) in authority.keys for address in named)


def role_objections(
    action: str, rules: Rules, facts: Facts, story: Sequence[Event], authority: HasAuthority
) -> list[Objection]:
    """Why this person's positions and departments do not suffice; any role of any procedure that names them does."""
    if deed_of(action) in ANSWERS:
        return []
    roles = rules.roles(action)
    if not roles:
        return _power_objections(action, rules, story, authority)
    persons = story[-1].persons if story else {}
    in_force = _in_force(roles, facts)
    for bound in in_force:
        if bound.control.everyone or any(resolved(a.key, persons) in authority.keys for a in bound.control.may):
            return []
    return [_role_objection(roles, in_force, facts)]


def _role_objection(roles: Sequence[BoundControl], in_force: Sequence[BoundControl], facts: Facts) -> Objection:
    """By the role that holds in this case, else by one that may yet hold; a role of another case says nothing here."""
    may_yet_hold = [bound for bound in roles if bound.holds(facts) is None]
    meant = in_force or may_yet_hold
    undecided = [] if in_force else [fact for bound in meant for fact in unknown_facts(bound.control.when, facts)]
    params = {
        "may": tuple(dict.fromkeys(address.key for bound in meant for address in bound.control.may)),
        "undecided": tuple(dict.fromkeys(undecided)),
    }
    return _objection((*meant, *roles)[0], "role", params)


def _power_objections(action: str, rules: Rules, story: Sequence[Event], authority: HasAuthority) -> list[Objection]:
    may = rules.may_by_power(action)
    persons = story[-1].persons if story else {}
    if may and any(resolved(address, persons) in authority.keys for address in may):
        return []
    if not may and deed_of(action) in OPEN_TO_ALL:
        return []
    code = "role" if may else "role_nobody"
    return [Objection("role", "", "", "", None, code, {"may": may or (), "undecided": ()})]


def addresses_that_may(action: str, rules: Rules) -> tuple[str, ...]:
    """All addresses that some role names for the action, whatever its condition."""
    return tuple(dict.fromkeys(address.key for bound in rules.roles(action) for address in bound.control.may))


def _order_objections(action: str, rules: Rules, facts: Facts, story: Sequence[Event]) -> list[Objection]:
    orders = _in_force(rules.orders(action), facts)
    if not orders:
        return []
    done = {event.action for event in story}
    return [
        _objection(bound, "order", {"first": bound.control.first}, bound.control.override_by)
        for bound in orders
        if bound.control.first not in done
    ]


def _prerequisite_objections(
    action: str,
    rules: Rules,
    facts: Facts,
    story: Sequence[Event],
    links: Sequence[tuple[str, str]],
    attachments: Mapping[str, int],
) -> list[Objection]:
    return [
        _need_objection(bound, need, found, story)
        for bound in _in_force(rules.prerequisites(action), facts)
        for need in bound.control.needs
        if (found := _found(need, story, links, attachments)) < need.at_least
    ]


def times_done(need: Need, story: Sequence[Event]) -> int:
    """How often the action was done since it had to be done anew; none when the last time did not say what it should.

    Where nothing is known of what it said or for whom it was done, as in a foreign log, it counts.
    """
    anew = max((place for place, event in enumerate(story, start=1) if event.action in need.since), default=0)
    done = [event for event in story[anew:] if event.action == need.action and _is_done_by(need, event)]
    if done and holds(need.saying, done[-1].facts) is False:
        return 0
    return len(done)


def _is_to_be_redone(need: Need, story: Sequence[Event]) -> bool:
    return bool(need.since) and any(event.action == need.action for event in story)


def _is_done_by(need: Need, event: Event) -> bool:
    if not need.by or "done_for" not in event.data:
        return True
    return any(address.key in event.data["done_for"] for address in need.by)


def _found(need: Need, story: Sequence[Event], links: Sequence[tuple[str, str]], attachments: Mapping[str, int]) -> int:
    if need.action is not None:
        return times_done(need, story)
    if need.link is not None:
        states = need.link.states
        return sum(name == need.link.type and (not states or state in states) for name, state in links)
    return attachments.get(str(need.attachment), 0)


def _need_objection(bound: BoundControl, need: Need, found: int, story: Sequence[Event]) -> Objection:
    counted = {"at_least": need.at_least, "found": found}
    override_by = bound.control.override_by
    if need.action is not None:
        wanted = {
            "by": tuple(address.key for address in need.by),
            "saying": need.saying,
            "again": _is_to_be_redone(need, story),
        }
        params = {"action": need.action, **counted, **{name: said for name, said in wanted.items() if said}}
        return _objection(bound, "prerequisite_action", params, override_by)
    if need.link is not None:
        params = {"type": need.link.type, "states": need.link.states, **counted}
        return _objection(bound, "prerequisite_link", params, override_by)
    return _objection(bound, "prerequisite_attachment", {"attachment": need.attachment, **counted}, override_by)


def _separation_objections(action: str, rules: Rules, facts: Facts, story: Sequence[Event], by: int) -> list[Objection]:
    found = []
    for bound in _in_force(rules.separations(action), facts):
        others = set(bound.control.actions) - {action}
        mine = next((event.action for event in story if event.by == by and event.action in others), None)
        if mine is not None:
            found.append(_objection(bound, "separate_persons", {"other": mine, "by": by}))
    return found


def _sign_off_objections(
    action: str,
    rules: Rules,
    record_type: str,
    facts: Facts,
    story: Sequence[Event],
    rounds: Sequence[Round] | None,
) -> list[Objection]:
    groups: dict[str, list[BoundControl]] = {}
    for bound in rules.sign_offs_before(action):
        groups.setdefault(bound.group, []).append(bound)
    if not groups:
        return []
    known = sign_off_rounds(story, rules, record_type) if rounds is None else rounds
    found = []
    for group, variants in groups.items():
        latest = latest_round(known, group)
        asked_for = latest is not None and latest.state is not RoundState.CANCELLED
        objection = _unfinished(latest) if latest and asked_for else _unopened(variants, facts)
        found += [objection] if objection else []
    return found


def _unfinished(round_: Round) -> Objection | None:
    control = round_.control
    if round_.is_complete:
        return None
    if round_.is_returned:
        returned = next(slot for slot in round_.slots if slot.decision == "sent_back")
        params = {"by": returned.signed_by, "address": returned.address, "opinion": returned.opinion}
        return _objection(round_.bound, "sign_off_returned", {**params, "after": control.after}, control.override_by)
    missing = {
        "waiting": tuple(slot.address for slot in round_.waiting),
        "signed": tuple(slot.address for slot in round_.slots if slot.is_signed),
        "mode": round_.mode,
        "after": control.after,
        "opened": True,
    }
    return _objection(round_.bound, "sign_off_missing", missing, control.override_by)


def _unopened(variants: Sequence[BoundControl], facts: Facts) -> Objection | None:
    """A sign-off that was never asked for stands in the way as long as its condition holds or may yet hold."""
    answers = [bound.holds(facts) for bound in variants]
    if True in answers:
        bound = variants[answers.index(True)]
        control = bound.control
        waiting = tuple(address.key for address in control.signers)
        params = {"waiting": waiting, "signed": (), "mode": control.mode, "after": control.after, "opened": False}
        return _objection(bound, "sign_off_missing", params, control.override_by)
    if None in answers:
        bound = variants[answers.index(None)]
        facts_wanted = dict.fromkeys(fact for v in variants for fact in unknown_facts(v.control.when, facts))
        return _objection(bound, "sign_off_undecided", {"facts": tuple(facts_wanted)}, bound.control.override_by)
    return None


def _field_objections(
    action: str, rules: Rules, facts: Facts, given: Collection[str] | Mapping[str, Any] | None
) -> list[Objection]:
    if given is None:
        return []
    return [
        _objection(
            wanted.bound,
            "required_field",
            {"field": wanted.name, "may_be_struck_through": wanted.may_be_struck_through},
        )
        for wanted in required_fields(action, rules, facts)
        if not _is_filled(wanted, given)
    ]


def _is_filled(wanted: RequiredField, given: Collection[str] | Mapping[str, Any]) -> bool:
    if not isinstance(given, Mapping):
        return wanted.name in given
    value = given.get(wanted.name)
    if isinstance(value, StruckThrough):
        return wanted.may_be_struck_through and bool(value.reason.strip())
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and not (isinstance(value, Sequence | Mapping | Collection) and len(value) == 0)


def _in_force(controls: Sequence[BoundControl], facts: Facts) -> list[BoundControl]:
    return [bound for bound in controls if bound.holds(facts)]


def _objection(
    bound: BoundControl, code: str, params: Mapping[str, Any], override_by: Address | None = None
) -> Objection:
    return Objection(
        kind=bound.kind,
        key=bound.group,
        procedure=bound.procedure,
        clause=bound.clause,
        clause_text=bound.clause_text,
        code=code,
        params=params,
        override_by=override_by.key if override_by else None,
    )
