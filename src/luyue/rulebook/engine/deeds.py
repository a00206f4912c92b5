"""Orders, prerequisites and four eyes as a log shows them: each deed in question kept them or broke them.

Our own records refuse such a deed unless it is overridden; a foreign log has no such guard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from luyue.rulebook.engine.addresses import OWNER, employee_key
from luyue.rulebook.engine.enforcement import times_done
from luyue.rulebook.engine.events import Event, Obligation, Status
from luyue.rulebook.engine.rules import BoundControl, Rules
from luyue.rulebook.engine.story import story_until


def deed_obligations(events: Iterable[Event], rules: Rules, as_of: datetime) -> tuple[Obligation, ...]:
    """For every deed that had to wait for another, or had to be another person's: whether it did and was.

    Prerequisites are judged by the actions of the record only; links and attachments are not in a log. A condition
    that the facts leave open is not judged.
    """
    story = story_until(events, as_of)
    found: list[Obligation] = []
    for number, event in enumerate(story):
        past = story[:number]
        found += _ordered(event, past, story[number + 1 :], rules)
        found += _prepared(event, past, rules)
        found += _separated(event, past, rules)
    return tuple(found)


def _ordered(event: Event, past: Sequence[Event], later: Sequence[Event], rules: Rules) -> list[Obligation]:
    judged = []
    for bound in _in_force(rules.orders(event.action), event):
        first = bound.control.first
        missed = None if _times(first, past) else next((each for each in later if each.action == first), None)
        judged.append(_judged(bound, event, kept=bool(_times(first, past)), done=missed, detail={"first": first}))
    return judged


def _prepared(event: Event, past: Sequence[Event], rules: Rules) -> list[Obligation]:
    judged = []
    for bound in _in_force(rules.prerequisites(event.action), event):
        needs = [need for need in bound.control.needs if need.action is not None]
        missing = [need.action for need in needs if times_done(need, past) < need.at_least]
        if needs:
            judged.append(_judged(bound, event, kept=not missing, detail={"missing": missing}))
    return judged


def _separated(event: Event, past: Sequence[Event], rules: Rules) -> list[Obligation]:
    judged = []
    for bound in _in_force(rules.separations(event.action), event):
        others = [each for each in past if each.action in bound.control.actions and each.action != event.action]
        if event.by is None or not others:
            continue
        same = [each.action for each in others if each.by == event.by]
        judged.append(_judged(bound, event, kept=not same, detail={"same_person": same}))
    return judged


def _in_force(controls: Sequence[BoundControl], event: Event) -> list[BoundControl]:
    return [bound for bound in controls if bound.holds(event.facts)]


def _times(action: str | None, past: Sequence[Event]) -> int:
    return sum(event.action == action for event in past)


def _judged(
    bound: BoundControl, event: Event, *, kept: bool, done: Event | None = None, detail: Mapping[str, Any]
) -> Obligation:
    owner = bound.control.owner.key if bound.control.owner else OWNER
    settling = event if kept else done
    return Obligation(
        key=f"{bound.group}@{event.sequence}",
        kind=bound.kind,
        procedure=bound.procedure,
        clause=bound.clause,
        control=bound.group,
        owner=owner if event.by is None else employee_key(event.by),
        started_by=event.sequence,
        started_at=event.occurred_at,
        due_at=event.occurred_at,
        status=Status.KEPT if kept else Status.BROKEN,
        settled_at=event.occurred_at,
        done_at=settling.occurred_at if settling else None,
        done_by=settling.by if settling else None,
        detail={"variant": bound.key, "action": event.action, **detail},
    )
