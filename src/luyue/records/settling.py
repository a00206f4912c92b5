"""After each action: what is owed now, by whom, until when; stored so that no list needs to work it out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from luyue.organization.models import Company
from luyue.organization.writing import insert, update
from luyue.records import tallies
from luyue.records.calendars import calendar_of
from luyue.records.models import Obligation, Reader, Record
from luyue.records.rules import edition_ids, later_edition_ids
from luyue.rulebook.engine.events import Event, Status
from luyue.rulebook.engine.events import Obligation as Owed
from luyue.rulebook.engine.obligations import obligations
from luyue.rulebook.engine.readers import readers
from luyue.rulebook.engine.retention import retained_until

if TYPE_CHECKING:
    from luyue.records.case import Case

LIVE = (Status.RUNNING, Status.PAUSED)


@dataclass(frozen=True)
class Settlement:
    """What an action changes in what is owed and who may see, ready to be written with the record."""

    opened: Sequence[Obligation] = ()
    changed: Sequence[Obligation] = ()
    new_readers: frozenset[str] = field(default_factory=frozenset)
    stored: Mapping[str, Obligation] = field(default_factory=dict)
    moves: Mapping[tallies.Place, int] = field(default_factory=dict)

    def write(self, record: Record, count: Callable[[int, Mapping[tallies.Place, int]], None] = tallies.add) -> None:
        """Write it with the record; the figures of the clauses are moved by `count`, at once or later."""
        for row in self.opened:
            row.record_id = record.pk
        insert(self.opened)
        for row in self.changed:
            update(row, _WORKED_OUT)
        insert([Reader(company_id=record.company_id, record_id=record.pk, key=key) for key in sorted(self.new_readers)])
        count(record.company_id, self.moves)

    @property
    def rows(self) -> Mapping[str, Obligation]:
        """All that the record's story has given rise to, as written."""
        return {**self.stored, **{row.key: row for row in self.opened}}


@dataclass(frozen=True, slots=True)
class Editions:
    """The editions of a binding by procedure, and by procedure and number the later ones to which promises moved."""

    first: Mapping[str, int]
    later: Mapping[tuple[str, str], int]

    def of(self, owed: Owed) -> int:
        """By which edition a promise stands."""
        number = str(owed.detail.get("edition", ""))
        return self.later[owed.procedure, number] if number else self.first[owed.procedure]


def settle(case: Case, record: Record, event: Event) -> Settlement:
    """Work out what holds after the event, and set on the record what its lists show; nothing is written yet."""
    events = [*case.events, event]
    record_type = case.record_type.name
    # A clock that ran ahead and was put right must not undo what was entered meanwhile.
    as_of = max(case.now, *(each.occurred_at for each in events))
    owed = obligations(events, case.rules, calendar_of(case.company), as_of=as_of, record_type=record_type)
    stored = case.reading.obligations(record)
    zone = case.company.zone
    counted_before = {row.key: _place(row, zone) for row in stored.values()}
    editions = _editions(record)
    final = record.state in record.FINAL
    opened, changed = [], []
    for each in owed:
        row = stored.get(each.key)
        if row is None:
            opened.append(_new_row(each, case.company, editions, case.now, final))
        elif _worked_out(row, each, final, editions):
            changed.append(row)
    never_owed = stored.keys() - {each.key for each in owed}
    changed += [row for row in stored.values() if row.key in never_owed and _taken_back(row, case.now)]
    record.nearest_due_at = min(
        (each.due_at for each in owed if each.due_at is not None and _is_owed(each, final)), default=None
    )
    keys = readers(case.rules, record_type, events, owed, _possible_now(case, record))
    if keys is not None and record.department is not None:
        keys |= {f"department:{record.department.code}"}
    record.is_restricted = keys is not None
    record.retained_until = _kept_until(case, record, event) if final else None
    moves = Counter(place for row in (*opened, *changed) if (place := _place(row, zone)))
    moves.subtract(place for row in changed if (place := counted_before[row.key]))
    moves[tallies.deed(event.action, event.occurred_at, zone)] += 1
    found = case.events[-1].facts if case.events else event.facts
    for procedure, clause in case.rules.governed_by(event.action, found, event.facts):
        moves[tallies.governed(procedure, clause, event.occurred_at, zone)] += 1
    return Settlement(opened, changed, _new_readers(case, record, keys), stored, moves)


