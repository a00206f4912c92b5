"""The library's procedures on garments and on service and satisfaction: consent, inspection, measures, feedback."""

from __future__ import annotations

from datetime import date

import pytest

from luyue.complaints import actions as a
from luyue.improvement import actions as i
from luyue.records.general import ACKNOWLEDGE
from tests.firms import Firm, FirmOf
from tests.stories.telling import Tale, refused_at_registration

MONDAY = "2026-03-02 10:00"
TUESDAY = "2026-03-03 10:00"


@pytest.fixture
def tailor(adopting: FirmOf) -> Firm:
    return adopting("garment-after-sales")


@pytest.fixture
def works(adopting: FirmOf) -> Firm:
    return adopting("service-and-satisfaction")


@pytest.mark.exercises("GARMENT-2.2", "GARMENT-3.1")
def test_an_application_is_passed_on_and_the_consumer_contacted_within_a_day(tailor: Firm) -> None:
    by_quality = refused_at_registration(tailor, MONDAY, "quality_inspector")
    prompt, late = Tale(tailor, MONDAY), Tale(tailor, MONDAY)

    contacted_by_the_agent = prompt.refused(MONDAY, "service_agent", a.give_first_answer)
    forwarded_by_quality = prompt.refused(
        MONDAY, "quality_inspector", a.forward, to_department=tailor["after_sales_officer"].department
    )
    prompt.then(MONDAY, "service_agent", a.forward, to_department=tailor["after_sales_officer"].department)
    prompt.acknowledge("2026-03-02 13:50", "after_sales_officer")
    late.acknowledge("2026-03-02 14:10", "after_sales_officer")
    prompt.then("2026-03-03 09:50", "after_sales_officer", a.give_first_answer)
    late.then("2026-03-03 10:10", "after_sales_officer", a.give_first_answer)

    assert by_quality == forwarded_by_quality == ["role 3.1"]
    assert contacted_by_the_agent == ["role 2.2"]
    assert prompt.owed("to-after-sales") == {"department:after_sales": "2026-03-02 14:00 kept"}
    assert late.owed("to-after-sales") == {"department:after_sales": "2026-03-02 14:00 broken"}
    assert prompt.owed("contact-consumer") == {"position:after_sales_officer": "2026-03-03 10:00 kept"}
    assert late.owed("contact-consumer") == {"position:after_sales_officer": "2026-03-03 10:00 broken"}


@pytest.mark.exercises("GARMENT-2.3-1", "GARMENT-2.3-2", "GARMENT-3.4")
def test_a_solution_is_proposed_and_nothing_goes_on_before_the_consumer_agrees(tailor: Firm) -> None:
    tale = Tale(tailor, MONDAY, remedy="repair").comes_to("determine_responsibility", MONDAY)

    by_the_agent = tale.refused(TUESDAY, "service_agent", a.propose_remedy)
    without_detail = tale.refused(TUESDAY, "after_sales_officer", a.propose_remedy, remedy_detail="")
    tale.then(TUESDAY, "after_sales_officer", a.propose_remedy)
    not_agreed = tale.refused(TUESDAY, "after_sales_manager", a.decide_remedy)
    in_no_way = tale.refused(TUESDAY, "after_sales_officer", a.agree_with_customer, how="")
    tale.then(TUESDAY, "after_sales_officer", a.agree_with_customer, customer_agrees=False)
    refused_by_the_consumer = tale.refused(TUESDAY, "after_sales_manager", a.decide_remedy)
    tale.then(TUESDAY, "after_sales_officer", a.agree_with_customer)
    decided_by_the_officer = tale.refused(TUESDAY, "after_sales_officer", a.decide_remedy)
    tale.then("2026-03-03 11:00", "after_sales_manager", a.decide_remedy)

    assert by_the_agent == ["role 2.3"]
    assert without_detail == in_no_way == ["required_field 2.3"]
    assert not_agreed == refused_by_the_consumer == ["prerequisite_action 2.3"]
    assert decided_by_the_officer == ["role 3.4"]
    assert tale.state() == "carrying_out"


