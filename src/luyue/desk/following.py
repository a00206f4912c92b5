"""What an action sets going, said before it is taken: the state, who is next, by when, and under which clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from luyue.desk import faces
from luyue.desk.explaining import anchor
from luyue.desk.templatetags.desk import until
from luyue.records import general
from luyue.records.actions import Action
from luyue.records.calendars import calendar_of
from luyue.records.case import Case
from luyue.records.models import Obligation
from luyue.records.rules import edition_ids
from luyue.rulebook.engine.clocks import deadline_after
from luyue.rulebook.engine.conditions import unknown_facts
from luyue.rulebook.engine.limits import Limit, LimitPlan, chosen, limit_plan, moves_in
from luyue.rulebook.engine.receipts import receipt_plan
from luyue.rulebook.engine.rules import BoundControl
from luyue.rulebook.engine.sign_offs import Round, Slot
from luyue.rulebook.plain_words import span_in_plain_words

UNBROKEN_HYPHEN, UNBROKEN_SPACE = "\u2060-\u2060", "\u00a0"
"""So that a date stays on one line of a narrow page."""


def what_follows(case: Case, action: Action[Any, Any]) -> list[faces.Following]:
    """One line each, in the order in which it happens; what hangs on answers still to be given is said to do so."""
    if action.name == "sign":
        return list(_after_signing(case))
    name = action.full_name(case.record_type.name)
    facts = _known_facts(case, action)
    said = [
        *_state(case, action),
        *_receivers(case, name, facts),
        *_signers(case, name, facts),
        *_started(case, name, facts),
    ]
    if depends := _open_questions(case, name, facts):
        asked = str(_(", ")).join(case.names.field(case.record_type, fact) for fact in depends)
        said.append(faces.Following(text=_("What else is due depends on: %(facts)s.") % {"facts": asked}))
    return said


def clause_of(case: Case, action: Action[Any, Any], row: Obligation | None) -> tuple[str, str]:
    """The clause that asks for the action, or that says who may take it; with the place where it is read."""
    if row is not None:
        return f"{row.procedure} {row.clause}", clause_url(case, row.procedure, row.clause)
    if action.name == "sign":
        for each, _slot in general.waiting_for(case):
            return _cited(each.bound), clause_url(case, each.bound.procedure, each.bound.clause)
    for bound in case.rules.roles(action.full_name(case.record_type.name)):
        if bound.holds(case.facts) is not False:
            return _cited(bound), clause_url(case, bound.procedure, bound.clause)
    return "", ""


def clause_url(case: Case, procedure: str, clause: str) -> str:
    """Where a clause is read, in the edition to which the record is bound."""
    edition = edition_ids(case.record.binding_id).get(procedure)
    query = f"?edition={edition}" if edition else ""
    return f"{reverse('desk:procedure', args=[procedure])}{query}#{anchor(clause)}"


def owed_here(case: Case, action: Action[Any, Any]) -> Obligation | None:
    """The promise that the action would keep, the nearest first, one's own before those of others."""
    if not case.record.pk:
        return None
    name = action.full_name(case.record_type.name)
    rows = case.record.obligations.filter(is_owed=True).order_by("due_at", "id")
    owed = [row for row in rows if name in row.does and row.due_at]
    return next((row for row in owed if row.owner in case.authority.keys), owed[0] if owed else None)


def _known_facts(case: Case, action: Action[Any, Any]) -> dict[str, Any]:
    """What is certain before the form is filled in: everything but what the form asks."""
    asked = action.form.base_fields if action.form else {}
    return {name: value for name, value in case.facts.items() if name not in asked}


def _state(case: Case, action: Action[Any, Any]) -> Iterator[faces.Following]:
    if action.to and action.to != case.record.state:
        label = dict(case.record_type.states.choices).get(action.to, "")
        yield faces.Following(text=_("The record becomes “%(state)s”.") % {"state": label})


def _receivers(case: Case, name: str, facts: Mapping[str, Any]) -> Iterator[faces.Following]:
    for variants in receipt_plan(case.rules).on.get(name, ()):
        bound = next((each for each in variants if each.holds(facts)), None)
        if bound is None:
            continue
        who = case.names.addresses([address.key for address in bound.control.to])
        if bound.kind == "routing":
            within = bound.control.acknowledge_within
            text = (
                _("It goes to %(who)s, who acknowledge receipt within %(span)s.")
                % {"who": who, "span": span_in_plain_words(within)}
                if within
                else _("It goes to %(who)s, who acknowledge receipt.") % {"who": who}
            )
        elif bound.control.customer:
            text = _("The customer is to be told: %(actions)s.") % {"actions": _any_of(case, bound.control.proved_by)}
        else:
            text = _("%(who)s are told.") % {"who": who}
        yield _line(case, bound, text)


