"""Complaints of the carbide company as the tests of passing time need them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Channel, Complaint
from tests.firms import Firm


def registered(firm: Firm, what_happened: str = "端面崩刃", occurred_at: datetime | None = None) -> Complaint:
    complaint: Complaint = complaint_is.register.given(occurred_at=occurred_at)(
        Complaint(),
        by=firm["sales_officer"],
        party=firm.customer(),
        channel=Channel.PHONE,
        what_happened=what_happened,
        contact_name="周工",
        product=firm.product(specification="YG8 φ6×330"),
        quantity=Decimal(200),
        delivered_on=date(2026, 2, 20),
        demand="换货",
        complaint_reason="来料检验发现裂纹",
    )
    return complaint


def local(firm: Firm, moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=firm.company.zone)
