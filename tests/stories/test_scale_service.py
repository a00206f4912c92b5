"""The after-sales procedure of the scale company: calls are registered, forwarded, charged or free, and followed up."""

from __future__ import annotations

from datetime import date

import pytest

from luyue.complaints import actions as a
from luyue.organization.models import Position, Tenure
from luyue.organization.staff import give_position
from luyue.records import clock
from luyue.records.general import ACKNOWLEDGE, SIGN
from luyue.records.models import Obligation
from tests.firms import Firm
from tests.stories.telling import Tale, refused_at_registration

MONDAY = "2026-03-02 10:00"
TUESDAY = "2026-03-03 10:00"


def classified(scale: Firm, **facts: object) -> Tale:
    """A call of Monday at ten, classified at once."""
    return Tale(scale, MONDAY, **facts).then(MONDAY, "after_sales_manager", a.classify)


@pytest.mark.exercises("SCALE-SERVICE-2.1")
def test_the_after_sales_centre_accepts_complaints_and_sees_them_through(scale: Firm) -> None:
    by_sales = refused_at_registration(scale, MONDAY, "salesperson")
    tale = Tale(scale, MONDAY, "service_receptionist")

    confirmed_by_quality = tale.refused(MONDAY, "quality_manager", a.confirm_facts)
    tale.then(MONDAY, "repair_technician", a.confirm_facts)
    tale.comes_to("determine_responsibility", "2026-03-02 11:00")
    proposed_by_quality = tale.refused(TUESDAY, "quality_manager", a.propose_remedy)
    tale.then(TUESDAY, "repair_supervisor", a.propose_remedy).signs(TUESDAY, "after_sales_manager")
    tale.then("2026-03-03 11:00", "sales_company_manager", a.decide_remedy)
    told_by_sales = tale.refused("2026-03-03 11:30", "salesperson", a.tell_result)
    carried_out_by_sales = tale.refused("2026-03-03 11:30", "salesperson", a.carry_out)
    tale.then("2026-03-03 11:40", "service_receptionist", a.tell_result, a.carry_out)

    assert by_sales == confirmed_by_quality == proposed_by_quality == ["role 2.1"]
    assert told_by_sales == carried_out_by_sales == ["role 2.1"]
    assert tale.state() == "confirming"


@pytest.mark.exercises("SCALE-SERVICE-3.1", "SCALE-SERVICE-3.3-1", "SCALE-RECORDS-7.4")
def test_every_call_letter_and_visit_is_registered_in_detail(scale: Firm) -> None:
    without_kind = refused_at_registration(scale, MONDAY, kind="")
    without_phone = refused_at_registration(scale, MONDAY, contact_phone="")
    without_words = refused_at_registration(scale, MONDAY, what_happened="")
    without_place = refused_at_registration(scale, MONDAY, site_address="")
    call, letter = Tale(scale, MONDAY, channel="phone"), Tale(scale, MONDAY, channel="letter")
    struck = Tale(scale, MONDAY, channel="visit", site_address="", struck_through={"site_address": "N/A：来访自提"})

    assert without_kind == ["required_field 3.1"]
    assert without_words == ["required_field 3.3"]
    assert without_phone == without_place == ["required_field 3.3", "required_field 7.5"]
    assert [each.record.channel for each in (call, letter, struck)] == ["phone", "letter", "visit"]
    assert struck.record.struck_through == {"site_address": "N/A：来访自提"}
    assert "WH-XS-04-04" in call.prints("service_receptionist", MONDAY)


