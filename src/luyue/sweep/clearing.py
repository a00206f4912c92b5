"""Clearing away what nobody needs any more; records and ledger are never touched."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from luyue.api.models import IdempotentAnswer
from luyue.api.once import KEPT_FOR
from luyue.desk import once
from luyue.desk.models import Sent
from luyue.messaging.models import Notice

READ_NOTICES_KEPT = timedelta(days=180)
BATCH = 1000


def lay_aside(now: datetime) -> int:
    """Count as read what was told of duties that have been done since; return how many notices."""
    done = Notice.objects.filter(read_at=None, kind__in=Notice.WAITING, obligation__is_owed=False)
    laid = 0
    while chosen := list(done.values_list("pk", flat=True)[:BATCH]):
        laid += Notice.objects.filter(pk__in=chosen).update(read_at=now)
    return laid


def clear_away(now: datetime) -> int:
    """Remove ended sessions, what is kept of requests and forms sent twice, notices read long ago; return how many."""
    removed = Session.objects.filter(expire_date__lt=now).delete()[0]
    removed += IdempotentAnswer.objects.filter(answered_at__lt=now - KEPT_FOR).delete()[0]
    removed += Sent.objects.filter(sent_at__lt=now - once.KEPT_FOR).delete()[0]
    old = Notice.objects.filter(read_at__lt=now - READ_NOTICES_KEPT)
    while chosen := list(old.values_list("pk", flat=True)[:BATCH]):
        removed += Notice.objects.filter(pk__in=chosen).delete()[0]
    return removed
