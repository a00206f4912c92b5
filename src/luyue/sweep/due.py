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
    """Records on which an action or another sweeper is at work are left alone; they are looked at next time.

    An action that has read its record's promises must find them as it read them, since it counts from there.
    """
    chosen = dict(_overdue(now).order_by("due_at", "id").values_list("pk", "record_id")[:BATCH])
    free = Record.objects.filter(pk__in=set(chosen.values())).select_for_update(skip_locked=True, no_key=True)
    locked = set(free.values_list("pk", flat=True))
    rows = _overdue(now).filter(pk__in=[pk for pk, record in chosen.items() if record in locked])
    broken = list(rows.only("company_id", "procedure", "clause", "started_at"))
    if not broken:
        return 0
    still_open = Record.objects.filter(pk=OuterRef("record_id"), is_open=True)
    rows.update(status=Obligation.Status.BROKEN, settled_at=F("due_at"), is_owed=Exists(still_open))
    _count(broken)
    return len(broken)


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
