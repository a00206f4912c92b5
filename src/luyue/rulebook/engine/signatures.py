"""Signatures owed: one obligation for every place of a sign-off whose turn has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from luyue.rulebook.engine.clocks import alarms_between, deadline_after, shares_of
from luyue.rulebook.engine.events import Event, Obligation, Status
from luyue.rulebook.engine.rules import Rules
from luyue.rulebook.engine.sign_offs import Round, RoundState, Slot, sign_off_rounds
from luyue.worktime import Calendar


def sign_off_obligations(
    story: Sequence[Event], rules: Rules, calendar: Calendar, as_of: datetime, record_type: str
) -> list[Obligation]:
    """One obligation for every signature whose turn has come."""
    return [
        _obligation(round_, slot, calendar, as_of)
        for round_ in sign_off_rounds(story, rules, record_type)
        for slot in round_.slots
        if slot.since is not None
    ]


def _obligation(round_: Round, slot: Slot, calendar: Calendar, as_of: datetime) -> Obligation:
    control, since = round_.control, slot.since or round_.opened_at
    deadline = deadline_after(since, control.within, calendar)
    status, settled_at = _standing(round_, slot, deadline.at, as_of)
    done_at, done_by = (slot.at, slot.signed_by) if slot.at else (None, None)
    if status is Status.BROKEN and round_.state is RoundState.BYPASSED and slot.at is None:
        done_at, done_by = round_.closed_at, round_.closed_by
    is_owed = status in (Status.RUNNING, Status.BROKEN)
    return Obligation(
        key=f"{round_.group}@{round_.opened_by}/{slot.n}",
        kind="sign_off",
        procedure=round_.bound.procedure,
        clause=round_.bound.clause,
        control=round_.group,
        owner=slot.address,
        started_by=round_.opened_by,
        started_at=since,
        due_at=deadline.at,
        status=status,
        settled_at=settled_at,
        done_at=done_at,
        done_by=done_by,
        does=(f"{control.before.partition('.')[0]}.sign",),
        alarms=alarms_between(since, deadline.at, shares_of(control.escalate)) if is_owed else (),
        provisional=deadline.provisional,
        detail=_detail(round_, slot, deadline.span),
    )


def _standing(round_: Round, slot: Slot, due_at: datetime | None, as_of: datetime) -> tuple[Status, datetime | None]:
    """How one signature stands: kept by signing in time, whatever the decision; broken by time or by an override."""
    ended = slot.at or round_.closed_at
    if due_at is not None and due_at < (ended or as_of):
        return Status.BROKEN, due_at
    if slot.at is not None:
        return Status.KEPT, slot.at
    if round_.state is RoundState.BYPASSED:
        return Status.BROKEN, round_.closed_at
    return (Status.RUNNING, None) if round_.is_running else (Status.CANCELLED, round_.closed_at)


def _detail(round_: Round, slot: Slot, span: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "variant": round_.bound.key,
        "slot": slot.n,
        "mode": round_.mode,
        "before": round_.before,
        "meaning": round_.control.meaning,
    }
    if span:
        said["span"] = span
    if slot.decision:
        said["decision"] = slot.decision
    if slot.opinion:
        said["opinion"] = slot.opinion
    if slot.handed_over_from:
        said["handed_over_from"] = list(slot.handed_over_from)
    return said
