"""The database cannot be reached, is kept busy or is full: a program is told so, and nothing is half written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from luyue.complaints.models import Complaint
from luyue.records.models import Counter
from tests.faults.conftest import SAID, complaint_of, ledger_faults, program_of, told
from tests.faults.test_full_database import no_more_pages, on_sqlite
from tests.firms import Firm


@contextmanager
def nowhere_to_be_found() -> Iterator[None]:
    """The database's file, or its server's socket, lies where there is nothing."""
    connection.close()
    name = "NAME" if connection.vendor == "sqlite" else "HOST"
    known = connection.settings_dict[name]
    connection.settings_dict[name] = "/nowhere/at/all"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict[name] = known


def test_a_database_that_is_not_there_is_said_to_be_so(carbide_for_many: Firm) -> None:
    program = program_of(carbide_for_many)

    with nowhere_to_be_found():
        answers = [program.get("/complaints"), program.post("/complaints", SAID), program.get("/nothing")]

    for answer in answers:
        assert "send it again in a minute" in told(answer, 503, "busy")["detail"]
        assert answer["Retry-After"] == "30"
    assert program.get("/complaints").status_code == 200


def test_a_database_that_is_kept_busy_is_said_to_be_busy(carbide_for_many: Firm) -> None:
    complaint = complaint_of(carbide_for_many)
    program = program_of(carbide_for_many)
    (found,) = program.get("/complaints").json()["items"]
    address, said = found["url"].removeprefix("/api/v1"), {"first_answer": "已收到", "channel": "phone"}
    held = connection.copy()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50" if connection.vendor == "sqlite" else "SET lock_timeout = '50ms'")
    with held.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE" if held.vendor == "sqlite" else "BEGIN")
        cursor.execute("UPDATE records_record SET title = title")
        busy = program.post(f"{address}/actions/give_first_answer", said, Idempotency_Key="erp-9")
        cursor.execute("ROLLBACK")
    held.close()
    again = program.post(f"{address}/actions/give_first_answer", said, Idempotency_Key="erp-9")
    connection.close()

    told(busy, 503, "busy")
    assert (again.status_code, "Idempotent-Replayed" in again) == (200, False)
    assert found["number"] == complaint.number


@on_sqlite
def test_a_full_database_takes_nothing_and_can_still_be_read(carbide_for_many: Firm) -> None:
    customer = carbide_for_many.customer()
    program = program_of(carbide_for_many)
    body = {**SAID, "party": customer.number, "what_happened": "裂纹" * 9000}

    with no_more_pages():
        full = program.post("/complaints", body)
        read = program.get("/complaints")

    assert "disk is full" in told(full, 507, "no-room")["detail"]
    assert read.status_code == 200
    assert not Complaint.objects.exists()
    assert not Counter.objects.exists()
    assert ledger_faults(carbide_for_many) == []
