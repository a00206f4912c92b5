"""Clauses 4.3.3 to 4.3.5 of the brush company: cause, measures, carrying out, and closing after verification."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from luyue.improvement import actions as i
from luyue.records.general import OVERRIDE, SIGN
from tests.firms import Firm
from tests.stories.telling import Tale

MONDAY = "2026-03-02 10:00"
TUESDAY = "2026-03-03 10:00"


def opened(brush: Firm) -> Tale:
    """An improvement form of Monday morning for production."""
    complaint = Tale(brush, MONDAY).then(MONDAY, "order_clerk", a.classify)
    return complaint.raises_improvement(MONDAY, "order_clerk", "production_manager")


@pytest.mark.exercises("BRUSH-4.3.3-1")
def test_the_cause_is_investigated_by_suitable_methods_within_three_working_days(brush: Firm) -> None:
    prompt, late = opened(brush), opened(brush)

    by_sales = prompt.refused("2026-03-03 09:00", "order_clerk", i.analyse_cause)
    no_whys = prompt.refused("2026-03-03 09:00", "quality_manager", i.analyse_cause, whys=[])
    no_escape = prompt.refused("2026-03-03 09:00", "quality_manager", i.analyse_cause, escape_cause="")
    prompt.then("2026-03-03 20:00", "production_manager", i.contain)
    late.then("2026-03-04 08:00", "production_manager", i.contain)
    prompt.then("2026-03-05 20:00", "quality_manager", i.analyse_cause)
    late.then("2026-03-06 08:00", "quality_manager", i.analyse_cause)

    assert by_sales == ["role 4.3.3"]
    assert no_whys == no_escape == ["required_field 4.3.3"]
    assert prompt.owed("contain") == {"department:production": "2026-03-04 00:00 kept"}
    assert late.owed("contain") == {"department:production": "2026-03-04 00:00 broken"}
    assert prompt.owed("analyse-cause") == {"department:quality": "2026-03-06 00:00 kept"}
    assert late.owed("analyse-cause") == {"department:quality": "2026-03-06 00:00 broken"}


@pytest.mark.exercises("BRUSH-4.3.3-2")
def test_measures_are_decided_within_five_working_days_and_approved(brush: Firm) -> None:
    prompt, late = (opened(brush).comes_to("analyse_cause", MONDAY) for _each in range(2))
    responsible = brush["production_manager"]

    by_sales = prompt.refused("2026-03-03 09:00", "order_clerk", i.plan_action, responsible=responsible)
    empty = prompt.refused("2026-03-03 09:00", "quality_manager", i.plan_action, responsible=responsible, what="")
    prompt.then("2026-03-07 20:00", "quality_manager", i.plan_action, responsible=responsible)
    late.then("2026-03-09 08:00", "quality_manager", i.plan_action, responsible=responsible)
    unapproved = prompt.refused("2026-03-09 09:00", "quality_manager", i.start)
    by_quality = prompt.refused("2026-03-09 09:00", "quality_manager", SIGN, decision="agreed")
    with_a_wrong_password = prompt.refused(
        "2026-03-09 09:00", "management_representative", SIGN, decision="agreed", password="wrong"
    )
    sent_back = late.signs("2026-03-09 09:00", "management_representative", decision="sent_back", opinion="措施不具体")
    returned = sent_back.refused("2026-03-09 10:00", "quality_manager", i.start)
    prompt.signs("2026-03-09 10:00", "management_representative").then("2026-03-09 11:00", "quality_manager", i.start)

    assert by_sales == ["role 4.3.3"]
    assert empty == ["required_field 4.3.3"]
    assert unapproved == ["sign_off_missing 4.3.3"]
    assert by_quality == ["nothing_to_sign"]
    assert with_a_wrong_password == ["password"]
    assert returned == ["sign_off_returned 4.3.3"]
    assert prompt.owed("decide-measures") == {"department:quality": "2026-03-08 00:00 kept"}
    assert late.owed("decide-measures") == {"department:quality": "2026-03-08 00:00 broken"}
    assert prompt.state() == "carrying_out"


@pytest.mark.exercises("BRUSH-4.3.4")
def test_measures_are_carried_out_with_evidence_within_fifteen_days(brush: Firm) -> None:
    prompt, late = (opened(brush).comes_to("plan_action", MONDAY) for _each in range(2))
    for tale in (prompt, late):
        tale.signs("2026-03-03 09:00", "general_manager").then("2026-03-03 10:00", "quality_manager", i.start)

    unfinished = prompt.refused("2026-03-10 10:00", "production_manager", i.finish)
    by_quality = prompt.refused("2026-03-10 10:00", "quality_manager", i.complete_action)
    no_evidence = prompt.refused("2026-03-10 10:00", "production_manager", i.complete_action, evidence="")
    prompt.then("2026-03-18 10:00", "production_manager", i.complete_action, i.finish)
    late.then("2026-03-19 10:00", "production_manager", i.complete_action, i.finish)

    assert unfinished == ["measures_open"]
    assert by_quality == ["role 4.3.4"]
    assert no_evidence == ["required_field 4.3.4"]
    assert list(prompt.owed("carry-out-measures").values()) == ["2026-03-19 00:00 kept"]
    assert list(late.owed("carry-out-measures").values()) == ["2026-03-19 00:00 broken"]


@pytest.mark.exercises("BRUSH-4.3.5")
def test_a_complaint_is_closed_only_when_another_person_has_verified_the_effect(brush: Firm) -> None:
    complaint = Tale(brush, MONDAY).comes_to("ask_satisfaction", MONDAY).then(TUESDAY, "order_clerk", a.tell_result)
    improvement = complaint.raises_improvement("2026-03-04 09:00", "order_clerk", "production_manager")
    improvement.comes_to("start", "2026-03-04 10:00")
    improvement.then("2026-03-09 10:00", "quality_inspector", i.complete_action, i.finish)

    unverified = complaint.refused("2026-03-10 09:00", "sales_manager", a.close)
    by_whoever_did_it = improvement.refused("2026-03-10 09:00", "quality_inspector", i.verify_effect)
    by_production = improvement.refused("2026-03-10 09:00", "production_manager", i.verify_effect)
    no_evidence = improvement.refused("2026-03-10 09:00", "quality_manager", i.verify_effect, effect_evidence="")
    improvement.then("2026-03-10 10:00", "quality_manager", i.verify_effect, effective=False)
    not_effective = complaint.refused("2026-03-10 11:00", "sales_manager", a.close)
    improvement.comes_to("plan_action", "2026-03-11 09:00").signs("2026-03-11 10:00", "general_manager")
    improvement.then("2026-03-11 11:00", "production_manager", i.start)
    improvement.then("2026-03-12 09:00", "production_manager", i.complete_action, number=2)
    improvement.then("2026-03-12 10:00", "production_manager", i.finish)
    improvement.then("2026-03-26 10:00", "quality_manager", i.verify_effect)
    complaint.then("2026-03-26 11:00", "sales_manager", a.close)

    assert unverified == not_effective == ["prerequisite_link 4.3.5"]
    assert by_whoever_did_it == ["separate_persons 4.3.5"]
    assert by_production == ["role 4.3.5"]
    assert no_evidence == ["required_field 4.3.5"]
    assert improvement.history("verify-effect") == ["2026-03-21 00:00 kept", "2026-03-25 00:00 broken"]
    assert (complaint.state(), improvement.state()) == ("closed", "closed")


def test_only_the_management_representative_lets_a_case_close_before_verification(brush: Firm) -> None:
    tale = Tale(brush, MONDAY).comes_to("ask_satisfaction", MONDAY).then(TUESDAY, "order_clerk", a.tell_result)
    set_aside = tale.override_of("closed-after-verification", a.close)

    by_the_sales_manager = tale.refused("2026-03-04 09:00", "sales_manager", OVERRIDE, **set_aside)
    tale.then("2026-03-04 09:00", "management_representative", OVERRIDE, **set_aside)
    tale.then("2026-03-04 10:00", "sales_manager", a.close)

    assert by_the_sales_manager == ["role"]
    assert tale.state() == "closed"


@pytest.mark.exercises("BRUSH-4.3.3-2", "BRUSH-4.3.5")
def test_a_fault_that_comes_back_is_taken_up_again_and_the_cause_looked_for_anew(brush: Firm) -> None:
    prompt, late = (opened(brush).comes_to("verify_effect", MONDAY) for _each in range(2))
    was_closed = prompt.state()

    by_production = prompt.refused("2026-05-06 10:00", "production_manager", i.reopen, recurrence="同样异常再次投诉")
    in_no_words = prompt.refused("2026-05-06 10:00", "quality_inspector", i.reopen, recurrence="")
    for tale in (prompt, late):
        tale.then("2026-05-06 10:00", "quality_inspector", i.reopen, recurrence="同样异常再次投诉")
        tale.then("2026-05-07 10:00", "quality_inspector", i.analyse_cause)
    prompt.then("2026-05-12 17:00", "quality_manager", i.plan_action)
    late.then("2026-05-13 09:00", "quality_manager", i.plan_action)

    assert was_closed == "closed"
    assert by_production == ["role 4.3.5"]
    assert in_no_words == ["required_field 4.3.5"]
    assert prompt.record.effective is None
    assert prompt.history("decide-measures")[1:] == ["2026-05-13 00:00 kept"]
    assert late.history("decide-measures")[1:] == ["2026-05-13 00:00 broken"]


@pytest.mark.exercises("BRUSH-4.3.3-2", "BRUSH-4.3.5")
def test_measures_without_effect_are_planned_anew_and_the_complaint_stays_open(brush: Firm) -> None:
    complaint = Tale(brush, MONDAY, responsibility="ours").comes_to("ask_satisfaction", MONDAY)
    prompt, late = (
        complaint.raises_improvement("2026-03-03 10:00", "order_clerk", "production_manager") for _each in range(2)
    )
    for tale in (prompt, late):
        tale.comes_to("finish", "2026-03-04 10:00")
        tale.then("2026-03-10 10:00", "quality_manager", i.verify_effect, effective=False, effect_evidence="第二批再发")

    still_open = complaint.refused("2026-03-11 10:00", "sales_manager", a.close)
    for tale in (prompt, late):
        tale.then("2026-03-11 10:00", "quality_inspector", i.analyse_cause)
    prompt.then("2026-03-16 17:00", "quality_manager", i.plan_action)
    late.then("2026-03-17 09:00", "quality_manager", i.plan_action)

    assert "prerequisite_link 4.3.5" in still_open
    assert list(prompt.owed("plan-anew").values()) == ["2026-03-17 00:00 kept"]
    assert list(late.owed("plan-anew").values()) == ["2026-03-17 00:00 broken"]
