"""Clauses 1.1 to 2.2.1 of the cement company: opinions are passed on, complaints registered, verified and sorted."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from luyue.records.general import ACKNOWLEDGE
from tests.firms import Firm
from tests.stories.telling import Tale, refused_at_registration

MONDAY = "2026-03-02 10:00"


@pytest.mark.exercises("CEMENT-1.1-1", "CEMENT-1.1-2")
def test_opinions_reach_the_departments_and_sales_within_a_working_day(cement: Firm) -> None:
    heard, unheard = Tale(cement, MONDAY, kind="suggestion"), Tale(cement, MONDAY, kind="opinion", channel="visit")

    by_engineering = heard.refused("2026-03-03 09:00", "engineering_manager", ACKNOWLEDGE)
    heard.acknowledge("2026-03-03 19:00", "inspector", "production_manager", "sales_manager")
    unheard.acknowledge("2026-03-04 08:10", "inspector", "production_manager", "sales_manager")

    assert by_engineering == ["nothing_to_acknowledge"]
    assert heard.owed("suggestion-to-departments") == {
        "department:quality_inspection": "2026-03-04 00:00 kept",
        "department:production": "2026-03-04 00:00 kept",
    }
    assert set(unheard.owed("suggestion-to-departments").values()) == {"2026-03-04 00:00 broken"}
    assert heard.owed("feedback-to-sales") == {"department:sales": "2026-03-04 00:00 kept"}
    assert unheard.owed("feedback-to-sales") == {"department:sales": "2026-03-04 00:00 broken"}


@pytest.mark.exercises("CEMENT-1.4-1")
def test_marketing_sorts_and_follows_every_complaint(cement: Firm) -> None:
    sorted_out, left = Tale(cement, MONDAY, "service_engineer"), Tale(cement, MONDAY, "service_engineer")

    by_quality = sorted_out.refused("2026-03-02 12:00", "quality_manager", a.classify)
    passed_on_by_quality = sorted_out.refused(
        "2026-03-02 12:00", "quality_manager", a.forward, to_department=cement["quality_manager"].department
    )
    sorted_out.acknowledge("2026-03-02 13:50", "complaint_officer", control="marketing-follows")
    left.acknowledge("2026-03-02 14:10", "complaint_officer", control="marketing-follows")
    sorted_out.then("2026-03-03 09:50", "complaint_officer", a.classify)
    left.then("2026-03-03 10:10", "complaint_officer", a.classify)

    assert by_quality == passed_on_by_quality == ["role 1.4"]
    assert sorted_out.owed("marketing-follows") == {"department:marketing": "2026-03-02 14:00 kept"}
    assert left.owed("marketing-follows") == {"department:marketing": "2026-03-02 14:00 broken"}
    assert sorted_out.owed("sort-complaint") == {"position:complaint_officer": "2026-03-03 10:00 kept"}
    assert left.owed("sort-complaint") == {"position:complaint_officer": "2026-03-03 10:00 broken"}


@pytest.mark.exercises("CEMENT-2.1", "CEMENT-2.2.3-7")
def test_a_complaint_gets_its_class_and_its_severity_before_anybody_judges(cement: Firm) -> None:
    tale = Tale(cement, MONDAY)

    unsorted = tale.refused("2026-03-02 11:00", "quality_manager", a.determine_responsibility)
    without_class = tale.refused("2026-03-02 11:00", "complaint_officer", a.classify, cause_class="")
    without_severity = tale.refused("2026-03-02 11:00", "complaint_officer", a.classify, severity="")
    minor = Tale(cement, MONDAY).then("2026-03-02 11:00", "complaint_officer", a.classify, severity="minor")
    grave = Tale(cement, MONDAY).then("2026-03-02 11:00", "complaint_officer", a.classify, severity="serious")

    assert unsorted == ["prerequisite_action 2.2.3", "prerequisite_action 2.3.1.5", "state"]
    assert without_class == without_severity == ["required_field 2.1"]
    assert len(minor.owed("minor-to-departments")) == 2
    assert grave.owed("minor-to-departments") == {}
    assert "YS-SC-02-02" not in minor.prints("complaint_officer", MONDAY)
    assert "YS-SC-02-02" in grave.prints("complaint_officer", MONDAY)


@pytest.mark.exercises("CEMENT-2.2.1-1", "CEMENT-2.3.1.4")
def test_what_the_customer_objects_to_and_why_is_written_down(cement: Firm) -> None:
    by_production = refused_at_registration(cement, MONDAY, "production_manager")
    without_phone = refused_at_registration(cement, MONDAY, contact_phone="")
    without_words = refused_at_registration(cement, MONDAY, what_happened="")
    without_reason = refused_at_registration(cement, MONDAY, complaint_reason="")
    struck = Tale(cement, MONDAY, complaint_reason="", struck_through={"complaint_reason": "N/A：客户未说明"})

    assert by_production == ["role 2.3.1.4"]
    assert without_phone == without_words == ["required_field 2.2.1"]
    assert without_reason == ["required_field 2.3.1.4"]
    assert struck.record.struck_through == {"complaint_reason": "N/A：客户未说明"}


@pytest.mark.exercises("CEMENT-2.2.1-2")
def test_the_complaint_register_is_numbered_through_the_year_and_printed(cement: Firm) -> None:
    first, second = Tale(cement, MONDAY), Tale(cement, "2026-12-31 10:00")
    next_year = Tale(cement, "2027-01-02 10:00")

    assert [each.record.number for each in (first, second, next_year)] == ["KS2026-0001", "KS2026-0002", "KS2027-0001"]
    assert "YS-SC-02-01" in first.prints("complaint_officer", MONDAY)
    assert refused_at_registration(cement, MONDAY, contact_name="") == ["required_field 2.2.1"]


@pytest.mark.exercises("CEMENT-2.2.1-3", "CEMENT-2.3.2.2")
def test_the_product_is_identified_and_verified_with_the_departments(cement: Firm) -> None:
    without_date = refused_at_registration(cement, MONDAY, delivered_on=None)
    without_demand = refused_at_registration(cement, MONDAY, demand="")
    without_order = refused_at_registration(cement, MONDAY, order_number="")
    without_material = refused_at_registration(cement, MONDAY, material_number="")
    without_quantity = refused_at_registration(cement, MONDAY, quantity=None)
    prompt, late = Tale(cement, MONDAY), Tale(cement, MONDAY)

    by_marketing = prompt.refused("2026-03-02 11:00", "complaint_officer", a.confirm_facts)
    prompt.then("2026-03-02 15:50", "inspector", a.confirm_facts)
    late.then("2026-03-02 16:10", "inspector", a.confirm_facts)

    assert without_date == without_demand == ["required_field 2.2.1"]
    assert without_order == without_material == without_quantity == ["required_field 2.3.2.2"]
    assert by_marketing == ["role 2.3.1.5"]
    assert prompt.owed("verify-quality-complaint") == {"department:quality_inspection": "2026-03-02 16:00 kept"}
    assert late.owed("verify-quality-complaint") == {"department:quality_inspection": "2026-03-02 16:00 broken"}


@pytest.mark.exercises("CEMENT-2.3.1.8-1")
def test_the_customer_is_answered_by_phone_within_two_hours(cement: Firm) -> None:
    prompt, late = Tale(cement, MONDAY), Tale(cement, MONDAY)

    by_production = prompt.refused("2026-03-02 10:30", "production_manager", a.give_first_answer)
    in_no_words = prompt.refused("2026-03-02 10:30", "service_engineer", a.give_first_answer, first_answer="")
    prompt.then("2026-03-02 11:50", "service_engineer", a.give_first_answer)
    late.then("2026-03-02 12:10", "service_engineer", a.give_first_answer)

    assert by_production == ["role 2.3.1.8"]
    assert in_no_words == ["required_field 2.3.1.8"]
    assert prompt.owed("answer-by-phone") == {"position:service_engineer": "2026-03-02 12:00 kept"}
    assert late.owed("answer-by-phone") == {"position:service_engineer": "2026-03-02 12:00 broken"}


@pytest.mark.exercises("CEMENT-3.5")
def test_whoever_complains_is_told_within_a_day_how_it_will_be_handled(cement: Firm) -> None:
    told, late = Tale(cement, MONDAY), Tale(cement, MONDAY)

    by_production = told.refused("2026-03-03 09:00", "production_manager", a.tell_progress)
    told.then("2026-03-03 09:50", "complaint_officer", a.tell_progress, progress="今日派质检核实，三日内答复")
    late.then("2026-03-03 10:10", "complaint_officer", a.tell_progress)

    assert by_production == ["role 2.3.1.6"]
    assert told.owed("tell-arrangement") == {"position:complaint_officer": "2026-03-03 10:00 kept"}
    assert late.owed("tell-arrangement") == {"position:complaint_officer": "2026-03-03 10:00 broken"}


@pytest.mark.exercises("CEMENT-2")
def test_a_case_is_closed_within_fifteen_days_not_counting_the_wait_for_the_customer(cement: Firm) -> None:
    prompt, waiting, late = (Tale(cement, MONDAY, cause_class="other") for _each in range(3))

    waiting.then("2026-03-03 10:00", "complaint_officer", a.classify, a.wait_for_customer)
    standing_still = waiting.owed("complete-complaint")
    waiting.then("2026-03-06 10:00", "complaint_officer", a.resume)
    prompt.comes_to("close", "2026-03-17 09:00")
    late.comes_to("close", "2026-03-18 09:00")

    assert list(standing_still.values()) == ["paused"]
    assert list(waiting.owed("complete-complaint").values()) == ["2026-03-21 00:00 running"]
    assert list(prompt.owed("complete-complaint").values()) == ["2026-03-18 00:00 kept"]
    assert list(late.owed("complete-complaint").values()) == ["2026-03-18 00:00 broken"]
    assert late.record.closed_at > cement.owed(late.record, "complete-complaint").due_at
