"""A firm and its desk, to which things are done that ought not to happen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Channel, Complaint
from luyue.ledger import verification
from luyue.organization.models import Employee
from luyue.parties.models import Party
from luyue.records.models import Record
from luyue.rulebook.loading import SHIPPED, read_profile
from tests.api.conftest import Program
from tests.firms import Firm
from tests.site.conftest import elsewhere, free_port, pattern, start  # noqa: F401 - fixtures of those who start servers

NEW_COMPLAINT = "/r/complaints/new/"
SAID = {
    "what_happened": "棒材端面崩刃",
    "contact_name": "周工",
    "product_name": "硬质合金棒材",
    "specification": "YG8 φ6×330",
    "quantity": "200",
    "delivered_on": "2026-02-20",
    "demand": "换货",
    "complaint_reason": "来料检验发现裂纹",
}


class Desk:
    """The pages as one person of the firm uses them; faults come back as pages, as they do from a real server."""

    def __init__(self, employee: Employee, language: str = "en") -> None:
        self.client = Client(raise_request_exception=False)
        self.client.force_login(employee.account)
        self.client.cookies["django_language"] = language

    def open(self, address: str, **query: str) -> Any:
        return self.client.get(address, query)

    def do(self, record: Record, action: str, **said: Any) -> Any:
        return self.send(address_of(record, action), **said)

    def send(self, address: str, **said: Any) -> Any:
        return self.client.post(address, said)

    def register(self, number: str, **said: Any) -> Any:
        """Register a complaint of the customer with this number."""
        return self.send(NEW_COMPLAINT, **(a_call() | {"party": number} | said))


def a_call() -> dict[str, Any]:
    """What the form of a new complaint is sent with, but for the customer."""
    return {**SAID, "channel": "phone", "written": "no", "kind": "complaint"}


def address_of(record: Record, action: str = "") -> str:
    return f"/r/complaints/{record.pk}/" + (f"do/{action}/" if action else "")


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def complaint_of(firm: Firm, party: Party | None = None, **said: Any) -> Complaint:
    told = {**SAID, "quantity": Decimal(SAID["quantity"]), "delivered_on": date.fromisoformat(SAID["delivered_on"])}
    return complaint_is.register(
        Complaint(),
        by=firm["sales_officer"],
        party=party or firm.customer(),
        channel=Channel.PHONE,
        **(told | said),
    )


def program_of(firm: Firm, position: str = "sales_officer") -> Program:
    """Faults come back as answers, as they do from a real server."""
    made = Program(firm[position])
    made.client.raise_request_exception = False
    return made


def told(answer: Any, status: int, kind: str) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    said: dict[str, Any] = json.loads(answer.content)
    assert (said["status"], said["type"]) == (status, f"urn:luyue:problem:{kind}")
    assert said["instance"] == f"urn:luyue:request:{answer['X-Request-Id']}"
    assert len(answer["X-Request-Id"]) >= 8
    return said


def ledger_faults(firm: Firm) -> list[str]:
    return [finding.sentence for finding in verification.verify(firm.company).findings]


@pytest.fixture(scope="module")
def firm_of_the_file(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Firm]:
    """Set up once for all tests of a file; each test's own transaction lies inside this one."""
    quickly = override_settings(PASSWORD_HASHERS=["luyue.site.hashers.QuickArgon2PasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic(), quickly:
        yield Firm(read_profile(SHIPPED / "carbide"))
        transaction.set_rollback(True)


@pytest.fixture
def carbide(firm_of_the_file: Firm, db: None) -> Firm:
    return firm_of_the_file


@pytest.fixture
def carbide_for_many(transactional_db: None) -> Firm:
    """The same firm where several connections meet and everything is really committed."""
    return Firm(read_profile(SHIPPED / "carbide"))
