"""The library's procedure on consumer goods: every call goes to the department that can help, grave ones to the top."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from luyue.records.general import ACKNOWLEDGE, OVERRIDE
from tests.firms import Firm, FirmOf
from tests.stories.telling import Tale, refused_at_registration

MONDAY = "2026-03-02 10:00"
TUESDAY = "2026-03-03 10:00"


@pytest.fixture
def shop(adopting: FirmOf) -> Firm:
    return adopting("consumer-after-sales")


def received_by(shop: Firm, subject: str, people: tuple[str, ...], receivers: set[str]) -> None:
    """A complaint about the subject goes to the receivers, who have one working day to confirm it."""
    control = f"subject-{subject.replace('_', '-')}"
    prompt, late = Tale(shop, MONDAY, subject=subject), Tale(shop, MONDAY, subject=subject)
    unclassified = prompt.refused(MONDAY, "after_sales_officer", a.classify, subject="")
    for tale in (prompt, late):
        tale.then(MONDAY, "after_sales_officer", a.classify)

    by_reception = prompt.refused(MONDAY, "service_receptionist", ACKNOWLEDGE)
    prompt.acknowledge("2026-03-03 17:00", *people, control=control)
    late.acknowledge("2026-03-04 09:00", *people, control=control)

    assert unclassified == ["required_field 3.5"]
    assert by_reception == ["nothing_to_acknowledge"]
    assert prompt.owed(control) == dict.fromkeys(receivers, "2026-03-04 00:00 kept")
    assert late.owed(control) == dict.fromkeys(receivers, "2026-03-04 00:00 broken")


@pytest.mark.exercises("AFTERSALES-RETAIL-3.5")
def test_questions_of_quality_go_to_research_production_and_the_technical_department(shop: Firm) -> None:
    received_by(
        shop,
        "product_function",
        ("rd_manager", "production_manager", "technical_manager"),
        {"department:rd", "department:production", "department:technical"},
    )
    tale = Tale(shop, MONDAY).then(MONDAY, "after_sales_officer", a.classify)

    assert tale.refused(TUESDAY, "service_receptionist", a.record_finding) == ["role 3.5"]


@pytest.mark.exercises("AFTERSALES-RETAIL-3.6")
def test_broken_packaging_goes_to_the_warehouse(shop: Firm) -> None:
    received_by(shop, "packaging", ("warehouse_manager",), {"department:warehouse"})


@pytest.mark.exercises("AFTERSALES-RETAIL-3.7")
def test_the_attitude_of_staff_goes_to_marketing(shop: Firm) -> None:
    received_by(shop, "staff", ("marketing_manager",), {"department:marketing"})


@pytest.mark.exercises("AFTERSALES-RETAIL-3.8")
def test_complaints_about_dealers_are_coordinated_by_the_after_sales_manager(shop: Firm) -> None:
    received_by(shop, "dealer", ("after_sales_manager",), {"position:after_sales_manager"})


@pytest.mark.exercises(
    "AFTERSALES-RETAIL-3.1", "AFTERSALES-RETAIL-3.3-1", "AFTERSALES-RETAIL-3.3-2", "AFTERSALES-RETAIL-3.3-3"
)
def test_every_contact_is_registered_forwarded_and_when_urgent_reported(shop: Firm) -> None:
    without_channel = refused_at_registration(shop, MONDAY, channel="")
    nameless = refused_at_registration(shop, MONDAY, contact_name="")
    by_marketing = refused_at_registration(shop, MONDAY, "marketing_manager")
    prompt, late = Tale(shop, MONDAY), Tale(shop, MONDAY, channel="letter", kind="opinion")
    officer = shop["after_sales_officer"]

    forwarded_by_marketing = prompt.refused(MONDAY, "marketing_manager", a.forward, to_department=officer.department)
    prompt.then(MONDAY, "service_receptionist", a.forward, to_department=officer.department, to_person=officer)
    prompt.acknowledge("2026-03-03 17:00", "after_sales_officer", control="to-the-responsible")
    late.acknowledge("2026-03-04 09:00", "after_sales_officer", control="to-the-responsible")
    reported_by_marketing = prompt.refused(TUESDAY, "marketing_manager", a.report_upwards)
    for tale in (prompt, late):
        tale.then(TUESDAY, "service_receptionist", a.report_upwards)
    prompt.acknowledge("2026-03-03 11:50", "after_sales_manager", "leader", control="urgent")
    late.acknowledge("2026-03-03 12:10", "after_sales_manager", "leader", control="urgent")

    assert without_channel == ["required_field 3.1"]
    assert nameless == ["required_field 3.3"]
    assert by_marketing == forwarded_by_marketing == reported_by_marketing == ["role 3.3"]
    assert prompt.record.owner == officer
    assert prompt.owed("to-the-responsible") == {"department:after_sales": "2026-03-04 00:00 kept"}
    assert late.owed("to-the-responsible") == {"department:after_sales": "2026-03-04 00:00 broken"}
    assert set(prompt.owed("urgent").values()) == {"2026-03-03 12:00 kept"}
    assert set(late.owed("urgent").values()) == {"2026-03-03 12:00 broken"}


@pytest.mark.exercises("AFTERSALES-RETAIL-2.2")
def test_the_service_organisation_handles_opinions_complaints_and_returns(shop: Firm) -> None:
    tale = Tale(shop, MONDAY, remedy="exchange")

    by_reception = tale.refused(MONDAY, "service_receptionist", a.classify)
    tale.comes_to("classify", MONDAY)
    judged_by_the_officer = tale.refused(MONDAY, "after_sales_officer", a.determine_responsibility)
    tale.then(MONDAY, "after_sales_manager", a.determine_responsibility).comes_to("propose_remedy", TUESDAY)
    decided_by_the_officer = tale.refused(TUESDAY, "after_sales_officer", a.decide_remedy)
    tale.comes_to("decide_remedy", "2026-03-03 11:00")
    carried_out_by_the_store = tale.refused("2026-03-03 12:00", "warehouse_manager", a.carry_out)
    tale.then("2026-03-03 12:00", "after_sales_officer", a.carry_out)

    assert by_reception == judged_by_the_officer == decided_by_the_officer == carried_out_by_the_store == ["role 2.2"]
    assert tale.state() == "confirming"


@pytest.mark.exercises("AFTERSALES-RETAIL-3.4")
def test_a_complaint_may_go_to_the_next_level_up(shop: Firm) -> None:
    by_production = refused_at_registration(shop, MONDAY, "production_manager")
    to_the_superior, to_the_leader = Tale(shop, MONDAY, "after_sales_manager"), Tale(shop, MONDAY, "leader")
    prompt, late = (each.comes_to("classify", MONDAY) for each in (to_the_superior, to_the_leader))

    by_reception = prompt.refused(TUESDAY, "service_receptionist", a.report_disagreement)
    for tale in (prompt, late):
        tale.then(TUESDAY, "after_sales_officer", a.report_disagreement)
    settled_by_the_manager = prompt.refused("2026-03-03 11:00", "after_sales_manager", a.settle_disagreement)
    prompt.acknowledge("2026-03-04 17:00", "leader", control="next-level")
    late.acknowledge("2026-03-05 09:00", "leader", control="next-level")
    prompt.then("2026-03-04 17:10", "leader", a.settle_disagreement)
    late.then("2026-03-05 17:10", "general_manager", a.settle_disagreement)

    assert by_production == ["role 3.3"]
    assert by_reception == settled_by_the_manager == ["role 3.4"]
    assert prompt.owed("next-level") == {"position:leader": "2026-03-05 00:00 kept"}
    assert late.owed("next-level") == {"position:leader": "2026-03-05 00:00 broken"}


@pytest.mark.exercises("AFTERSALES-RETAIL-3.9-1")
def test_a_crisis_reaches_the_leaders_in_two_hours_and_is_met_about(shop: Firm) -> None:
    leaders = ("general_manager", "leader", "after_sales_manager")
    prompt, late = (Tale(shop, MONDAY, special="special_case") for _each in range(2))
    for tale in (prompt, late):
        tale.then(MONDAY, "after_sales_officer", a.classify)

    prompt.acknowledge("2026-03-02 11:50", *leaders, control="special-case")
    late.acknowledge("2026-03-02 12:10", *leaders, control="special-case")
    prompt.comes_to("propose_remedy", "2026-03-02 13:00")
    undiscussed = prompt.refused(TUESDAY, "after_sales_manager", a.decide_remedy)
    held_by_the_manager = prompt.refused(TUESDAY, "after_sales_manager", a.hold_meeting)
    set_aside_by_the_leader = prompt.refused(
        TUESDAY, "leader", OVERRIDE, **prompt.override_of("special-case-discussed", a.decide_remedy)
    )
    prompt.then(TUESDAY, "leader", a.hold_meeting).then(TUESDAY, "after_sales_manager", a.decide_remedy)

    assert undiscussed == ["prerequisite_action 3.9"]
    assert held_by_the_manager == ["role 3.4"]
    assert set_aside_by_the_leader == ["role"]
    assert prompt.owed("special-case") == {f"position:{each}": "2026-03-02 12:00 kept" for each in leaders}
    assert late.owed("special-case") == {f"position:{each}": "2026-03-02 12:00 broken" for each in leaders}


@pytest.mark.exercises("AFTERSALES-RETAIL-3.9-2")
def test_what_comes_back_again_becomes_an_individual_case(shop: Firm) -> None:
    customer, kettle = shop.customer(), shop.product("电水壶")
    first = Tale(shop, "2025-10-13 10:00", party=customer, product=kettle)
    again, late = (Tale(shop, MONDAY, party=customer, product=kettle, special="individual_case") for _each in range(2))
    for tale in (first, again, late):
        tale.then(MONDAY, "after_sales_officer", a.classify)

    again.acknowledge("2026-03-03 17:00", "leader", control="individual-case")
    late.acknowledge("2026-03-04 09:00", "leader", control="individual-case")
    months_later = Tale(shop, "2026-10-13 10:00", party=customer, product=kettle)

    assert again.record.repeats_id == first.record.pk
    assert months_later.record.repeats is None
    assert first.owed("individual-case") == {}
    assert again.owed("individual-case") == {"position:leader": "2026-03-04 00:00 kept"}
    assert late.owed("individual-case") == {"position:leader": "2026-03-04 00:00 broken"}


@pytest.mark.exercises("AFTERSALES-RETAIL-3.10-1", "AFTERSALES-RETAIL-3.10-2")
def test_every_call_is_replied_to_and_a_good_idea_rewarded(shop: Firm) -> None:
    prompt, late = Tale(shop, MONDAY, kind="suggestion"), Tale(shop, MONDAY)

    by_marketing = prompt.refused(MONDAY, "marketing_manager", a.give_first_answer)
    prompt.then("2026-03-03 09:50", "service_receptionist", a.give_first_answer)
    late.then("2026-03-03 10:10", "service_receptionist", a.give_first_answer)
    prompt.comes_to("ask_satisfaction", "2026-03-03 11:00")
    without_reply = prompt.refused("2026-03-04 10:00", "after_sales_manager", a.close)
    told_by_marketing = prompt.refused("2026-03-04 10:00", "marketing_manager", a.tell_result)
    rewarded_by_reception = prompt.refused("2026-03-04 10:00", "service_receptionist", a.reward_suggestion)
    prompt.then("2026-03-04 10:00", "marketing_manager", a.reward_suggestion)
    prompt.then("2026-03-04 11:00", "after_sales_officer", a.tell_result)
    prompt.then("2026-03-04 12:00", "after_sales_manager", a.close)

    assert by_marketing == ["role 3.3"]
    assert without_reply == ["prerequisite_action 3.10"]
    assert told_by_marketing == rewarded_by_reception == ["role 3.10"]
    assert set(prompt.owed("reply").values()) == {"2026-03-03 10:00 kept"}
    assert set(late.owed("reply").values()) == {"2026-03-03 10:00 broken"}
