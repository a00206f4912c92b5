"""Due times: when a promise must be kept at the latest, and how that was counted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from luyue.worktime.calendar import ONE_DAY, Calendar
from luyue.worktime.pauses import Pause, Standstill, aware, standstills
from luyue.worktime.segments import Line, Segment, segments_of_days, segments_of_time
from luyue.worktime.spans import Span, Unit, months_later


class EndRule(StrEnum):
    """Why a period ends at the instant at which it does."""

    INSTANT = "instant"
    END_OF_DAY = "end_of_day"
    FIXED_END_OF_DAY = "fixed_end_of_day"
    NEXT_WORKING_DAY = "next_working_day"
    PREVIOUS_WORKING_DAY = "previous_working_day"
    CLOSE_OF_BUSINESS = "close_of_business"


@dataclass(frozen=True, slots=True)
class CountedPause:
    """A pause as it counted: cut to what lies after the start and was not counted already.

    Counted is time of the clock's kind (a day or working day is 24 hours of it), or None while the pause lasts.
    """

    start: datetime
    end: datetime | None
    counted: timedelta | None
    reason: str


@dataclass(frozen=True)
class Due:
    """When a promise is due, in the calendar's zone, with everything that led there.

    `at` is None while the clock stands still for an unknown time, since `paused_since`.
    `nominal_last_day` is the last day of a period counted in days before the end rule moved it.
    """

    start: datetime
    span: Span
    calendar: Calendar
    at: datetime | None
    end_rule: EndRule
    pauses: tuple[CountedPause, ...] = ()
    paused_since: datetime | None = None
    nominal_last_day: date | None = None
    last_day: date | None = None
    provisional: bool = False
    backwards: bool = False

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The time from the start to the due time without a gap; what is counted adds up to the span.

        Backwards it runs from the due time to the anchor, for days from the first moment of the earliest day.
        """
        build = segments_of_days if self.span.is_counted_in_days else segments_of_time
        return build(self)

    def explain(self) -> list[Line]:
        """The reckoning as kinds and values, without a language: start, segments, pauses, end rule, result."""
        lines = [Line("start", {"at": self.start, "span": self.span, "backwards": self.backwards})]
        lines += [segment.as_line() for segment in self.segments]
        lines += [
            Line("pause", {"start": pause.start, "end": pause.end, "counted": pause.counted, "reason": pause.reason})
            for pause in self.pauses
        ]
        if self.paused_since is not None:
            return [*lines, Line("still_paused", {"since": self.paused_since})]
        days = {"nominal_last_day": self.nominal_last_day, "last_day": self.last_day}
        lines.append(Line("end_rule", {"rule": self.end_rule, **days}))
        if self.provisional:
            lines.append(Line("provisional", {"years": self.years_without_notice()}))
        return [*lines, Line("due", {"at": self.at})]

    def years_without_notice(self) -> list[int]:
        """The years between start and due whose public calendar is not known."""
        end = self.at or self.paused_since or self.start
        first, last = sorted((self.start.year, (end - timedelta.resolution).year))
        return [year for year in range(first, last + 1) if self.calendar.is_provisional(year)]


def due(start: datetime, span: Span, calendar: Calendar, pauses: Iterable[Pause] = ()) -> Due:
    """When something is due that runs from a start (Civil Code art. 201 to 203), its pauses counted once each.

    Raises InstantError for an instant without an offset and for a pause that ends before it starts.
    """
    begin = aware(start, "start")
    still = standstills(begin, pauses) if pauses else []
    count = _days_from if span.is_counted_in_days else _time_from
    return count(begin, span, calendar, still)


def due_before(anchor: date | datetime, span: Span, calendar: Calendar) -> Due:
    """When something is due that must be done so long before a date; the day of the anchor is not counted.

    A date alone means its first moment. Days end at 24:00 (or close of business) of the earliest day counted; a rest
    day there moves it to the working day before, since a later one would shorten the notice.
    """
    at = anchor if isinstance(anchor, datetime) else calendar.midnight(anchor)
    finish = aware(at, "anchor")
    return _days_before(finish, span, calendar) if span.is_counted_in_days else _time_before(finish, span, calendar)


def _time_from(start: datetime, span: Span, calendar: Calendar, still: list[Standstill]) -> Due:
    end = _continuous_end if span.is_continuous else calendar.work_ends
    measure = _continuous_time if span.is_continuous else calendar.working_time
    at = end(start, span.time)
    counted: list[CountedPause] = []
    for stop in still:
        if stop.start >= at:
            break
        counted += _counted(stop, calendar, measure)
        if stop.end is None:
            return _paused(start, span, calendar, stop, counted)
        at = end(at, measure(stop.start, stop.end))
    return _reckoned(start, span, calendar, at, EndRule.INSTANT, counted)


def _days_from(start: datetime, span: Span, calendar: Calendar, still: list[Standstill]) -> Due:
    event_day = start.astimezone(calendar.zone).date()
    measure = _day_measure(span, calendar)
    nominal = _nominal_last_day(event_day, start, span, calendar)
    last, rule = _end_of(nominal, span, calendar)
    at = _end_instant(last, rule, calendar)
    counted: list[CountedPause] = []
    for stop in still:
        if stop.start >= at:
            break
        counted += _counted(stop, calendar, measure)
        if stop.end is None:
            return _paused(start, span, calendar, stop, counted)
        taken = measure(stop.start, stop.end).days
        nominal = _moved(nominal, last, taken, stop.start, span, calendar)
        last, rule = _end_of(nominal, span, calendar) if taken else (last, rule)
        at = _end_instant(last, rule, calendar)
    return _reckoned(start, span, calendar, at, rule, counted, nominal=nominal, last=last)


