"""Alarms: when a share of the time has passed, those whom the procedure names are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from django.db import transaction

from luyue.messaging.models import Notice
from luyue.messaging.telling import Tidings, tell
from luyue.organization.models import Company
from luyue.records.models import Obligation
from luyue.rulebook.engine.addresses import resolved
from luyue.sweep.ahead import tell_ahead

BATCH = 200


def give_alarms(now: datetime) -> int:
    """Give the alarms whose time has come; return for how many obligations. Any number of sweepers may run at once.

    After days of being off only the latest alarm of an obligation is told.
    """
    given = 0
    while found := _give_batch(now):
        given += found
    return given


def _give_batch(now: datetime) -> int:
    """First tell, then claim: who dies in between is followed by one who tells the same, which is kept only once.

    Telling waits for the records' locks, so no obligation is held meanwhile.
    """
    waiting = Obligation.objects.filter(next_alarm_at__lte=now).order_by("next_alarm_at", "id")
    rows = list(waiting.select_related("record", "company")[:BATCH])
    by_company: dict[Company, list[Tidings]] = defaultdict(list)
    for row in rows:
        if row.detail.get("by_itself"):
            tell_ahead(row, now)
        else:
            by_company[row.company] += _latest(row, now)
    for company, tidings in by_company.items():
        tell(company.pk, tidings, on=now.astimezone(company.zone).date(), at=now)
    return _claim(rows, now) if rows else 0


@transaction.atomic
def _claim(rows: Sequence[Obligation], now: datetime) -> int:
    """Note on the obligations that nobody has changed meanwhile which alarm comes next."""
    told = {row.pk: row.next_alarm_at for row in rows}
    locked = Obligation.objects.filter(pk__in=told, next_alarm_at__lte=now).select_for_update(skip_locked=True)
    claimed = [row for row in locked if row.next_alarm_at == told[row.pk]]
    for row in claimed:
        row.alarmed_until = now
        row.next_alarm_at = min((at for at, _to in _alarms(row) if at > now), default=None)
    Obligation.objects.bulk_update(claimed, ["alarmed_until", "next_alarm_at"])
    return len(claimed)


def _latest(row: Obligation, now: datetime) -> list[Tidings]:
    """The tidings of the last alarm that is due; several addresses may stand at one instant."""
    due = [(at, to) for at, to in _alarms(row) if at <= now and (row.alarmed_until is None or at > row.alarmed_until)]
    latest = max((at for at, _to in due), default=None)
    return list(_tidings(row, (to for at, to in due if at == latest), latest, now)) if latest else []


def _alarms(row: Obligation) -> Iterator[tuple[datetime, str]]:
    for alarm in row.alarms:
        yield datetime.fromisoformat(alarm["at"]), str(alarm["to"])


def _tidings(row: Obligation, addresses: Iterable[str], at: datetime, now: datetime) -> Iterator[Tidings]:
    record = row.record
    persons = {"owner": record.owner_id, "registrar": record.registrar_id} if record else {}
    overdue = row.due_at is not None and row.due_at <= now
    kind = Notice.Kind.OVERDUE if overdue else Notice.Kind.REMINDER
    for address in addresses:
        yield Tidings(
            resolved(address, persons),
            kind,
            f"alarm/o{row.pk}/{at.astimezone(UTC):%Y%m%dT%H%M%S%f}",
            row.record_id,
            row.pk,
            {"due": row.due_at.isoformat() if row.due_at else ""},
        )
