"""One year of working time, summed up once so that any question about it is a binary search."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

NOTHING = timedelta(0)


class Opening(NamedTuple):
    """A stretch of working time between two instants (UTC inside this package)."""

    start: datetime
    end: datetime


class YearTable:
    """The working days that begin in a year, their openings, and the working time done by the end of each opening."""

    __slots__ = ("closes", "days", "done", "opens", "total")

    def __init__(self, days: list[date], openings: Iterable[Opening]) -> None:
        self.days = days
        self.opens: list[datetime] = []
        self.closes: list[datetime] = []
        self.done: list[timedelta] = []
        self.total = NOTHING
        for opening in openings:
            self.total += opening.end - opening.start
            self.opens.append(opening.start)
            self.closes.append(opening.end)
            self.done.append(self.total)

    def done_until(self, instant: datetime) -> timedelta:
        """The working time of the year that lies before the instant."""
        at = bisect_right(self.opens, instant) - 1
        if at < 0:
            return NOTHING
        close = self.closes[at]
        return self.done[at] - (close - instant) if instant < close else self.done[at]

    def first_instant_with(self, work: timedelta) -> datetime:
        """The earliest instant by which so much of the year's work (0 < work <= total) is done."""
        at = bisect_left(self.done, work)
        return self.closes[at] - (self.done[at] - work)

    def last_instant_with(self, work: timedelta) -> datetime:
        """The latest instant by which no more than so much of the year's work (0 <= work < total) is done."""
        at = bisect_right(self.done, work)
        return self.closes[at] - (self.done[at] - work)

    def openings_between(self, start: datetime, end: datetime) -> Iterable[Opening]:
        """The openings cut to the interval, in order, none of them empty."""
        for at in range(bisect_right(self.closes, start), bisect_left(self.opens, end)):
            yield Opening(max(start, self.opens[at]), min(end, self.closes[at]))
