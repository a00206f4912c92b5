"""The calendar of a company: when it works, when it rests, and how much work lies between two instants."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from luyue.worktime.calendar_mapping import OwnWorkingDay, read_calendar, written_calendar
from luyue.worktime.public_days import Notice, PublicDays
from luyue.worktime.shifts import MINUTES_PER_DAY, CalendarError, Shift, in_order
from luyue.worktime.year_table import NOTHING, Opening, YearTable

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
FIRST_YEAR, LAST_YEAR = 1700, 2400

_WHOLE_DAY = (Shift(0, MINUTES_PER_DAY),)
_OFFICE_HOURS = (Shift.parse("09:00-12:00"), Shift.parse("13:00-18:00"))

Week = tuple[tuple[Shift, ...], ...]


@dataclass(frozen=True)
class Calendar:
    """When a company works: its week, the public days, its own days off and own working days, in one time zone."""

    zone: ZoneInfo
    week: Week
    public: PublicDays = field(default_factory=PublicDays)
    days_off: frozenset[date] = frozenset()
    working_days: tuple[OwnWorkingDay, ...] = ()
    closes_at_business_end: bool = False
    _own: dict[date, tuple[Shift, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _years: dict[int, YearTable] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise CalendarError("week: a calendar needs seven days and at least one shift in them")
        for shifts in self.week:
            in_order(shifts)
        for own in self.working_days:
            if own.date in self.days_off:
                raise CalendarError(f"working_days: {own.date} is also one of days_off; keep one of the two")
            if own.date in self._own:
                raise CalendarError(f"working_days: {own.date} is listed twice; write all its shifts in one entry")
            self._own[own.date] = in_order(own.shifts) or self._ordinary_shifts(own.date)

    @classmethod
    def cn(cls, *, closes_at_business_end: bool = False) -> "Calendar":
        """China: Monday to Friday 09:00-12:00 and 13:00-18:00, with public holidays and make-up working days."""
        week = (_OFFICE_HOURS,) * 5 + ((), ())
        return cls(SHANGHAI, week, PublicDays("cn"), closes_at_business_end=closes_at_business_end)

    @classmethod
    def round_the_clock(cls, zone: ZoneInfo = SHANGHAI) -> "Calendar":
        """Every hour of every day is working time (24x7); no day is a rest day."""
        return cls(zone, (_WHOLE_DAY,) * 7)

    @classmethod
    def from_mapping(cls, mapping: object, *, where: str = "calendar") -> "Calendar":
        """The calendar written in a file or in the company's settings; CalendarError says what is wrong where."""
        written = read_calendar(mapping, where)
        try:
            return cls(
                written.zone,
                written.week,
                PublicDays(written.public, written.notices),
                written.days_off,
                written.working_days,
                written.closes_at_business_end,
            )
        except CalendarError as wrong:
            raise CalendarError(f"{where}: {wrong}") from wrong

    def to_mapping(self) -> dict[str, object]:
        """The calendar in the form in which from_mapping reads it."""
        return written_calendar(
            zone=self.zone,
            week=self.week,
            public=self.public,
            days_off=self.days_off,
            working_days=self.working_days,
            closes_at_business_end=self.closes_at_business_end,
        )

    def with_notice(self, notice: Notice | Mapping[str, object]) -> "Calendar":
        """The same calendar with one year of public days as the State Council's notice says."""
        read = notice if isinstance(notice, Notice) else Notice.from_mapping(notice)
        public = self.public.with_notice(read)
        return Calendar(self.zone, self.week, public, self.days_off, self.working_days, self.closes_at_business_end)

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """The shifts that begin on a day; a make-up working day has those of the first working day of the week."""
        own = self._own.get(day)
        if own is not None:
            return own
        if day in self.days_off:
            return ()
        public = self.public.on(day)
        if public is None:
            return self.week[day.weekday()]
        return () if public.is_off else self._ordinary_shifts(day)

    def is_working_day(self, day: date) -> bool:
        """Whether the company works on this day; its own word goes before the public calendar's."""
        return bool(self.shifts_on(day))

    def is_rest_day(self, day: date) -> bool:
        """Whether a period cannot end on this day: a statutory holiday or a day off (Civil Code art. 203)."""
        return not self.shifts_on(day)

    def is_provisional(self, year: int) -> bool:
        """Whether the notice with this year's holidays and make-up days is not known (yet)."""
        return not self.public.is_published(year)

    def working_spans(self, day: date) -> list[Opening]:
        """The working time that belongs to a day, in the calendar's zone; a night shift runs into the next day."""
        return [
            Opening(opening.start.astimezone(self.zone), opening.end.astimezone(self.zone))
            for opening in self._openings_of(day)
        ]

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """The exact working time between two instants."""
        begin, finish = start.astimezone(UTC), end.astimezone(UTC)
        if finish < begin:
            raise CalendarError(f"no working time lies from {start} to {end}: the end is before the start")
        tables = self._tables(begin, finish)
        return sum((table.done_until(finish) - table.done_until(begin) for table in tables), NOTHING)

    def working_minutes(self, start: datetime, end: datetime) -> int:
        """The whole working minutes between two instants."""
        return self.working_time(start, end) // ONE_MINUTE

    def working_days_between(self, after: date, until: date) -> int:
        """The working days after one date up to and including another; none when the second is not later."""
        if until <= after:
            return 0
        within = sum(len(self.year_table(year).days) for year in range(after.year, until.year))
        return (
            within
            + bisect_right(self.year_table(until.year).days, until)
            - bisect_right(self.year_table(after.year).days, after)
        )

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after a day, before it when negative; for 0 the day itself or else the next."""
        if count < 0:
            return self._working_days_back(day, -count)
        year, days = day.year, self.year_table(day.year).days
        index = bisect_right(days, day) + count - 1 if count else bisect_left(days, day)
        while index >= len(days):
            index -= len(days)
            year += 1
            days = self.year_table(year).days
        return days[index]

    def work_ends(self, start: datetime, work: timedelta) -> datetime:
        """The earliest instant (UTC) by which so much working time has passed since the start."""
        begin = start.astimezone(UTC)
        if not work:
            return begin
        year = self._first_year(begin)
        while True:
            table = self.year_table(year)
            done = table.done_until(begin)
            if table.total - done >= work:
                return table.first_instant_with(done + work)
            work -= table.total - done
            year += 1

    def work_begins(self, end: datetime, work: timedelta) -> datetime:
        """The latest instant (UTC) from which so much working time lies before the end."""
        finish = end.astimezone(UTC)
        if not work:
            return finish
        year = end.astimezone(self.zone).year
        while True:
            table = self.year_table(year)
            done = table.done_until(finish)
            if done >= work:
                return table.last_instant_with(done - work)
            work -= done
            year -= 1

    def openings_between(self, start: datetime, end: datetime) -> Iterator[Opening]:
        """All working time between two instants (UTC), stretch by stretch."""
        for table in self._tables(start, end):
            yield from table.openings_between(start, end)

    def midnight(self, day: date) -> datetime:
        """The instant (UTC) at which a day begins, which is 24:00 of the day before."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def close_of_business(self, day: date) -> datetime:
        """The instant (UTC) at which the last shift of a working day ends."""
        return self._wall(day, self.shifts_on(day)[-1].end)

    def year_table(self, year: int) -> YearTable:
        """The working time of all shifts that begin in a year; built when first asked for."""
        table = self._years.get(year)
        if table is None:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise CalendarError(f"the count runs into the year {year}; the calendar works too little for it")
            table = self._years[year] = self._built(year)
        return table

    def _built(self, year: int) -> YearTable:
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        days = [day for day in map(date.fromordinal, range(first, last + 1)) if self.shifts_on(day)]
        return YearTable(days, (opening for day in days for opening in self._openings_of(day)))

    def _tables(self, start: datetime, end: datetime) -> Iterator[YearTable]:
        last = end.astimezone(self.zone).year
        return map(self.year_table, range(self._first_year(start), last + 1))

    def _first_year(self, instant: datetime) -> int:
        """The year of the instant, or the one before when the last night shift of that one may still be running."""
        return (instant.astimezone(self.zone) - ONE_DAY).year

    def _openings_of(self, day: date) -> Iterator[Opening]:
        night_before = self._night_before(day)
        for shift in self.shifts_on(day):
            start = self._wall(day, max(shift.start, night_before))
            end = self._wall(day, shift.end)
            if start < end:
                yield Opening(start, end)

    def _night_before(self, day: date) -> int:
        """The minute of this day until which a shift of the day before runs; it is not counted a second time."""
        before = self.shifts_on(day - ONE_DAY)
        return before[-1].end - MINUTES_PER_DAY if before else 0

    def _wall(self, day: date, minutes: int) -> datetime:
        days, minute = divmod(minutes, MINUTES_PER_DAY)
        at = time(minute // 60, minute % 60)
        return datetime.combine(day + timedelta(days) if days else day, at, self.zone).astimezone(UTC)

    def _ordinary_shifts(self, day: date) -> tuple[Shift, ...]:
        weekday = day.weekday()
        if weekday < 5 and self.week[weekday]:
            return self.week[weekday]
        return next(shifts for shifts in self.week if shifts)

    def _working_days_back(self, day: date, count: int) -> date:
        year, days = day.year, self.year_table(day.year).days
        index = bisect_left(days, day) - count
        while index < 0:
            year -= 1
            days = self.year_table(year).days
            index += len(days)
        return days[index]
