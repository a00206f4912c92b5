"""The reckoning against a slow count, minute by minute and day by day, that shares nothing with it but the inputs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holidays.countries.china import China
from hypothesis import given, settings
from hypothesis import strategies as st

from luyue.worktime import Calendar, Due, Pause, SegmentKind, Span, due, due_before

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHINA = China(years=range(2022, 2028))

Shifts = list[tuple[int, int]]
Stretch = tuple[datetime, datetime]
Drawn = tuple[bool, int, int]


@dataclass
class SlowCalendar:
    """A calendar read naively from the same mapping."""

    zone: ZoneInfo
    week: list[Shifts]
    in_china: bool
    days_off: set[date]
    working_days: dict[date, Shifts | None]
    closes_at_business_end: bool
    known: dict[date, Shifts] = field(default_factory=dict)

    def shifts(self, day: date) -> Shifts:
        if day not in self.known:
            self.known[day] = self.looked_up(day)
        return self.known[day]

    def looked_up(self, day: date) -> Shifts:
        first = self.week[day.weekday()] if day.weekday() < 5 else []
        ordinary = next(shifts for shifts in [first, *self.week] if shifts)
        if day in self.working_days:
            return self.working_days[day] or ordinary
        if day in self.days_off:
            return []
        if self.in_china and day in CHINA.weekend_workdays:
            return ordinary
        if self.in_china and day in CHINA:
            return []
        return self.week[day.weekday()]

    def works(self, day: date) -> bool:
        return self.shifts(day) != []

    def is_open(self, instant: datetime) -> bool:
        local = instant.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        today, yesterday = self.shifts(local.date()), self.shifts(local.date() - DAY)
        return any(a <= minute < b for a, b in today) or any(a <= minute + 1440 < b for a, b in yesterday)

    def end_of(self, day: date, span: Span) -> datetime:
        if span.unit == "wd" and self.closes_at_business_end:
            minute = self.shifts(day)[-1][1]
            on, at = day + timedelta(days=minute // 1440), time(minute % 1440 // 60, minute % 60)
            return datetime.combine(on, at, self.zone)
        return datetime.combine(day + DAY, time(), self.zone)


def minutes_of(text: str) -> tuple[int, int]:
    (a, b), (c, d) = (part.split(":") for part in text.split("-"))
    start, end = int(a) * 60 + int(b), int(c) * 60 + int(d)
    return start, end if end > start else end + 1440


def slow(written: dict) -> SlowCalendar:
    return SlowCalendar(
        ZoneInfo(written["zone"]),
        [[minutes_of(text) for text in written["week"].get(name, [])] for name in WEEKDAYS],
        written["public"] == "cn",
        set(map(date.fromisoformat, written["days_off"])),
        {
            date.fromisoformat(own["date"]): [minutes_of(text) for text in own["shifts"]] if "shifts" in own else None
            for own in written["working_days"]
        },
        written["closes_at_business_end"],
    )


def joined(pauses: list[Stretch]) -> list[Stretch]:
    """Stretches that touch become one, by trying every two of them until nothing changes."""
    for one in pauses:
        for other in pauses:
            if one is not other and one[0] <= other[1] and other[0] <= one[1]:
                rest = [pause for pause in pauses if pause is not one and pause is not other]
                return joined([*rest, (min(one[0], other[0]), max(one[1], other[1]))])
    return pauses


def slow_time(start: datetime, span: Span, calendar: SlowCalendar, pauses: list[Stretch]) -> datetime:
    at = start.astimezone(UTC)
    left = span.amount if span.unit == "m" else span.amount * 60
    while left:
        stands_still = any(begin <= at < end for begin, end in pauses)
        if not stands_still and (span.unit != "bh" or calendar.is_open(at)):
            left -= 1
        at += MINUTE
    return at


def nominal_days(event_day: date, span: Span) -> int:
    if span.unit == "d":
        return span.amount
    month = event_day.month - 1 + (span.amount * 12 if span.unit == "y" else span.amount)
    year, month, number = event_day.year + month // 12, month % 12 + 1, event_day.day
    while True:
        try:
            return (date(year, month, number) - event_day).days
        except ValueError:
            number -= 1


def slow_days(start: datetime, span: Span, calendar: SlowCalendar, pauses: list[Stretch]) -> datetime:
    """A day whose first moment lies in a pause is owed again; a rest day at the end hands over to the next day."""
    day = start.astimezone(calendar.zone).date()
    left = nominal_days(day, span)
    stands_still_over = days_in(calendar, [(max(begin, start), end) for begin, end in pauses])
    while True:
        while left or day + DAY in stands_still_over:
            day += DAY
            left -= day not in stands_still_over
        if span.fixed_end or calendar.works(day):
            return calendar.end_of(day, span)
        while not calendar.works(day):
            day += DAY
            left += day in stands_still_over


def days_in(calendar: SlowCalendar, pauses: list[Stretch]) -> set[date]:
    days = set()
    for begin, end in pauses:
        day = begin.astimezone(calendar.zone).date()
        while day < end.astimezone(calendar.zone).date():
            day += DAY
            days.add(day)
    return days


def slow_working_days(start: datetime, span: Span, calendar: SlowCalendar, pauses: list[Stretch]) -> datetime:
    pauses = joined([(max(begin, start), end) for begin, end in pauses if end > max(begin, start)])
    stands_still_over = days_in(calendar, pauses)
    day = start.astimezone(calendar.zone).date()
    left = span.amount
    while True:
        while left:
            day += DAY
            left -= calendar.works(day) and day not in stands_still_over
        at = calendar.end_of(day, span)
        begun = [pause for pause in pauses if pause[0] < at]
        later = [x for x in days_in(calendar, begun) if x > day and calendar.works(x)]
        if not later:
            return at
        day = max(later)


CLOCKS: dict[str, Callable[[datetime, Span, SlowCalendar, list[Stretch]], datetime]] = {
    **dict.fromkeys(("m", "h", "bh"), slow_time),
    **dict.fromkeys(("d", "mo", "y"), slow_days),
    "wd": slow_working_days,
}

DAY_SHIFTS = (
    ["08:00-12:00", "13:00-17:00"], ["09:00-12:00", "13:00-18:00"], ["06:00-14:00", "14:00-22:00"], ["08:30-11:45"],
    ["00:00-24:00"], ["07:00-15:00", "20:00-24:00"], ["05:00-05:01", "23:59-24:00"], ["00:00-01:00", "04:00-09:10"],
)  # fmt: skip
ALL_SHIFTS = (*DAY_SHIFTS, ["22:00-06:00"], ["14:00-18:00", "19:00-00:30"], ["20:00-04:00"])
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC")

dates = st.dates(date(2023, 8, 1), date(2025, 4, 30))


@st.composite
def calendars(draw: st.DrawFn) -> dict:
    nightly = draw(st.booleans())
    if nightly:
        usual = draw(st.sampled_from(ALL_SHIFTS))
        week = dict.fromkeys(draw(st.sets(st.sampled_from(WEEKDAYS), min_size=2)), usual)
    else:
        week = draw(st.dictionaries(st.sampled_from(WEEKDAYS), st.sampled_from(DAY_SHIFTS), min_size=2))
    days_off = draw(st.sets(dates, max_size=4))
    own = draw(st.sets(dates, max_size=3)) - days_off
    return {
        "zone": draw(st.sampled_from(ZONES)),
        "week": week,
        "public": draw(st.sampled_from(("cn", "none"))),
        "days_off": sorted(day.isoformat() for day in days_off),
        "working_days": [
            {"date": day.isoformat()} | ({"shifts": ["08:00-12:00"]} if draw(st.booleans()) and not nightly else {})
            for day in sorted(own)
        ],
        "closes_at_business_end": draw(st.booleans()),
    }


instants = st.one_of(
    st.datetimes(datetime(2023, 9, 1), datetime(2025, 3, 31)),  # noqa: DTZ001
    st.sampled_from(("2024-03-30", "2024-10-26", "2024-03-09", "2024-11-02", "2024-02-09", "2024-09-28", "2024-12-31"))
    .flatmap(lambda day: st.integers(0, 2880).map(lambda m: datetime.fromisoformat(day) + m * MINUTE)),
).map(lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC))  # fmt: skip

spans = st.one_of(
    st.builds("{}m".format, st.integers(1, 600)),
    st.builds("{}h".format, st.integers(1, 60)),
    st.builds("{}bh".format, st.integers(1, 20)),
    st.builds("{}d{}".format, st.integers(0, 40), st.sampled_from(("", "", "!"))),
    st.builds("{}wd".format, st.integers(1, 25)),
    st.builds("{}mo{}".format, st.integers(1, 4), st.sampled_from(("", "!"))),
    st.builds("{}y".format, st.integers(1, 1)),
).map(Span.parse)

stretches = st.lists(
    st.tuples(
        st.booleans(),
        st.one_of(st.integers(-600, 3000), st.integers(-3000, 60_000)),
        st.one_of(st.integers(0, 500), st.integers(0, 9000)),
    ),
    max_size=4,
)


def running(start: datetime, span: Span, calendar: Calendar, drawn: list[Drawn]) -> list[Stretch]:
    """Stretches after the start or, where it matters most, around the due time that there would be without them."""
    end = due(start, span, calendar).at
    assert end is not None
    begins = [
        start + after * MINUTE if from_start else end.astimezone(UTC) + (after % 9000 - 6000) * MINUTE
        for from_start, after, _ in drawn
    ]
    return [(begin, begin + length * MINUTE) for begin, (_, _, length) in zip(begins, drawn, strict=True)]


def as_pauses(stretches: list[Stretch]) -> list[Pause]:
    return [Pause(begin, end, f"reason {number}") for number, (begin, end) in enumerate(stretches)]


@settings(max_examples=400, deadline=None)
@given(calendars(), instants, spans, stretches)
def test_every_due_time_is_that_of_the_slow_count(
    written: dict, start: datetime, span: Span, drawn: list[Drawn]
) -> None:
    calendar = Calendar.from_mapping(written)
    pauses = running(start, span, calendar, drawn)

    reckoned = due(start, span, calendar, as_pauses(pauses))

    assert reckoned.at is not None
    assert reckoned.at.astimezone(UTC) == CLOCKS[span.unit](start, span, slow(written), pauses).astimezone(UTC)
    assert adds_up(reckoned)


def adds_up(reckoned: Due) -> bool:
    """No gap from the start to the due time, the counted time is the span, and the pauses count what they moved."""
    segments = reckoned.segments
    assert reckoned.at is not None
    borders = [segments[0].start, *(segment.end for segment in segments)]
    assert [segment.start for segment in segments] == borders[:-1]
    assert all(segment.start.astimezone(UTC) < segment.end.astimezone(UTC) for segment in segments)
    assert (borders[0], borders[-1]) == (reckoned.start, reckoned.at)
    elapsed = sum((segment.end.astimezone(UTC) - segment.start.astimezone(UTC) for segment in segments), timedelta())
    assert elapsed == reckoned.at.astimezone(UTC) - reckoned.start.astimezone(UTC)
    counted = [segment for segment in segments if segment.kind is SegmentKind.COUNTED]
    assert sum((segment.counted for segment in counted), timedelta()) == length_of(reckoned)
    if not reckoned.span.is_counted_in_days:
        paused = [segment for segment in segments if segment.kind is SegmentKind.PAUSED]
        assert [(p.start, p.end, p.reason) for p in paused] == [(p.start, p.end, p.reason) for p in reckoned.pauses]
    return True


def length_of(reckoned: Due) -> timedelta:
    span = reckoned.span
    if not span.is_counted_in_days:
        return span.time
    return timedelta(days=span.amount if span.unit == "wd" else nominal_days(reckoned.start.date(), span))


@settings(max_examples=120, deadline=None)
@given(calendars(), instants, st.integers(0, 12_000))
def test_working_minutes_are_those_of_the_slow_count(written: dict, start: datetime, length: int) -> None:
    calendar = slow(written)

    minutes = Calendar.from_mapping(written).working_minutes(start, start + length * MINUTE)

    assert minutes == sum(calendar.is_open(start + ahead * MINUTE) for ahead in range(length))


@settings(max_examples=120, deadline=None)
@given(calendars(), dates, st.integers(-40, 40))
def test_working_days_are_those_of_the_slow_count(written: dict, day: date, count: int) -> None:
    calendar, left, reached = slow(written), abs(count), day
    while left or (count == 0 and not calendar.works(reached)):
        reached += DAY if count >= 0 else -DAY
        left -= bool(left) and calendar.works(reached)

    fast = Calendar.from_mapping(written)

    assert fast.add_working_days(day, count) == reached
    if count > 0:
        assert fast.working_days_between(day, reached) == count


@settings(max_examples=80, deadline=None)
@given(calendars(), instants, st.integers(1, 15))
def test_business_hours_before_an_instant_are_those_of_the_slow_count(
    written: dict, anchor: datetime, hours: int
) -> None:
    calendar, left, at = slow(written), hours * 60, anchor
    while left:
        at -= MINUTE
        left -= calendar.is_open(at)

    reckoned = due_before(anchor, Span.parse(f"{hours}bh"), Calendar.from_mapping(written))

    assert reckoned.at is not None
    assert reckoned.at.astimezone(UTC) == at
    assert sum((segment.counted for segment in reckoned.segments), timedelta()) == timedelta(hours=hours)


@settings(max_examples=100, deadline=None)
@given(calendars(), instants, spans, stretches)
def test_the_order_in_which_pauses_are_told_does_not_matter(
    written: dict, start: datetime, span: Span, drawn: list[Drawn]
) -> None:
    calendar = Calendar.from_mapping(written)
    pauses = as_pauses(running(start, span, calendar, drawn))

    assert due(start, span, calendar, pauses).at == due(start, span, calendar, reversed(pauses)).at


@settings(max_examples=100, deadline=None)
@given(calendars(), instants, spans, st.integers(-600, 20_000))
def test_a_clock_that_stands_still_has_no_due_time_unless_it_had_run_out(
    written: dict, start: datetime, span: Span, after: int
) -> None:
    calendar = Calendar.from_mapping(written)
    since = max(start, start + after * MINUTE)
    without = due(start, span, calendar)

    reckoned = due(start, span, calendar, [Pause(start + after * MINUTE)])

    assert without.at is not None
    ran_out = without.at.astimezone(UTC) <= since
    assert reckoned.at == (without.at if ran_out else None)
    stands_since = reckoned.paused_since and reckoned.paused_since.astimezone(UTC)
    assert stands_since == (None if ran_out else since)
    assert [segment.start for segment in reckoned.segments[1:]] == [segment.end for segment in reckoned.segments[:-1]]


@settings(max_examples=250, deadline=None)
@given(
    calendars(),
    instants,
    st.sampled_from(("1d", "2d", "3d", "7d", "1mo")).map(Span.parse),
    st.integers(1, 5000),
    st.integers(600, 9000),
)
def test_a_pause_among_the_rest_days_at_the_end_is_that_of_the_slow_count(
    written: dict, start: datetime, span: Span, before: int, length: int
) -> None:
    calendar = Calendar.from_mapping(written)
    end = due(start, span, calendar).at
    assert end is not None
    begin = end.astimezone(UTC) - before * MINUTE

    reckoned = due(start, span, calendar, [Pause(begin, begin + length * MINUTE)])

    assert reckoned.at is not None
    assert reckoned.at == slow_days(start, span, slow(written), [(begin, begin + length * MINUTE)])
    assert reckoned.at.astimezone(UTC) >= begin + length * MINUTE or begin + length * MINUTE < start
    assert adds_up(reckoned)
