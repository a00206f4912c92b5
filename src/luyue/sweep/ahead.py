"""Telling colleagues ahead of a date: when its time has come, once, and never after the date has passed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luyue.messaging.models import Notice
from luyue.messaging.telling import Tidings, tell
from luyue.records.calendars import calendar_of
from luyue.records.models import Obligation
from luyue.records.noting import locked, note
from luyue.rulebook.engine.clocks import last_moment, read_date
from luyue.rulebook.engine.events import TOLD_AHEAD


def tell_ahead(row: Obligation, now: datetime) -> bool:
    """Tell those behind the address, then enter it on the record, which keeps the promise; say whether that was done.

    Who dies in between is followed by one who tells the same, which is kept only once. Where nobody stands behind the
    address nothing is entered, and the promise is broken at its time.
    """
    record, company = row.record, row.company
    if record is None or not record.is_open or _is_past(row, now):
        return False
    tidings = Tidings(
        row.owner,
        Notice.Kind.TOLD,
        f"ahead/o{row.pk}/{row.detail['anchor']}",
        record.pk,
        row.pk,
        {"ahead_of": row.detail["ahead_of"], "date": row.detail["anchor"]},
    )
    reached = tell(company.pk, [tidings], on=now.astimezone(company.zone).date(), at=now)
    return bool(reached) and _enter(row, [notice.employee_id for notice in reached], now)


def _is_past(row: Obligation, now: datetime) -> bool:
    """A date that came while no sweeper was at work is announced no more."""
    return last_moment(read_date(row.detail["anchor"]), calendar_of(row.company)) <= now


@transaction.atomic
def _enter(row: Obligation, reached: list[int], now: datetime) -> bool:
    """Once, whoever else tells the same at this moment: the record is held, and the promise looked at again."""
    assert row.record is not None
    record = locked(row.record.pk, row.record.type)
    current = Obligation.objects.get(pk=row.pk)
    if current.done_at is not None or current.next_alarm_at is None or current.detail != row.detail:
        return False
    data = {
        "key": row.key,
        "control": row.control,
        "address": row.owner,
        "date": row.detail["anchor"],
        "told": {row.owner: reached},
    }
    note(record, TOLD_AHEAD, by=None, at=now, data=data)
    return True
