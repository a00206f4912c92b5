"""Clauses 3.2, 4.2.2 and 4.2.3 of the mining company: serious problems, corrective action, parts for rework."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from luyue.improvement import actions as improvement_is
from luyue.records.general import OVERRIDE, SIGN
from luyue.records.models import Obligation
from tests.firms import Firm
from tests.stories.telling import Tale

MONDAY = "2026-03-02 10:00"
THE_SECTIONS = {"department:quality_inspection", "department:technical", "position:management_representative"}


@pytest.mark.exercises("MINING-4.2.2-1", "MINING-4.2.2a")
def test_a_serious_written_complaint_goes_out_as_a_copy_of_the_original(mining: Firm) -> None:
    in_time = Tale(mining, MONDAY, severity="serious", written=True, channel="letter")
    late = Tale(mining, MONDAY, severity="serious", written=True, channel="letter")
    minor = Tale(mining, MONDAY, written=True, channel="letter")

    without_severity = in_time.refused("2026-03-02 11:00", "salesperson", a.classify, severity="", papers=["original"])
    without_original = in_time.refused("2026-03-02 11:00", "salesperson", a.classify)
    for tale in (in_time, late, minor):
        tale.then("2026-03-02 11:00", "salesperson", a.classify, papers=["original"])
    in_time.acknowledge("2026-03-02 17:00", "quality_chief", "technical_chief", "management_representative")
    late.acknowledge("2026-03-02 17:10", "quality_chief", "technical_chief", "management_representative")
    for who in ("quality_chief", "technical_chief"):
        in_time.then("2026-03-03 09:00", who, a.record_finding)
    in_time.then("2026-03-03 10:00", "quality_chief", a.determine_responsibility)

    handed_over = Obligation.objects.filter(record_id=in_time.record.pk, control__endswith="/serious-written")
    assert without_severity == ["required_field 4.2.2"]
    assert in_time.owed("serious-written") == dict.fromkeys(THE_SECTIONS, "2026-03-02 17:00 kept")
    assert late.owed("serious-written") == dict.fromkeys(THE_SECTIONS, "2026-03-02 17:00 broken")
    assert minor.owed("serious-written") == {}
    assert {row.detail["hands_over"] for row in handed_over} == {"copy_of_original"}
    assert without_original == ["prerequisite_attachment 4.2.2"]
    assert in_time.state() == "deciding"


@pytest.mark.exercises("MINING-4.2.2-1", "MINING-4.2.2b")
def test_a_serious_oral_complaint_goes_out_on_a_liaison_slip(mining: Firm) -> None:
    in_time, late = (Tale(mining, MONDAY, severity="major") for _each in range(2))

    before_classifying = in_time.refused("2026-03-02 10:30", "salesperson", a.fill_in_liaison_slip)
    for tale in (in_time, late):
        tale.then("2026-03-02 11:00", "salesperson", a.classify)
    by_quality = in_time.refused("2026-03-02 11:30", "quality_chief", a.fill_in_liaison_slip)
    empty = in_time.refused("2026-03-02 11:30", "salesperson", a.fill_in_liaison_slip, liaison_slip=" ")
    for who in ("quality_chief", "technical_chief"):
        in_time.then("2026-03-02 15:00", who, a.record_finding)
    without_slip = in_time.refused("2026-03-02 15:30", "management_representative", a.determine_responsibility)
    in_time.then("2026-03-02 16:30", "salesperson", a.fill_in_liaison_slip)
    late.then("2026-03-02 17:30", "salesperson", a.fill_in_liaison_slip)
    in_time.acknowledge("2026-03-03 10:00", "quality_chief", "technical_chief", "management_representative")
    late.acknowledge("2026-03-03 17:45", "quality_chief", "technical_chief", "management_representative")

    handed_over = Obligation.objects.filter(record_id=in_time.record.pk, control__endswith="/serious-oral")
    assert before_classifying == ["prerequisite_action 4.2.2"]
    assert by_quality == ["role 4.2.2"]
    assert empty == ["required_field 4.2.2"]
    assert without_slip == ["prerequisite_action 4.2.2"]
    assert list(in_time.owed("liaison-slip").values()) == ["2026-03-02 17:00 kept"]
    assert list(late.owed("liaison-slip").values()) == ["2026-03-02 17:00 broken"]
    assert in_time.owed("serious-oral") == dict.fromkeys(THE_SECTIONS, "2026-03-03 10:30 kept")
    assert late.owed("serious-oral") == dict.fromkeys(THE_SECTIONS, "2026-03-03 11:30 broken")
    assert {row.detail["hands_over"] for row in handed_over} == {"liaison_slip"}
    assert in_time.owed("serious-written") == {}


@pytest.mark.exercises("MINING-4.2.2-2")
def test_the_management_representative_sees_to_the_correction_of_a_serious_problem(mining: Firm) -> None:
    tale, late = (Tale(mining, MONDAY, severity="serious") for _each in range(2))
    for each in (tale, late):
        each.then("2026-03-02 11:00", "salesperson", a.classify, a.fill_in_liaison_slip)
        each.then("2026-03-02 15:00", "quality_chief", a.record_finding)
        each.then("2026-03-02 15:00", "inspector", a.record_finding)

    by_sales = tale.refused("2026-03-02 15:00", "salesperson", a.record_finding)
    one_section_heard = tale.refused("2026-03-02 15:30", "quality_chief", a.determine_responsibility)
    for each in (tale, late):
        each.then("2026-03-02 15:40", "technical_chief", a.record_finding)
    by_the_sales_chief = tale.refused("2026-03-02 16:00", "sales_chief", a.determine_responsibility)
    for each in (tale, late):
        each.then("2026-03-02 16:00", "quality_chief", a.determine_responsibility)
    tale.then("2026-03-03 09:00", "salesperson", a.propose_remedy)
    unsigned = tale.refused("2026-03-03 09:30", "sales_chief", a.decide_remedy)
    signed_by_another = tale.refused("2026-03-03 09:30", "quality_chief", SIGN, decision="agreed")
    tale.signs("2026-03-03 10:00", "management_representative").comes_to("ask_satisfaction", "2026-03-03 10:30")
    uncorrected = tale.refused("2026-03-04 09:00", "sales_chief", a.close)
    improvement = tale.raises_improvement("2026-03-07 10:00", "management_representative", "technical_chief")
    late.raises_improvement("2026-03-09 09:00", "management_representative", "technical_chief")
    only_raised = tale.refused("2026-03-07 11:00", "sales_chief", a.close)
    improvement.comes_to("plan_action", "2026-03-10 09:00")
    tale.then("2026-03-10 11:00", "sales_chief", a.close)

    assert (by_sales, by_the_sales_chief) == (["role 4.2.2"], ["role 4.2.2"])
    assert one_section_heard == ["prerequisite_action 4.2.2"]
    assert unsigned == ["sign_off_missing 4.2.2"]
    assert signed_by_another == ["nothing_to_sign"]
    assert uncorrected == only_raised == ["prerequisite_link 4.2.2"]
    assert tale.owed("begin-correction") == {"position:management_representative": "2026-03-08 00:00 kept"}
    assert late.owed("begin-correction") == {"position:management_representative": "2026-03-08 00:00 broken"}
    assert tale.state() == "closed"


def test_only_the_general_manager_closes_a_serious_case_without_correction(mining: Firm) -> None:
    tale = Tale(mining, MONDAY, severity="serious").comes_to("ask_satisfaction", MONDAY)
    set_aside = tale.override_of("correction-decided", a.close)

    by_the_representative = tale.refused("2026-03-09 09:00", "management_representative", OVERRIDE, **set_aside)
    tale.then("2026-03-09 09:30", "general_manager", OVERRIDE, **set_aside)
    tale.then("2026-03-09 10:00", "sales_chief", a.close)

    assert by_the_representative == ["role 4.2.2"]
    assert tale.state() == "closed"


@pytest.mark.exercises("MINING-3.2-1", "MINING-3.2-2")
def test_feedback_is_analysed_and_corrected_and_another_verifies_the_effect(mining: Firm) -> None:
    tale = Tale(mining, MONDAY).comes_to("determine_responsibility", MONDAY)

    meeting_of_sales = tale.refused("2026-03-03 09:00", "sales_chief", a.hold_meeting)
    tale.then("2026-03-03 09:00", "management_representative", a.hold_meeting)
    raised_by_sales = tale.refused(
        "2026-03-03 10:00", "sales_chief", a.raise_improvement, responsible=mining["technical_chief"]
    )
    prompt, late = (
        tale.raises_improvement("2026-03-03 10:00", "management_representative", "technical_chief")
        for _each in range(2)
    )
    analysed_by_sales = prompt.refused("2026-03-04 09:00", "sales_chief", improvement_is.analyse_cause)
    no_escape = prompt.refused("2026-03-04 09:00", "quality_chief", improvement_is.analyse_cause, escape_cause="")
    prompt.then("2026-03-09 17:00", "quality_chief", improvement_is.analyse_cause)
    late.then("2026-03-11 09:00", "quality_chief", improvement_is.analyse_cause)
    for each in (prompt, late):
        each.then("2026-03-11 10:00", "quality_chief", improvement_is.plan_action, improvement_is.start)
    done_by_sales = prompt.refused("2026-03-12 10:00", "salesperson", improvement_is.complete_action)
    prompt.then("2026-03-12 10:00", "technical_chief", improvement_is.complete_action, improvement_is.finish)
    late.then("2026-04-14 10:00", "technical_chief", improvement_is.complete_action, improvement_is.finish)
    verified_by_technical = prompt.refused("2026-03-16 10:00", "technical_chief", improvement_is.verify_effect)
    without_evidence = prompt.refused("2026-03-16 10:00", "inspector", improvement_is.verify_effect, effect_evidence="")
    prompt.then("2026-03-16 10:00", "inspector", improvement_is.verify_effect)
    late.then("2026-05-20 10:00", "inspector", improvement_is.verify_effect)

    assert meeting_of_sales == raised_by_sales == done_by_sales == analysed_by_sales == ["role 3.2"]
    assert no_escape == without_evidence == ["required_field 3.2"]
    assert verified_by_technical == ["role 3.2", "separate_persons 3.2"]
    assert prompt.owed("analyse-cause") == {"position:management_representative": "2026-03-10 00:00 kept"}
    assert late.owed("analyse-cause") == {"position:management_representative": "2026-03-10 00:00 broken"}
    assert list(prompt.owed("finish-measures").values()) == ["2026-04-11 00:00 kept"]
    assert list(late.owed("finish-measures").values()) == ["2026-04-11 00:00 broken"]
    assert [each.owed("verify-effect")["department:quality_inspection"][-6:] for each in (prompt, late)] == [
        "0 kept",
        "broken",
    ]
    assert (prompt.state(), late.state()) == ("closed", "closed")


@pytest.mark.exercises("MINING-4.2.3")
def test_parts_for_rework_go_to_the_dispatching_office(mining: Firm) -> None:
    quick, slow = (Tale(mining, MONDAY, kind="return_for_rework", remedy="rework") for _each in range(2))
    exchanged = Tale(mining, MONDAY, remedy="exchange").comes_to("decide_remedy", MONDAY)

    quick.acknowledge("2026-03-02 15:00", "dispatcher", control="rework-announced")
    slow.acknowledge("2026-03-02 17:00", "dispatcher", control="rework-announced")
    for tale in (quick, slow):
        tale.comes_to("propose_remedy", "2026-03-03 08:00")
        tale.then("2026-03-03 10:00", "salesperson", a.agree_with_customer)
        tale.then("2026-03-03 10:00", "sales_chief", a.decide_remedy)
        tale.then("2026-03-03 11:00", "inspector", a.inspect_returned_goods)
    quick.acknowledge("2026-03-03 15:00", "dispatcher", control="rework-ordered")
    slow.acknowledge("2026-03-03 17:00", "dispatcher", control="rework-ordered")
    by_quality = quick.refused("2026-03-06 10:00", "quality_chief", a.carry_out)
    quick.then("2026-03-07 10:00", "dispatcher", a.carry_out)
    slow.then("2026-03-10 10:00", "workshop_chief", a.carry_out)

    assert by_quality == ["role 4.1.2"]
    assert exchanged.refused("2026-03-06 10:00", "dispatcher", a.carry_out)[0] == "role 4.1.2"
    assert quick.owed("rework-announced") == {"department:dispatching": "2026-03-02 16:00 kept"}
    assert slow.owed("rework-announced") == {"department:dispatching": "2026-03-02 16:00 broken"}
    assert quick.owed("rework-ordered") == {"department:dispatching": "2026-03-03 16:00 kept"}
    assert slow.owed("rework-ordered") == {"department:dispatching": "2026-03-03 16:00 broken"}
    assert quick.owed("rework") == {"department:dispatching": "2026-03-10 00:00 kept"}
    assert slow.owed("rework") == {"department:dispatching": "2026-03-10 00:00 broken"}
