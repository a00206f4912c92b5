"""Clauses 3.1 to 4.2.1 of the mining company: everything customers say is registered, answered and passed on."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from luyue.records.general import ACKNOWLEDGE
from tests.firms import Firm
from tests.stories.telling import Tale, refused_at_registration

MONDAY = "2026-03-02 10:00"


@pytest.mark.exercises("MINING-3.1.4")
def test_what_customers_say_about_quality_reaches_the_sections(mining: Firm) -> None:
    heard, unheard = Tale(mining, MONDAY, kind="opinion"), Tale(mining, MONDAY, kind="opinion")
    complaint = Tale(mining, MONDAY)

    by_the_workshop = heard.refused("2026-03-02 11:00", "workshop_chief", ACKNOWLEDGE)
    heard.acknowledge("2026-03-03 17:00", "inspector", "technical_chief")
    unheard.acknowledge("2026-03-04 08:30", "inspector", "technical_chief")

    assert by_the_workshop == ["nothing_to_acknowledge"]
    assert heard.owed("quality-information") == {
        "department:quality_inspection": "2026-03-04 00:00 kept",
        "department:technical": "2026-03-04 00:00 kept",
    }
    assert set(unheard.owed("quality-information").values()) == {"2026-03-04 00:00 broken"}
    assert complaint.owed("quality-information") == {}


@pytest.mark.exercises("MINING-3.1.5", "MINING-4.1.2b", "MINING-4.1.2c")
def test_sales_organises_the_service_and_handles_the_complaint(mining: Firm) -> None:
    tale = Tale(mining, MONDAY, remedy="exchange")
    deeds = [a.classify, a.confirm_facts, a.tell_progress]

    others = [tale.refused("2026-03-02 11:00", "dispatcher", deed) for deed in deeds]
    passed_on = tale.refused("2026-03-02 11:00", "dispatcher", a.forward, to_department=mining["dispatcher"].department)
    tale.then("2026-03-02 11:00", "salesperson", *deeds)
    tale.then("2026-03-02 11:30", "sales_clerk", a.forward, to_department=mining["quality_chief"].department)
    tale.then("2026-03-02 11:40", "sales_chief", a.assign, to=mining["sales_clerk"])
    tale.comes_to("determine_responsibility", "2026-03-03 09:00")
    proposed_by_quality = tale.refused("2026-03-03 10:00", "quality_chief", a.propose_remedy)
    tale.then("2026-03-03 10:00", "sales_clerk", a.propose_remedy)
    agreed_by_quality = tale.refused("2026-03-03 10:30", "quality_chief", a.agree_with_customer)
    tale.then("2026-03-03 10:30", "sales_clerk", a.agree_with_customer)
    tale.comes_to("decide_remedy", "2026-03-03 11:00")
    tale.then("2026-03-03 11:30", "inspector", a.inspect_returned_goods)
    told_by_the_chief = tale.refused("2026-03-03 11:30", "sales_chief", a.tell_result)
    carried_out_by_quality = tale.refused("2026-03-03 11:30", "quality_chief", a.carry_out)
    tale.then("2026-03-03 11:40", "sales_clerk", a.tell_result, a.carry_out)
    asked_by_quality = tale.refused("2026-03-04 09:00", "quality_chief", a.ask_satisfaction)
    tale.then("2026-03-04 09:00", "sales_clerk", a.ask_satisfaction)

    assert others == [["role 4.1.2"], ["role 4.1.2"], ["role 3.1.5"]]
    assert passed_on == asked_by_quality == ["role 3.1.5"]
    assert proposed_by_quality == agreed_by_quality == told_by_the_chief == ["role 4.1.2"]
    assert carried_out_by_quality == ["role 4.1.2"]
    assert tale.record.owner == mining["sales_clerk"]


@pytest.mark.exercises("MINING-4.1.2a")
def test_letters_calls_and_visits_are_taken_down_and_answered_within_a_day(mining: Firm) -> None:
    by_quality = refused_at_registration(mining, MONDAY, "quality_chief")
    without_words = refused_at_registration(mining, MONDAY, what_happened="")
    letter = Tale(mining, MONDAY, "sales_clerk", channel="letter", written=True)
    visit = Tale(mining, MONDAY, "salesperson", channel="visit")

    answered_by_quality = letter.refused("2026-03-02 12:00", "quality_chief", a.give_first_answer)
    letter.then("2026-03-03 09:59", "sales_clerk", a.give_first_answer)
    visit.then("2026-03-03 10:01", "salesperson", a.give_first_answer)

    assert (by_quality, answered_by_quality) == (["role 4.1.2"], ["role 4.1.2"])
    assert without_words == ["required_field 4.1.2"]
    assert list(letter.owed("first-answer").values()) == ["2026-03-03 10:00 kept"]
    assert list(visit.owed("first-answer").values()) == ["2026-03-03 10:00 broken"]


@pytest.mark.exercises("MINING-4.1.2d")
def test_what_the_customer_thinks_is_asked_and_fed_back(mining: Firm) -> None:
    heard, unheard = (Tale(mining, MONDAY).comes_to("carry_out", MONDAY) for _each in range(2))

    in_no_words = heard.refused("2026-03-04 09:00", "salesperson", a.ask_satisfaction, satisfaction_note="")
    for tale in (heard, unheard):
        tale.then("2026-03-04 09:00", "salesperson", a.ask_satisfaction)
    heard.acknowledge("2026-03-06 17:00", "quality_chief")
    unheard.acknowledge("2026-03-07 09:00", "quality_chief")

    assert in_no_words == ["required_field 4.1.2"]
    assert heard.owed("customer-view-passed-on") == {"department:quality_inspection": "2026-03-07 00:00 kept"}
    assert unheard.owed("customer-view-passed-on") == {"department:quality_inspection": "2026-03-07 00:00 broken"}


@pytest.mark.exercises("MINING-4.2.1-1")
def test_complaints_opinions_and_returns_for_rework_stand_in_one_register(mining: Firm) -> None:
    nameless = refused_at_registration(mining, MONDAY, contact_name="")
    without_quantity = refused_at_registration(mining, MONDAY, quantity=None)
    without_reason = refused_at_registration(mining, MONDAY, quantity=None, struck_through={"quantity": ""})
    struck = Tale(mining, MONDAY, quantity=None, struck_through={"quantity": "N/A：客户未告知"})
    opinion = Tale(mining, MONDAY, kind="opinion", quantity=None)
    rework = Tale(mining, MONDAY, kind="return_for_rework")
    next_year = Tale(mining, "2027-01-04 10:00")

    assert nameless == without_quantity == without_reason == ["required_field 4.2.1"]
    assert struck.record.struck_through == {"quantity": "N/A：客户未告知"}
    assert [tale.record.number for tale in (struck, opinion, rework)] == ["KT2026-0001", "KT2026-0002", "KT2026-0003"]
    assert next_year.record.number == "KT2027-0001"


@pytest.mark.exercises("MINING-4.2.1-2")
def test_a_minor_case_has_ten_days_a_serious_one_twenty_and_waiting_does_not_count(mining: Firm) -> None:
    minor, serious, late = Tale(mining, MONDAY), Tale(mining, MONDAY, severity="serious"), Tale(mining, MONDAY)

    minor.then("2026-03-03 17:00", "salesperson", a.classify)
    serious.then("2026-03-03 17:00", "salesperson", a.classify)
    late.then("2026-03-04 09:00", "salesperson", a.classify)
    due_without_waiting = minor.owed("complete-complaint")
    minor.then("2026-03-04 09:00", "salesperson", a.wait_for_customer)
    standing_still = minor.owed("complete-complaint")
    minor.then("2026-03-07 09:00", "salesperson", a.resume)
    due_after_waiting = minor.owed("complete-complaint")
    minor.comes_to("close", "2026-03-13 09:00")
    late.comes_to("close", "2026-03-13 09:00")

    assert list(minor.owed("begin-handling").values()) == ["2026-03-04 00:00 kept"]
    assert list(late.owed("begin-handling").values()) == ["2026-03-04 00:00 broken"]
    assert list(due_without_waiting.values()) == ["2026-03-13 00:00 running"]
    assert list(standing_still.values()) == ["paused"]
    assert list(due_after_waiting.values()) == ["2026-03-17 00:00 running"]
    assert list(serious.owed("complete-complaint").values()) == ["2026-03-24 00:00 running"]
    assert list(minor.owed("complete-complaint").values()) == ["2026-03-17 00:00 kept"]
    assert list(late.owed("complete-complaint").values()) == ["2026-03-13 00:00 broken"]


@pytest.mark.exercises("MINING-4.2.1a")
def test_a_question_is_settled_only_when_it_has_been_answered(mining: Firm) -> None:
    tale = Tale(mining, MONDAY, remedy="answer").comes_to("determine_responsibility", MONDAY)

    without_a_remedy = tale.refused("2026-03-03 09:00", "salesperson", a.propose_remedy, remedy_detail="")
    tale.comes_to("decide_remedy", "2026-03-03 09:10")
    unanswered = tale.refused("2026-03-03 11:00", "salesperson", a.carry_out)
    tale.then("2026-03-03 11:30", "salesperson", a.tell_result, a.carry_out)

    assert without_a_remedy == ["required_field 4.2.1"]
    assert unanswered == ["prerequisite_action 4.2.1"]
    assert tale.state() == "confirming"


@pytest.mark.exercises("MINING-4.2.1b")
def test_a_defective_product_comes_back_with_consent_and_is_inspected(mining: Firm) -> None:
    tale = Tale(mining, MONDAY, remedy="exchange").comes_to("propose_remedy", MONDAY)

    not_agreed = tale.refused("2026-03-03 09:00", "sales_chief", a.decide_remedy)
    tale.then("2026-03-03 10:00", "salesperson", a.agree_with_customer)
    tale.then("2026-03-03 11:00", "sales_chief", a.decide_remedy)
    uninspected = tale.refused("2026-03-03 11:30", "sales_clerk", a.carry_out)
    by_sales = tale.refused("2026-03-03 11:30", "salesperson", a.inspect_returned_goods)
    without_note = tale.refused("2026-03-03 11:30", "inspector", a.inspect_returned_goods, note="")
    tale.then("2026-03-04 09:00", "inspector", a.inspect_returned_goods)
    tale.then("2026-03-04 10:00", "sales_clerk", a.carry_out)

    assert not_agreed == uninspected == ["prerequisite_action 4.2.1"]
    assert by_sales == ["role 4.2.1"]
    assert without_note == ["required_field 4.2.1"]
    assert tale.state() == "confirming"
