"""The stretches of time of which a reckoning is made up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from luyue.worktime.calendar import ONE_DAY
from luyue.worktime.spans import Unit, months_later
from luyue.worktime.year_table import NOTHING, Opening

if TYPE_CHECKING:
    from luyue.worktime.reckoning import Due


class SegmentKind(StrEnum):
    """What a stretch of time is to the clock."""

    COUNTED = "counted"
    PAUSED = "paused"
    CLOSED = "closed"
    DAY_OF_EVENT = "day_of_event"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: what kind it is and the values in it; the reader's words are put to it elsewhere."""

    kind: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time, what it is to the clock, and how much of the span it used up; a day counts as 24 hours.

    The reason is that of the pause, or the name of the holiday over which the end was moved.
    """

    kind: SegmentKind
    start: datetime
    end: datetime
    counted: timedelta
    reason: str = ""

    def as_line(self) -> Line:
        """The segment as a line of an explanation."""
        values = {"start": self.start, "end": self.end, "counted": self.counted, "reason": self.reason}
        return Line(self.kind.value, values)


def segments_of_time(due: Due) -> tuple[Segment, ...]:
    """The segments of an m, h or bh clock: what ran, what stood still, and the hours outside business."""
    first, last = _bounds(due)
    segments: list[Segment] = []
    at = first
    for pause in due.pauses:
        segments += _running(due, at, pause.start.astimezone(UTC))
        if pause.end is None:
            return tuple(segments)
        segments.append(Segment(SegmentKind.PAUSED, pause.start, pause.end, NOTHING, pause.reason))
        at = pause.end.astimezone(UTC)
    segments += _running(due, at, last)
    return tuple(segments)


def segments_of_days(due: Due) -> tuple[Segment, ...]:
    """The segments of a d, wd, mo or y clock: the day of the event, then runs of days of one kind."""
    return tuple(_days_before(due) if due.backwards else _days_after(due))


def _bounds(due: Due) -> tuple[datetime, datetime]:
    end = (due.at or due.paused_since or due.start).astimezone(UTC)
    start = due.start.astimezone(UTC)
    return (end, start) if due.backwards else (start, end)


def _running(due: Due, start: datetime, end: datetime) -> Iterator[Segment]:
    """The stretches between two instants in which no pause lies."""
    zone = due.calendar.zone
    openings = [Opening(start, end)] if due.span.is_continuous else _joined(due.calendar.openings_between(start, end))
    at = start
    for opening in (opening for opening in openings if opening.start < opening.end):
        if at < opening.start:
            yield Segment(SegmentKind.CLOSED, at.astimezone(zone), opening.start.astimezone(zone), NOTHING)
        length = opening.end - opening.start
        yield Segment(SegmentKind.COUNTED, opening.start.astimezone(zone), opening.end.astimezone(zone), length)
        at = opening.end
    if at < end:
        yield Segment(SegmentKind.CLOSED, at.astimezone(zone), end.astimezone(zone), NOTHING)


def _joined(openings: Iterable[Opening]) -> list[Opening]:
    joined: list[Opening] = []
    for opening in openings:
        if joined and joined[-1].end == opening.start:
            joined[-1] = Opening(joined[-1].start, opening.end)
        else:
            joined.append(opening)
    return joined


def _days_after(due: Due) -> Iterator[Segment]:
    event_day = due.start.date()
    until = due.at or due.paused_since or due.start
    last = due.last_day or until.date()
    yield from _runs(due, _kinds_after(due, event_day, last), due.start, until)


def _kinds_after(due: Due, event_day: date, last: date) -> Iterator[tuple[date, SegmentKind, str]]:
    """What each day is to the clock: so many are counted, those whose midnight lay in a pause are not."""
    yield event_day, SegmentKind.DAY_OF_EVENT, ""
    left = _days_to_count(due, event_day)
    by_work = due.span.unit is Unit.WORKING_DAYS
    day = event_day + ONE_DAY
    while day <= last:
        reason = _pause_over(due, day)
        if by_work and due.calendar.is_rest_day(day):
            yield day, SegmentKind.CLOSED, ""
        elif reason is not None:
            yield day, SegmentKind.PAUSED, reason
        elif left:
            left -= 1
            yield day, SegmentKind.COUNTED, ""
        else:
            yield day, SegmentKind.MOVED, _name_of(due, day - ONE_DAY)
        day += ONE_DAY


def _days_before(due: Due) -> Iterator[Segment]:
    anchor_day = due.start.date()
    nominal, last = due.nominal_last_day or anchor_day, due.last_day or anchor_day
    days = [last + timedelta(days=ahead) for ahead in range((anchor_day - last).days + 1)]
    begin = due.calendar.midnight(last).astimezone(due.calendar.zone)
    yield from _runs(due, ((day, *_kind_before(due, day, nominal, anchor_day)) for day in days), begin, due.start)


def _kind_before(due: Due, day: date, nominal: date, anchor_day: date) -> tuple[SegmentKind, str]:
    if day == anchor_day:
        return SegmentKind.DAY_OF_EVENT, ""
    if day < nominal:
        return SegmentKind.MOVED, _name_of(due, day + ONE_DAY)
    if due.span.unit is Unit.WORKING_DAYS and due.calendar.is_rest_day(day):
        return SegmentKind.CLOSED, ""
    return SegmentKind.COUNTED, ""


def _days_to_count(due: Due, event_day: date) -> int:
    if due.span.unit in (Unit.DAYS, Unit.WORKING_DAYS):
        return due.span.amount
    return (months_later(event_day, due.span.months) - event_day).days


def _pause_over(due: Due, day: date) -> str | None:
    for pause in due.pauses:
        if pause.start.date() < day and (pause.end is None or day <= pause.end.date()):
            return pause.reason
    return None


def _name_of(due: Due, day: date) -> str:
    public = due.calendar.public.on(day)
    return public.name if public and public.is_off else ""


def _runs(due: Due, days: Iterable[tuple[date, SegmentKind, str]], start: datetime, end: datetime) -> Iterator[Segment]:
    """Neighbouring days of one kind and reason as one segment, from exactly the start to exactly the end."""
    zone = due.calendar.zone
    finish = end.astimezone(UTC)
    at = start.astimezone(UTC)
    run: tuple[SegmentKind, str] | None = None
    counted = NOTHING
    for day, kind, reason in days:
        border = max(due.calendar.midnight(day), at)
        if run is not None and run != (kind, reason):
            yield Segment(run[0], at.astimezone(zone), border.astimezone(zone), counted, run[1])
            at, counted = border, NOTHING
        run = (kind, reason)
        counted += ONE_DAY if kind is SegmentKind.COUNTED else NOTHING
    if run is not None and at < finish:
        yield Segment(run[0], at.astimezone(zone), finish.astimezone(zone), counted, run[1])
