"""Clearing away what nobody needs any more; records and ledger are never touched."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from luyue.messaging.models import Notice

READ_NOTICES_KEPT = timedelta(days=180)
BATCH = 1000


def clear_away(now: datetime) -> int:
    """Remove ended sessions and notices read long ago; return how many."""
    removed, _by_model = Session.objects.filter(expire_date__lt=now).delete()
    old = Notice.objects.filter(read_at__lt=now - READ_NOTICES_KEPT)
    while chosen := list(old.values_list("pk", flat=True)[:BATCH]):
        removed += Notice.objects.filter(pk__in=chosen).delete()[0]
    return removed