def _kept_until(case: Case, record: Record, event: Event) -> date | None:
    """The last day on which a finished record must still be there; None where it is kept for ever or for a product."""
    closed_on = (record.closed_at or event.occurred_at).astimezone(case.company.zone).date()
    until = retained_until(case.rules, case.record_type.name, closed_on, event.facts)
    return until if isinstance(until, date) else None


def _place(row: Obligation, zone: ZoneInfo) -> tallies.Place | None:
    standing = tallies.standing_of(row)
    return tallies.place_of(row, zone, standing) if standing else None


def _possible_now(case: Case, record: Record) -> set[str]:
    """The actions that the record's state allows, whoever may take them."""
    final = record.state in record.FINAL
    return {
        each.full_name(case.record_type.name)
        for each in case.record_type.actions
        if not each.is_opening and (not final if each.at is None else record.state in each.at)
    }


def _editions(record: Record) -> Editions:
    return Editions(edition_ids(record.binding_id), later_edition_ids(record.binding_id))


def _new_readers(case: Case, record: Record, keys: frozenset[str] | None) -> frozenset[str]:
    return keys - case.readers if keys else frozenset()


_WORKED_OUT = (
    "edition_id", "clause", "owner", "started_at", "due_at", "status", "settled_at", "done_at", "done_by_id", "does",
    "alarms", "next_alarm_at", "alarmed_until", "provisional", "is_owed", "detail",
)  # fmt: skip


def _new_row(owed: Owed, company: Company, editions: Editions, now: datetime, final: bool) -> Obligation:
    row = Obligation(
        company=company,
        key=owed.key,
        kind=owed.kind,
        procedure=owed.procedure,
        control=owed.control,
        alarmed_until=now,
    )
    _worked_out(row, owed, final, editions)
    return row


def _worked_out(row: Obligation, owed: Owed, final: bool, editions: Editions) -> bool:
    """Bring the row to what was worked out; say whether that changed anything.

    What was broken and not done later is still owed, until the record is finished.
    """
    alarms = [{"at": alarm.at.isoformat(), "to": alarm.to} for alarm in owed.alarms]
    values: dict[str, Any] = {
        "edition_id": editions.of(owed),
        "clause": owed.clause,
        "owner": owed.owner,
        "started_at": owed.started_at,
        "due_at": owed.due_at,
        "status": owed.status.value,
        "settled_at": owed.settled_at,
        "done_at": owed.done_at,
        "done_by_id": owed.done_by,
        "does": list(owed.does),
        "alarms": alarms,
        "next_alarm_at": _next_alarm(owed, row.alarmed_until),
        "provisional": owed.provisional,
        "is_owed": _is_owed(owed, final),
        "detail": dict(owed.detail),
    }
    changed = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return changed


def _taken_back(row: Obligation, now: datetime) -> bool:
    """Cancel what an earlier event, entered only now, shows never to have begun; say whether that changed anything."""
    if row.status == Status.CANCELLED.value:
        return False
    row.status, row.settled_at = Status.CANCELLED.value, now
    row.is_owed, row.next_alarm_at = False, None
    return True


def _is_owed(owed: Owed, final: bool) -> bool:
    if owed.detail.get("by_itself"):
        return False
    return owed.status in LIVE or (owed.status is Status.BROKEN and owed.done_at is None and not final)


def _next_alarm(owed: Owed, alarmed_until: datetime | None) -> datetime | None:
    """The first alarm not yet given; a broken obligation may still owe its last ones."""
    if owed.status not in (Status.RUNNING, Status.BROKEN) or owed.done_at is not None:
        return None
    return min((alarm.at for alarm in owed.alarms if alarmed_until is None or alarm.at > alarmed_until), default=None)
