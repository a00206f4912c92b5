"""The background work goes on by itself, whatever fails on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from threading import Event, Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError

from luyue.ledger.models import Block, Entry
from luyue.messaging.models import Notice
from luyue.messaging.telling import Tidings, tell
from luyue.organization.models import Company
from luyue.records import clock
from luyue.records.models import Obligation
from luyue.records.rounds import Chore, go_round, in_each_company
from luyue.sweep import worker
from luyue.sweep.clearing import READ_NOTICES_KEPT, clear_away, lay_aside
from tests.firms import Firm
from tests.sweep.cases import local, registered

PATIENCE_SECONDS = 30


def wait_for(becomes_true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not becomes_true():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_the_worker_sweeps_alarms_seals_and_looks_after_the_calendar(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)
    stop = Event()
    sweeper = Thread(target=worker.run, args=(stop,))

    sweeper.start()
    try:
        wait_for(lambda: carbide.owed(complaint, "begin-inquiry").status == "broken")
        wait_for(lambda: Notice.objects.filter(record=complaint, kind="overdue").exists())
        wait_for(lambda: sum(Block.objects.values_list("count", flat=True)) == Entry.objects.count())
        wait_for(lambda: Obligation.objects.filter(kind="attested").exists())
    finally:
        stop.set()
        sweeper.join(PATIENCE_SECONDS)

    assert not sweeper.is_alive()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_fails_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    stop, tries = Event(), []

    def fails_once(now: datetime) -> None:
        tries.append(now)
        if len(tries) == 1:
            raise OperationalError("the database is away")
        stop.set()

    go_round([Chore("trying", 0, fails_once)], stop)

    assert len(tries) == 2
    assert "trying: the database failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_any_other_fault_ends_the_process_so_that_it_is_started_anew() -> None:
    stop = Event()

    def breaks(now: datetime) -> None:
        raise RuntimeError("a fault of our own")

    with pytest.raises(RuntimeError):
        go_round([Chore("breaking", 1, breaks)], stop)

    assert stop.is_set()


def test_what_fails_in_one_company_does_not_hold_up_the_others(carbide: Firm) -> None:
    Company.objects.create(code="another", name="另一家", short_name="另一家")
    seen = []

    def fails_in_the_first(company: Company, now: datetime) -> None:
        seen.append(company.code)
        if company == carbide.company:
            raise OperationalError("the database is away")

    in_each_company("looking", fails_in_the_first)(clock.now())

    assert seen == [carbide.company.code, "another"]


def test_ended_sessions_and_notices_read_long_ago_are_cleared_away(carbide: Firm) -> None:
    now = local(carbide, "2026-03-02 10:00")
    Session.objects.create(session_key="old", session_data="", expire_date=local(carbide, "2026-03-01 10:00"))
    Session.objects.create(session_key="new", session_data="", expire_date=local(carbide, "2026-03-03 10:00"))
    for effect, read_at in (("long ago", now - READ_NOTICES_KEPT * 2), ("just now", now), ("unread", None)):
        Notice.objects.create(
            company=carbide.company,
            employee=carbide["sales_officer"],
            kind="told",
            created_at=now - READ_NOTICES_KEPT * 3,
            read_at=read_at,
            effect=effect,
        )

    clear_away(now)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert set(Notice.objects.values_list("effect", flat=True)) == {"just now", "unread"}


def test_what_was_told_of_a_duty_that_is_done_counts_as_read(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)
    owed, done = carbide.owed(complaint, "begin-inquiry"), carbide.owed(complaint, "complete-complaint")
    Obligation.objects.filter(pk=done.pk).update(is_owed=False)
    for row in (owed, done):
        tidings = Tidings("position:sales_officer", Notice.Kind.REMINDER, f"alarm/o{row.pk}", complaint.pk, row.pk)
        tell(carbide.company.pk, [tidings], on=date(2026, 3, 2), at=complaint.entered_at)

    lay_aside(local(carbide, "2026-03-02 10:00"))

    unread = Notice.objects.filter(kind="reminder", read_at=None)
    assert list(unread.values_list("obligation", flat=True)) == [owed.pk]
