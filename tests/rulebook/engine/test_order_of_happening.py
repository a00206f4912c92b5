from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from luyue.rulebook.engine.events import Event
from luyue.rulebook.engine.story import in_order

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def event(sequence: int, hours: int, **dates: Any) -> Event:
    at = MONDAY + timedelta(hours=hours)
    return Event(sequence, "complaint.x", at, at, by=1, state="registered", dates=dates, facts={"seen": sequence})


def test_what_was_entered_late_is_known_to_what_happened_after_it() -> None:
    registered, answered = event(1, 0), event(2, 5)
    sent = event(3, 2, planned_arrival_at="2026-03-03")

    story = in_order([registered, answered, sent])

    assert [each.sequence for each in story] == [1, 3, 2]
    assert [dict(each.dates) for each in story] == [
        {},
        {"planned_arrival_at": "2026-03-03"},
        {"planned_arrival_at": "2026-03-03"},
    ]
    assert story[2].facts == {"seen": 3}


def test_ordering_twice_changes_nothing() -> None:
    story = in_order([event(1, 0), event(2, 5), event(3, 2), event(4, 1)])

    assert in_order(story) == story
