"""Promises whose time has passed are broken, at the instant at which it passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from luyue.organization.models import Company
from luyue.records import tallies
from luyue.records.models import Obligation

BATCH = 2_000


def break_overdue(now: datetime) -> int:
    """Mark as broken what was due before now and still runs; return how many. Any number of sweepers may run at once.

    What is paused has no due time. Periodic duties are left to `periods`, which first looks for what was done.
    """
    broken = 0
    while _overdue(now).exists() and (found := _break_batch(now)):
        broken += found
    return broken


@transaction.atomic
def _break_batch(now: datetime) -> int:
    """Records on which an action or another sweeper is at work are left alone; they are looked at next time.

    An action that has read its record's promises must find them as it read them, since it counts from there. So the
    record is locked first, and a promise that was kept in the meantime is passed over.
    """
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_BREAK[connection.vendor], [moment, BATCH, moment])
        broken = cursor.fetchall()
    _count(broken)
    return len(broken)


_BREAK = {
    # One writer at a time: nothing to lock. Not a join, so that figures on the tables cannot lead SQLite to the records
    # first and from them through all promises.
    "sqlite": """
UPDATE records_obligation SET status = 'broken', settled_at = due_at,
    is_owed = (SELECT r.is_open FROM records_record r WHERE r.id = records_obligation.record_id)
WHERE id IN (
    SELECT id FROM records_obligation
    WHERE status = 'running' AND due_at < %s AND record_id IS NOT NULL ORDER BY due_at, id LIMIT %s
) AND due_at < %s
RETURNING company_id, procedure, clause, started_at
""",
    "postgresql": """
WITH chosen AS MATERIALIZED (
    SELECT o.id, r.is_open FROM records_obligation o JOIN records_record r ON r.id = o.record_id
    WHERE o.status = 'running' AND o.due_at < %s ORDER BY o.due_at, o.id LIMIT %s FOR NO KEY UPDATE OF r SKIP LOCKED
)
UPDATE records_obligation SET status = 'broken', settled_at = due_at, is_owed = chosen.is_open
FROM chosen WHERE records_obligation.id = chosen.id AND status = 'running' AND due_at < %s
RETURNING company_id, procedure, clause, started_at
""",
}

Broken = tuple[int, str, str, datetime | str]
"""Company, procedure, clause, and when the promise began; SQLite gives a time as text."""


def _count(broken: Sequence[Broken]) -> None:
    """Each was counted as running on the day on which it began, and counts as broken from now on."""
    zones = {company.pk: company.zone for company in Company.objects.filter(pk__in={row[0] for row in broken})}
    moves: dict[int, Counter[tallies.Place]] = {pk: Counter() for pk in zones}
    for (company_id, procedure, clause, started_at), number in Counter(broken).items():
        day = _instant(started_at).astimezone(zones[company_id]).date()
        moves[company_id][procedure, clause, day, str(Obligation.Status.RUNNING)] -= number
        moves[company_id][procedure, clause, day, str(Obligation.Status.BROKEN)] += number
    for company_id in sorted(moves):
        tallies.add(company_id, moves[company_id])


def _instant(stored: datetime | str) -> datetime:
    return stored if isinstance(stored, datetime) else datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _overdue(now: datetime) -> QuerySet[Obligation]:
    return Obligation.objects.filter(status=Obligation.Status.RUNNING, due_at__lt=now, record__isnull=False)
