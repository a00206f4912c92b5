from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import (
    CauseClass,
    Channel,
    Complaint,
    InspectionResult,
    Remedy,
    Responsibility,
    Severity,
    State,
    Subject,
)
from luyue.ledger.models import Entry
from luyue.records.general import ACKNOWLEDGE, SIGN
from luyue.records.refusing import Refused
from tests.firms import PASSWORD, Firm


def registered(carbide: Firm, market: str = "domestic") -> Complaint:
    return complaint_is.register(
        Complaint(),
        by=carbide["sales_officer"],
        party=carbide.customer(market=market),
        channel=Channel.PHONE,
        what_happened="棒材端面崩刃,整批 200 支中 12 支有裂纹。",
        contact_name="周工",
        product=carbide.product(specification="YG8 φ6×330"),
        quantity=Decimal(200),
        delivered_on=date(2026, 2, 20),
        demand="换货",
        complaint_reason="来料检验发现裂纹",
    )


def test_only_sales_takes_a_complaint_down(carbide: Firm) -> None:
    with pytest.raises(Refused) as refused:
        complaint_is.register(
            Complaint(),
            by=carbide["warehouse_keeper"],
            party=carbide.customer(),
            channel=Channel.PHONE,
            what_happened="裂纹",
        )

    assert refused.value.codes == ("role",)
    assert not Complaint.objects.exists()
    assert not Entry.objects.filter(action="complaint.register").exists()


@pytest.mark.exercises("CARBIDE-10.3.4")
def test_a_domestic_complaint_has_ten_days_and_a_foreign_one_fifteen(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        domestic = registered(carbide)
        foreign = registered(carbide, market="overseas")

    assert carbide.local(carbide.owed(domestic, "complete-complaint").due_at) == "2026-03-13 00:00"
    assert carbide.local(carbide.owed(foreign, "complete-complaint").due_at) == "2026-03-18 00:00"


@pytest.mark.exercises("CARBIDE-10.3.1-1", "CARBIDE-10.3.1-2", "CARBIDE-10.3.2")
def test_a_complaint_goes_from_registration_to_closure(carbide: Firm) -> None:
    sales, quality, production = carbide["sales_officer"], carbide["quality_manager"], carbide["production_manager"]

    with carbide.at("2026-03-02 10:00"):
        complaint = registered(carbide)
    with carbide.at("2026-03-02 11:00"):
        complaint_is.classify(
            complaint,
            by=sales,
            cause_class=CauseClass.QUALITY,
            subject=Subject.PRODUCT_FUNCTION,
            severity=Severity.SERIOUS,
        )
        complaint_is.confirm_facts(complaint, by=sales, reasonable=True, note="照片与发货记录相符")
    with carbide.at("2026-03-02 15:00"):
        for person in (carbide["marketing_manager"], quality, production):
            ACKNOWLEDGE(complaint, by=person)
        complaint_is.record_finding(complaint, by=quality, finding="烧结曲线异常", opinion="我方责任")
        complaint_is.record_finding(complaint, by=production, finding="当班炉温偏高", opinion="同意")
        complaint_is.record_inspection(complaint, by=quality, inspection_result=InspectionResult.NONCONFORMING)
        complaint_is.determine_responsibility(
            complaint,
            by=quality,
            cause="烧结炉温偏高",
            responsibility=Responsibility.OURS,
            responsible_department=production.department,
        )
    with carbide.at("2026-03-03 09:00"):
        complaint_is.propose_remedy(
            complaint, by=sales, remedy=Remedy.EXCHANGE, remedy_detail="换货 200 支", settlement=Decimal(8000)
        )
        with pytest.raises(Refused) as refused:
            complaint_is.decide_remedy(complaint, by=carbide["marketing_manager"])
        assert "sign_off_missing" in refused.value.codes
        for person in (quality, production):
            SIGN.given(password=PASSWORD)(complaint, by=person, decision="agreed", opinion="同意换货")

    assert complaint.state == State.DECIDING
    assert complaint.number == "TS202603-001"
    assert carbide.owed(complaint, "establish-facts").status == "kept"
