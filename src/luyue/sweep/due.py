"""Promises whose time has passed are broken, at the instant at which it passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from luyue.organization.models import Company
from luyue.records import tallies
from luyue.records.models import Obligation, Record

BATCH = 500


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
    """Rows that an action or another sweeper is writing are skipped; they are looked at next time."""
    overdue = _overdue(now).select_for_update(skip_locked=True).order_by("due_at", "id")
    chosen = list(overdue.only("company_id", "procedure", "clause", "started_at")[:BATCH])
    if not chosen:
        return 0
    still_open = Record.objects.filter(pk=OuterRef("record_id"), is_open=True)
    broken = (
        _overdue(now)
        .filter(pk__in=[row.pk for row in chosen])
        .update(status=Obligation.Status.BROKEN, settled_at=F("due_at"), is_owed=Exists(still_open))
    )
    _count(chosen)
    return broken


def _count(broken: Sequence[Obligation]) -> None:
    """Each was counted as running on the day on which it began, and counts as broken from now on."""
    zones = {company.pk: company.zone for company in Company.objects.filter(pk__in={row.company_id for row in broken})}
    moves: dict[int, Counter[tallies.Place]] = {pk: Counter() for pk in zones}
    for row in broken:
        zone = zones[row.company_id]
        moves[row.company_id][tallies.place_of(row, zone, str(Obligation.Status.RUNNING))] -= 1
        moves[row.company_id][tallies.place_of(row, zone, str(Obligation.Status.BROKEN))] += 1
    for company_id in sorted(moves):
        tallies.add(company_id, moves[company_id])


def _overdue(now: datetime) -> QuerySet[Obligation]:
    return Obligation.objects.filter(status=Obligation.Status.RUNNING, due_at__lt=now, record__isnull=False)
