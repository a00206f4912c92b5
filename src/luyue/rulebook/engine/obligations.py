"""What is owed: from a record's events, its rules and the calendar to its obligations, without a database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from luyue.rulebook.engine.ahead import ahead_obligations
from luyue.rulebook.engine.events import Event, Obligation
from luyue.rulebook.engine.receipts import receipt_obligations
from luyue.rulebook.engine.rules import Rules
from luyue.rulebook.engine.signatures import sign_off_obligations
from luyue.rulebook.engine.story import story_until
from luyue.rulebook.engine.time_limits import time_limit_obligations
from luyue.worktime import Calendar


def obligations(
    events: Iterable[Event], rules: Rules, calendar: Calendar, as_of: datetime, record_type: str
) -> tuple[Obligation, ...]:
    """Everything that was ever owed because of a record, as it stands at an instant; later events are not seen.

    Events count in the order in which they happened; of two at one instant the one entered first comes first. The
    obligations come in the order of the events that began them.
    """
    story = story_until(events, as_of)
    owed = [
        *time_limit_obligations(story, rules, calendar, as_of, record_type),
        *sign_off_obligations(story, rules, calendar, as_of, record_type),
        *receipt_obligations(story, rules, calendar, as_of, record_type),
        *ahead_obligations(story, rules, calendar, as_of, record_type),
    ]
    return tuple(sorted(owed, key=lambda obligation: obligation.started_by))