@pytest.mark.exercises("SCALE-SERVICE-3.3-2")
def test_a_call_is_forwarded_and_the_marketing_supervisor_told(scale: Firm) -> None:
    prompt, late = Tale(scale, MONDAY, "service_receptionist"), Tale(scale, MONDAY, "service_receptionist")
    repair = scale["repair_supervisor"]

    by_the_technician = prompt.refused(MONDAY, "repair_technician", a.forward, to_department=repair.department)
    prompt.then(MONDAY, "service_receptionist", a.forward, to_department=repair.department, to_person=repair)
    prompt.acknowledge("2026-03-02 15:20", "after_sales_manager")
    late.acknowledge("2026-03-02 15:40", "after_sales_manager")

    assert by_the_technician == ["role 3.3"]
    assert prompt.record.owner == repair
    assert prompt.owed("to-the-responsible") == {"position:after_sales_manager": "2026-03-02 15:30 kept"}
    assert late.owed("to-the-responsible") == {"position:after_sales_manager": "2026-03-02 15:30 broken"}
    assert prompt.owed("tell-marketing-supervisor") == {"position:marketing_supervisor": "kept"}


@pytest.mark.exercises("SCALE-SERVICE-3.3-2")
def test_a_supervisor_who_is_not_there_has_not_been_told(scale: Firm) -> None:
    Tenure.objects.filter(position__code="marketing_supervisor").update(until=date(2026, 2, 27))
    tale = Tale(scale, MONDAY)
    told_nobody = tale.owed("tell-marketing-supervisor")
    with scale.at("2026-03-05 09:00"):
        give_position(
            scale["salesperson"],
            Position.objects.get(company=scale.company, code="marketing_supervisor"),
            by=None,
            at=clock.now(),
            since=date(2026, 3, 5),
        )
    [row] = Obligation.objects.filter(record_id=tale.record.pk, control__endswith="/tell-marketing-supervisor")
    tale.then("2026-03-05 10:00", "salesperson", ACKNOWLEDGE, control=row.control, receiver=row.owner)
    row.refresh_from_db()

    assert told_nobody == {"position:marketing_supervisor": "2026-03-02 10:00 broken"}
    assert (row.status, scale.local(row.done_at)) == ("broken", "2026-03-05 10:00")


@pytest.mark.exercises("SCALE-SERVICE-3.4-1")
def test_whether_service_is_paid_or_free_is_settled_within_a_working_day(scale: Firm) -> None:
    prompt, late = Tale(scale, MONDAY), Tale(scale, MONDAY)

    by_reception = prompt.refused("2026-03-02 11:00", "service_receptionist", a.classify)
    unsettled = prompt.refused("2026-03-02 11:00", "after_sales_manager", a.classify, charge="")
    prompt.then("2026-03-03 17:00", "repair_supervisor", a.classify)
    late.then("2026-03-04 09:00", "repair_supervisor", a.classify)

    assert by_reception == ["role 3.4"]
    assert unsettled == ["required_field 3.4"]
    assert prompt.owed("settle-charge") == {"position:after_sales_manager": "2026-03-04 00:00 kept"}
    assert late.owed("settle-charge") == {"position:after_sales_manager": "2026-03-04 00:00 broken"}
    assert prompt.owed("tell-charge") == {
        "position:repair_supervisor": "kept",
        "position:service_receptionist": "kept",
        "position:marketing_supervisor": "kept",
    }


@pytest.mark.exercises("SCALE-SERVICE-3.4-2")
def test_paid_service_waits_for_the_marketing_supervisor(scale: Firm) -> None:
    tale, free = classified(scale, charge="paid"), classified(scale)
    sent = {"person": scale["repair_technician"]}

    unconfirmed = tale.refused("2026-03-02 11:00", "repair_supervisor", a.send_to_site, **sent)
    by_the_manager = tale.refused("2026-03-02 11:00", "sales_company_manager", SIGN, decision="agreed")
    tale.signs("2026-03-02 12:00", "marketing_supervisor")
    tale.then("2026-03-02 14:00", "repair_supervisor", a.send_to_site, **sent)
    tale.comes_to("propose_remedy", TUESDAY).signs("2026-03-03 14:00", "after_sales_manager")
    remedy_unconfirmed = tale.refused("2026-03-03 15:00", "sales_company_manager", a.decide_remedy)
    tale.signs("2026-03-05 09:00", "marketing_supervisor")
    tale.then("2026-03-05 10:00", "sales_company_manager", a.decide_remedy)

    assert unconfirmed == remedy_unconfirmed == ["sign_off_missing 3.4"]
    assert by_the_manager == ["nothing_to_sign"]
    assert tale.owed("paid-visit-confirmed") == {"position:marketing_supervisor": "2026-03-04 00:00 kept"}
    assert tale.owed("paid-service-confirmed") == {"position:marketing_supervisor": "2026-03-05 00:00 broken"}
    assert free.owed("paid-visit-confirmed") == {}


