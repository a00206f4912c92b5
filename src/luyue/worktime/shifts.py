"""Shifts: from when to when the company works on a day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

MINUTES_PER_DAY = 24 * 60

_SHIFT = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")


class CalendarError(ValueError):
    """A calendar that cannot be kept: the sentence names the place, what stands there and what would be accepted."""


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One stretch of work, in minutes from midnight of its day; a night shift ends after minute 1440 (24:00)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < MINUTES_PER_DAY:
            raise CalendarError(f"a shift cannot start at minute {self.start}; it starts between 00:00 and 23:59")
        if not self.start < self.end <= self.start + MINUTES_PER_DAY:
            raise CalendarError(f"a shift cannot end at minute {self.end}; it lasts from one minute to 24 hours")

    @classmethod
    def parse(cls, text: str) -> "Shift":
        """Read "08:00-12:00"; an end not after the start ("22:00-06:00") lies on the next day."""
        found = _SHIFT.fullmatch(text)
        if not found:
            raise CalendarError(f"“{text}” is not a shift; write from-to, such as 08:00-12:00 or 22:00-06:00")
        start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
        start = _minutes(start_hour, start_minute, text)
        end = _minutes(end_hour, end_minute, text)
        if start == MINUTES_PER_DAY:
            raise CalendarError(f"“{text}” starts at 24:00; write 00:00 on the next day")
        if start == end:
            raise CalendarError(f"“{text}” has no length; write 00:00-24:00 for a whole day")
        return cls(start, end if end > start else end + MINUTES_PER_DAY)

    def __str__(self) -> str:
        end = self.end if self.end <= MINUTES_PER_DAY else self.end - MINUTES_PER_DAY
        return f"{_clock(self.start)}-{_clock(end)}"


def in_order(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """The shifts of one day from morning to night, refused when two of them overlap."""
    ordered = tuple(sorted(shifts))
    for earlier, later in pairwise(ordered):
        if later.start < earlier.end:
            raise CalendarError(f"the shifts {earlier} and {later} overlap; a minute can be worked only once")
    return ordered


def _minutes(hour: int, minute: int, text: str) -> int:
    total = hour * 60 + minute
    if minute > 59 or total > MINUTES_PER_DAY:
        raise CalendarError(f"“{text}” has a time that no clock shows; times go from 00:00 to 24:00")
    return total


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
