"""A calendar as it is written in a file or in the company's settings."""

from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from luyue.worktime.public_days import Notice, PublicDays, Region, read_date
from luyue.worktime.shifts import MINUTES_PER_DAY, CalendarError, Shift, in_order

Part = TypeVar("Part")

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_KEYS = ("zone", "week", "public", "notices", "days_off", "working_days", "closes_at_business_end")


class OwnWorkingDay(NamedTuple):
    """A day on which this company works whatever the week and the state say; no shifts means the ordinary ones."""

    date: date
    shifts: tuple[Shift, ...] = ()


class WrittenCalendar(NamedTuple):
    """The parts of a calendar as read, before they are put together."""

    zone: ZoneInfo
    week: tuple[tuple[Shift, ...], ...]
    public: Region
    notices: tuple[Notice, ...]
    days_off: frozenset[date]
    working_days: tuple[OwnWorkingDay, ...]
    closes_at_business_end: bool


def read_calendar(mapping: object, where: str) -> WrittenCalendar:
    """Check and read every part; the first wrong one is refused with its place."""
    entries = _keys_of(mapping, where, _KEYS)
    if "week" not in entries:
        raise CalendarError(f'{where}: week is missing; write week: {{mon: ["08:00-12:00", "13:00-17:00"], …}}')
    return WrittenCalendar(
        zone=_zone(entries.get("zone", "Asia/Shanghai"), f"{where}.zone"),
        week=_week(entries["week"], f"{where}.week"),
        public=_region(entries.get("public", "cn"), f"{where}.public"),
        notices=tuple(_each(entries, "notices", where, _notice)),
        days_off=frozenset(_each(entries, "days_off", where, read_date)),
        working_days=tuple(_each(entries, "working_days", where, _working_day)),
        closes_at_business_end=_yes_or_no(
            entries.get("closes_at_business_end", False), f"{where}.closes_at_business_end"
        ),
    )


def written_calendar(
    *,
    zone: ZoneInfo,
    week: tuple[tuple[Shift, ...], ...],
    public: PublicDays,
    days_off: frozenset[date],
    working_days: tuple[OwnWorkingDay, ...],
    closes_at_business_end: bool,
) -> dict[str, object]:
    """The mapping from which the same calendar is read again; what is not said stands as its default."""
    written: dict[str, object] = {
        "zone": zone.key,
        "week": {name: [str(shift) for shift in shifts] for name, shifts in zip(WEEKDAYS, week, strict=True) if shifts},
        "public": public.region,
        "days_off": [day.isoformat() for day in sorted(days_off)],
        "working_days": [_written_working_day(own) for own in working_days],
        "closes_at_business_end": closes_at_business_end,
    }
    if public.notices:
        written["notices"] = [notice.to_mapping() for notice in public.notices]
    return written


def _keys_of(mapping: object, where: str, known: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(mapping, Mapping):
        raise CalendarError(f"{where}: expected a mapping with {', '.join(known)}; found {mapping!r}")
    for key in mapping:
        if key not in known:
            close = get_close_matches(str(key), known, n=1)
            meant = f"did you mean {close[0]}?" if close else f"accepted are {', '.join(known)}"
            raise CalendarError(f"{where}: there is no {key}; {meant}")
    return mapping


def _zone(value: object, where: str) -> ZoneInfo:
    sentence = f"{where}: no time zone {value!r}; write a name of the IANA list such as Asia/Shanghai"
    if not isinstance(value, str):
        raise CalendarError(sentence)
    try:
        return ZoneInfo(value)
    except (ValueError, OSError, KeyError) as wrong:
        raise CalendarError(sentence) from wrong


def _week(value: object, where: str) -> tuple[tuple[Shift, ...], ...]:
    entries = _keys_of(value, where, WEEKDAYS)
    week = tuple(_shifts(entries.get(name) or [], f"{where}.{name}") for name in WEEKDAYS)
    if not any(week):
        raise CalendarError(f'{where}: no day has a shift; a week needs at least one, such as mon: ["08:00-12:00"]')
    for number, shifts in enumerate(week):
        _refuse_two_shifts_at_once(shifts, week[(number + 1) % 7], f"{where}.{WEEKDAYS[number]}")
    return week


def _refuse_two_shifts_at_once(shifts: tuple[Shift, ...], next_day: tuple[Shift, ...], where: str) -> None:
    if shifts and next_day and shifts[-1].end - MINUTES_PER_DAY > next_day[0].start:
        raise CalendarError(
            f"{where}: the shift {shifts[-1]} runs into {next_day[0]} of the next day; a minute can be worked only once"
        )


def _shifts(value: object, where: str) -> tuple[Shift, ...]:
    if not isinstance(value, list):
        raise CalendarError(
            f'{where}: expected a list of shifts such as ["08:00-12:00", "13:00-17:00"]; found {value!r}'
        )
    shifts = [_shift(entry, f"{where}[{at}]") for at, entry in enumerate(value)]
    try:
        return in_order(shifts)
    except CalendarError as wrong:
        raise CalendarError(f"{where}: {wrong}") from wrong


def _shift(value: object, where: str) -> Shift:
    if not isinstance(value, str):
        raise CalendarError(f'{where}: {value!r} is not a shift; write from-to in quotes, such as "08:00-12:00"')
    try:
        return Shift.parse(value)
    except CalendarError as wrong:
        raise CalendarError(f"{where}: {wrong}") from wrong


def _notice(entry: object, where: str) -> Notice:
    return Notice.from_mapping(entry, where=where)


def _region(value: object, where: str) -> Region:
    if value == "cn":
        return "cn"
    if value == "none" or value is None:
        return "none"
    raise CalendarError(f"{where}: no public calendar {value!r}; accepted are cn and none")


def _working_day(entry: object, where: str) -> OwnWorkingDay:
    if not isinstance(entry, Mapping):
        return OwnWorkingDay(read_date(entry, where))
    parts = _keys_of(entry, where, ("date", "shifts"))
    on = read_date(parts.get("date"), f"{where}.date")
    if "shifts" not in parts:
        return OwnWorkingDay(on)
    shifts = _shifts(parts["shifts"], f"{where}.shifts")
    if not shifts:
        raise CalendarError(f"{where}.shifts: a working day needs a shift; leave shifts out for the ordinary ones")
    return OwnWorkingDay(on, shifts)


def _written_working_day(own: OwnWorkingDay) -> dict[str, object]:
    written: dict[str, object] = {"date": own.date.isoformat()}
    if own.shifts:
        written["shifts"] = [str(shift) for shift in own.shifts]
    return written


def _each(entries: Mapping[str, object], key: str, where: str, read: Callable[[object, str], Part]) -> list[Part]:
    value = entries.get(key) or []
    if not isinstance(value, list):
        raise CalendarError(f"{where}.{key}: expected a list, found {value!r}")
    return [read(entry, f"{where}.{key}[{at}]") for at, entry in enumerate(value)]


def _yes_or_no(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise CalendarError(f"{where}: expected true or false, found {value!r}")
    return value
