"""A record's story: its ledger entries as the events that the engine reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from luyue.ledger.models import Entry
from luyue.records.models import Record
from luyue.rulebook.engine.events import Event


def events_of(record: Record) -> list[Event]:
    """Everything that happened to the record, in the order in which it was written down."""
    return [event_of(entry) for entry in entries_of(record)]


def entries_of(record: Record) -> Iterable[Entry]:
    return Entry.objects.filter(record_id=record.pk).order_by("sequence")


def event_of(entry: Entry) -> Event:
    return Event(
        sequence=entry.sequence,
        action=entry.action,
        occurred_at=entry.occurred_at,
        entered_at=entry.entered_at,
        by=entry.by_id,
        state=entry.state_after,
        facts=entry.facts,
        dates=read_dates(entry.dates),
        data={key: value for key, value in entry.data.items() if key != "persons"},
        persons=entry.data.get("persons", {}),
    )


def read_dates(dates: Mapping[str, str]) -> dict[str, date | datetime | str]:
    """Dates and instants as such; a length of time, such as `36h`, as the span that it is."""
    return {name: _read(text) for name, text in dates.items()}


def _read(text: str) -> date | datetime | str:
    if "T" in text:
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if "-" in text else text


def dates_of(record: Record, names: Iterable[str]) -> dict[str, Any]:
    """The dates that clocks may run from and the lengths of time for which they may run, where they are filled."""
    return {name: value for name in names if (value := getattr(record, name)) not in (None, "")}
