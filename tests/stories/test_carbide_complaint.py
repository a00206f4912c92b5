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
from tests.stories.telling import Tale, refused_at_registration

MONDAY = "2026-03-02 10:00"


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


def test_a_domestic_complaint_has_ten_days_and_a_foreign_one_fifteen(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        domestic = registered(carbide)
        foreign = registered(carbide, market="overseas")

    assert carbide.local(carbide.owed(domestic, "complete-complaint").due_at) == "2026-03-13 00:00"
    assert carbide.local(carbide.owed(foreign, "complete-complaint").due_at) == "2026-03-18 00:00"


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


@pytest.mark.exercises("CARBIDE-10.3.4")
@pytest.mark.parametrize(("market", "last_day", "due"), [
    ("domestic", "2026-03-12", "2026-03-13 00:00"),
    ("overseas", "2026-03-17", "2026-03-18 00:00"),
])  # fmt: skip
def test_a_case_closed_a_day_too_late_is_late_for_ever(carbide: Firm, market: str, last_day: str, due: str) -> None:
    prompt, late = (Tale(carbide, MONDAY, market=market).comes_to("ask_satisfaction", MONDAY) for _each in range(2))

    open_still = prompt.refused(f"{last_day} 16:00", "sales_officer", complaint_is.close)
    prompt.then(f"{last_day} 17:00", "marketing_manager", complaint_is.close)
    late.then(due.replace("00:00", "09:00"), "marketing_manager", complaint_is.close)

    assert open_still == ["role 10.5", "separate_persons 10.5"]
    assert set(prompt.owed("complete-complaint").values()) == {f"{due} kept"}
    assert set(late.owed("complete-complaint").values()) == {f"{due} broken"}


def test_who_is_told_that_ten_days_are_running_out(carbide: Firm) -> None:
    tale = Tale(carbide, "2026-03-02 00:00")

    assert tale.alarms("complete-complaint") == [
        ("2026-03-09 16:48", "position:marketing_manager"),
        ("2026-03-13 00:00", "position:deputy_gm"),
    ]


@pytest.mark.exercises("CARBIDE-10.3.1-1", "CARBIDE-10.3.1-2")
def test_product_quantity_date_demand_and_reason_are_found_and_reported_to_the_head_of_marketing(
    carbide: Firm,
) -> None:
    blank = {
        name: refused_at_registration(carbide, MONDAY, **{name: value})
        for name, value in {
            "specification": "",
            "quantity": None,
            "delivered_on": None,
            "demand": "",
            "complaint_reason": "",
        }.items()
    }
    prompt, late = Tale(carbide, MONDAY), Tale(carbide, MONDAY)

    by_quality = prompt.refused("2026-03-03 09:00", "quality_manager", complaint_is.confirm_facts)
    in_no_words = prompt.refused("2026-03-03 09:00", "sales_officer", complaint_is.confirm_facts, note="")
    prompt.then("2026-03-03 09:00", "sales_officer", complaint_is.confirm_facts)
    late.then("2026-03-04 09:00", "sales_officer", complaint_is.confirm_facts)
    prompt.acknowledge("2026-03-03 14:20", "marketing_manager", control="report-to-head-of-marketing")
    late.acknowledge("2026-03-04 14:40", "marketing_manager", control="report-to-head-of-marketing")

    assert set(map(tuple, blank.values())) == {("required_field 10.3.1",)}
    assert by_quality == ["role 10.3"]
    assert in_no_words == ["required_field 10.3.1"]
    assert set(prompt.owed("establish-facts").values()) == {"2026-03-04 00:00 kept"}
    assert set(late.owed("establish-facts").values()) == {"2026-03-04 00:00 broken"}
    assert prompt.owed("report-to-head-of-marketing") == {"position:marketing_manager": "2026-03-03 14:30 kept"}
    assert late.owed("report-to-head-of-marketing") == {"position:marketing_manager": "2026-03-04 14:30 broken"}


@pytest.mark.exercises("CARBIDE-10.3.2")
def test_quality_and_production_find_the_cause_verify_it_and_propose_together(carbide: Firm) -> None:
    prompt, late = (Tale(carbide, MONDAY).then(MONDAY, "sales_officer", complaint_is.classify) for _each in range(2))
    for tale in (prompt, late):
        tale.then(MONDAY, "sales_officer", complaint_is.confirm_facts)

    prompt.acknowledge("2026-03-03 17:00", "inspector", "production_manager", control="joint-inquiry")
    late.acknowledge("2026-03-04 09:00", "inspector", "production_manager", control="joint-inquiry")
    prompt.then("2026-03-04 09:00", "quality_manager", complaint_is.record_finding)
    inspected_by_production = prompt.refused("2026-03-04 10:00", "production_manager", complaint_is.record_inspection)
    alone = prompt.refused("2026-03-04 10:00", "quality_manager", complaint_is.determine_responsibility)
    prompt.then("2026-03-04 11:00", "production_manager", complaint_is.record_finding)
    prompt.then("2026-03-04 11:00", "inspector", complaint_is.record_inspection)
    judged_by_sales = prompt.refused("2026-03-05 10:00", "sales_officer", complaint_is.determine_responsibility)
    without_cause = prompt.refused(
        "2026-03-05 10:00", "quality_manager", complaint_is.determine_responsibility, cause=""
    )
    prompt.then("2026-03-06 17:00", "quality_manager", complaint_is.determine_responsibility)
    late.comes_to("determine_responsibility", "2026-03-09 09:00")
    prompt.then("2026-03-09 10:00", "sales_officer", complaint_is.propose_remedy)
    prompt.signs("2026-03-09 11:00", "quality_manager", "marketing_manager")
    one_signature = prompt.refused("2026-03-09 12:00", "marketing_manager", complaint_is.decide_remedy)
    without_opinion = prompt.refused("2026-03-09 12:00", "production_manager", SIGN, decision="agreed", opinion="")
    prompt.signs("2026-03-11 10:00", "production_manager")
    prompt.then("2026-03-11 11:00", "marketing_manager", complaint_is.decide_remedy)

    assert inspected_by_production == judged_by_sales == ["role 10.3.2"]
    assert alone == ["prerequisite_action 10.3.2", "prerequisite_action 10.3.2"]
    assert without_cause == ["required_field 10.3.2"]
    assert one_signature == ["sign_off_missing 10.3.2"]
    assert without_opinion == ["opinion 10.3.2"]
    assert prompt.owed("joint-inquiry") == {
        "department:quality_management": "2026-03-04 00:00 kept",
        "department:production_management": "2026-03-04 00:00 kept",
    }
    assert set(late.owed("joint-inquiry").values()) == {"2026-03-04 00:00 broken"}
    assert set(prompt.owed("determine-responsibility").values()) == {"2026-03-07 00:00 kept"}
    assert set(late.owed("determine-responsibility").values()) == {"2026-03-07 00:00 broken"}
    assert prompt.owed("joint-opinion") == {
        "position:quality_manager": "2026-03-11 00:00 kept",
        "position:production_manager": "2026-03-11 00:00 broken",
    }
