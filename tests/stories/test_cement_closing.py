"""Clauses 2.3.1.7, 2.3.1.9 and 3.1 to 3.7.4 of the cement company: satisfaction, prevention, filing, silence."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db.models import ProtectedError
from django.test import Client

from luyue.complaints import actions as a
from luyue.improvement import actions as i
from luyue.organization.models import Employee
from luyue.organization.staff import hire
from tests.firms import PASSWORD, Firm
from tests.stories.telling import Tale

MONDAY = "2026-03-02 10:00"
TUESDAY = "2026-03-03 10:00"


def carried_out(cement: Firm, **facts: object) -> Tale:
    """A complaint of Monday whose treatment has been carried out and told the customer in writing on Tuesday."""
    tale = Tale(cement, MONDAY, **{"cause_class": "other", **facts}).comes_to("decide_remedy", MONDAY)
    tale.then("2026-03-03 09:00", "complaint_officer", a.tell_result, papers=["reply_letter"])
    return tale.comes_to("carry_out", TUESDAY)


def clerk_without_position(cement: Firm) -> Employee:
    """Somebody of general management who has nothing to do with complaints."""
    return hire(
        cement.company,
        by=None,
        at=datetime(2024, 1, 2, 9, tzinfo=cement.company.zone),
        user_name="cement.typist",
        name="打字员",
        department=cement["responsible_person"].department,
        joined_on=date(2024, 1, 2),
        password=PASSWORD,
        password_is_initial=False,
    )


@pytest.mark.exercises("CEMENT-1.4-2", "CEMENT-2.2.4-2")
def test_a_quality_case_is_closed_only_when_prevention_has_been_decided(cement: Firm) -> None:
    prompt, late = (carried_out(cement, cause_class="quality") for _each in range(2))
    investigated = Tale(cement, MONDAY).comes_to("classify", MONDAY)
    investigated.then(TUESDAY, "inspector", a.confirm_facts, a.record_finding, a.record_inspection)
    investigated.then(TUESDAY, "production_manager", a.add_production_details)
    investigated.then(TUESDAY, "safety_production_manager", a.record_finding)
    prompt.comes_to("ask_satisfaction", "2026-03-04 10:00")

    without_cause = investigated.refused(TUESDAY, "quality_manager", a.determine_responsibility, cause="")
    unprevented = prompt.refused("2026-03-04 11:00", "marketing_manager", a.close)
    by_marketing = prompt.refused("2026-03-04 11:00", "marketing_manager", a.raise_improvement)
    improvement = prompt.raises_improvement("2026-03-05 19:00", "engineering_manager", "production_manager")
    late.raises_improvement("2026-03-06 09:00", "engineering_manager", "production_manager")
    only_raised = prompt.refused("2026-03-06 09:00", "marketing_manager", a.close)
    improvement.comes_to("plan_action", "2026-03-06 10:00")
    prompt.then("2026-03-06 12:00", "marketing_manager", a.close)

    assert without_cause == ["required_field 1.4"]
    assert unprevented == only_raised == ["prerequisite_link 1.4"]
    assert by_marketing == ["role 2.2.4"]
    assert prompt.owed("begin-improvement") == {"position:engineering_manager": "2026-03-06 00:00 kept"}
    assert late.owed("begin-improvement") == {"position:engineering_manager": "2026-03-06 00:00 broken"}
    assert prompt.state() == "closed"


@pytest.mark.exercises("CEMENT-2.3.1.7-0", "CEMENT-2.3.1.7-2", "CEMENT-2.3.1.7-3")
def test_quality_inspection_presses_for_the_plan_and_confirms_its_effect(cement: Firm) -> None:
    complaint = carried_out(cement, cause_class="quality", severity="major").comes_to("ask_satisfaction", TUESDAY)
    prompt, late = (
        complaint.raises_improvement("2026-03-04 10:00", "engineering_manager", "production_manager")
        for _each in range(2)
    )
    for tale in (prompt, late):
        tale.comes_to("analyse_cause", "2026-03-05 10:00")

    planned_by_marketing = prompt.refused("2026-03-06 10:00", "marketing_manager", i.plan_action)
    without_a_day = prompt.refused("2026-03-06 10:00", "quality_manager", i.plan_action, what="")
    prompt.then("2026-03-11 19:00", "quality_manager", i.plan_action)
    late.then("2026-03-12 09:00", "quality_manager", i.plan_action)
    started_by_quality = prompt.refused("2026-03-12 09:00", "quality_manager", i.start)
    for tale in (prompt, late):
        tale.then("2026-03-12 10:00", "production_manager", i.start)
    only_being_carried_out = complaint.refused("2026-03-12 11:00", "marketing_manager", a.close)
    for tale in (prompt, late):
        tale.then("2026-03-13 10:00", "production_manager", i.complete_action, i.finish)
    confirmed_by_production = prompt.refused("2026-03-14 10:00", "production_manager", i.verify_effect)
    without_evidence = prompt.refused("2026-03-14 10:00", "quality_manager", i.verify_effect, effect_evidence="")
    prompt.then("2026-04-12 19:00", "quality_manager", i.verify_effect)
    late.then("2026-04-13 09:00", "quality_manager", i.verify_effect)
    complaint.then("2026-04-13 10:00", "marketing_manager", a.close)

    assert planned_by_marketing == ["role 2.2.4"]
    assert without_a_day == ["required_field 2.3.1.7"]
    assert started_by_quality == ["role 2.3.1.7"]
    assert only_being_carried_out == ["prerequisite_link 2.3.1.7"]
    assert confirmed_by_production == ["role 2.3.1.7", "separate_persons 2.3.1.7"]
    assert without_evidence == ["required_field 2.3.1.7"]
    assert prompt.owed("improvement-plan") == {"position:quality_manager": "2026-03-12 00:00 kept"}
    assert late.owed("improvement-plan") == {"position:quality_manager": "2026-03-12 00:00 broken"}
    assert prompt.owed("confirm-effect") == {"position:quality_manager": "2026-04-13 00:00 kept"}
    assert late.owed("confirm-effect") == {"position:quality_manager": "2026-04-13 00:00 broken"}
    assert complaint.state() == "closed"


@pytest.mark.exercises("CEMENT-2.3.1.7-3")
def test_measures_are_carried_out_by_the_last_day_that_the_plan_names(cement: Firm) -> None:
    complaint = carried_out(cement, cause_class="quality")
    prompt, late = (
        complaint.raises_improvement("2026-03-04 10:00", "engineering_manager", "production_manager")
        for _each in range(2)
    )
    for tale in (prompt, late):
        tale.comes_to("analyse_cause", "2026-03-05 10:00")
        tale.then("2026-03-06 10:00", "quality_manager", i.plan_action, due_on=date(2026, 3, 20))
        tale.then("2026-03-06 11:00", "quality_manager", i.plan_action, due_on=date(2026, 3, 31))
        tale.then("2026-03-06 12:00", "production_manager", i.start)
        tale.then("2026-03-20 10:00", "production_manager", i.complete_action, number=1)

    one_open = prompt.refused("2026-03-21 10:00", "production_manager", i.finish)
    prompt.then("2026-03-31 19:00", "production_manager", i.complete_action, number=2)
    prompt.then("2026-03-31 19:10", "production_manager", i.finish)
    late.then("2026-04-01 09:00", "production_manager", i.complete_action, number=2)
    late.then("2026-04-01 09:10", "production_manager", i.finish)

    assert one_open == ["measures_open"]
    assert list(prompt.owed("measures-on-their-day").values()) == ["2026-04-01 00:00 kept"]
    assert list(late.owed("measures-on-their-day").values()) == ["2026-04-01 00:00 broken"]
    assert [entry.data["number"] for entry in late.record.entries.filter(action="improvement.complete_action")] == [
        1,
        2,
    ]


@pytest.mark.exercises("CEMENT-3.2", "CEMENT-2.3.1.10")
def test_both_sides_are_asked_whether_they_are_satisfied_and_the_departments_hear_it(cement: Firm) -> None:
    prompt, late = carried_out(cement), carried_out(cement)

    unasked = prompt.refused("2026-03-04 09:00", "marketing_manager", a.close)
    by_quality = prompt.refused("2026-03-04 09:00", "service_engineer", a.ask_satisfaction)
    one_side_only = prompt.refused(
        "2026-03-04 09:00", "complaint_officer", a.ask_satisfaction, satisfied_respondent=None
    )
    prompt.then("2026-03-06 10:00", "complaint_officer", a.ask_satisfaction)
    late.then("2026-03-07 10:00", "complaint_officer", a.ask_satisfaction)
    prompt.acknowledge("2026-03-07 09:50", "marketing_manager", "production_manager", control="opinions-reported")
    late.acknowledge("2026-03-08 10:10", "marketing_manager", "production_manager", control="opinions-reported")
    prompt.then("2026-03-07 11:00", "marketing_manager", a.close)

    assert unasked == ["prerequisite_action 3.2"]
    assert by_quality == ["role 3.2"]
    assert one_side_only == ["required_field 3.2"]
    assert prompt.owed("ask-satisfaction") == {"position:complaint_officer": "2026-03-07 00:00 kept"}
    assert late.owed("ask-satisfaction") == {"position:complaint_officer": "2026-03-07 00:00 broken"}
    assert set(prompt.owed("opinions-reported").values()) == {"2026-03-07 10:00 kept"}
    assert set(late.owed("opinions-reported").values()) == {"2026-03-08 10:00 broken"}


@pytest.mark.exercises("CEMENT-3.3")
def test_dissatisfaction_is_reported_to_the_company_and_the_case_taken_up_again(cement: Firm) -> None:
    reopened, late = carried_out(cement), carried_out(cement)
    respondent = carried_out(cement).then(TUESDAY, "service_engineer", a.report_upwards)
    for tale in (reopened, late):
        tale.then("2026-03-04 10:00", "complaint_officer", a.ask_satisfaction, satisfied_complainant=False)
    respondent.then("2026-03-04 10:00", "complaint_officer", a.ask_satisfaction, satisfied_respondent=False)

    not_satisfied = reopened.refused("2026-03-04 11:00", "marketing_manager", a.close)
    not_followed_up = respondent.refused("2026-03-04 11:00", "marketing_manager", a.close)
    reopened.acknowledge("2026-03-05 09:50", "deputy_gm")
    reopened.then("2026-03-05 09:50", "complaint_officer", a.report_upwards)
    still_not_satisfied = reopened.refused("2026-03-05 10:00", "marketing_manager", a.close)
    reopened.then("2026-03-05 11:00", "marketing_manager", a.reopen)
    late.then("2026-03-05 10:10", "complaint_officer", a.report_upwards)
    late.acknowledge("2026-03-05 10:20", "deputy_gm", control="dissatisfaction-reported")
    respondent.then("2026-03-05 09:00", "complaint_officer", a.report_upwards)
    respondent.then("2026-03-05 10:00", "marketing_manager", a.close)

    assert not_satisfied == not_followed_up == ["prerequisite_action 3.3"]
    assert still_not_satisfied == ["not_satisfied"]
    assert reopened.owed("dissatisfaction-reported") == {"position:deputy_gm": "2026-03-05 10:00 kept"}
    assert late.owed("dissatisfaction-reported") == {"position:deputy_gm": "2026-03-05 10:00 broken"}
    assert reopened.owed("report-dissatisfaction") == {"position:complaint_officer": "2026-03-05 10:00 kept"}
    assert late.owed("report-dissatisfaction") == {"position:complaint_officer": "2026-03-05 10:00 broken"}
    assert (reopened.state(), respondent.state()) == ("investigating", "closed")
    assert reopened.history("complete-complaint") == ["2026-03-18 00:00 running"]


@pytest.mark.exercises("CEMENT-2.3.1.9")
def test_the_result_is_reported_to_the_superior_within_a_day_of_closing(cement: Firm) -> None:
    prompt, late = (carried_out(cement).comes_to("ask_satisfaction", TUESDAY) for _each in range(2))
    for tale in (prompt, late):
        tale.then("2026-03-04 10:00", "marketing_manager", a.close)

    by_production = prompt.refused("2026-03-04 11:00", "production_manager", a.report_upwards)
    prompt.then("2026-03-05 09:50", "service_engineer", a.report_upwards)
    late.then("2026-03-05 10:10", "service_engineer", a.report_upwards)
    prompt.acknowledge("2026-03-06 09:00", "deputy_gm")

    assert by_production == ["role 2.3.1.9"]
    assert prompt.owed("report-result") == {"position:service_engineer": "2026-03-05 10:00 kept"}
    assert late.owed("report-result") == {"position:service_engineer": "2026-03-05 10:00 broken"}
    assert prompt.owed("result-received") == {"position:deputy_gm": "2026-03-06 09:50 kept"}


@pytest.mark.exercises("CEMENT-3.1")
def test_the_papers_go_into_the_volume_of_the_year_and_are_kept_for_five_years(cement: Firm) -> None:
    prompt, late = (carried_out(cement).comes_to("ask_satisfaction", TUESDAY) for _each in range(2))
    too_early = prompt.refused("2026-03-04 09:00", "archivist", a.bind_in_volume)
    for tale in (prompt, late):
        tale.then("2026-03-04 10:00", "marketing_manager", a.close)

    by_quality = prompt.refused("2027-01-05 10:00", "quality_manager", a.bind_in_volume)
    without_year = prompt.refused("2027-01-05 10:00", "archivist", a.bind_in_volume, case_volume_year=None)
    prompt.then("2027-01-05 10:00", "archivist", a.bind_in_volume)
    late.then("2027-03-05 10:00", "archivist", a.bind_in_volume)

    with pytest.raises(ProtectedError):
        prompt.record.delete()
    assert too_early == ["state"]
    assert by_quality == ["role 3.1"]
    assert without_year == ["required_field 3.1"]
    assert prompt.owed("bind-in-volume") == {"position:archivist": "2027-03-05 00:00 kept"}
    assert late.owed("bind-in-volume") == {"position:archivist": "2027-03-05 00:00 broken"}
    assert prompt.record.retained_until == date(2031, 3, 4)
    assert prompt.record.case_volume_year == 2026


@pytest.mark.exercises("CEMENT-3.1")
def test_the_volume_of_a_year_has_its_list_of_contents(cement: Firm) -> None:
    bound, closed = (carried_out(cement).comes_to("ask_satisfaction", TUESDAY) for _each in range(2))
    for tale in (bound, closed):
        tale.then("2026-03-04 10:00", "marketing_manager", a.close)
    bound.then("2027-01-05 10:00", "archivist", a.bind_in_volume)
    client = Client()
    client.force_login(cement["archivist"].account)

    contents = client.get("/r/complaints/print/?view=all&case_volume_year=2026").content.decode()
    next_year = client.get("/r/complaints/print/?view=all&case_volume_year=2027").content.decode()

    assert "2026" in contents.partition("paper-what")[2].partition("</p>")[0]
    assert '<td class="cell-number">1</td>' in contents
    assert bound.record.number in contents
    assert closed.record.number not in contents
    assert bound.record.number not in next_year


@pytest.mark.exercises("CEMENT-3.7.4")
def test_a_complaint_is_not_found_by_those_whom_it_does_not_concern(cement: Firm) -> None:
    tale = Tale(cement, MONDAY)
    typist = clerk_without_position(cement)

    outsiders = [tale.is_seen_by(each, MONDAY) for each in (typist, cement["engineering_manager"])]
    tale.comes_to("decide_remedy", MONDAY).comes_to("carry_out", TUESDAY)
    tale.then("2026-03-04 09:00", "complaint_officer", a.assign, to=typist)

    assert outsiders == [False, False]
    assert tale.is_seen_by(cement["quality_manager"], MONDAY) is True
    assert tale.is_seen_by(cement["deputy_gm"], MONDAY) is True
    assert tale.is_seen_by(typist, "2026-03-04 10:00") is True