@pytest.mark.exercises("SCALE-SERVICE-3.5-1", "SCALE-SERVICE-3.5-2")
def test_experts_are_called_to_the_site_or_the_failure_is_reported(scale: Firm) -> None:
    sent, reported, late = (classified(scale, experts_needed=True, on_site_needed=True) for _each in range(3))
    departments = ("rd_manager", "production_manager", "quality_manager")

    by_reception = sent.refused("2026-03-02 11:00", "service_receptionist", a.send_to_site)
    reported_by_reception = sent.refused("2026-03-02 11:00", "salesperson", a.report_upwards)
    sent.acknowledge("2026-03-02 15:20", *departments, control="call-experts")
    late.acknowledge("2026-03-02 15:40", *departments, control="call-experts")
    sent.then("2026-03-03 16:00", "repair_supervisor", a.send_to_site, person=scale["rd_manager"])
    reported.then("2026-03-03 16:00", "repair_supervisor", a.report_upwards)
    reported.acknowledge("2026-03-04 16:00", "supervising_leader")
    late.then("2026-03-04 09:00", "repair_supervisor", a.report_upwards)
    late.acknowledge("2026-03-06 09:00", "supervising_leader")
    arrived_by_sales = sent.refused("2026-03-04 10:00", "salesperson", a.arrive_on_site)
    sent.then("2026-03-04 10:00", "rd_manager", a.arrive_on_site)

    assert by_reception == reported_by_reception == arrived_by_sales == ["role 3.5"]
    assert sent.owed("call-experts") == {
        "department:rd_centre": "2026-03-02 15:30 kept",
        "department:production_management": "2026-03-02 15:30 kept",
        "department:quality": "2026-03-02 15:30 kept",
    }
    assert set(late.owed("call-experts").values()) == {"2026-03-02 15:30 broken"}
    assert sent.owed("experts-or-report") == {"position:after_sales_manager": "2026-03-04 00:00 kept"}
    assert reported.owed("experts-or-report") == {"position:after_sales_manager": "2026-03-04 00:00 kept"}
    assert late.owed("experts-or-report") == {"position:after_sales_manager": "2026-03-04 00:00 broken"}
    assert reported.owed("report-received") == {"position:supervising_leader": "2026-03-05 00:00 kept"}
    assert late.owed("report-received") == {"position:supervising_leader": "2026-03-06 00:00 broken"}


