from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries  # noqa: F401
from django.test.utils import CaptureQueriesContext
from django.db import connection

from luyue.complaints.models import Complaint
from luyue.ledger.models import Entry
from luyue.parties.models import Party
from tests.api.conftest import Program, registered, said_about
from tests.firms import Firm


def test_a_complaint_is_registered_and_read_back(carbide: Firm, sales: Program, customer: Party) -> None:
    body = said_about(customer, quantity="200.5", delivered_on="2026-02-20", written=True)

    opened = sales.post("/complaints", body)

    assert opened.status_code == 201, opened.content.decode()
    receipt = opened.json()
    assert opened["Location"] == receipt["url"] == f"/api/v1/complaints/{receipt['id']}"
    assert opened["ETag"] == '"1"'
    found = sales.client.get(opened["Location"])
    said = found.json()
    assert (found.status_code, found["ETag"]) == (200, '"1"')
    assert (said["number"], said["state"], said["party"]) == (
        receipt["number"],
        "registered",
        {"number": customer.number, "name": customer.name},
    )
    assert (said["fields"]["quantity"], said["fields"]["delivered_on"], said["fields"]["written"]) == (
        "200.500",
        "2026-02-20",
        True,
    )
    assert "棒材端面崩刃" in found.content.decode()
    print(found.content.decode()[:3000])
    assert Complaint.objects.get().quantity == Decimal("200.5")
