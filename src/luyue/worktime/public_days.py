"""Public holidays and make-up working days (调休), a year at a time."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from luyue.worktime.shifts import CalendarError

DECEMBER = 12

Region = Literal["cn", "none"]


class PublicDay(NamedTuple):
    """What the state says of a day: off, or (is_off false) to be worked although it lies on a weekend."""

    is_off: bool
    name: str


@dataclass(frozen=True, slots=True)
class Notice:
    """The yearly notice of the State Council, as published: it rules its year and some days beside it."""

    year: int
    days: tuple[tuple[date, PublicDay], ...]

    @classmethod
    def from_mapping(cls, mapping: object, *, where: str = "notice") -> "Notice":
        """Read {year, days: [{name, date, isOffDay}]}; anything else is refused with its place."""
        if not isinstance(mapping, Mapping):
            raise CalendarError(f"{where}: expected a notice with year and days, found {mapping!r}")
        year = mapping.get("year")
        if not isinstance(year, int) or isinstance(year, bool):
            raise CalendarError(f"{where}.year: expected a year such as 2027, found {year!r}")
        days = mapping.get("days")
        if not isinstance(days, list) or not days:
            raise CalendarError(f"{where}.days: expected a list of {{name, date, isOffDay}}, found {days!r}")
        return cls(year, tuple(_noticed_day(entry, f"{where}.days[{at}]", year) for at, entry in enumerate(days)))

    def to_mapping(self) -> dict[str, object]:
        """The notice in the form in which it is read."""
        days = [{"name": day.name, "date": on.isoformat(), "isOffDay": day.is_off} for on, day in self.days]
        return {"year": self.year, "days": days}

    def days_in(self, year: int) -> Iterator[tuple[date, PublicDay]]:
        """What this notice says of one calendar year."""
        return ((on, day) for on, day in self.days if on.year == year)


@dataclass(frozen=True)
class PublicDays:
    """The public calendar of a region, with notices that were entered after the kept library was released."""

    region: Region = "none"
    notices: tuple[Notice, ...] = ()
    _years: dict[int, dict[date, PublicDay]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        years = [notice.year for notice in self.notices]
        twice = sorted({year for year in years if years.count(year) > 1})
        if twice:
            raise CalendarError(f"notices: {twice[0]} has more than one notice; keep the one in force")
        if self.notices and self.region == "none":
            raise CalendarError("notices: a calendar with public: none has no notices; write public: cn")

    def with_notice(self, notice: Notice) -> "PublicDays":
        """The same calendar with the year of this notice as the notice says."""
        others = tuple(kept for kept in self.notices if kept.year != notice.year)
        return PublicDays(self.region, tuple(sorted((*others, notice), key=lambda kept: kept.year)))

    def on(self, day: date) -> PublicDay | None:
        """What the state says of this day, or None for a day like any other of its weekday."""
        if self.region == "none":
            return None
        year = self._years.get(day.year)
        if year is None:
            year = self._years[day.year] = self._built(day.year)
        return year.get(day)

    def make_up_days(self, year: int) -> list[date]:
        """The days of a year that are worked to make up for a bridged holiday, in order."""
        self.on(date(year, 1, 1))
        return sorted(on for on, day in self._years.get(year, {}).items() if not day.is_off)

    def is_published(self, year: int) -> bool:
        """Whether the notice for this year is known; without it no make-up day of the year is."""
        if self.region == "none":
            return True
        first, last = _published_years()
        return first <= year <= last or any(notice.year == year for notice in self.notices)

    def _built(self, year: int) -> dict[date, PublicDay]:
        """A year's own notice replaces the kept year, save for December: its days come from the notice after it."""
        own = next((notice for notice in self.notices if notice.year == year), None)
        kept = _kept_year(year)
        days = {on: day for on, day in kept.items() if own is None or on.month == DECEMBER}
        days.update(own.days_in(year) if own else ())
        for notice in self.notices:
            if notice.year != year:
                days.update(notice.days_in(year))
        return days


@cache
def _kept_year(year: int) -> Mapping[date, PublicDay]:
    # The library loads the calendars of all countries, which a process that counts no days should not wait for.
    from holidays.countries.china import China

    kept = China(years=year, expand=False, language="zh_CN")
    days = {on: PublicDay(True, name) for on, name in kept.items() if on.year == year}
    days.update({on: PublicDay(False, "调休") for on in kept.weekend_workdays if on.year == year})
    return days


@cache
def _published_years() -> tuple[int, int]:
    declared = json.loads((files("luyue.worktime") / "data" / "cn.json").read_text(encoding="utf-8"))
    return declared["first_published_year"], declared["last_published_year"]


def _noticed_day(entry: object, where: str, year: int) -> tuple[date, PublicDay]:
    if not isinstance(entry, Mapping):
        raise CalendarError(f"{where}: expected {{name, date, isOffDay}}, found {entry!r}")
    is_off = entry.get("isOffDay")
    if not isinstance(is_off, bool):
        raise CalendarError(f"{where}.isOffDay: expected true (off) or false (worked), found {is_off!r}")
    name = entry.get("name")
    if not isinstance(name, str):
        raise CalendarError(f"{where}.name: expected the name of the holiday, found {name!r}")
    on = read_date(entry.get("date"), f"{where}.date")
    if abs(on.year - year) > 1:
        raise CalendarError(f"{where}.date: {on} is not a day that the notice for {year} can rule")
    return on, PublicDay(is_off, name)


def read_date(value: object, where: str) -> date:
    """A date as YAML gives it or as text in the form 2026-02-17."""
    if type(value) is date:
        return value
    sentence = f"{where}: expected a date such as 2026-02-17, found {value!r}"
    if not isinstance(value, str):
        raise CalendarError(sentence)
    try:
        return date.fromisoformat(value)
    except ValueError as wrong:
        raise CalendarError(sentence) from wrong