@pytest.mark.exercises("SCALE-SERVICE-3.6-1", "SCALE-SERVICE-3.6-2")
def test_quality_and_function_go_to_the_technical_departments_with_a_defect_report(scale: Firm) -> None:
    prompt, late = classified(scale), classified(scale)
    departments = ("rd_manager", "production_manager", "technical_manager")

    unheard = prompt.refused("2026-03-02 11:00", "quality_manager", a.determine_responsibility)
    by_sales = prompt.refused("2026-03-02 11:00", "salesperson", a.record_finding)
    prompt.then("2026-03-02 12:00", "repair_technician", a.record_finding)
    heard_only_ourselves = prompt.refused("2026-03-02 12:00", "quality_manager", a.determine_responsibility)
    prompt.acknowledge("2026-03-03 17:00", *departments, control="quality-to-technical")
    late.acknowledge("2026-03-04 09:00", *departments, control="quality-to-technical")
    prompt.then("2026-03-03 17:00", "rd_manager", a.record_finding)
    judged_by_rd = prompt.refused("2026-03-04 09:00", "rd_manager", a.determine_responsibility)
    prompt.then("2026-03-09 17:00", "quality_manager", a.determine_responsibility)
    late.comes_to("determine_responsibility", "2026-03-10 09:00")
    prompt.comes_to("ask_satisfaction", "2026-03-10 10:00")
    prompt.then("2026-03-11 10:00", "service_receptionist", a.tell_result).signs(
        "2026-03-11 11:00", "marketing_supervisor"
    )
    unreported = prompt.refused("2026-03-11 12:00", "sales_company_manager", a.close)
    reported_by_sales = prompt.refused("2026-03-11 12:00", "salesperson", a.raise_improvement)
    empty = prompt.refused("2026-03-11 12:00", "quality_manager", a.raise_improvement, problem="")
    report = prompt.raises_improvement("2026-03-11 14:00", "quality_manager", "rd_manager")
    late.raises_improvement("2026-03-04 17:00", "after_sales_manager", "rd_manager")
    prompt.then("2026-03-11 15:00", "sales_company_manager", a.close)

    assert unheard == heard_only_ourselves == ["prerequisite_action 3.6"]
    assert by_sales == judged_by_rd == reported_by_sales == ["role 3.6"]
    assert unreported == ["prerequisite_action 3.6"]
    assert empty == ["required_field 3.6"]
    assert prompt.owed("quality-to-technical") == {
        "department:rd_centre": "2026-03-04 00:00 kept",
        "department:production_management": "2026-03-04 00:00 kept",
        "department:technical": "2026-03-04 00:00 kept",
    }
    assert set(late.owed("quality-to-technical").values()) == {"2026-03-04 00:00 broken"}
    assert set(prompt.owed("verdict").values()) == {"2026-03-10 00:00 kept"}
    assert set(late.owed("verdict").values()) == {"2026-03-10 00:00 broken"}
    assert prompt.owed("defect-report") == {"position:after_sales_manager": "2026-03-05 00:00 broken"}
    assert late.owed("defect-report") == {"position:after_sales_manager": "2026-03-05 00:00 kept"}
    assert "WH-XS-02-02" in report.prints("quality_manager", "2026-03-11 14:00")


@pytest.mark.exercises("SCALE-SERVICE-3.7")
def test_the_marketing_supervisor_appraises_service_on_site(scale: Firm) -> None:
    prompt, late = (
        classified(scale, on_site_needed=True, subject="other").comes_to("carry_out", MONDAY) for _each in range(2)
    )
    prompt.comes_to("ask_satisfaction", TUESDAY).then(TUESDAY, "service_receptionist", a.tell_result)
    prompt.signs("2026-03-03 11:00", "supervising_leader")

    unappraised = prompt.refused("2026-03-03 11:30", "sales_company_manager", a.close)
    by_the_centre = prompt.refused("2026-03-03 11:30", "after_sales_manager", a.appraise_service)
    prompt.then("2026-03-09 17:00", "marketing_supervisor", a.appraise_service)
    late.then("2026-03-10 09:00", "marketing_supervisor", a.appraise_service)
    prompt.then("2026-03-10 10:00", "sales_company_manager", a.close)

    assert unappraised == ["prerequisite_action 3.7"]
    assert by_the_centre == ["role 3.7"]
    assert prompt.owed("appraise-service") == {"position:marketing_supervisor": "2026-03-10 00:00 kept"}
    assert late.owed("appraise-service") == {"position:marketing_supervisor": "2026-03-10 00:00 broken"}


