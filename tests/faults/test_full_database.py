"""The database can or will not write: the page says so, and what was typed stays in the form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from luyue.complaints.models import Complaint
from luyue.records.models import Counter
from tests.faults.conftest import Desk, complaint_of, ledger_faults, text_of
from tests.firms import Firm

TYPED = "整批两百支中十二支有裂纹"

on_sqlite = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL's disk cannot be filled for one connection"
)


@contextmanager
def no_more_pages() -> Iterator[None]:
    """SQLite may not make its file larger, as if the disk were full."""
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@on_sqlite
def test_a_full_database_takes_nothing_and_keeps_what_was_typed(carbide_for_many: Firm) -> None:
    customer = carbide_for_many.customer()
    desk = Desk(carbide_for_many["sales_officer"])

    with no_more_pages():
        answer = desk.register(customer.number, what_happened=TYPED * 700)
        work = desk.open("/")

    assert (answer.status_code, work.status_code) == (507, 200)
    assert "disk is full" in text_of(answer)
    assert TYPED * 700 in text_of(answer)
    assert not Complaint.objects.exists()
    assert not Counter.objects.exists()
    assert ledger_faults(carbide_for_many) == []


@on_sqlite
def test_a_record_can_still_be_read_when_nothing_can_be_written(carbide_for_many: Firm) -> None:
    complaint = complaint_of(carbide_for_many)
    desk = Desk(carbide_for_many["quality_manager"])

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        answer = desk.open(f"/r/complaints/{complaint.pk}/")
        cursor.execute("PRAGMA query_only = OFF")

    assert answer.status_code == 200
    assert complaint.number in text_of(answer)


def test_a_database_that_is_kept_busy_is_said_to_be_busy(carbide_for_many: Firm) -> None:
    complaint = complaint_of(carbide_for_many)
    desk = Desk(carbide_for_many["sales_officer"])
    held = connection.copy()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50" if connection.vendor == "sqlite" else "SET lock_timeout = '50ms'")
    with held.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE" if held.vendor == "sqlite" else "BEGIN")
        cursor.execute("UPDATE records_record SET title = title")
        answer = desk.do(complaint, "give_first_answer", first_answer=TYPED, channel="phone")
        cursor.execute("ROLLBACK")
    held.close()
    again = desk.do(complaint, "give_first_answer", first_answer=TYPED, channel="phone")
    connection.close()

    assert (answer.status_code, again.status_code) == (503, 302)
    assert "send it again in a minute" in text_of(answer)
    assert TYPED in text_of(answer)