def _moved(nominal: date, last: date, taken: int, paused_at: datetime, span: Span, calendar: Calendar) -> date:
    """The last day after a pause of so many days.

    A pause that begins after the nominal last day found the period already moved to a working day; it is that day
    which moves on, or the clock would run out while it stands still.
    """
    if not taken:
        return nominal
    if span.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(nominal, taken)
    began_late = paused_at.astimezone(calendar.zone).date() > nominal
    return (last if began_late else nominal) + timedelta(days=taken)


def _time_before(finish: datetime, span: Span, calendar: Calendar) -> Due:
    at = finish - span.time if span.is_continuous else calendar.work_begins(finish, span.time)
    return _reckoned(finish, span, calendar, at, EndRule.INSTANT, [], backwards=True)


def _days_before(finish: datetime, span: Span, calendar: Calendar) -> Due:
    anchor_day = finish.astimezone(calendar.zone).date()
    if span.unit is Unit.WORKING_DAYS:
        nominal = last = calendar.add_working_days(anchor_day, -span.amount) if span.amount else anchor_day
    elif span.unit is Unit.DAYS:
        nominal = last = anchor_day - timedelta(days=span.amount)
    else:
        nominal = last = months_later(anchor_day, -span.months)
    rule = EndRule.FIXED_END_OF_DAY if span.fixed_end else EndRule.END_OF_DAY
    if not span.fixed_end and calendar.is_rest_day(nominal):
        last, rule = calendar.add_working_days(nominal, -1), EndRule.PREVIOUS_WORKING_DAY
    if span.unit is Unit.WORKING_DAYS and calendar.closes_at_business_end:
        rule = EndRule.CLOSE_OF_BUSINESS
    at = _end_instant(last, rule, calendar)
    return _reckoned(finish, span, calendar, at, rule, [], nominal=nominal, last=last, backwards=True)


def _nominal_last_day(event_day: date, start: datetime, span: Span, calendar: Calendar) -> date:
    if span.unit is Unit.DAYS:
        return event_day + timedelta(days=span.amount)
    if span.unit is not Unit.WORKING_DAYS:
        return months_later(event_day, span.months)
    last = calendar.add_working_days(event_day, span.amount)
    over = calendar.closes_at_business_end and start >= calendar.close_of_business(last)
    return calendar.add_working_days(last, 1) if over else last


def _end_of(nominal: date, span: Span, calendar: Calendar) -> tuple[date, EndRule]:
    """The day on which a period really ends, and why (Civil Code art. 203)."""
    if span.unit is Unit.WORKING_DAYS:
        return nominal, EndRule.CLOSE_OF_BUSINESS if calendar.closes_at_business_end else EndRule.END_OF_DAY
    if span.fixed_end:
        return nominal, EndRule.FIXED_END_OF_DAY
    if calendar.is_rest_day(nominal):
        return calendar.add_working_days(nominal, 1), EndRule.NEXT_WORKING_DAY
    return nominal, EndRule.END_OF_DAY


def _end_instant(last: date, rule: EndRule, calendar: Calendar) -> datetime:
    return calendar.close_of_business(last) if rule is EndRule.CLOSE_OF_BUSINESS else calendar.midnight(last + ONE_DAY)


def _day_measure(span: Span, calendar: Calendar) -> Callable[[datetime, datetime], timedelta]:
    """How a pause counts: the working days after its first date up to its last, or the midnights in it."""
    between = calendar.working_days_between if span.unit is Unit.WORKING_DAYS else _midnights

    def measure(start: datetime, end: datetime) -> timedelta:
        first, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
        return timedelta(days=between(first, last))

    return measure


def _midnights(first: date, last: date) -> int:
    return (last - first).days


def _continuous_end(start: datetime, work: timedelta) -> datetime:
    return start + work


def _continuous_time(start: datetime, end: datetime) -> timedelta:
    return end - start


def _counted(
    stop: Standstill, calendar: Calendar, measure: Callable[[datetime, datetime], timedelta]
) -> list[CountedPause]:
    return [
        CountedPause(
            part.start.astimezone(calendar.zone),
            part.end.astimezone(calendar.zone) if part.end else None,
            measure(part.start, part.end) if part.end else None,
            part.reason,
        )
        for part in stop.parts
    ]


def _paused(start: datetime, span: Span, calendar: Calendar, stop: Standstill, counted: list[CountedPause]) -> Due:
    return Due(
        start.astimezone(calendar.zone),
        span,
        calendar,
        None,
        EndRule.INSTANT,
        tuple(counted),
        paused_since=stop.start.astimezone(calendar.zone),
    )


def _reckoned(
    start: datetime,
    span: Span,
    calendar: Calendar,
    at: datetime,
    rule: EndRule,
    counted: list[CountedPause],
    *,
    nominal: date | None = None,
    last: date | None = None,
    backwards: bool = False,
) -> Due:
    begin, end = start.astimezone(calendar.zone), at.astimezone(calendar.zone)
    provisional = _rests_on_unpublished_years(begin, end, span, calendar, nominal, last)
    return Due(begin, span, calendar, end, rule, tuple(counted), None, nominal, last, provisional, backwards)


def _rests_on_unpublished_years(
    start: datetime, end: datetime, span: Span, calendar: Calendar, nominal: date | None, last: date | None
) -> bool:
    """Whether a year without its notice had a say: every year for working time, that of the end for other days."""
    if span.is_continuous or span.fixed_end or calendar.public.region == "none":
        return False
    first_year, last_year = sorted((start.year, (end - timedelta.resolution).year))
    if nominal and last and span.unit is not Unit.WORKING_DAYS:
        first_year, last_year = sorted((nominal.year, last.year))
    return any(calendar.is_provisional(year) for year in range(first_year, last_year + 1))
