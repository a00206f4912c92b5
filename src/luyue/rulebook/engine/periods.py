"""What falls due by the calendar alone: cadences and attestations, period by period."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from luyue.rulebook.controls import Attested, Cadence
from luyue.rulebook.engine.events import Obligation, Status
from luyue.rulebook.engine.rules import BoundControl
from luyue.worktime import Calendar

MONTHS_IN = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the calendar from its first moment to the first moment after it, in the company's zone."""

    start: datetime
    end: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Deed:
    """An action of some record of the company, as far as a periodic duty asks.

    `subjects` are those for whom it counts (`department:quality`, `customer:12`); for the company it always counts.
    `control` is the group of the attestation that was stated by it, and `period` the name of the period it is about.
    """

    action: str
    occurred_at: datetime
    by: int | None
    subjects: frozenset[str] = frozenset()
    control: str = ""
    period: str = ""


def periods(every: str, calendar: Calendar, since: date, until: date, in_month: int | None = None) -> Iterator[Period]:
    """The periods that touch the days from `since` to `until`; weeks begin on Monday, so many months in January.

    With `in_month` only the part in that month of each year counts. Months that do not divide a year are counted
    through from January of the year 1.
    """
    for first, after, name in _days_of(every, since, until):
        part = (first, after) if in_month is None else _part_in_month(first, after, in_month)
        if part is not None and part[0] <= until and part[1] > since:
            yield Period(_midnight(part[0], calendar), _midnight(part[1], calendar), name)


def periodic_obligations(
    bound: BoundControl,
    subjects: Sequence[str],
    deeds: Iterable[Deed],
    since: date,
    calendar: Calendar,
    as_of: datetime,
) -> tuple[Obligation, ...]:
    """One obligation for every subject and every period that began on or after `since` and by `as_of`.

    It is kept by the n-th deed within the period and broken when the period ends without it; what is stated of a period
    after its end is late. A period that had begun before `since` is not demanded, since only a part of it was left.
    """
    today = as_of.astimezone(calendar.zone).date()
    first = _midnight(since, calendar)
    wanted = [
        period
        for period in periods(bound.control.every, calendar, since, today, getattr(bound.control, "in_month", None))
        if first <= period.start <= as_of
    ]
    by_subject = _by_subject(bound, deeds, as_of)
    return tuple(
        _obligation(bound, subject, period, by_subject.get(subject, ()), as_of)
        for period in wanted
        for subject in subjects
    )


def _days_of(every: str, since: date, until: date) -> Iterator[tuple[date, date, str]]:
    if every == "day":
        for ahead in range((until - since).days + 1):
            day = since + timedelta(days=ahead)
            yield day, day + timedelta(days=1), day.isoformat()
    elif every == "week":
        yield from _weeks(since, until)
    else:
        yield from _months(every, since, until)


def _weeks(since: date, until: date) -> Iterator[tuple[date, date, str]]:
    monday = since - timedelta(days=since.weekday())
    while monday <= until:
        year, week, _ = monday.isocalendar()
        yield monday, monday + timedelta(days=7), f"{year}-W{week:02}"
        monday += timedelta(days=7)


def _months(every: str, since: date, until: date) -> Iterator[tuple[date, date, str]]:
    length = MONTHS_IN.get(every) or int(every.removesuffix("mo"))
    number = (since.year - 1) * 12 + since.month - 1
    number -= number % length
    while (first := _first_of(number)) <= until:
        yield first, _first_of(number + length), _name(every, length, first)
        number += length


def _first_of(number: int) -> date:
    return date(number // 12 + 1, number % 12 + 1, 1)


def _name(every: str, length: int, first: date) -> str:
    match every:
        case "year":
            return f"{first.year}"
        case "half-year":
            return f"{first.year}-H{(first.month + 5) // 6}"
        case "quarter":
            return f"{first.year}-Q{(first.month + 2) // 3}"
        case "month":
            return f"{first.year}-{first.month:02}"
        case _:
            return f"{first.year}-{first.month:02}+{length}mo"


def _part_in_month(first: date, after: date, month: int) -> tuple[date, date] | None:
    for year in range(first.year, after.year + 1):
        begin = date(year, month, 1)
        end = date(year + month // 12, month % 12 + 1, 1)
        if begin < after and end > first:
            return max(begin, first), min(end, after)
    return None


def _midnight(day: date, calendar: Calendar) -> datetime:
    return calendar.midnight(day).astimezone(calendar.zone)


def _by_subject(bound: BoundControl, deeds: Iterable[Deed], as_of: datetime) -> Mapping[str, list[Deed]]:
    control: Cadence | Attested = bound.control
    found: dict[str, list[Deed]] = defaultdict(list)
    for deed in sorted(deeds, key=lambda deed: deed.occurred_at):
        counts = deed.action in control.actions if isinstance(control, Cadence) else deed.control == bound.group
        if counts and deed.occurred_at <= as_of:
            for subject in deed.subjects | {COMPANY}:
                found[subject].append(deed)
    return found


def _obligation(
    bound: BoundControl, subject: str, period: Period, deeds: Sequence[Deed], as_of: datetime
) -> Obligation:
    control: Cadence | Attested = bound.control
    times = control.times if isinstance(control, Cadence) else 1
    within = _happened_in(period, deeds) if isinstance(control, Cadence) else _stated_of(period, deeds)
    enough = within[times - 1] if len(within) >= times else None
    status, settled_at = _standing(enough, period, as_of)
    return Obligation(
        key=f"{bound.group}/{subject}/{period.name}",
        kind=bound.kind,
        procedure=bound.procedure,
        clause=bound.clause,
        control=bound.group,
        owner=_owner(bound, subject),
        started_by=0,
        started_at=period.start,
        due_at=period.end,
        status=status,
        settled_at=settled_at,
        done_at=enough.occurred_at if enough else None,
        done_by=enough.by if enough else None,
        does=control.actions if isinstance(control, Cadence) else (),
        detail={"variant": bound.key, "subject": subject, "period": period.name, "times": times, "done": len(within)},
    )


def _happened_in(period: Period, deeds: Sequence[Deed]) -> list[Deed]:
    from_here = bisect_left(deeds, period.start, key=lambda deed: deed.occurred_at)
    up_to = bisect_left(deeds, period.end, key=lambda deed: deed.occurred_at)
    return list(deeds[from_here:up_to])


def _stated_of(period: Period, deeds: Sequence[Deed]) -> list[Deed]:
    """Those that name the period, whenever they were made, and those made within it that name none."""
    within = [deed for deed in _happened_in(period, deeds) if not deed.period]
    return sorted([*within, *(deed for deed in deeds if deed.period == period.name)], key=lambda deed: deed.occurred_at)


def _standing(enough: Deed | None, period: Period, as_of: datetime) -> tuple[Status, datetime | None]:
    if enough is not None and enough.occurred_at < period.end:
        return Status.KEPT, enough.occurred_at
    return (Status.BROKEN, period.end) if as_of >= period.end else (Status.RUNNING, None)


def _owner(bound: BoundControl, subject: str) -> str:
    """Who owes it: whom the control names, else the department or position itself, else who keeps the procedure."""
    if isinstance(bound.control, Attested):
        return bound.control.by.key
    if bound.control.owner is not None:
        return str(bound.control.owner.key)
    return subject if subject.startswith(("department:", "position:")) else bound.answerable
