"""Clauses 2.2.2 and 2.3 of the cement company: joint analysis, service on site, details from production."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from luyue.improvement import actions as i
from luyue.records.general import ACKNOWLEDGE
from tests.firms import Firm
from tests.stories.telling import Tale

MONDAY = "2026-03-02 10:00"


def sorted_out(cement: Firm, **facts: object) -> Tale:
    """A complaint registered and sorted on Monday at ten."""
    return Tale(cement, MONDAY, **facts).then(MONDAY, "complaint_officer", a.classify)


@pytest.mark.exercises("CEMENT-2.2.2-1")
def test_a_quality_problem_is_analysed_with_quality_inspection_and_safety_and_production(cement: Firm) -> None:
    prompt, late = sorted_out(cement), sorted_out(cement)

    prompt.acknowledge("2026-03-02 17:50", "quality_manager", "safety_production_manager", control="analyse-quality")
    late.acknowledge("2026-03-02 18:10", "quality_manager", "safety_production_manager", control="analyse-quality")
    prompt.then("2026-03-03 09:00", "inspector", a.confirm_facts, a.record_finding, a.record_finding)
    prompt.then("2026-03-03 09:00", "inspector", a.record_inspection)
    prompt.then("2026-03-03 10:00", "production_manager", a.add_production_details, a.record_finding)
    one_finding = prompt.refused("2026-03-03 11:00", "quality_manager", a.determine_responsibility)
    prompt.then("2026-03-03 12:00", "safety_production_manager", a.record_finding)
    by_production = prompt.refused("2026-03-03 13:00", "production_manager", a.determine_responsibility)
    prompt.then("2026-03-06 19:00", "quality_manager", a.determine_responsibility)
    late.comes_to("determine_responsibility", "2026-03-07 08:00")

    assert one_finding == ["prerequisite_action 2.2.2"]
    assert by_production == ["role 2.2.2"]
    assert prompt.owed("analyse-quality") == {
        "department:quality_inspection": "2026-03-02 18:00 kept",
        "department:safety_production": "2026-03-02 18:00 kept",
    }
    assert set(late.owed("analyse-quality").values()) == {"2026-03-02 18:00 broken"}
    assert prompt.owed("determine-responsibility") == {"position:quality_manager": "2026-03-07 00:00 kept"}
    assert late.owed("determine-responsibility") == {"position:quality_manager": "2026-03-07 00:00 broken"}


@pytest.mark.exercises("CEMENT-2.2.2-2")
def test_a_complaint_about_handling_goes_the_same_way_with_other_departments(cement: Firm) -> None:
    prompt, late = sorted_out(cement, cause_class="handling"), sorted_out(cement, cause_class="other")

    by_quality = prompt.refused("2026-03-02 11:00", "safety_production_manager", ACKNOWLEDGE)
    prompt.acknowledge("2026-03-02 17:50", "sales_manager", "production_manager")
    late.acknowledge("2026-03-02 18:10", "sales_manager", "production_manager", control="analyse-handling")
    prompt.then("2026-03-03 09:00", "inspector", a.confirm_facts, a.record_finding)
    one_finding = prompt.refused("2026-03-03 11:00", "quality_manager", a.determine_responsibility)
    prompt.then("2026-03-03 12:00", "sales_manager", a.record_finding)
    prompt.then("2026-03-06 19:00", "quality_manager", a.determine_responsibility)
    late.comes_to("determine_responsibility", "2026-03-07 08:00")

    assert by_quality == ["nothing_to_acknowledge"]
    assert one_finding == ["prerequisite_action 2.2.2"]
    assert prompt.owed("analyse-handling") == {
        "department:sales": "2026-03-02 18:00 kept",
        "department:production": "2026-03-02 18:00 kept",
    }
    assert set(late.owed("analyse-handling").values()) == {"2026-03-02 18:00 broken"}
    assert prompt.owed("determine-responsibility") == {"position:quality_manager": "2026-03-07 00:00 kept"}
    assert late.owed("determine-responsibility") == {"position:quality_manager": "2026-03-07 00:00 broken"}


@pytest.mark.exercises("CEMENT-2.2.2-3")
def test_when_we_are_not_at_fault_the_customer_sees_our_finding_and_next_steps_are_discussed(cement: Firm) -> None:
    tale = Tale(cement, MONDAY, responsibility="not_ours", remedy="explanation").comes_to("propose_remedy", MONDAY)
    ours = Tale(cement, MONDAY).comes_to("determine_responsibility", MONDAY)

    undiscussed = tale.refused("2026-03-03 09:00", "marketing_manager", a.decide_remedy)
    tale.then("2026-03-03 10:00", "service_engineer", a.agree_with_customer)
    tale.then("2026-03-03 11:00", "marketing_manager", a.decide_remedy)
    without_finding = tale.refused("2026-03-03 12:00", "complaint_officer", a.tell_result, papers=["reply_letter"])
    tale.comes_to("ask_satisfaction", "2026-03-03 12:30")
    unexplained = tale.refused("2026-03-04 09:00", "marketing_manager", a.close)
    tale.then("2026-03-04 10:00", "complaint_officer", a.tell_result, papers=["reply_letter", "inspection_report"])
    tale.then("2026-03-04 11:00", "marketing_manager", a.close)

    assert undiscussed == unexplained == ["prerequisite_action 2.2.2"]
    assert without_finding == ["prerequisite_attachment 2.2.2"]
    assert "YS-SC-02-04" in tale.prints("complaint_officer", "2026-03-04 12:00")
    assert "YS-SC-02-04" not in ours.prints("complaint_officer", "2026-03-04 12:00")


@pytest.mark.exercises("CEMENT-2.3.1.5")
def test_whether_an_objection_is_reasonable_is_verified_and_reported(cement: Firm) -> None:
    prompt, late = sorted_out(cement), sorted_out(cement)
    for tale in (prompt, late):
        tale.then("2026-03-02 11:00", "inspector", a.record_finding, a.record_inspection)
        tale.then("2026-03-02 11:00", "production_manager", a.add_production_details)
        tale.then("2026-03-02 11:00", "safety_production_manager", a.record_finding)

    unverified = prompt.refused("2026-03-02 12:00", "quality_manager", a.determine_responsibility)
    by_marketing = prompt.refused("2026-03-02 12:00", "complaint_officer", a.confirm_facts)
    without_judgement = prompt.refused("2026-03-02 12:00", "inspector", a.confirm_facts, reasonable=None)
    for tale in (prompt, late):
        tale.then("2026-03-02 12:00", "inspector", a.confirm_facts)
    prompt.acknowledge("2026-03-03 11:50", "complaint_officer", "production_manager", control="objection-reported")
    late.acknowledge("2026-03-03 12:10", "complaint_officer", "production_manager", control="objection-reported")
    prompt.then("2026-03-03 13:00", "quality_manager", a.determine_responsibility)

    assert unverified == ["prerequisite_action 2.3.1.5"]
    assert by_marketing == ["role 2.3.1.5"]
    assert without_judgement == ["required_field 2.3.1.5"]
    assert set(prompt.owed("objection-reported").values()) == {"2026-03-03 12:00 kept"}
    assert set(late.owed("objection-reported").values()) == {"2026-03-03 12:00 broken"}


@pytest.mark.exercises("CEMENT-2.3.1.6-1", "CEMENT-2.3.1.6-2", "CEMENT-2.3.1.8-2", "CEMENT-2.3.1.6-6")
def test_a_specialist_is_on_site_within_a_day_and_the_file_is_opened(cement: Firm) -> None:
    prompt, late = sorted_out(cement, on_site_needed=True), sorted_out(cement, on_site_needed=True)
    at_home = sorted_out(cement)

    sent_by_production = prompt.refused(
        "2026-03-02 12:00",
        "production_manager",
        a.send_to_site,
        person=cement["service_engineer"],
        planned_arrival_at=prompt.record.opened_at,
    )
    by_marketing = prompt.refused("2026-03-03 09:00", "complaint_officer", a.arrive_on_site)
    nothing_found = prompt.refused("2026-03-03 09:00", "service_engineer", a.arrive_on_site, finding="")
    not_been_there = prompt.refused("2026-03-03 09:00", "quality_manager", a.determine_responsibility)
    file_before = prompt.prints("service_engineer", "2026-03-03 09:00")
    prompt.then("2026-03-03 09:59", "service_engineer", a.arrive_on_site)
    late.then("2026-03-03 10:01", "service_engineer", a.arrive_on_site)
    without_raw_data = prompt.refused("2026-03-03 11:00", "service_engineer", a.give_data_in_writing, papers=[])
    prompt.then("2026-03-03 12:00", "service_engineer", a.give_data_in_writing)

    assert sent_by_production == by_marketing == ["role 2.3.1.6"]
    assert nothing_found == ["required_field 2.3.1.6"]
    assert "prerequisite_action 2.3.1.8" in not_been_there
    assert without_raw_data == ["prerequisite_attachment 2.3.1.6"]
    assert prompt.owed("arrive-on-site") == {"position:service_engineer": "2026-03-03 10:00 kept"}
    assert late.owed("arrive-on-site") == {"position:service_engineer": "2026-03-03 10:00 broken"}
    assert at_home.owed("arrive-on-site") == {}
    assert "YS-SC-02-03" not in file_before
    assert "YS-SC-02-03" in prompt.prints("service_engineer", "2026-03-03 12:00")


def test_who_is_told_that_nobody_has_arrived_yet(cement: Firm) -> None:
    tale = sorted_out(cement, on_site_needed=True)

    assert tale.alarms("arrive-on-site") == [
        ("2026-03-02 22:00", "position:quality_manager"),
        ("2026-03-03 10:00", "position:deputy_gm"),
    ]


@pytest.mark.exercises("CEMENT-2.3.1.6-3", "CEMENT-2.3.1.6-4")
def test_samples_are_taken_with_the_construction_company_and_the_data_given_in_writing(cement: Firm) -> None:
    prompt, late = sorted_out(cement, on_site_needed=True), sorted_out(cement, on_site_needed=True)
    for tale in (prompt, late):
        tale.then("2026-03-02 16:00", "service_engineer", a.arrive_on_site)

    unsampled = prompt.refused("2026-03-02 17:00", "inspector", a.record_inspection)
    alone = prompt.refused("2026-03-02 17:00", "service_engineer", a.sample_jointly, taken_with="")
    by_marketing = prompt.refused("2026-03-02 17:00", "complaint_officer", a.sample_jointly)
    prompt.then("2026-03-02 18:00", "service_engineer", a.sample_jointly, taken_with="施工单位材料员")
    prompt.then("2026-03-03 09:00", "inspector", a.record_inspection, a.confirm_facts, a.record_finding)
    prompt.then("2026-03-03 09:00", "production_manager", a.add_production_details)
    prompt.then("2026-03-03 09:00", "safety_production_manager", a.record_finding)
    not_given = prompt.refused("2026-03-05 09:00", "quality_manager", a.determine_responsibility)
    prompt.then("2026-03-05 19:00", "service_engineer", a.give_data_in_writing)
    late.then("2026-03-06 08:00", "service_engineer", a.give_data_in_writing)
    prompt.then("2026-03-05 19:30", "quality_manager", a.determine_responsibility)

    assert unsampled == not_given == ["prerequisite_action 2.3.1.6"]
    assert alone == ["required_field 2.3.1.6"]
    assert by_marketing == ["role 2.3.1.6"]
    assert prompt.owed("data-in-writing") == {"position:service_engineer": "2026-03-06 00:00 kept"}
    assert late.owed("data-in-writing") == {"position:service_engineer": "2026-03-06 00:00 broken"}


@pytest.mark.exercises("CEMENT-2.3.1.6-0", "CEMENT-2.3.1.6-5")
def test_the_construction_company_accepts_the_plan_before_it_is_decided(cement: Firm) -> None:
    tale = Tale(cement, MONDAY, on_site_needed=True).comes_to("propose_remedy", MONDAY)

    by_sales = tale.refused("2026-03-03 09:00", "sales_manager", a.agree_with_customer)
    told_by_sales = tale.refused("2026-03-03 09:00", "sales_manager", a.tell_progress)
    builder_not_asked = tale.refused(
        "2026-03-03 09:00", "service_engineer", a.agree_with_customer, construction_party_agrees=None
    )
    not_accepted = tale.refused("2026-03-03 09:00", "marketing_manager", a.decide_remedy)
    tale.then("2026-03-03 10:00", "service_engineer", a.tell_progress, a.agree_with_customer)
    only_by_word = tale.refused("2026-03-03 11:00", "marketing_manager", a.decide_remedy)
    refusals = [{"customer_agrees": False}, {"construction_party_agrees": False}]
    not_agreed = []
    for answer in refusals:
        tale.then("2026-03-03 11:30", "service_engineer", a.agree_with_customer, papers=["agreement"], **answer)
        not_agreed += tale.refused("2026-03-03 11:40", "marketing_manager", a.decide_remedy)
    tale.then("2026-03-03 12:00", "service_engineer", a.agree_with_customer, papers=["agreement"])
    tale.then("2026-03-03 13:00", "marketing_manager", a.decide_remedy)

    assert by_sales == told_by_sales == ["role 2.3.1.6"]
    assert builder_not_asked == ["required_field 2.3.1.6"]
    assert not_accepted == ["prerequisite_action 2.3.1.6", "prerequisite_attachment 2.3.1.6"]
    assert only_by_word == ["prerequisite_attachment 2.3.1.6"]
    assert not_agreed == ["prerequisite_action 2.3.1.6"] * 2
    assert tale.state() == "carrying_out"


@pytest.mark.exercises("CEMENT-2.3.1.7-1")
def test_an_objection_from_a_site_is_fed_back_and_its_cause_found(cement: Firm) -> None:
    prompt, late = sorted_out(cement, on_site_needed=True), sorted_out(cement, on_site_needed=True)
    for tale in (prompt, late):
        tale.then("2026-03-02 16:00", "service_engineer", a.arrive_on_site)

    by_sales = prompt.refused("2026-03-02 17:00", "sales_manager", ACKNOWLEDGE)
    prompt.acknowledge("2026-03-03 15:50", "production_manager", "engineering_manager", control="site-objection")
    late.acknowledge("2026-03-03 16:10", "production_manager", "engineering_manager", control="site-objection")
    improvement = prompt.raises_improvement("2026-03-03 17:00", "engineering_manager", "production_manager")
    without_cause = improvement.refused("2026-03-04 09:00", "quality_manager", i.analyse_cause, occurrence_cause="")
    improvement.then("2026-03-04 09:00", "quality_manager", i.analyse_cause)

    assert by_sales == ["nothing_to_acknowledge"]
    assert without_cause == ["required_field 2.3.1.7"]
    assert prompt.owed("site-objection") == {
        "department:production": "2026-03-03 16:00 kept",
        "department:engineering": "2026-03-03 16:00 kept",
    }
    assert set(late.owed("site-objection").values()) == {"2026-03-03 16:00 broken"}


@pytest.mark.exercises("CEMENT-2.3.2.1")
def test_production_helps_quality_inspection_to_confirm_the_reason(cement: Firm) -> None:
    prompt, late = sorted_out(cement), sorted_out(cement)

    prompt.acknowledge("2026-03-02 17:50", "production_manager", control="help-confirm")
    late.acknowledge("2026-03-02 18:10", "production_manager", control="help-confirm")
    by_engineering = prompt.refused("2026-03-03 09:00", "engineering_manager", a.record_finding)
    without_opinion = prompt.refused("2026-03-03 09:00", "production_manager", a.record_finding, opinion="")
    prompt.then("2026-03-03 09:00", "production_manager", a.record_finding)

    assert by_engineering == ["role 2.3.2.1"]
    assert without_opinion == ["required_field 2.3.2.1"]
    assert prompt.owed("help-confirm") == {"department:production": "2026-03-02 18:00 kept"}
    assert late.owed("help-confirm") == {"department:production": "2026-03-02 18:00 broken"}
    assert prompt.record.findings.count() == 1


@pytest.mark.exercises("CEMENT-2.3.2.4")
def test_quality_is_inspected_and_the_inspector_does_not_judge(cement: Firm) -> None:
    tale = sorted_out(cement).then("2026-03-02 11:00", "inspector", a.confirm_facts, a.record_finding)
    tale.then("2026-03-02 12:00", "production_manager", a.add_production_details)
    tale.then("2026-03-02 12:00", "safety_production_manager", a.record_finding)

    by_marketing = tale.refused("2026-03-02 13:00", "complaint_officer", a.record_inspection)
    uninspected = tale.refused("2026-03-02 13:00", "quality_manager", a.determine_responsibility)
    tale.then("2026-03-02 14:00", "quality_manager", a.record_inspection)
    by_the_inspector = tale.refused("2026-03-02 15:00", "quality_manager", a.determine_responsibility)
    tale.then("2026-03-02 16:00", "marketing_manager", a.determine_responsibility)

    assert by_marketing == ["role 2.3.2.4"]
    assert uninspected == ["prerequisite_action 2.3.2.4"]
    assert by_the_inspector == ["separate_persons 2.3.2.4"]
    assert tale.state() == "deciding"


@pytest.mark.exercises("CEMENT-2.3.2.5")
def test_production_reports_unit_people_date_and_sample_within_three_days(cement: Firm) -> None:
    prompt, late = sorted_out(cement), sorted_out(cement)
    prompt.then("2026-03-02 11:00", "inspector", a.confirm_facts, a.record_finding, a.record_inspection)
    prompt.then("2026-03-02 11:00", "safety_production_manager", a.record_finding)

    unknown = prompt.refused("2026-03-02 12:00", "quality_manager", a.determine_responsibility)
    by_quality = prompt.refused("2026-03-02 12:00", "inspector", a.add_production_details)
    without_sample = prompt.refused("2026-03-02 12:00", "production_manager", a.add_production_details, sample_kept="")
    prompt.then(
        "2026-03-05 19:00",
        "production_manager",
        a.add_production_details,
        sample_kept="",
        struck_through={"sample_kept": "N/A：留样期已满"},
    )
    late.then("2026-03-06 08:00", "production_manager", a.add_production_details)
    prompt.then("2026-03-05 19:30", "quality_manager", a.determine_responsibility)

    assert unknown == ["prerequisite_action 2.3.2.5"]
    assert by_quality == ["role 2.3.2.5"]
    assert without_sample == ["required_field 2.3.2.5"]
    assert prompt.owed("production-details") == {"position:production_manager": "2026-03-06 00:00 kept"}
    assert late.owed("production-details") == {"position:production_manager": "2026-03-06 00:00 broken"}
    assert prompt.record.struck_through == {"sample_kept": "N/A：留样期已满"}
