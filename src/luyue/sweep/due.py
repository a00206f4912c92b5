"""Promises whose time has passed are broken, at the instant at which it passed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

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
    chosen = list(overdue.values_list("pk", flat=True)[:BATCH])
    if not chosen:
        return 0
    still_open = Record.objects.filter(pk=OuterRef("record_id"), is_open=True)
    return (
        _overdue(now)
        .filter(pk__in=chosen)
        .update(status=Obligation.Status.BROKEN, settled_at=F("due_at"), is_owed=Exists(still_open))
    )


def _overdue(now: datetime) -> QuerySet[Obligation]:
    return Obligation.objects.filter(status=Obligation.Status.RUNNING, due_at__lt=now, record__isnull=False)
