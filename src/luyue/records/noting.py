"""Entering on a record what the installation itself did: settled and entered in the ledger like any action."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from luyue.ledger import book
from luyue.ledger.models import Entry
from luyue.organization.models import Employee
from luyue.records import registry
from luyue.records.case import Case
from luyue.records.facts import stored
from luyue.records.models import Record
from luyue.records.settling import settle
from luyue.records.story import dates_of
from luyue.rulebook.engine.events import Event


def locked(record_id: int, record_type: str) -> Record:
    """The record as its own type, held until the transaction ends."""
    rows = registry.record_type(record_type).model._default_manager
    work: Record = rows.select_for_update(of=("self", "record_ptr")).select_related("company").get(pk=record_id)
    return work


def note(record: Record, deed: str, *, by: Employee | None, at: datetime, data: Mapping[str, Any]) -> Entry:
    """Enter a deed of the installation on a locked record and settle what is owed; its facts and state stay.

    `by` is whoever confirmed it; nobody when the passing of time did it.
    """
    # The engine asks a case for its company only, which is the registrar's as well.
    whose = by or record.registrar
    assert whose is not None, "every record was registered by somebody"
    at = max(at, record.changed_at)
    case = Case(record, whose, at)
    event = event_on(case, deed, by=by, data=data)
    settlement = settle(case, record, event)
    record.changed_at = at
    record.save(update_fields=["binding", "changed_at", "nearest_due_at", "is_restricted", "retained_until"])
    entry = book.append(
        company_id=record.company_id,
        chain=record.chain,
        sequence=event.sequence,
        previous_hash=case.entries[-1].hash if case.entries else "",
        record_id=record.pk,
        action=event.action,
        by_id=event.by,
        acting_as="",
        occurred_at=event.occurred_at,
        entered_at=event.entered_at,
        state_before=record.state,
        state_after=record.state,
        changes={},
        facts=dict(event.facts),
        dates={name: stored(value) for name, value in event.dates.items()},
        data={**event.data, "persons": dict(event.persons)},
    )
    settlement.write(record)
    return entry


def event_on(case: Case, deed: str, *, by: Employee | None, data: Mapping[str, Any]) -> Event:
    """The deed as the engine sees it: nothing about the record but that it was done."""
    record = case.record
    return Event(
        sequence=case.entries[-1].sequence + 1 if case.entries else 1,
        action=f"{case.record_type.name}.{deed}",
        occurred_at=case.now,
        entered_at=case.now,
        by=by.pk if by else None,
        state=record.state,
        facts=case.record_type.facts.of(record),
        dates=dates_of(record, case.record_type.clock_fields),
        data=data,
        persons={"owner": record.owner_id, "registrar": record.registrar_id},
    )
