"""kill -9: what was not acknowledged is gone without a trace, what was acknowledged is all there."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import pytest
from django.db import connection, connections

from luyue.complaints.models import Complaint
from luyue.ledger.models import Entry
from luyue.records.models import Counter, Obligation
from tests.faults.conftest import complaint_of, ledger_faults
from tests.firms import Firm

pytestmark = pytest.mark.django_db(transaction=True)


def killed_before(statement: str, deed: Callable[[], Any]) -> None:
    """Let another process begin the deed and kill it when it is about to send that statement to the database."""
    connections.close_all()
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_begin, args=(statement, deed, theirs))
    process.start()
    theirs.close()
    assert ours.poll(60), "the deed never came to that statement"
    assert ours.recv() == "there"
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join(30)
    assert process.exitcode == -signal.SIGKILL


def _begin(statement: str, deed: Callable[[], Any], ours: Connection) -> None:
    def stop_at(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if statement in sql:
            ours.send("there")
            time.sleep(60)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(stop_at):
        deed()
    ours.send("done")


@pytest.mark.parametrize(
    "statement",
    [
        'INSERT INTO "records_record"',
        'INSERT INTO "complaints_complaint"',
        'INSERT INTO "ledger_entry"',
        'INSERT INTO "records_obligation"',
        "INSERT INTO search_index",
    ],
)
def test_a_registration_killed_in_the_middle_has_never_been(carbide_for_many: Firm, statement: str) -> None:
    customer = carbide_for_many.customer()

    killed_before(statement, lambda: complaint_of(carbide_for_many, party=customer))

    assert not Complaint.objects.exists()
    assert not Counter.objects.exists()
    assert not Obligation.objects.exclude(record=None).exists()
    assert not Entry.objects.exclude(record_id=None).exists()
    assert complaint_of(carbide_for_many, party=customer).number.endswith("-001")
    assert ledger_faults(carbide_for_many) == []


def test_a_step_killed_in_the_middle_can_be_taken_again(carbide_for_many: Firm) -> None:
    from luyue.complaints import actions as complaint_is

    complaint = complaint_of(carbide_for_many)

    def answer() -> None:
        complaint_is.give_first_answer(
            complaint, by=carbide_for_many["sales_officer"], first_answer="已收到", channel="phone"
        )

    killed_before('INSERT INTO "ledger_entry"', answer)
    fresh = Complaint.objects.get()
    assert (fresh.version, fresh.first_answer, Entry.objects.filter(record_id=fresh.pk).count()) == (1, "", 1)
    answer()

    assert (complaint.version, complaint.first_answer) == (2, "已收到")
    assert ledger_faults(carbide_for_many) == []
