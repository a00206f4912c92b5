"""Procedures of the library that ask above all for an answer: operations, orders, projects, calls, vehicles."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from tests.firms import FirmOf
from tests.stories.telling import Tale, refused_at_registration

MONDAY = "2026-03-02 10:00"
TUESDAY = "2026-03-03 10:00"


@pytest.mark.exercises("AFTERSALES-OPS-2.4-1", "AFTERSALES-OPS-2.4-2", "AFTERSALES-OPS-3.7")
def test_after_sales_operations_accept_investigate_solve_and_follow_up(adopting: FirmOf) -> None:
    firm = adopting("after-sales-operations")
    prompt, late = Tale(firm, MONDAY), Tale(firm, MONDAY)

    by_the_technician = refused_at_registration(firm, MONDAY, "technician")
    answered_by_the_technician = prompt.refused(MONDAY, "technician", a.give_first_answer)
    prompt.then("2026-03-03 09:50", "service_agent", a.give_first_answer)
    late.then("2026-03-03 10:10", "service_agent", a.give_first_answer)
    prompt.then(TUESDAY, "service_agent", a.classify)
    judged_by_the_agent = prompt.refused(TUESDAY, "service_agent", a.determine_responsibility)
    prompt.comes_to("decide_remedy", "2026-03-03 11:00").then("2026-03-03 15:00", "technician", a.carry_out)
    unsolved = prompt.refused("2026-03-04 10:00", "after_sales_manager", a.close)
    prompt.then("2026-03-04 11:00", "service_agent", a.tell_result)
    not_followed = prompt.refused("2026-03-04 12:00", "after_sales_manager", a.close)
    prompt.then("2026-03-05 10:00", "service_agent", a.ask_satisfaction)
    prompt.then("2026-03-12 17:00", "after_sales_manager", a.close)
    late.comes_to("ask_satisfaction", "2026-03-12 10:00").then("2026-03-13 09:00", "service_agent", a.tell_result)
    late.then("2026-03-13 10:00", "after_sales_manager", a.close)

    assert by_the_technician == answered_by_the_technician == judged_by_the_agent == ["role 2.4"]
    assert unsolved == ["prerequisite_action 2.4", "prerequisite_action 3.7"]
    assert not_followed == ["prerequisite_action 2.4"]
    assert prompt.owed("respond") == {"position:service_agent": "2026-03-03 10:00 kept"}
    assert late.owed("respond") == {"position:service_agent": "2026-03-03 10:00 broken"}
    assert set(prompt.owed("solve").values()) == {"2026-03-13 00:00 kept"}
    assert set(late.owed("solve").values()) == {"2026-03-13 00:00 broken"}


@pytest.mark.exercises("CUSTOMERORDER-4.2")
def test_a_dedicated_team_handles_complaints_about_orders(adopting: FirmOf) -> None:
    firm = adopting("customer-orders")
    prompt, late = Tale(firm, MONDAY), Tale(firm, MONDAY)

    by_the_order_clerk = refused_at_registration(firm, MONDAY, "order_clerk")
    prompt.then("2026-03-03 17:00", "after_sales_officer", a.give_first_answer)
    late.then("2026-03-04 09:00", "after_sales_officer", a.give_first_answer)
    closed_by_the_officer = prompt.comes_to("ask_satisfaction", "2026-03-04 10:00").refused(
        "2026-03-12 09:00", "after_sales_officer", a.close
    )
    prompt.then("2026-03-12 10:00", "after_sales_manager", a.close)
    late.comes_to("close", "2026-03-13 09:00")

    assert by_the_order_clerk == closed_by_the_officer == ["role 4.2"]
    assert set(prompt.owed("answer").values()) == {"2026-03-04 00:00 kept"}
    assert set(late.owed("answer").values()) == {"2026-03-04 00:00 broken"}
    assert set(prompt.owed("complete").values()) == {"2026-03-13 00:00 kept"}
    assert set(late.owed("complete").values()) == {"2026-03-13 00:00 broken"}


@pytest.mark.exercises("ORDERPROCESS-4.1")
def test_quality_problems_of_orders_are_solved_in_time(adopting: FirmOf) -> None:
    firm = adopting("order-processing")
    prompt, late = Tale(firm, MONDAY), Tale(firm, MONDAY)

    by_the_order_clerk = refused_at_registration(firm, MONDAY, "order_clerk")
    prompt.then("2026-03-03 17:00", "after_sales_officer", a.give_first_answer, a.classify)
    late.then("2026-03-04 09:00", "after_sales_officer", a.give_first_answer)
    judged_by_the_officer = prompt.refused("2026-03-04 10:00", "after_sales_officer", a.determine_responsibility)
    prompt.comes_to("close", "2026-03-12 10:00")
    late.comes_to("close", "2026-03-13 10:00")

    assert by_the_order_clerk == judged_by_the_officer == ["role 4.1"]
    assert set(prompt.owed("answer").values()) == {"2026-03-04 00:00 kept"}
    assert set(late.owed("answer").values()) == {"2026-03-04 00:00 broken"}
    assert set(prompt.owed("complete").values()) == {"2026-03-13 00:00 kept"}
    assert set(late.owed("complete").values()) == {"2026-03-13 00:00 broken"}


@pytest.mark.exercises("DELIVERY-5.4-2")
def test_problems_reported_after_a_project_are_rectified(adopting: FirmOf) -> None:
    firm = adopting("project-delivery")
    prompt, late = Tale(firm, MONDAY), Tale(firm, MONDAY)

    by_the_leader = refused_at_registration(firm, MONDAY, "leader")
    prompt.then("2026-03-04 17:00", "field_engineer", a.give_first_answer)
    late.then("2026-03-05 09:00", "field_engineer", a.give_first_answer)
    for tale in (prompt, late):
        tale.comes_to("decide_remedy", "2026-03-06 10:00")
    by_the_manager = prompt.refused("2026-03-17 10:00", "project_manager", a.carry_out)
    prompt.then("2026-03-17 17:00", "field_engineer", a.carry_out)
    late.then("2026-03-18 09:00", "field_engineer", a.carry_out)

    assert by_the_leader == by_the_manager == ["role 5.4.2"]
    assert set(prompt.owed("answer").values()) == {"2026-03-05 00:00 kept"}
    assert set(late.owed("answer").values()) == {"2026-03-05 00:00 broken"}
    assert set(prompt.owed("rectify").values()) == {"2026-03-18 00:00 kept"}
    assert set(late.owed("rectify").values()) == {"2026-03-18 00:00 broken"}


@pytest.mark.exercises("SALESORDER-2.4-3")
def test_complaints_after_delivery_are_handled_in_time(adopting: FirmOf) -> None:
    firm = adopting("sales-orders")
    prompt, late = Tale(firm, MONDAY), Tale(firm, MONDAY)

    by_logistics = refused_at_registration(firm, MONDAY, "logistics_manager")
    prompt.then("2026-03-03 17:00", "salesperson", a.classify)
    late.then("2026-03-04 09:00", "salesperson", a.classify)
    judged_by_the_salesperson = prompt.refused("2026-03-04 10:00", "salesperson", a.determine_responsibility)
    prompt.comes_to("close", "2026-03-12 10:00")
    late.comes_to("close", "2026-03-13 10:00")

    assert by_logistics == judged_by_the_salesperson == ["role 2.4.3"]
    assert set(prompt.owed("begin").values()) == {"2026-03-04 00:00 kept"}
    assert set(late.owed("begin").values()) == {"2026-03-04 00:00 broken"}
    assert set(prompt.owed("complete").values()) == {"2026-03-13 00:00 kept"}
    assert set(late.owed("complete").values()) == {"2026-03-13 00:00 broken"}


@pytest.mark.exercises("FOLLOWUP-4-4", "FOLLOWUP-4-5")
def test_a_customer_on_the_phone_is_answered_the_same_day_or_the_head_asked_within_two(adopting: FirmOf) -> None:
    firm = adopting("follow-up-calls")
    prompt, late = Tale(firm, MONDAY), Tale(firm, MONDAY)

    by_the_head = refused_at_registration(firm, MONDAY, "business_head")
    without_phone = refused_at_registration(firm, MONDAY, contact_phone="")
    prompt.then("2026-03-02 17:00", "follow_up_salesperson", a.give_first_answer)
    late.then("2026-03-03 08:30", "follow_up_salesperson", a.give_first_answer)
    reported_by_the_head = prompt.refused("2026-03-04 10:00", "business_head", a.report_upwards)
    prompt.then("2026-03-04 17:00", "follow_up_salesperson", a.report_upwards)
    late.then("2026-03-05 09:00", "follow_up_salesperson", a.report_upwards)
    prompt.acknowledge("2026-03-05 17:00", "business_head")
    late.acknowledge("2026-03-09 09:00", "business_head")

    assert by_the_head == ["role 4.4"]
    assert reported_by_the_head == ["role 4.5"]
    assert without_phone == ["required_field 4.4"]
    assert set(prompt.owed("answer-soon").values()) == {"2026-03-03 00:00 kept"}
    assert set(late.owed("answer-soon").values()) == {"2026-03-03 00:00 broken"}
    assert set(prompt.owed("unsolved").values()) == {"2026-03-05 00:00 kept"}
    assert set(late.owed("unsolved").values()) == {"2026-03-05 00:00 broken"}
    assert prompt.owed("request-received") == {"position:business_head": "2026-03-06 00:00 kept"}
    assert late.owed("request-received") == {"position:business_head": "2026-03-07 00:00 broken"}


@pytest.mark.exercises("FOLLOWUP-4-6", "FOLLOWUP-4-7")
def test_the_solution_is_told_the_same_day_and_must_satisfy_in_the_end(adopting: FirmOf) -> None:
    firm = adopting("follow-up-calls")
    prompt, late = (Tale(firm, MONDAY).comes_to("propose_remedy", MONDAY) for _each in range(2))

    decided_by_the_caller = prompt.refused(TUESDAY, "follow_up_salesperson", a.decide_remedy)
    for tale in (prompt, late):
        tale.then(TUESDAY, "business_head", a.decide_remedy)
    told_by_the_head = prompt.refused("2026-03-03 17:00", "business_head", a.tell_result)
    prompt.then("2026-03-03 17:00", "follow_up_salesperson", a.tell_result, a.carry_out)
    late.then("2026-03-04 08:30", "follow_up_salesperson", a.carry_out)
    unanswered = late.refused("2026-03-04 09:00", "business_head", a.close)
    late.then("2026-03-04 09:10", "follow_up_salesperson", a.tell_result)
    in_no_words = prompt.refused("2026-03-04 10:00", "follow_up_salesperson", a.ask_satisfaction, satisfaction_note="")
    prompt.then("2026-03-04 10:00", "follow_up_salesperson", a.ask_satisfaction, satisfied_complainant=False)
    not_satisfied = prompt.refused("2026-03-04 11:00", "business_head", a.close)
    prompt.then("2026-03-04 12:00", "business_head", a.reopen)

    assert decided_by_the_caller == told_by_the_head == ["role 4.6"]
    assert unanswered == ["prerequisite_action 4.7", "prerequisite_action 4.7"]
    assert in_no_words == ["required_field 4.7"]
    assert not_satisfied == ["not_satisfied"]
    assert set(prompt.owed("tell-result").values()) == {"2026-03-04 00:00 kept"}
    assert set(late.owed("tell-result").values()) == {"2026-03-04 00:00 broken"}
    assert prompt.state() == "investigating"


@pytest.mark.exercises("EV-W5.1", "EV-W5.2", "EV-S2.11")
def test_an_electric_vehicle_is_seen_or_the_caller_answered_and_called_again(adopting: FirmOf) -> None:
    firm = adopting("electric-vehicle-service")
    nameless = refused_at_registration(firm, MONDAY, contact_name="")
    by_the_technician = refused_at_registration(firm, MONDAY, "technician")
    answered, seen, late = (Tale(firm, MONDAY, "service_receptionist") for _each in range(3))

    by_reception = answered.refused(TUESDAY, "service_receptionist", a.give_first_answer)
    answered.then("2026-03-03 17:00", "service_specialist", a.give_first_answer)
    seen.then("2026-03-03 17:00", "technician", a.arrive_on_site)
    late.then("2026-03-04 09:00", "service_specialist", a.give_first_answer)
    for tale in (answered, late):
        tale.comes_to("decide_remedy", "2026-03-04 10:00").then("2026-03-05 10:00", "general_manager", a.carry_out)
    asked_by_reception = answered.refused("2026-03-06 10:00", "service_receptionist", a.ask_satisfaction)
    answered.then("2026-03-12 17:00", "service_specialist", a.ask_satisfaction)
    late.then("2026-03-13 09:00", "service_specialist", a.ask_satisfaction)

    assert nameless == ["required_field S2.11"]
    assert by_the_technician == ["role S2.11"]
    assert by_reception == ["role W5.1"]
    assert asked_by_reception == ["role W5.2"]
    assert set(answered.owed("on-site-or-answer").values()) == {"2026-03-04 00:00 kept"}
    assert set(seen.owed("on-site-or-answer").values()) == {"2026-03-04 00:00 kept"}
    assert set(late.owed("on-site-or-answer").values()) == {"2026-03-04 00:00 broken"}
    assert set(answered.owed("follow-up").values()) == {"2026-03-13 00:00 kept"}
    assert set(late.owed("follow-up").values()) == {"2026-03-13 00:00 broken"}
