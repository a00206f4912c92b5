"""A company with its people, and programs that call the API in the name of one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

import luyue
from luyue.api.tokens import issue
from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Channel, Complaint
from luyue.organization.clock import now
from luyue.organization.models import Employee
from luyue.parties.models import Party
from luyue.rulebook.loading import read_profile
from tests.firms import Firm

RULEBOOKS = Path(luyue.__file__).parent / "rulebooks"
LAST_DAY = date(2099, 12, 31)

Answer = Any


class Program:
    """Calls the API with the token of one employee."""

    def __init__(self, employee: Employee) -> None:
        self.token, self.secret = issue(employee, name="ERP", by=None, at=now(), expires_on=LAST_DAY)
        self.client = Client(
            raise_request_exception=True, headers={"Authorization": f"Bearer {self.secret}", "Accept-Language": "en"}
        )

    def get(self, address: str, **query: Any) -> Answer:
        return self.client.get(f"/api/v1{address}", query)

    def post(self, address: str, body: Any, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1{address}", body, content_type="application/json", headers=named)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def carbide(db: None) -> Firm:
    return Firm(read_profile(RULEBOOKS / "carbide"))


@pytest.fixture
def mining(db: None) -> Firm:
    return Firm(read_profile(RULEBOOKS / "mining"))


@pytest.fixture
def called_by() -> Callable[[Employee], Program]:
    return Program


@pytest.fixture
def sales(carbide: Firm) -> Program:
    return Program(carbide["sales_officer"])


@pytest.fixture
def customer(carbide: Firm) -> Party:
    return carbide.customer()


def registered(firm: Firm, customer: Party, words: str = "棒材端面崩刃") -> Complaint:
    return complaint_is.register(
        Complaint(),
        by=firm["sales_officer"],
        party=customer,
        channel=Channel.PHONE,
        what_happened=words,
        contact_name="周工",
        product_name="硬质合金棒材",
        specification="YG8 φ6×330",
        demand="换货",
        complaint_reason="来料检验发现裂纹",
    )


def said_about(customer: Party, **more: Any) -> dict[str, Any]:
    """What a program sends to register a complaint."""
    return {
        "party": customer.number,
        "channel": "phone",
        "what_happened": "棒材端面崩刃,整批 12 支有裂纹。",
        "contact_name": "周工",
        "product_name": "硬质合金棒材",
        "specification": "YG8 φ6×330",
        "demand": "换货",
        "complaint_reason": "来料检验发现裂纹",
        **more,
    }
