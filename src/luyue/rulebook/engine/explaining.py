"""How an obligation came to its due time: where it started, what was counted, what stood still."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from luyue.rulebook.engine.clocks import read_date, span_of
from luyue.rulebook.engine.events import Event, Obligation
from luyue.rulebook.engine.rules import BoundControl, Rules
from luyue.worktime import Calendar, Due, Line, Pause, due, due_before


@dataclass(frozen=True, slots=True)
class Explanation:
    """The clause, the event and the counting behind one obligation; `due` is None where no span was counted."""

    obligation: Obligation
    bound: BoundControl | None
    started_by: Event | None
    settled_by: Event | None
    due: Due | None

    @property
    def lines(self) -> list[Line]:
        """The counting as kinds and values; without a span only the due time, when a date field gave it."""
        if self.due is not None:
            return self.due.explain()
        start = Line("start", {"at": self.obligation.started_at, "span": None, "backwards": False})
        return [start, Line("due", {"at": self.obligation.due_at})]


def explain(obligation: Obligation, events: Iterable[Event], rules: Rules, calendar: Calendar) -> Explanation:
    """Count an obligation's due time again, so that each segment can be shown."""
    story = list(events)
    return Explanation(
        obligation=obligation,
        bound=rules.control(str(obligation.detail.get("variant", "")), str(obligation.detail.get("edition", ""))),
        started_by=next((event for event in story if event.sequence == obligation.started_by), None),
        settled_by=_settled_by(obligation, story),
        due=_counted(obligation, calendar),
    )


def _settled_by(obligation: Obligation, story: list[Event]) -> Event | None:
    if obligation.done_at is None:
        return None
    then = [event for event in story if event.occurred_at == obligation.done_at and event.by == obligation.done_by]
    named = [event for event in then if event.action in obligation.does]
    return next(iter(named or then), None)


def _counted(obligation: Obligation, calendar: Calendar) -> Due | None:
    detail = obligation.detail
    if "span" not in detail:
        return None
    span = span_of(detail["span"])
    if "anchor" in detail:
        return due_before(read_date(detail["anchor"]), span, calendar)
    return due(obligation.started_at, span, calendar, [_pause(*said) for said in detail.get("pauses", ())])


def _pause(start: str, end: str | None, reason: str) -> Pause:
    return Pause(datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None, reason)