@pytest.mark.exercises("GARMENT-2.4", "GARMENT-3.2", "GARMENT-3.3")
def test_returned_garments_are_inspected_and_the_result_told_within_a_day(tailor: Firm) -> None:
    prompt, late = (Tale(tailor, MONDAY, remedy="exchange").comes_to("decide_remedy", MONDAY) for _each in range(2))

    uninspected = prompt.refused(TUESDAY, "after_sales_officer", a.carry_out)
    inspected_by_the_officer = prompt.refused(TUESDAY, "after_sales_officer", a.inspect_returned_goods)
    for tale in (prompt, late):
        tale.then(TUESDAY, "quality_inspector", a.inspect_returned_goods)
    carried_out_by_the_inspector = prompt.refused("2026-03-03 11:00", "quality_inspector", a.carry_out)
    for tale in (prompt, late):
        tale.then("2026-03-03 11:00", "after_sales_officer", a.carry_out)
    untold = prompt.comes_to("ask_satisfaction", "2026-03-03 12:00").refused(
        "2026-03-03 13:00", "after_sales_manager", a.close
    )
    told_by_the_agent = prompt.refused("2026-03-04 09:00", "service_agent", a.tell_result)
    in_no_words = prompt.refused("2026-03-04 09:00", "after_sales_officer", a.tell_result, result_told="")
    prompt.then(
        "2026-03-04 10:50", "after_sales_officer", a.tell_result, result_told="已换货，原因与洗涤注意事项一并告知"
    )
    late.then("2026-03-04 11:10", "after_sales_officer", a.tell_result)
    prompt.then("2026-03-04 12:00", "after_sales_manager", a.close)

    assert uninspected == ["prerequisite_action 3.3"]
    assert inspected_by_the_officer == ["role 3.3"]
    assert carried_out_by_the_inspector == ["role 3.2", "separate_persons 3.3"]
    assert untold == ["prerequisite_action 2.4"]
    assert told_by_the_agent == ["role 3.2"]
    assert in_no_words == ["required_field 2.4"]
    assert prompt.owed("tell-result") == {"position:after_sales_officer": "2026-03-04 11:00 kept"}
    assert late.owed("tell-result") == {"position:after_sales_officer": "2026-03-04 11:00 broken"}


@pytest.mark.exercises("SERVICE-QMS-3.1", "SERVICE-QMS-3.3", "SERVICE-QMS-4.2.3-1", "SERVICE-QMS-4.2.3-2")
def test_sales_organises_the_handling_and_names_the_department_responsible(works: Firm) -> None:
    by_the_leader = refused_at_registration(works, MONDAY, "leader")
    nameless = refused_at_registration(works, MONDAY, contact_name="")
    without_words = refused_at_registration(works, MONDAY, what_happened="")
    prompt, late = Tale(works, MONDAY, "salesperson"), Tale(works, MONDAY, "salesperson")

    answered_by_production = prompt.refused(MONDAY, "production_manager", a.give_first_answer)
    prompt.comes_to("classify", MONDAY)
    studied_by_marketing = prompt.refused(TUESDAY, "marketing_manager", a.record_finding)
    prompt.then(TUESDAY, "production_manager", a.record_finding)
    prompt.then("2026-03-04 17:00", "salesperson", a.give_first_answer)
    late.then("2026-03-05 09:00", "salesperson", a.give_first_answer)
    by_production = prompt.refused("2026-03-05 10:00", "production_manager", a.determine_responsibility)
    nobody_responsible = prompt.refused(
        "2026-03-05 10:00", "sales_manager", a.determine_responsibility, responsible_department=None
    )
    prompt.then("2026-03-05 10:00", "sales_manager", a.determine_responsibility)
    prompt.comes_to("carry_out", "2026-03-05 11:00").then("2026-03-06 10:00", "salesperson", a.tell_result)
    closed_by_the_salesperson = prompt.refused("2026-03-06 11:00", "salesperson", a.close)
    while_open = prompt.record.retained_until
    prompt.then("2026-03-06 11:00", "sales_manager", a.close)

    assert by_the_leader == ["role 3.1"]
    assert nameless == without_words == ["required_field 4.2.3"]
    assert answered_by_production == closed_by_the_salesperson == ["role 3.1"]
    assert studied_by_marketing == ["role 4.2.3"]
    assert by_production == ["role 3.3"]
    assert nobody_responsible == ["required_field 3.3"]
    assert set(prompt.owed("answer").values()) == {"2026-03-05 00:00 kept"}
    assert set(late.owed("answer").values()) == {"2026-03-05 00:00 broken"}
    assert (while_open, prompt.record.retained_until) == (None, date(2029, 3, 6))


@pytest.mark.exercises("SERVICE-QMS-4.3.1-1", "SERVICE-QMS-4.3.1-2", "SERVICE-QMS-4.3.2")
def test_suggestions_and_what_departments_hear_are_entered_and_reach_those_who_solve_them(works: Firm) -> None:
    without_words = refused_at_registration(works, MONDAY, "production_manager", kind="suggestion", what_happened="")
    by_the_leader = refused_at_registration(works, MONDAY, "leader", kind="opinion")
    prompt, late = (Tale(works, MONDAY, "production_manager", kind="suggestion") for _each in range(2))

    by_marketing = prompt.refused(MONDAY, "marketing_manager", ACKNOWLEDGE)
    prompt.acknowledge("2026-03-04 17:00", "production_manager", "quality_manager", "sales_manager")
    late.acknowledge("2026-03-05 09:00", "production_manager", "quality_manager", "sales_manager")

    assert without_words == ["required_field 4.2.3"]
    assert by_the_leader == ["role 3.1"]
    assert by_marketing == ["nothing_to_acknowledge"]
    assert prompt.owed("suggestion") == {
        "department:production": "2026-03-05 00:00 kept",
        "department:quality": "2026-03-05 00:00 kept",
    }
    assert set(late.owed("suggestion").values()) == {"2026-03-05 00:00 broken"}
    assert prompt.owed("to-sales") == {"position:sales_manager": "2026-03-05 00:00 kept"}
    assert late.owed("to-sales") == {"position:sales_manager": "2026-03-05 00:00 broken"}


