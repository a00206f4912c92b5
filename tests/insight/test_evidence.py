"""What stands behind a clause's figures can be opened, whether a promise or a step."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

import luyue
from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Channel, Complaint
from luyue.records.models import Obligation
from luyue.rulebook.loading import read_profile
from luyue.sweep.due import break_overdue
from tests.firms import Firm

RULEBOOKS = Path(luyue.__file__).parent / "rulebooks"


@pytest.fixture
def carbide(db: None) -> Firm:
    return Firm(read_profile(RULEBOOKS / "carbide"))


def read(firm: Firm, address: str) -> str:
    client = Client()
    client.force_login(firm["quality_manager"].account)
    return client.get(address).content.decode()


def registered(firm: Firm) -> Complaint:
    return complaint_is.register(
        Complaint(),
        by=firm["sales_officer"],
        party=firm.customer(),
        channel=Channel.PHONE,
        what_happened="棒材端面崩刃",
        contact_name="周工",
        demand="换货",
        complaint_reason="裂纹",
        product_name="棒材",
        specification="YG8",
        quantity=12,
        delivered_on=firm.today(),
    )


def test_a_clause_that_governs_a_step_shows_each_time_it_was_taken(carbide: Firm) -> None:
    said = registered(carbide)
    governing = next(
        each.number
        for each in read_profile(RULEBOOKS / "carbide").documents[0].clauses
        for entry in each.controls
        if entry.kind == "required_fields" and entry.control.action == "complaint.register"
    )

    page = read(carbide, f"/conformity/GJ-YX-05/{governing}/")

    assert said.number in page
    assert "无证据" not in page
    assert said.number not in read(carbide, f"/conformity/GJ-YX-05/{governing}/?standing=late")


def test_what_was_never_done_and_what_was_done_late_are_two_lists(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        said = registered(carbide)
    promise = Obligation.objects.filter(record_id=said.pk, record__isnull=False).exclude(due_at=None).first()
    assert promise is not None
    break_overdue(promise.due_at.replace(year=2027))
    address = f"/conformity/{promise.procedure}/{promise.clause}/?since=2026-01-01&until=2026-12-31"

    assert said.number in read(carbide, f"{address}&standing=broken")
    assert said.number not in read(carbide, f"{address}&standing=late")
