"""Clauses 3.1 to 4.3.2 of the brush company: sales talks to the customer, quality control leads, production assists."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from luyue.records.general import ACKNOWLEDGE
from tests.firms import Firm
from tests.stories.telling import Tale, refused_at_registration

MONDAY = "2026-03-02 10:00"


@pytest.mark.exercises("BRUSH-3.1-1")
def test_only_sales_speaks_to_the_customer(brush: Firm) -> None:
    tale = Tale(brush, MONDAY)

    answered_by_quality = tale.refused("2026-03-02 11:00", "quality_manager", a.give_first_answer)
    tale.then("2026-03-02 11:00", "salesperson", a.give_first_answer).comes_to("carry_out", "2026-03-02 12:00")
    told_by_quality = tale.refused("2026-03-03 09:00", "quality_manager", a.tell_result)
    asked_by_production = tale.refused("2026-03-03 09:00", "production_manager", a.ask_satisfaction)
    tale.then("2026-03-03 09:00", "order_clerk", a.tell_result, a.ask_satisfaction)

    assert answered_by_quality == told_by_quality == asked_by_production == ["role 3.1.1"]
    assert tale.record.satisfied_complainant is True


@pytest.mark.exercises("BRUSH-3.2-2")
def test_sales_accepts_the_complaint_and_says_of_what_kind_it_is(brush: Firm) -> None:
    tale = Tale(brush, MONDAY)
    quality = brush["quality_manager"]

    by_quality = tale.refused("2026-03-02 11:00", "quality_manager", a.classify)
    without_subject = tale.refused("2026-03-02 11:00", "order_clerk", a.classify, subject="")
    assigned_by_quality = tale.refused("2026-03-02 11:00", "quality_manager", a.assign, to=quality)
    tale.then("2026-03-02 11:00", "order_clerk", a.classify)
    tale.then("2026-03-02 11:10", "sales_manager", a.forward, to_department=quality.department)
    tale.then("2026-03-02 11:20", "sales_manager", a.assign, to=quality)

    assert by_quality == assigned_by_quality == ["role 3.2"]
    assert without_subject == ["required_field 3.2"]
    assert (tale.record.owner, tale.record.department) == (quality, quality.department)


@pytest.mark.exercises("BRUSH-3.2-3")
def test_quality_control_leads_and_production_assists(brush: Firm) -> None:
    prompt, late = Tale(brush, MONDAY), Tale(brush, MONDAY)
    for tale in (prompt, late):
        tale.then("2026-03-02 10:00", "order_clerk", a.classify)

    by_sales = [
        prompt.refused("2026-03-02 11:00", "order_clerk", deed)
        for deed in (a.confirm_facts, a.record_finding, a.record_inspection, a.add_production_details)
    ]
    prompt.acknowledge("2026-03-02 13:50", "quality_manager", "production_manager")
    late.acknowledge("2026-03-02 14:10", "quality_manager", "production_manager")
    prompt.then("2026-03-03 09:00", "quality_inspector", a.record_finding, a.record_inspection)
    alone = prompt.refused("2026-03-03 10:00", "quality_manager", a.determine_responsibility)
    prompt.then("2026-03-03 11:00", "production_controller", a.add_production_details)
    by_production = prompt.refused("2026-03-03 12:00", "production_manager", a.determine_responsibility)
    prompt.then("2026-03-05 20:00", "quality_manager", a.confirm_facts, a.determine_responsibility)
    late.comes_to("determine_responsibility", "2026-03-06 09:00")

    assert by_sales == [["role 3.2"]] * 4
    assert alone == ["prerequisite_action 3.2"]
    assert by_production == ["role 3.2"]
    assert prompt.owed("quality-leads") == {
        "department:quality": "2026-03-02 14:00 kept",
        "department:production": "2026-03-02 14:00 kept",
    }
    assert set(late.owed("quality-leads").values()) == {"2026-03-02 14:00 broken"}
    assert prompt.owed("verdict") == {"department:quality": "2026-03-06 00:00 kept"}
    assert late.owed("verdict") == {"department:quality": "2026-03-06 00:00 broken"}


def test_a_missed_receipt_is_told_to_the_management_representative(brush: Firm) -> None:
    tale = Tale(brush, MONDAY).then("2026-03-02 10:00", "order_clerk", a.classify)

    assert tale.alarms("quality-leads") == [("2026-03-02 14:00", "position:management_representative")]


@pytest.mark.exercises("BRUSH-3.4")
def test_quality_control_helps_to_speak_about_quality_and_inspects_what_comes_back(brush: Firm) -> None:
    tale = Tale(brush, MONDAY, remedy="return")

    by_production = tale.refused("2026-03-02 11:00", "production_manager", a.tell_progress)
    tale.then("2026-03-02 11:00", "quality_manager", a.tell_progress, progress="说明允收与拒收标准及退货手续")
    tale.comes_to("propose_remedy", "2026-03-02 12:00")
    agreed_by_production = tale.refused("2026-03-03 09:00", "production_manager", a.agree_with_customer)
    tale.then("2026-03-03 09:00", "quality_inspector", a.agree_with_customer).comes_to("decide_remedy", MONDAY)
    uninspected = tale.refused("2026-03-03 11:00", "warehouse_keeper", a.carry_out)
    by_the_store = tale.refused("2026-03-03 11:00", "warehouse_keeper", a.inspect_returned_goods)
    without_note = tale.refused("2026-03-03 11:00", "quality_inspector", a.inspect_returned_goods, note="")
    tale.then("2026-03-03 11:00", "quality_inspector", a.inspect_returned_goods)
    tale.then("2026-03-03 12:00", "warehouse_keeper", a.carry_out)

    assert by_production == agreed_by_production == ["role 3.4"]
    assert uninspected == ["prerequisite_action 3.4"]
    assert by_the_store == ["role 3.2"]
    assert without_note == ["required_field 3.4"]
    assert tale.state() == "confirming"


@pytest.mark.exercises("BRUSH-4.3.1")
def test_the_order_clerk_enters_complaints_in_the_register(brush: Firm) -> None:
    by_a_salesperson = refused_at_registration(brush, MONDAY, "salesperson")
    nameless = refused_at_registration(brush, MONDAY, contact_name="")
    without_order = refused_at_registration(brush, MONDAY, order_number="")
    fax = Tale(brush, MONDAY, "order_clerk", channel="fax")
    mail = Tale(brush, MONDAY, channel="e_mail", order_number="", struck_through={"order_number": "N/A：现货零售"})
    next_month = Tale(brush, "2026-04-01 10:00")

    assert by_a_salesperson == ["role 4.3.1"]
    assert nameless == without_order == ["required_field 4.3.1"]
    assert [tale.record.number for tale in (fax, mail)] == ["MH-KS2603-001", "MH-KS2603-002"]
    assert next_month.record.number == "MH-KS2604-001"
    assert mail.record.struck_through == {"order_number": "N/A：现货零售"}


@pytest.mark.exercises("BRUSH-4.3.2")
def test_sales_opens_the_improvement_form_within_a_working_day(brush: Firm) -> None:
    prompt, late = (Tale(brush, MONDAY).then(MONDAY, "order_clerk", a.classify) for _each in range(2))

    by_quality = prompt.refused(
        "2026-03-02 11:00", "quality_manager", a.raise_improvement, responsible=brush["production_manager"]
    )
    empty = prompt.refused(
        "2026-03-02 11:00", "order_clerk", a.raise_improvement, problem=" ", responsible=brush["production_manager"]
    )
    opened = prompt.raises_improvement("2026-03-03 20:00", "order_clerk", "production_manager")
    too_late = late.raises_improvement("2026-03-04 08:00", "sales_manager", "production_manager")
    received_by_sales = opened.refused("2026-03-03 20:10", "salesperson", ACKNOWLEDGE)
    opened.acknowledge("2026-03-03 22:00", "quality_inspector", "production_controller")
    too_late.acknowledge("2026-03-04 12:30", "quality_inspector", "production_controller")

    assert by_quality == ["role 4.3.2"]
    assert empty == ["required_field 4.3.2"]
    assert received_by_sales == ["nothing_to_acknowledge"]
    assert (opened.record.number, too_late.record.number) == ("MH-GS26-001", "MH-GS26-002")
    assert list(prompt.owed("open-improvement-form").values()) == ["2026-03-04 00:00 kept"]
    assert list(late.owed("open-improvement-form").values()) == ["2026-03-04 00:00 broken"]
    assert opened.owed("improvement-form-received") == {
        "department:quality": "2026-03-04 08:00 kept",
        "department:production": "2026-03-04 08:00 kept",
    }
    assert set(too_late.owed("improvement-form-received").values()) == {"2026-03-04 12:00 broken"}
