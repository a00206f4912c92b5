"""Clauses 2.2.3, 2.2.4 and 3.4 to 3.7 of the cement company: a treatment is agreed, decided, told, handed over."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from luyue.records.general import OVERRIDE, SIGN
from tests.firms import Firm
from tests.stories.telling import Tale

MONDAY = "2026-03-02 10:00"
TUESDAY = "2026-03-03 10:00"


def judged(cement: Firm, **facts: object) -> Tale:
    """A complaint of Monday whose responsibility is settled before noon."""
    return Tale(cement, MONDAY, **facts).comes_to("determine_responsibility", MONDAY)


@pytest.mark.exercises("CEMENT-2.2.3-1")
def test_a_minor_complaint_is_registered_and_reported_to_the_departments(cement: Firm) -> None:
    prompt, late = (Tale(cement, MONDAY).then(MONDAY, "complaint_officer", a.classify) for _each in range(2))

    prompt.acknowledge("2026-03-03 09:50", "quality_manager", "production_manager", control="minor-to-departments")
    late.acknowledge("2026-03-03 10:10", "quality_manager", "production_manager", control="minor-to-departments")
    prompt.comes_to("determine_responsibility", "2026-03-03 11:00")
    by_production = prompt.refused("2026-03-03 13:00", "production_manager", a.propose_remedy)
    prompt.then("2026-03-03 13:00", "complaint_officer", a.propose_remedy)

    assert by_production == ["role 2.2.3"]
    assert prompt.owed("minor-to-departments") == {
        "position:quality_manager": "2026-03-03 10:00 kept",
        "position:production_manager": "2026-03-03 10:00 kept",
    }
    assert set(late.owed("minor-to-departments").values()) == {"2026-03-03 10:00 broken"}


@pytest.mark.exercises("CEMENT-2.2.3-2", "CEMENT-2.2.3-3", "CEMENT-2.2.3-4", "CEMENT-2.2.3-5", "CEMENT-2.2.3-6")
def test_a_severe_complaint_goes_from_proposal_to_approval_by_the_departments(cement: Firm) -> None:
    tale, minor = judged(cement, severity="serious"), judged(cement)

    by_the_officer = tale.refused(TUESDAY, "complaint_officer", a.propose_remedy)
    tale.then(TUESDAY, "safety_production_manager", a.propose_remedy)
    not_yet_joint = tale.refused("2026-03-03 11:00", "complaint_officer", a.agree_with_customer)
    without_opinion = tale.refused("2026-03-03 11:00", "marketing_manager", SIGN, decision="agreed", opinion="")
    tale.signs("2026-03-03 12:00", "marketing_manager")
    only_marketing = tale.refused("2026-03-03 13:00", "complaint_officer", a.agree_with_customer)
    tale.signs("2026-03-04 10:10", "general_management_manager")
    not_negotiated = tale.refused("2026-03-04 11:00", "marketing_manager", a.decide_remedy)
    tale.then("2026-03-04 12:00", "complaint_officer", a.agree_with_customer, customer_agrees=False)
    not_accepted = tale.refused("2026-03-04 12:00", "marketing_manager", a.decide_remedy)
    tale.then("2026-03-04 12:00", "complaint_officer", a.agree_with_customer)
    unapproved = tale.refused("2026-03-04 13:00", "marketing_manager", a.decide_remedy)
    tale.signs("2026-03-04 14:00", "quality_manager", "production_manager")
    one_missing = tale.refused("2026-03-04 15:00", "marketing_manager", a.decide_remedy)
    tale.signs("2026-03-05 13:00", "engineering_manager").then("2026-03-05 14:00", "marketing_manager", a.decide_remedy)

    assert by_the_officer == ["role 2.2.3"]
    assert not_yet_joint == only_marketing == ["sign_off_missing 2.2.3"]
    assert without_opinion == ["opinion 2.2.3"]
    assert not_negotiated == ["prerequisite_action 2.2.3", "sign_off_missing 2.2.3"]
    assert "prerequisite_action 2.2.3" in not_accepted
    assert unapproved == one_missing == ["sign_off_missing 2.2.3"]
    assert tale.owed("joint-method") == {
        "position:general_management_manager": "2026-03-04 10:00 broken",
        "position:marketing_manager": "2026-03-04 10:00 kept",
    }
    assert tale.owed("departments-approve") == {
        "position:quality_manager": "2026-03-05 12:00 kept",
        "position:production_manager": "2026-03-05 12:00 kept",
        "position:engineering_manager": "2026-03-05 12:00 broken",
    }
    assert "YS-SC-02-02" in tale.prints("complaint_officer", TUESDAY)
    assert "YS-SC-02-02" not in minor.prints("complaint_officer", TUESDAY)


def test_only_the_general_manager_decides_a_severe_case_over_a_missing_signature(cement: Firm) -> None:
    tale = judged(cement, severity="serious").comes_to("propose_remedy", TUESDAY)
    tale.signs("2026-03-03 12:00", "marketing_manager", "general_management_manager")
    tale.then("2026-03-03 13:00", "complaint_officer", a.agree_with_customer)
    set_aside = tale.override_of("departments-approve", a.decide_remedy)

    by_the_deputy = tale.refused("2026-03-03 14:00", "deputy_gm", OVERRIDE, **set_aside)
    tale.then("2026-03-03 14:00", "general_manager", OVERRIDE, **set_aside)
    tale.then("2026-03-03 15:00", "marketing_manager", a.decide_remedy)

    assert by_the_deputy == ["role 2.2.3"]
    assert tale.state() == "carrying_out"


@pytest.mark.exercises("CEMENT-2.3.1.8-0")
def test_the_manner_of_handling_is_drawn_up_within_two_days(cement: Firm) -> None:
    prompt, late = judged(cement), judged(cement)

    without_detail = prompt.refused(TUESDAY, "service_engineer", a.propose_remedy, remedy_detail="")
    prompt.then("2026-03-04 19:00", "service_engineer", a.propose_remedy)
    late.then("2026-03-05 08:00", "service_engineer", a.propose_remedy)

    assert without_detail == ["required_field 2.3.1.8"]
    assert prompt.owed("draw-up-handling") == {"position:quality_manager": "2026-03-05 00:00 kept"}
    assert late.owed("draw-up-handling") == {"position:quality_manager": "2026-03-05 00:00 broken"}


@pytest.mark.exercises("CEMENT-2.2.4-1")
def test_the_customer_hears_of_the_progress_and_the_treatment_is_followed_through(cement: Firm) -> None:
    prompt, late = judged(cement), judged(cement)
    judged_at = cement.local(cement.owed(prompt.record, "tell-progress").started_at)

    by_production = prompt.refused("2026-03-02 15:00", "production_manager", a.tell_progress)
    prompt.then("2026-03-03 09:00", "complaint_officer", a.tell_progress)
    late.then("2026-03-04 09:00", "complaint_officer", a.tell_progress)
    for tale in (prompt, late):
        tale.comes_to("propose_remedy", "2026-03-04 10:00")
        tale.then("2026-03-04 11:00", "marketing_manager", a.decide_remedy)
        tale.signs("2026-03-04 12:00", "quality_manager").then("2026-03-04 13:00", "complaint_officer", a.assign)
    prompt.then("2026-03-11 19:00", "responsible_person", a.carry_out)
    late.then("2026-03-12 09:00", "responsible_person", a.carry_out)

    due = f"2026-03-03{judged_at[10:]}"
    assert by_production == ["role 2.3.1.6"]
    assert prompt.owed("tell-progress") == {"position:complaint_officer": f"{due} kept"}
    assert late.owed("tell-progress") == {"position:complaint_officer": f"{due} broken"}
    assert prompt.owed("carry-out") == {"position:responsible_person": "2026-03-12 00:00 kept"}
    assert late.owed("carry-out") == {"position:responsible_person": "2026-03-12 00:00 broken"}


@pytest.mark.exercises("CEMENT-3.4-1")
@pytest.mark.parametrize("grave", [{"severity": "major"}, {"principle_matter": True}], ids=["major", "principle"])
def test_the_company_meets_about_matters_of_principle_and_major_cases(cement: Firm, grave: dict[str, object]) -> None:
    met, late, ordinary = judged(cement, **grave), judged(cement, **grave), judged(cement)

    by_marketing = met.refused(TUESDAY, "marketing_manager", a.hold_meeting)
    undecided = met.refused(TUESDAY, "deputy_gm", a.hold_meeting, meeting_decision="")
    without_a_meeting = met.refused(TUESDAY, "marketing_manager", a.decide_remedy)
    met.comes_to("propose_remedy", TUESDAY).then("2026-03-07 19:00", "deputy_gm", a.hold_meeting, papers=[])
    without_minutes = met.refused("2026-03-07 19:30", "marketing_manager", a.decide_remedy)
    met.then("2026-03-07 20:00", "deputy_gm", a.hold_meeting).comes_to("decide_remedy", "2026-03-08 09:00")
    late.then("2026-03-08 09:00", "deputy_gm", a.hold_meeting)

    assert by_marketing == ["role 3.4"]
    assert undecided == ["required_field 3.4"]
    assert {"prerequisite_action 3.4", "prerequisite_attachment 3.4"} <= set(without_a_meeting)
    assert "prerequisite_attachment 3.4" in without_minutes
    assert "prerequisite_action 3.4" not in without_minutes
    assert met.owed("hold-meeting") == {"position:deputy_gm": "2026-03-08 00:00 kept"}
    assert late.owed("hold-meeting") == {"position:deputy_gm": "2026-03-08 00:00 broken"}
    assert ordinary.owed("hold-meeting") == {}
    assert met.state() == "carrying_out"


@pytest.mark.exercises("CEMENT-3.4-2")
def test_the_meeting_decides_whether_an_authority_is_told(cement: Firm) -> None:
    told, late = (judged(cement, principle_matter=True, cause_class="other") for _each in range(2))

    undecided = told.refused(TUESDAY, "deputy_gm", a.hold_meeting, tell_authority=None)
    for tale in (told, late):
        tale.then(TUESDAY, "deputy_gm", a.hold_meeting, tell_authority=True)
    told.comes_to("ask_satisfaction", TUESDAY).then(
        "2026-03-04 10:00", "complaint_officer", a.tell_result, papers=["reply_letter"]
    )
    untold = told.refused("2026-03-04 11:00", "marketing_manager", a.close)
    by_marketing = told.refused("2026-03-04 11:00", "marketing_manager", a.notify_authority)
    told.then("2026-03-06 19:00", "general_management_manager", a.notify_authority)
    late.then("2026-03-07 09:00", "general_management_manager", a.notify_authority)
    told.then("2026-03-07 09:00", "marketing_manager", a.close)

    assert undecided == ["required_field 3.4"]
    assert untold == ["prerequisite_action 3.4"]
    assert by_marketing == ["role 3.4"]
    assert told.owed("notify-authority") == {"position:general_management_manager": "2026-03-07 00:00 kept"}
    assert late.owed("notify-authority") == {"position:general_management_manager": "2026-03-07 00:00 broken"}


@pytest.mark.exercises("CEMENT-3.6-1", "CEMENT-3.6-2", "CEMENT-3.6-3")
def test_the_handler_signs_and_hands_over_to_one_person_in_charge(cement: Firm) -> None:
    prompt, late = (Tale(cement, MONDAY, "complaint_officer") for _each in range(2))
    for tale in (prompt, late):
        tale.comes_to("propose_remedy", MONDAY).then(TUESDAY, "marketing_manager", a.decide_remedy)

    nobody_in_charge = prompt.refused("2026-03-03 11:00", "responsible_person", a.carry_out)
    unsigned = prompt.refused("2026-03-03 11:00", "complaint_officer", a.assign)
    without_opinion = prompt.refused("2026-03-03 11:00", "complaint_officer", SIGN, decision="agreed", opinion=" ")
    for tale in (prompt, late):
        tale.signs("2026-03-03 12:00", "complaint_officer", opinion="同意按方案换货")
    by_production = prompt.refused("2026-03-03 12:00", "production_manager", a.assign)
    prompt.then("2026-03-04 09:50", "complaint_officer", a.assign, to=cement["responsible_person"])
    late.then("2026-03-04 10:10", "complaint_officer", a.assign, to=cement["responsible_person"])
    by_the_officer = prompt.refused("2026-03-05 09:00", "complaint_officer", a.carry_out)
    in_no_words = prompt.refused("2026-03-05 09:00", "responsible_person", a.carry_out, carried_out_detail="")
    prompt.then("2026-03-05 09:00", "responsible_person", a.carry_out)

    assert nobody_in_charge == ["prerequisite_action 3.6"]
    assert unsigned == ["sign_off_missing 3.6"]
    assert without_opinion == ["opinion 3.6"]
    assert by_production == by_the_officer == ["role 3.6"]
    assert in_no_words == ["required_field 3.6"]
    assert set(prompt.owed("hand-over-papers").values()) == {"2026-03-04 10:00 kept"}
    assert set(late.owed("hand-over-papers").values()) == {"2026-03-04 10:00 broken"}
    assert prompt.record.owner == cement["responsible_person"]
    assert prompt.record.signatures.get().opinion == "同意按方案换货"


@pytest.mark.exercises("CEMENT-3.7.2-2")
def test_nothing_is_promised_before_the_decision(cement: Firm) -> None:
    tale = Tale(cement, MONDAY)

    too_early = [
        tale.comes_to(step, moment).refused(f"{moment[:10]} 19:00", "complaint_officer", a.tell_result)
        for step, moment in (("classify", MONDAY), ("determine_responsibility", TUESDAY), ("propose_remedy", TUESDAY))
    ]
    tale.comes_to("decide_remedy", "2026-03-04 10:00")
    tale.then("2026-03-04 12:00", "complaint_officer", a.tell_result, papers=["reply_letter"])

    assert too_early == [["order 3.7.2", "state"]] * 3
    assert tale.record.result_told == "已书面答复"


@pytest.mark.exercises("CEMENT-3.7.5")
def test_the_reply_is_a_letter_and_an_exception_needs_the_head_of_marketing(cement: Firm) -> None:
    written, by_phone, late = (judged(cement) for _each in range(3))
    for tale in (written, by_phone, late):
        tale.comes_to("propose_remedy", MONDAY).then(TUESDAY, "marketing_manager", a.decide_remedy)

    without_letter = written.refused("2026-03-03 12:00", "complaint_officer", a.tell_result)
    by_sales = written.refused("2026-03-03 12:00", "sales_manager", a.tell_result, papers=["reply_letter"])
    set_aside = by_phone.override_of("reply-letter", a.tell_result)
    excepted_by_the_officer = by_phone.refused("2026-03-03 12:00", "complaint_officer", OVERRIDE, **set_aside)
    telephoned = {"channel": "phone", "told_in_writing": False, "papers": ["reply_letter"]}
    written.then("2026-03-03 13:00", "complaint_officer", a.tell_result, **telephoned)
    only_telephoned = written.owed("reply-in-writing")
    written.then("2026-03-04 09:50", "complaint_officer", a.tell_result)
    by_phone.then("2026-03-03 13:00", "marketing_manager", OVERRIDE, **set_aside)
    by_phone.then("2026-03-03 14:00", "complaint_officer", a.tell_result, channel="phone", told_in_writing=False)
    late.then("2026-03-04 10:10", "complaint_officer", a.tell_result, papers=["reply_letter"])

    assert without_letter == ["prerequisite_attachment 3.7.5"]
    assert by_sales == [
        "role 3.7.5",
    ]
    assert excepted_by_the_officer == ["role"]
    assert only_telephoned == {"position:complaint_officer": "2026-03-04 10:00 running"}
    assert by_phone.owed("reply-in-writing") == {"position:complaint_officer": "2026-03-04 10:00 kept"}
    assert written.owed("reply-in-writing") == {"position:complaint_officer": "2026-03-04 10:00 kept"}
    assert late.owed("reply-in-writing") == {"position:complaint_officer": "2026-03-04 10:00 broken"}
    assert (written.record.told_in_writing, by_phone.record.told_in_writing) == (True, False)
