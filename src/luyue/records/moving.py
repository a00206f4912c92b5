"""Moving running promises to a later edition that says so by `migrates`: listed first, then confirmed, then entered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from luyue.organization.models import Employee
from luyue.records import registry
from luyue.records.calendars import calendar_of
from luyue.records.case import Case
from luyue.records.facts import stored
from luyue.records.models import Obligation, Record
from luyue.records.noting import event_on, locked, note
from luyue.records.rules import moved_binding
from luyue.rulebook.editions import CHAIN, EditionError, Enter, document_of, editions_in_force, refuse_publisher
from luyue.rulebook.engine.events import MOVED, Status
from luyue.rulebook.engine.events import Obligation as Owed
from luyue.rulebook.engine.obligations import obligations
from luyue.rulebook.models import Edition

RUNS = (Obligation.Status.RUNNING, Obligation.Status.PAUSED)


@dataclass(frozen=True, slots=True)
class Move:
    """One running promise before and after the later edition's rule governs it."""

    row: Obligation
    after: Owed

    @property
    def said(self) -> dict[str, str]:
        """As the ledger keeps it."""
        return {
            "key": self.row.key,
            "clause": f"{self.row.procedure} {self.row.clause}",
            "due_before": stored(self.row.due_at) or "",
            "due_after": stored(self.after.due_at) or "",
            "status_after": self.after.status.value,
        }


def moves_to(edition: Edition, *, by: Employee, at: datetime) -> list[Move]:
    """What would be moved if it were confirmed now, the oldest record first; nothing where no limit is named."""
    rows = list(_running(edition).select_related("record").order_by("record_id", "pk"))
    return [move for record, owed in _by_record(rows) for move in _of_record(record, owed, edition, by, at)]


def digest_of_moves(moves: Iterable[Move]) -> str:
    """By which it is known that what is confirmed is what was listed."""
    lines = (
        f"{move.row.pk} {stored(move.row.due_at)} {stored(move.after.due_at)} {move.after.status}" for move in moves
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@transaction.atomic
def move_running_promises(edition: Edition, *, by: Employee, at: datetime, listed: str, enter: Enter) -> int:
    """Move what was listed, all or nothing, with an entry on each record; return how many promises were moved.

    Raises EditionError when the edition is not in force, when somebody else must confirm it, or when the list, known
    by its digest, is no longer what it was.
    """
    _refuse_unless_in_force(edition, at)
    refuse_publisher(edition, by)
    ids = sorted({row.record_id for row in _running(edition) if row.record_id})
    held = {
        pk: locked(pk, name) for pk, name in Record.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "type")
    }
    moves = moves_to(edition, by=by, at=at)
    if digest_of_moves(moves) != listed:
        raise EditionError(_("Meanwhile something else happened to these records; look at the list as it is now."))
    by_record: dict[int, list[Move]] = {}
    for move in moves:
        by_record.setdefault(move.row.record_id or 0, []).append(move)
    for pk, its in by_record.items():
        _move(held[pk], its, edition, by, at)
    enter(
        company=edition.company,
        chain=CHAIN,
        action="procedures.move_running_promises",
        by=by,
        at=at,
        data={
            "procedure": edition.procedure.code,
            "edition": edition.number,
            "limits": list(document_of(edition).migrates),
            "promises": len(moves),
            "records": len(by_record),
        },
    )
    return len(moves)


def _move(record: Record, moves: Sequence[Move], edition: Edition, by: Employee, at: datetime) -> None:
    limits = {move.row.control: edition.number for move in moves}
    record.binding = moved_binding(record, edition, limits)
    note(record, MOVED, by=by, at=at, data={"limits": limits, "moved": [move.said for move in moves]})


def groups_of(edition: Edition) -> list[str]:
    """The time limits that the edition names under `migrates`, as promises name them."""
    document = document_of(edition)
    return [f"{document.procedure}/{name}" for name in document.migrates]


def _running(edition: Edition) -> QuerySet[Obligation]:
    """What runs under the named limits by another edition, on records that are still open."""
    return Obligation.objects.filter(
        company_id=edition.company_id,
        kind="time_limit",
        control__in=groups_of(edition),
        status__in=RUNS,
        record__is_open=True,
    ).exclude(edition=edition)


def _by_record(rows: Sequence[Obligation]) -> Iterator[tuple[Record, list[Obligation]]]:
    found: dict[int, list[Obligation]] = {}
    names: dict[int, str] = {}
    for row in rows:
        assert row.record is not None
        found.setdefault(row.record.pk, []).append(row)
        names[row.record.pk] = row.record.type
    for name in sorted(set(names.values())):
        wanted = [pk for pk, type_ in names.items() if type_ == name]
        for record in registry.record_type(name).model._default_manager.select_related("company").filter(pk__in=wanted):
            yield record, found[record.pk]


def _of_record(
    record: Record, rows: Sequence[Obligation], edition: Edition, by: Employee, at: datetime
) -> Iterator[Move]:
    """Work the record out as if it had been moved already."""
    case = Case(record, by, max(at, record.changed_at))
    groups = {row.control for row in rows}
    rules = case.rules.and_moved(document_of(edition), groups)
    event = event_on(case, MOVED, by=by, data={"limits": dict.fromkeys(groups, edition.number)})
    events = [*case.events, event]
    as_of = max(case.now, *(each.occurred_at for each in events))
    owed = {
        each.key: each for each in obligations(events, rules, calendar_of(record.company), as_of, case.record_type.name)
    }
    for row in rows:
        after = owed[row.key]
        if after.detail.get("edition") == edition.number or after.status is Status.CANCELLED:
            yield Move(row, after)


def _refuse_unless_in_force(edition: Edition, at: datetime) -> None:
    today = at.astimezone(edition.company.zone).date()
    if edition not in editions_in_force(edition.company, today):
        raise EditionError(_("Promises are moved to an edition on and after the day from which it is in force."))
