"""What was promised and not done in time is broken, whoever looks and how often."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from luyue.complaints import actions as complaint_is
from luyue.records.models import Obligation, Record
from luyue.sweep import due
from luyue.sweep.due import break_overdue
from tests.firms import Firm
from tests.sweep.cases import local, registered


def test_a_promise_breaks_after_its_due_time_and_not_at_it(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)
    begin = carbide.owed(complaint, "begin-inquiry")

    break_overdue(begin.due_at)
    at_the_time = carbide.owed(complaint, "begin-inquiry").status
    break_overdue(begin.due_at + timedelta(microseconds=1))

    begin.refresh_from_db()
    assert at_the_time == "running"
    assert (begin.status, begin.settled_at, begin.is_owed, begin.done_at) == ("broken", begin.due_at, True, None)


def test_what_was_broken_is_not_broken_again(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        registered(carbide)

    assert break_overdue(local(carbide, "2026-03-05 00:00")) > 0
    assert break_overdue(local(carbide, "2026-03-05 00:00")) == 0


def test_what_is_paused_does_not_break(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)
    with carbide.at("2026-03-02 11:00"):
        complaint_is.classify(
            complaint,
            by=carbide["sales_officer"],
            cause_class="quality",
            subject="product_function",
            severity="serious",
        )
        complaint_is.confirm_facts(complaint, by=carbide["sales_officer"], reasonable=True, note="属实")
        complaint_is.wait_for_customer(complaint, by=carbide["sales_officer"], reason="等客户寄样")

    break_overdue(local(carbide, "2026-06-01 00:00"))

    assert carbide.owed(complaint, "determine-responsibility").status == "paused"
    assert carbide.owed(complaint, "complete-complaint").status == "broken"


def test_a_promise_of_a_finished_record_is_broken_and_no_longer_owed(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)
        row = carbide.owed(complaint, "begin-inquiry")
    with carbide.at("2026-03-02 11:00"):
        complaint_is.withdraw(complaint, by=carbide["sales_officer"], reason="客户撤回")
    # What a company still owes after the end, such as telling the result, runs on.
    Obligation.objects.filter(pk=row.pk).update(status="running", settled_at=None, is_owed=True)

    break_overdue(local(carbide, "2026-06-01 00:00"))

    row.refresh_from_db()
    assert (row.status, row.is_owed) == ("broken", False)


def test_many_are_broken_in_batches_of_equal_cost(carbide: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "BATCH", 3)
    with carbide.at("2026-03-02 10:00"):
        for _ in range(3):
            registered(carbide)
    running = Obligation.objects.filter(status="running", due_at__isnull=False).count()

    with CaptureQueriesContext(connection) as asked:
        broken = break_overdue(local(carbide, "2026-06-01 00:00"))

    batches = -(-running // 3)
    assert broken == running
    statements = [
        each["sql"] for each in asked if each["sql"].lstrip().startswith(("SELECT", "WITH", "UPDATE", "INSERT"))
    ]
    assert len(statements) == 4 * batches + 1


def test_only_what_is_due_is_read(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        registered(carbide)

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = due._overdue(local(carbide, "2026-03-05 00:00")).order_by("due_at", "id")[:500].explain()

    assert "running_by_due" in plan


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="on SQLite one writer waits for the other")
def test_a_record_on_which_somebody_is_at_work_is_left_alone(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        busy, free = registered(carbide), registered(carbide)
    at_work, swept = Barrier(2), Barrier(2)

    def work() -> None:
        with transaction.atomic():
            list(Record.objects.select_for_update().filter(pk=busy.pk))
            at_work.wait()
            swept.wait()
        connections.close_all()

    worker = Thread(target=work)
    worker.start()
    at_work.wait()
    break_overdue(local(carbide, "2026-03-05 00:00"))
    meanwhile = carbide.owed(busy, "begin-inquiry").status
    swept.wait()
    worker.join()
    break_overdue(local(carbide, "2026-03-05 00:00"))

    assert (meanwhile, carbide.owed(free, "begin-inquiry").status) == ("running", "broken")
    assert carbide.owed(busy, "begin-inquiry").status == "broken"


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_break_each_promise_once(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        for _ in range(6):
            registered(carbide)
    running = Obligation.objects.filter(status="running", due_at__isnull=False).count()
    together, broken = Barrier(2), []

    def sweep() -> None:
        together.wait()
        broken.append(break_overdue(local(carbide, "2026-06-01 00:00")))
        connections.close_all()

    sweepers = [Thread(target=sweep) for _ in range(2)]
    for each in sweepers:
        each.start()
    for each in sweepers:
        each.join()

    break_overdue(local(carbide, "2026-06-01 00:00"))
    assert sum(broken) == running
    assert not Obligation.objects.filter(status="running", due_at__isnull=False).exists()
