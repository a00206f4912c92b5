"""A company, somebody who works there, and what is needed to write into its ledger and to tamper with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import translation

from luyue.ledger import append_only, book
from luyue.ledger.anchors import Anchor
from luyue.ledger.models import Entry
from luyue.ledger.verification import Report, verify
from luyue.organization.models import Account, Company, Department, Employee
from luyue.records.models import Binding, Record

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

Write = Callable[..., Entry]


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(code="huarui", name="华锐减速机", name_en="Huarui Gears", short_name="华锐")


@pytest.fixture
def li(company: Company) -> Employee:
    department = Department.objects.create(company=company, code="service", name="售后服务部")
    account = Account.objects.create(username="li")
    return Employee.objects.create(
        company=company, account=account, department=department, name="李敏", joined_on=date(2020, 1, 1)
    )


@pytest.fixture
def write(company: Company, li: Employee) -> Write:
    """Write an entry into a chain of the company; minutes pass between one and the next."""
    minutes = iter(range(100_000))

    def write_entry(chain: str = "organization", action: str = "department.rename", **content: Any) -> Entry:
        at = MORNING + timedelta(minutes=next(minutes))
        return book.append_to(
            company_id=company.pk,
            chain=chain,
            action=action,
            by_id=li.pk,
            occurred_at=at,
            entered_at=at,
            **content,
        )

    return write_entry


@pytest.fixture
def complaint(company: Company, li: Employee) -> Record:
    """A record with two entries, standing as the last of them left it."""
    record = Record.objects.create(
        company=company,
        type="complaint",
        number="TS-2026-001",
        title="减速机漏油",
        state="assessed",
        owner=li,
        opened_at=MORNING,
        entered_at=MORNING,
        changed_at=MORNING,
        binding=Binding.objects.create(company=company, key="first"),
    )
    previous = ""
    for sequence, action in enumerate(("complaint.register", "complaint.assess"), start=1):
        entry = book.append(
            company_id=company.pk,
            chain=book.record_chain(record.pk),
            sequence=sequence,
            previous_hash=previous,
            record_id=record.pk,
            action=action,
            by_id=li.pk,
            occurred_at=MORNING,
            entered_at=MORNING,
            state_before="registered" if sequence == 2 else "",
            state_after="registered" if sequence == 1 else "assessed",
            facts={"severity": "serious"},
        )
        previous = entry.hash
    return record


def verified_after(
    tamper: Callable[[CursorWrapper], object], company: Company, anchors: Sequence[Anchor] = ()
) -> Report:
    """What a verification finds after somebody with full power over the database has tampered; then all is undone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            _disarm(cursor)
            tamper(cursor)
            _arm(cursor)
        report = verify(company, anchors)
        transaction.set_rollback(True)
    return report


def _disarm(cursor: CursorWrapper) -> None:
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
    else:
        append_only.lift(connection)


def _arm(cursor: CursorWrapper) -> None:
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    else:
        append_only.impose(connection)