def _signers(case: Case, name: str, facts: Mapping[str, Any]) -> Iterator[faces.Following]:
    for bound in case.rules.sign_offs(case.record_type.name):
        if name not in bound.control.after or not bound.control.signers or not bound.holds(facts):
            continue
        words = {
            "who": case.names.addresses([address.key for address in bound.control.signers]),
            "action": case.names.action(bound.control.before),
        }
        text = _("To be signed by %(who)s before “%(action)s”.") % words
        if bound.control.within:
            words["span"] = span_in_plain_words(bound.control.within)
            text = _("To be signed by %(who)s within %(span)s, before “%(action)s”.") % words
        yield _line(case, bound, text)


def _started(case: Case, name: str, facts: Mapping[str, Any]) -> list[faces.Following]:
    """The clocks that begin with the action, the nearest due first; one that runs already goes on as it is."""
    running: set[str] = set()
    if case.record.pk:
        running.update(case.record.obligations.filter(status="running").values_list("control", flat=True))
    begun = []
    for pool in _plan(case).started_by.get(name, ()):
        limit, _undecided = chosen(pool, facts)
        if limit is not None and limit.bound.group not in running:
            begun.append((_due(case, limit), limit))
    begun.sort(key=lambda pair: (pair[0] is None, pair[0] or case.now))
    return [_limit(case, limit, due) for due, limit in begun]


def _due(case: Case, limit: Limit) -> datetime | None:
    """By when it would be due if the action were taken now; None where the record decides, by a date or a length."""
    control = limit.control
    if control.within is None or control.within_field or control.before or control.since:
        return None
    return deadline_after(case.now, control.within, calendar_of(case.company)).at


def _open_questions(case: Case, name: str, facts: Mapping[str, Any]) -> list[str]:
    """The facts that decide what else follows, and that nobody knows before the form is filled in."""
    conditional = [
        *(bound for variants in receipt_plan(case.rules).on.get(name, ()) for bound in variants),
        *(bound for bound in case.rules.sign_offs(case.record_type.name) if name in bound.control.after),
        *(each.bound for pool in _plan(case).started_by.get(name, ()) for each in pool),
    ]
    return list(dict.fromkeys(fact for bound in conditional for fact in unknown_facts(bound.control.when, facts)))


def _plan(case: Case) -> LimitPlan:
    name = case.record_type.name
    return limit_plan(case.rules, name, moves_in(case.events, name))


def _limit(case: Case, limit: Limit, due: datetime | None) -> faces.Following:
    words = {"who": case.names.address(limit.owner), "actions": _any_of(case, limit.control.stops)}
    if due is None:
        return _line(case, limit.bound, _("Next, %(who)s: %(actions)s.") % words)
    words["span"] = span_in_plain_words(str(limit.control.within))
    words["at"] = until(due).replace("-", UNBROKEN_HYPHEN).replace(" ", UNBROKEN_SPACE)
    return _line(case, limit.bound, _("Next, %(who)s within %(span)s, until %(at)s: %(actions)s.") % words)


def _after_signing(case: Case) -> Iterator[faces.Following]:
    waiting = general.waiting_for(case)
    if not waiting:
        return
    mine, place = waiting[0]
    others = list(dict.fromkeys(slot.address for slot in _still_to_sign(case, mine, place)))
    words = {"who": case.names.addresses(others), "action": case.names.action(mine.before)}
    if others:
        yield faces.Following(text=_("%(who)s still sign before “%(action)s”.") % words)
    else:
        yield faces.Following(text=_("Yours is the last signature before “%(action)s”.") % words)
    if mine.control.after:
        words["first"] = _any_of(case, mine.control.after)
        yield faces.Following(text=_("If you send it back, it begins again with: %(first)s.") % words)


def _still_to_sign(case: Case, mine: Round, place: Slot) -> Iterator[Slot]:
    for each in case.rounds:
        if each.before != mine.before or not each.is_running or (each is mine and each.mode == "any"):
            continue
        yield from (slot for slot in each.slots if slot.at is None and not (each is mine and slot.n == place.n))


def _any_of(case: Case, actions: Sequence[str]) -> str:
    return str(_(" or ")).join(case.names.action(each) for each in actions)


def _line(case: Case, bound: BoundControl, text: str) -> faces.Following:
    return faces.Following(text=text, clause=_cited(bound), clause_url=clause_url(case, bound.procedure, bound.clause))


def _cited(bound: BoundControl) -> str:
    return f"{bound.procedure} {bound.clause}"