@pytest.mark.exercises("SCALE-SERVICE-3.8")
def test_complaints_about_staff_go_to_the_sales_company(scale: Firm) -> None:
    prompt, late = classified(scale, subject="staff"), classified(scale, subject="staff")

    by_reception = prompt.refused("2026-03-02 11:00", "service_receptionist", ACKNOWLEDGE)
    prompt.acknowledge("2026-03-03 17:00", "sales_company_manager", control="staff-to-sales-company")
    late.acknowledge("2026-03-04 09:00", "sales_company_manager", control="staff-to-sales-company")
    prompt.then("2026-03-04 10:00", "sales_company_manager", a.record_finding, a.determine_responsibility)
    product = classified(scale).refused("2026-03-04 10:00", "sales_company_manager", a.record_finding)

    assert by_reception == ["nothing_to_acknowledge"]
    assert product == ["role 3.6"]
    assert prompt.owed("staff-to-sales-company") == {"position:sales_company_manager": "2026-03-04 00:00 kept"}
    assert late.owed("staff-to-sales-company") == {"position:sales_company_manager": "2026-03-04 00:00 broken"}
    assert prompt.owed("quality-to-technical") == {}


@pytest.mark.exercises("SCALE-SERVICE-3.9")
def test_complaints_about_dealers_are_taken_up_with_the_dealer_in_the_region(scale: Firm) -> None:
    prompt, late = classified(scale, subject="dealer"), classified(scale, subject="dealer")

    prompt.acknowledge("2026-03-03 17:00", "regional_manager")
    late.acknowledge("2026-03-04 09:00", "regional_manager")
    by_sales = prompt.refused("2026-03-04 10:00", "salesperson", a.record_finding)
    prompt.then("2026-03-04 17:00", "regional_manager", a.record_finding, finding="已与经销商协调")
    late.then("2026-03-05 09:00", "regional_manager", a.tell_progress)

    assert by_sales == ["role 3.6"]
    assert prompt.owed("dealer-to-region") == {"position:regional_manager": "2026-03-04 00:00 kept"}
    assert late.owed("dealer-to-region") == {"position:regional_manager": "2026-03-04 00:00 broken"}
    assert prompt.owed("coordinate-dealer") == {"position:regional_manager": "2026-03-05 00:00 kept"}
    assert late.owed("coordinate-dealer") == {"position:regional_manager": "2026-03-05 00:00 broken"}


@pytest.mark.exercises("SCALE-SERVICE-3.10-1")
def test_a_special_case_reaches_the_leaders_in_two_hours_and_is_met_about(scale: Firm) -> None:
    prompt, late = (classified(scale, special="special_case", subject="other") for _each in range(2))
    leaders = ("general_manager", "supervising_leader", "sales_company_manager")

    prompt.acknowledge("2026-03-02 11:50", *leaders, control="special-case")
    late.acknowledge("2026-03-02 12:10", *leaders, control="special-case")
    prompt.comes_to("propose_remedy", "2026-03-02 14:00")
    undiscussed = prompt.refused(TUESDAY, "sales_company_manager", a.decide_remedy)
    by_the_centre = prompt.refused(TUESDAY, "after_sales_manager", a.hold_meeting)
    prompt.then(TUESDAY, "supervising_leader", a.hold_meeting).comes_to("close", "2026-03-06 09:00")
    late.comes_to("close", "2026-03-10 09:00")

    assert "prerequisite_action 3.10" in undiscussed
    assert by_the_centre == ["role 3.10"]
    assert prompt.owed("special-case") == {f"position:{each}": "2026-03-02 12:00 kept" for each in leaders}
    assert late.owed("special-case") == {f"position:{each}": "2026-03-02 12:00 broken" for each in leaders}
    assert set(prompt.owed("complete-complaint").values()) == {"2026-03-10 00:00 kept"}
    assert set(late.owed("complete-complaint").values()) == {"2026-03-10 00:00 broken"}


