"""Whoever is to be told of a running promise is told once, when the procedure says."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Complaint
from luyue.messaging.models import Notice
from luyue.records.models import Obligation
from luyue.sweep.alarms import give_alarms
from luyue.sweep.due import break_overdue
from tests.firms import Firm
from tests.sweep.cases import local, registered

ALARMS = ("reminder", "overdue")


def told(firm: Firm, complaint: Complaint, control: str) -> list[tuple[str, str]]:
    """Whom the alarms of a promise reached, in order."""
    names = {person.pk: position for position, person in firm.people.items()}
    rows = Notice.objects.filter(obligation=firm.owed(complaint, control), kind__in=ALARMS).order_by("pk")
    return [(names[row.employee_id], row.kind) for row in rows]


def test_nobody_is_told_before_the_time(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)

    give_alarms(local(carbide, "2026-03-03 10:00"))

    assert told(carbide, complaint, "complete-complaint") == []


def test_the_manager_is_reminded_and_then_the_deputy_general_manager_hears_of_it(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)

    give_alarms(local(carbide, "2026-03-11 00:00"))
    reminded = told(carbide, complaint, "complete-complaint")
    give_alarms(local(carbide, "2026-03-13 00:00"))

    assert reminded == [("marketing_manager", "reminder")]
    assert told(carbide, complaint, "complete-complaint") == [*reminded, ("deputy_gm", "overdue")]
    assert carbide.owed(complaint, "complete-complaint").next_alarm_at is None


def test_what_is_already_broken_still_gives_its_last_alarm(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)

    break_overdue(local(carbide, "2026-03-13 00:01"))
    give_alarms(local(carbide, "2026-03-13 00:01"))

    assert told(carbide, complaint, "complete-complaint") == [("deputy_gm", "overdue")]


def test_after_days_of_being_off_only_the_latest_alarm_is_told(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)

    give_alarms(local(carbide, "2026-03-20 09:00"))
    give_alarms(local(carbide, "2026-03-20 09:01"))

    assert told(carbide, complaint, "complete-complaint") == [("deputy_gm", "overdue")]


def test_a_clock_that_is_stopped_gives_no_alarm(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)
        complaint_is.withdraw(complaint, by=carbide["sales_officer"], reason="客户撤回")

    give_alarms(local(carbide, "2026-06-01 00:00"))

    assert not Notice.objects.filter(record=complaint, kind__in=ALARMS).exists()


def test_an_alarm_told_again_by_mistake_stays_one_notice(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)
    row = carbide.owed(complaint, "complete-complaint")
    give_alarms(local(carbide, "2026-03-11 00:00"))

    Obligation.objects.filter(pk=row.pk).update(alarmed_until=row.alarmed_until, next_alarm_at=row.next_alarm_at)
    give_alarms(local(carbide, "2026-03-11 00:00"))

    assert told(carbide, complaint, "complete-complaint") == [("marketing_manager", "reminder")]


def test_alarms_of_many_promises_cost_as_much_as_of_one(carbide: Firm) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            give_alarms(local(carbide, "2026-06-01 00:00"))
        return len(asked)

    with carbide.at("2026-03-02 10:00"):
        registered(carbide)
    one = statements()
    with carbide.at("2026-03-02 10:00"):
        for _ in range(5):
            registered(carbide)

    assert statements() == one


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_tell_everybody_once(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        for _ in range(6):
            registered(carbide)
    together = Barrier(2)

    def sweep() -> None:
        together.wait()
        give_alarms(local(carbide, "2026-06-01 00:00"))
        connections.close_all()

    sweepers = [Thread(target=sweep) for _ in range(2)]
    for each in sweepers:
        each.start()
    for each in sweepers:
        each.join()

    give_alarms(local(carbide, "2026-06-01 00:00"))
    rows = Notice.objects.filter(kind__in=ALARMS)
    assert rows.count() == rows.values("obligation", "employee").distinct().count()
    assert not Obligation.objects.filter(next_alarm_at__lte=local(carbide, "2026-06-01 00:00")).exists()
