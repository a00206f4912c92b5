"""A record's story: its events in the order in which they happened, as far as an instant has seen them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from luyue.rulebook.engine.events import Event


def story_until(events: Iterable[Event], as_of: datetime) -> tuple[Event, ...]:
    """The events that had happened by then, earliest first; of two at one instant the one entered first."""
    return tuple(event for event in in_order(events) if event.occurred_at <= as_of)


def in_order(events: Iterable[Event]) -> list[Event]:
    """The events as they happened, whatever the order in which they were entered.

    What was entered late holds from when it happened: an event that happened after it, but was entered before, could
    not know of it, and is given what was known when the later one was entered.
    """
    story = sorted(events, key=_when)
    newest: Event | None = None
    for place, event in enumerate(story):
        if newest is None or event.sequence > newest.sequence:
            newest = event
        else:
            story[place] = replace(event, facts=newest.facts, dates=newest.dates, persons=newest.persons)
    return story


def _when(event: Event) -> tuple[datetime, int]:
    return event.occurred_at, event.sequence
