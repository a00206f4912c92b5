from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

import luyue
from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Channel, Complaint
from luyue.organization.models import Employee
from luyue.rulebook.loading import read_profile
from tests.firms import Firm

RULEBOOKS = Path(luyue.__file__).parent / "rulebooks"


@pytest.fixture
def cement(db: None) -> Firm:
    return Firm(read_profile(RULEBOOKS / "cement"))


@pytest.fixture
def carbide(db: None) -> Firm:
    return Firm(read_profile(RULEBOOKS / "carbide"))


@pytest.fixture
def seen_by() -> Callable[[Employee], Client]:
    """A browser in which this employee is signed in."""

    def sign_in(employee: Employee) -> Client:
        client = Client()
        client.force_login(employee.account)
        return client

    return sign_in


@pytest.fixture
def complaint_of() -> Callable[..., Complaint]:
    """A complaint that carbide's sales officer has just taken down."""

    def register(firm: Firm, what: str = "棒材端面崩刃", **more: object) -> Complaint:
        said = {
            "contact_name": "周工",
            "demand": "换货",
            "complaint_reason": "裂纹",
            "product_name": "棒材",
            "specification": "YG8",
            "quantity": 12,
            "delivered_on": firm.today(),
            **more,
        }
        return complaint_is.register(
            Complaint(),
            by=firm["sales_officer"],
            party=firm.customer(),
            channel=Channel.PHONE,
            what_happened=what,
            **said,
        )

    return register
