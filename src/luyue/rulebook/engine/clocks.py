"""Clocks: dates and spans as records and procedures give them, and the due time they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from luyue.rulebook.controls import Escalation
from luyue.rulebook.engine.events import Alarm
from luyue.worktime import Calendar, Due, Pause, Span, SpanError, due, due_before

ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)

_ISO_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?")

span_of = lru_cache(maxsize=4096)(Span.parse)


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when something is due; `at` is None while the clock stands still, or while a date it needs is not known."""

    at: datetime | None
    span: str = ""
    provisional: bool = False
    paused_since: datetime | None = None
    waits_for: str = ""


NO_DEADLINE = Deadline(None)


def deadline_after(
    start: datetime, span_text: str | None, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> Deadline:
    """When something is due that runs from a start for a span; without a span there is no due time."""
    if span_text is None:
        return NO_DEADLINE
    return _reckoned(due(start, span_of(span_text), calendar, pauses), span_text)


def deadline_before(anchor: date | datetime, span_text: str, calendar: Calendar) -> Deadline:
    """When something is due that must be done so long before a date."""
    return _reckoned(due_before(anchor, span_of(span_text), calendar), span_text)


def _reckoned(result: Due, span_text: str) -> Deadline:
    return Deadline(result.at, span_text, result.provisional, result.paused_since)


def date_in(dates: Mapping[str, Any], field: str) -> date | datetime | None:
    """What the record says in a date field, named `type.field` or by the field alone; None while it is empty."""
    value = _said(dates, field)
    if isinstance(value, str):
        return read_date(value) if value else None
    return value if isinstance(value, date) else None


def read_date(text: str) -> date | datetime:
    """An ISO date alone, or an ISO instant with its offset."""
    return date.fromisoformat(text) if len(text) == len("2026-01-01") else datetime.fromisoformat(text)


def written(moment: date | datetime) -> str:
    """As a detail keeps it: the same text for the same instant, whatever the offset it was given in."""
    return (moment.astimezone(UTC) if isinstance(moment, datetime) else moment).isoformat()


def span_in(dates: Mapping[str, Any], field: str) -> str | None:
    """What the record says in a duration field, as a span; None while it is empty or no length of time."""
    value = _said(dates, field)
    if isinstance(value, timedelta):
        return _minutes(value)
    if not isinstance(value, str):
        return None
    try:
        return str(span_of(value))
    except SpanError:
        return _iso_minutes(value)


def first_moment(day: date | datetime, calendar: Calendar) -> datetime:
    """An instant as it is; a date alone, as a start, means its 00:00."""
    return day if isinstance(day, datetime) else calendar.midnight(day)


def last_moment(day: date | datetime, calendar: Calendar) -> datetime:
    """An instant as it is; a date alone, as a deadline, means its 24:00."""
    return day if isinstance(day, datetime) else calendar.midnight(day + ONE_DAY)


def earliest_moment(start: datetime, span_text: str, calendar: Calendar) -> datetime:
    """From when doing it counts: the end of a span of hours, the first moment of the last day of a span of days."""
    span = span_of(span_text)
    if not span.is_counted_in_days:
        return due(start, span, calendar).at or start
    result = due(start, span, calendar)
    return calendar.midnight(result.nominal_last_day) if result.nominal_last_day else start


def shares_of(escalate: tuple[Escalation, ...]) -> tuple[tuple[int, str], ...]:
    """The escalations as whole percents and addresses."""
    return tuple((int(step.at[:-1]), step.to.key) for step in escalate)


def alarms_between(start: datetime, at: datetime | None, shares: tuple[tuple[int, str], ...]) -> tuple[Alarm, ...]:
    """Who is told when, by shares of the time from start to due; 100% is the due time.

    The share is taken of the plain time, nights and pauses included, of a business-hours clock too: an alarm need not
    be exact.
    """
    if at is None or not shares:
        return ()
    length = at - start
    return tuple(Alarm(at if percent == 100 else start + length * percent / 100, to) for percent, to in shares)


def _said(values: Mapping[str, Any], field: str) -> Any:
    value = values.get(field)
    return values.get(field.partition(".")[2]) if value is None else value


def _minutes(length: timedelta) -> str | None:
    minutes = length // ONE_MINUTE
    return f"{minutes}m" if minutes > 0 else None


def _iso_minutes(text: str) -> str | None:
    found = _ISO_DURATION.fullmatch(text)
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return _minutes(timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))
