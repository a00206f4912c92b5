"""Pauses: when a clock stands still, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


class InstantError(ValueError):
    """An instant on which no clock can run: without an offset, out of range, or an end before its start."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a clock stands still; without an end it still does."""

    start: datetime
    end: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standstill:
    """Pauses that touch or overlap, as one stretch (UTC); its parts share it out, each moment to the first pause."""

    start: datetime
    end: datetime | None
    parts: tuple[Pause, ...]


def aware(instant: datetime, what: str) -> datetime:
    """The instant in UTC; without an offset nobody knows when it is."""
    if instant.utcoffset() is None:
        raise InstantError(f"the {what} {instant.isoformat()} has no offset; write one, such as +08:00")
    if not 1900 <= instant.year <= 2200:
        raise InstantError(f"the {what} {instant.isoformat()} is out of range; years from 1900 to 2200 are counted")
    return instant.astimezone(UTC)


def standstills(start: datetime, pauses: Iterable[Pause]) -> list[Standstill]:
    """The pauses after the start of a clock, in order, overlapping ones joined so that they count once."""
    joined: list[Standstill] = []
    for pause in sorted((_after(start, pause) for pause in pauses), key=lambda pause: pause.start):
        if pause.start == pause.end:
            continue
        last = joined[-1] if joined else None
        if last is None or (last.end is not None and pause.start > last.end):
            joined.append(Standstill(pause.start, pause.end, (pause,)))
        elif last.end is not None and (pause.end is None or pause.end > last.end):
            rest = Pause(last.end, pause.end, pause.reason)
            joined[-1] = Standstill(last.start, pause.end, (*last.parts, rest))
    return joined


def _after(start: datetime, pause: Pause) -> Pause:
    begin = aware(pause.start, "start of a pause")
    end = None if pause.end is None else aware(pause.end, "end of a pause")
    if end is not None and end < begin:
        raise InstantError(f"the pause from {pause.start.isoformat()} ends before it starts")
    return Pause(max(begin, start), None if end is None else max(end, start), pause.reason)