@pytest.mark.exercises("SCALE-SERVICE-3.10-2")
def test_a_complaint_that_comes_back_becomes_an_individual_case(scale: Firm) -> None:
    customer, balance = scale.customer(), scale.product("电子汽车衡")
    first = Tale(scale, "2025-10-13 10:00", party=customer, product=balance)
    again = Tale(scale, MONDAY, party=customer, product=balance, special="individual_case", subject="other")
    too_long_after = Tale(scale, "2027-03-02 10:00", party=customer, product=balance)
    for tale in (first, again):
        tale.then(MONDAY, "after_sales_manager", a.classify)
    dragged = classified(scale, special="individual_case", subject="other")

    again.acknowledge("2026-03-03 17:00", "supervising_leader", "sales_company_manager", control="individual-case")
    dragged.acknowledge("2026-03-04 09:00", "supervising_leader", "sales_company_manager", control="individual-case")
    again.comes_to("ask_satisfaction", "2026-03-04 09:00")
    reopened_by_reception = again.refused("2026-03-05 10:00", "service_receptionist", a.reopen)
    again.then("2026-03-05 10:00", "after_sales_manager", a.reopen)
    again.acknowledge("2026-03-06 10:00", "sales_company_manager", control="reopened-case")

    assert first.record.repeats is None
    assert again.record.repeats_id == first.record.pk
    assert too_long_after.record.repeats is None
    assert reopened_by_reception == ["role 9.1"]
    assert again.owed("individual-case") == {
        "position:supervising_leader": "2026-03-04 00:00 kept",
        "position:sales_company_manager": "2026-03-04 00:00 kept",
    }
    assert set(dragged.owed("individual-case").values()) == {"2026-03-04 00:00 broken"}
    assert again.owed("reopened-case") == {"position:sales_company_manager": "2026-03-07 00:00 kept"}
    assert set(again.owed("complete-complaint").values()) == {"2026-03-13 00:00 running"}
    assert set(first.owed("complete-complaint").values()) == {"2025-10-29 00:00 broken"}


@pytest.mark.exercises("SCALE-SERVICE-3.11", "SCALE-SERVICE-3.12")
def test_every_service_is_followed_up_by_telephone_and_the_opinion_written_down(scale: Firm) -> None:
    prompt, late = (classified(scale, subject="other").comes_to("carry_out", MONDAY) for _each in range(2))
    prompt.then(TUESDAY, "service_receptionist", a.tell_result).signs(TUESDAY, "supervising_leader")

    no_form = prompt.refused(TUESDAY, "sales_company_manager", a.close)
    by_the_technician = prompt.refused(TUESDAY, "repair_technician", a.ask_satisfaction)
    in_no_words = prompt.refused(TUESDAY, "service_receptionist", a.ask_satisfaction, satisfaction_note="")
    prompt.then("2026-03-05 17:00", "service_receptionist", a.ask_satisfaction)
    late.then("2026-03-06 09:00", "service_receptionist", a.ask_satisfaction)
    prompt.then("2026-03-06 10:00", "sales_company_manager", a.close)

    assert no_form == ["prerequisite_action 3.11"]
    assert by_the_technician == ["role 3.12"]
    assert in_no_words == ["required_field 3.11"]
    assert prompt.owed("telephone-follow-up") == {"position:service_receptionist": "2026-03-06 00:00 kept"}
    assert late.owed("telephone-follow-up") == {"position:service_receptionist": "2026-03-06 00:00 broken"}


