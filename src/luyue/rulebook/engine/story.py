"""A record's story: its events in the order in which they happened, as far as an instant has seen them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from luyue.rulebook.engine.events import Event


def story_until(events: Iterable[Event], as_of: datetime) -> tuple[Event, ...]:
    """The events that had happened by then, earliest first; of two at one instant the one entered first."""
    return tuple(event for event in in_order(events) if event.occurred_at <= as_of)


def in_order(events: Iterable[Event]) -> list[Event]:
    """The events as they happened, whatever the order in which they were entered."""
    return sorted(events, key=_when)


def _when(event: Event) -> tuple[datetime, int]:
    return event.occurred_at, event.sequence
