"""Spans: how long a promise may take, and how that length is counted."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_SPAN = re.compile(r"(0|[1-9][0-9]{0,8})(mo|bh|wd|m|h|d|y)(!?)")


class SpanError(ValueError):
    """A span that cannot be read; the sentence says what would be accepted."""


class Unit(StrEnum):
    """What is counted: clock time, business hours, calendar days, working days, months or years."""

    MINUTES = "m"
    HOURS = "h"
    BUSINESS_HOURS = "bh"
    DAYS = "d"
    WORKING_DAYS = "wd"
    MONTHS = "mo"
    YEARS = "y"


_CONTINUOUS = frozenset({Unit.MINUTES, Unit.HOURS})
_FIXABLE = frozenset({Unit.DAYS, Unit.MONTHS, Unit.YEARS})
_MAY_BE_NOTHING = frozenset({Unit.DAYS, Unit.WORKING_DAYS})

_LONGEST = {
    Unit.MINUTES: 52_560_000,
    Unit.HOURS: 876_000,
    Unit.BUSINESS_HOURS: 50_000,
    Unit.DAYS: 36_500,
    Unit.WORKING_DAYS: 10_000,
    Unit.MONTHS: 1_200,
    Unit.YEARS: 100,
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as the rulebook writes it; `m` are minutes, `mo` months, `!` an end that does not move.

    `0d` and `0wd` end on the day of the event itself; the other units need at least one.
    """

    amount: int
    unit: Unit
    fixed_end: bool = False

    def __post_init__(self) -> None:
        if self.fixed_end and self.unit not in _FIXABLE:
            raise SpanError(f"“{self}”: only a span of d, mo or y can be kept from moving at its end; leave out the !")
        if self.amount < 1 and not (self.amount == 0 and self.unit in _MAY_BE_NOTHING):
            raise SpanError(f"“{self}” has no length; write at least 1{self.unit}, or 0d for the end of the same day")
        if self.amount > _LONGEST[self.unit]:
            raise SpanError(f"“{self}” is too long; write at most {_LONGEST[self.unit]}{self.unit}")

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read "2h", "90m", "4bh", "10d", "10d!", "3wd", "2mo" or "1y"."""
        found = _SPAN.fullmatch(text) if isinstance(text, str) else None
        if not found:
            raise SpanError(
                f"“{text}” is not a span; write a whole number and one of m (minutes), h (hours), bh (business hours), "
                "d (days), wd (working days), mo (months), y (years), such as 2h, 4bh, 10d, "
                "10d! (its end does not move), 3wd or 2mo"
            )
        return cls(int(found[1]), Unit(found[2]), bool(found[3]))

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}{'!' if self.fixed_end else ''}"

    @property
    def is_continuous(self) -> bool:
        """Whether the clock runs day and night (m, h)."""
        return self.unit in _CONTINUOUS

    @property
    def is_counted_in_days(self) -> bool:
        """Whether whole days are counted (d, wd, mo, y) and the day of the event is not."""
        return self.unit not in _CONTINUOUS and self.unit is not Unit.BUSINESS_HOURS

    @property
    def time(self) -> timedelta:
        """The length of a span of minutes, hours or business hours."""
        if self.is_counted_in_days:
            raise SpanError(f"“{self}” is counted in days; its length depends on the date from which it runs")
        return timedelta(minutes=self.amount) if self.unit is Unit.MINUTES else timedelta(hours=self.amount)

    @property
    def months(self) -> int:
        """The length of a span of months or years in months."""
        return self.amount * 12 if self.unit is Unit.YEARS else self.amount


def months_later(day: date, months: int) -> date:
    """The same day number in the target month, else that month's last day (Civil Code art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