@pytest.mark.exercises("SCALE-SERVICE-3.13-1", "SCALE-SERVICE-3.13-2")
def test_every_call_gets_a_quick_reply_and_a_good_idea_a_reward(scale: Firm) -> None:
    prompt, late = (Tale(scale, MONDAY, kind="suggestion", subject="other") for _each in range(2))

    by_sales = prompt.refused("2026-03-02 11:00", "salesperson", a.give_first_answer)
    prompt.then("2026-03-03 09:50", "service_receptionist", a.give_first_answer)
    late.then("2026-03-03 10:10", "service_receptionist", a.give_first_answer)
    for tale in (prompt, late):
        tale.comes_to("propose_remedy", "2026-03-03 11:00").signs("2026-03-03 14:00", "after_sales_manager")
        tale.then("2026-03-03 15:00", "sales_company_manager", a.decide_remedy)
    prompt.then("2026-03-04 17:00", "service_receptionist", a.tell_result)
    late.then("2026-03-05 09:00", "service_receptionist", a.tell_result)
    rewarded_by_reception = prompt.refused("2026-03-05 09:00", "service_receptionist", a.reward_suggestion)
    prompt.then("2026-03-05 09:00", "sales_company_manager", a.reward_suggestion)

    assert by_sales == ["role 2.1"]
    assert rewarded_by_reception == ["role 3.13"]
    assert prompt.owed("first-answer") == {"position:service_receptionist": "2026-03-03 10:00 kept"}
    assert late.owed("first-answer") == {"position:service_receptionist": "2026-03-03 10:00 broken"}
    assert prompt.owed("tell-result") == {"position:service_receptionist": "2026-03-05 00:00 kept"}
    assert late.owed("tell-result") == {"position:service_receptionist": "2026-03-05 00:00 broken"}


@pytest.mark.exercises("SCALE-SERVICE-4.3", "SCALE-SERVICE-4.4")
def test_returns_are_supported_inspected_and_their_cause_and_department_named(scale: Firm) -> None:
    prompt, late = (
        classified(scale, subject="other", remedy="return").then(MONDAY, "repair_technician", a.confirm_facts)
        for _each in range(2)
    )
    support = ("warehouse_manager", "finance_manager", "production_manager")

    without_cause = prompt.refused("2026-03-02 11:00", "quality_manager", a.determine_responsibility, cause="")
    without_department = prompt.refused(
        "2026-03-02 11:00", "quality_manager", a.determine_responsibility, responsible_department=None
    )
    for tale in (prompt, late):
        tale.comes_to("propose_remedy", "2026-03-02 14:00").signs(TUESDAY, "after_sales_manager")
        tale.then(TUESDAY, "repair_technician", a.agree_with_customer)
        tale.then(TUESDAY, "sales_company_manager", a.decide_remedy)
    prompt.acknowledge("2026-03-04 17:00", *support)
    late.acknowledge("2026-03-05 09:00", *support)
    uninspected = prompt.refused("2026-03-05 09:00", "repair_technician", a.carry_out)
    by_the_store = prompt.refused("2026-03-05 09:00", "warehouse_manager", a.inspect_returned_goods)
    without_note = prompt.refused("2026-03-05 09:00", "quality_manager", a.inspect_returned_goods, note="")
    prompt.then("2026-03-05 10:00", "quality_manager", a.inspect_returned_goods)
    prompt.then("2026-03-05 11:00", "repair_technician", a.carry_out)

    assert without_cause == without_department == ["required_field 4.4"]
    assert uninspected == ["prerequisite_action 4.3"]
    assert by_the_store == ["role 4.3"]
    assert without_note == ["required_field 4.3"]
    assert prompt.owed("support-return") == {
        "department:warehouse": "2026-03-05 00:00 kept",
        "department:finance": "2026-03-05 00:00 kept",
        "department:production_management": "2026-03-05 00:00 kept",
    }
    assert set(late.owed("support-return").values()) == {"2026-03-05 00:00 broken"}
    assert prompt.record.responsible_department is not None


def test_a_notice_inside_the_company_is_given_at_once_and_names_its_receiver(scale: Firm) -> None:
    tale = Tale(scale, MONDAY)
    told = Obligation.objects.get(record_id=tale.record.pk, control__endswith="/tell-marketing-supervisor")

    assert (told.status, told.owner, told.detail["customer"]) == ("kept", "position:marketing_supervisor", False)