@pytest.mark.exercises("SERVICE-QMS-4.3.3-1", "SERVICE-QMS-4.3.3-2", "SERVICE-QMS-4.3.3-3")
def test_the_department_makes_measures_and_sales_checks_them(works: Firm) -> None:
    complaint, analysed_late = (Tale(works, MONDAY).comes_to("classify", MONDAY) for _each in range(2))

    met_by_production = complaint.refused(TUESDAY, "production_manager", a.hold_meeting)
    complaint.then(TUESDAY, "sales_manager", a.hold_meeting)
    complaint.then("2026-03-09 17:00", "sales_manager", a.determine_responsibility)
    analysed_late.then("2026-03-10 09:00", "sales_manager", a.determine_responsibility)
    prompt, late = (complaint.raises_improvement(TUESDAY, "sales_manager", "production_manager") for _each in range(2))
    for tale in (prompt, late):
        tale.comes_to("analyse_cause", "2026-03-04 10:00")
    planned_by_sales = prompt.refused("2026-03-05 10:00", "sales_manager", i.plan_action)
    prompt.then("2026-03-10 17:00", "production_manager", i.plan_action)
    late.then("2026-03-11 09:00", "production_manager", i.plan_action)
    for tale in (prompt, late):
        tale.then("2026-03-11 10:00", "production_manager", i.start)
    prompt.then("2026-04-10 17:00", "production_manager", i.complete_action, i.finish)
    late.then("2026-04-14 09:00", "production_manager", i.complete_action, i.finish)
    checked_by_production = prompt.refused("2026-04-15 10:00", "production_manager", i.verify_effect)
    without_evidence = prompt.refused("2026-04-15 10:00", "sales_manager", i.verify_effect, effect_evidence="")
    prompt.then("2026-04-15 10:00", "sales_manager", i.verify_effect)
    late.then("2026-05-13 09:00", "sales_manager", i.verify_effect)

    assert met_by_production == planned_by_sales == ["role 4.3.3"]
    assert checked_by_production == ["role 4.3.3", "separate_persons 4.3.3"]
    assert without_evidence == ["required_field 4.3.3"]
    assert prompt.owed("make-measures") == {"position:production_manager": "2026-03-11 00:00 kept"}
    assert late.owed("make-measures") == {"position:production_manager": "2026-03-11 00:00 broken"}
    assert prompt.owed("carry-out-measures") == {"position:production_manager": "2026-04-11 00:00 kept"}
    assert late.owed("carry-out-measures") == {"position:production_manager": "2026-04-11 00:00 broken"}
    assert complaint.owed("analyse") == {"position:sales_manager": "2026-03-10 00:00 kept"}
    assert analysed_late.owed("analyse") == {"position:sales_manager": "2026-03-10 00:00 broken"}
    assert prompt.owed("check-measures") == {"position:sales_manager": "2026-04-25 00:00 kept"}
    assert set(late.owed("check-measures").values()) == {"2026-04-29 00:00 broken"}
    assert prompt.state() == "closed"
    assert "FB-MY-01-02" in prompt.prints("sales_manager", "2026-04-15 10:00")


@pytest.mark.exercises("SERVICE-QMS-4.3.4-2", "SERVICE-QMS-4.3.4-3", "SERVICE-QMS-4.3.4-4")
def test_a_problem_that_recurs_is_analysed_before_closing_and_the_customer_told(works: Firm) -> None:
    customer, valve = works.customer(), works.product("阀门")
    Tale(works, "2026-01-12 10:00", party=customer, product=valve)
    again = Tale(works, MONDAY, party=customer, product=valve).comes_to("ask_satisfaction", MONDAY)
    single = Tale(works, MONDAY).comes_to("ask_satisfaction", MONDAY)

    neither = again.refused(TUESDAY, "sales_manager", a.close)
    told_by_production = again.refused(TUESDAY, "production_manager", a.tell_result)
    for tale in (again, single):
        tale.then(TUESDAY, "marketing_manager", a.tell_result)
    unanalysed = again.refused(TUESDAY, "sales_manager", a.close)
    raised_by_production = again.refused(TUESDAY, "production_manager", a.raise_improvement)
    again.raises_improvement("2026-03-03 11:00", "sales_manager", "production_manager")
    again.then("2026-03-03 12:00", "sales_manager", a.close)
    single.then("2026-03-03 12:00", "sales_manager", a.close)

    assert neither == ["prerequisite_action 4.3.4", "prerequisite_action 4.3.4"]
    assert unanalysed == ["prerequisite_action 4.3.4"]
    assert told_by_production == raised_by_production == ["role 4.3.4"]
    assert (again.state(), single.state()) == ("closed", "closed")
