"""Clauses 10.3 to 10.3.6: a complaint is taken up, departments that disagree are heard, the remedy is carried out."""

from __future__ import annotations

import pytest

from luyue.complaints import actions as a
from luyue.records.general import OVERRIDE
from tests.firms import Firm
from tests.stories.telling import Tale, refused_at_registration

MONDAY = "2026-03-02 10:00"


@pytest.mark.exercises("CARBIDE-10.3")
def test_sales_takes_a_complaint_up_within_a_working_day(carbide: Firm) -> None:
    by_the_store = refused_at_registration(carbide, MONDAY, "warehouse_keeper")
    prompt, late = Tale(carbide, MONDAY, "after_sales_clerk"), Tale(carbide, MONDAY, "sales_officer")

    by_production = prompt.refused("2026-03-02 11:00", "production_manager", a.classify)
    prompt.then("2026-03-03 17:00", "after_sales_clerk", a.classify)
    late.then("2026-03-04 08:30", "sales_officer", a.classify)

    assert (by_the_store, by_production) == (["role 10.3"], ["role 10.3"])
    assert (prompt.record.number, late.record.number) == ("TS202603-001", "TS202603-002")
    assert list(prompt.owed("begin-inquiry").values()) == ["2026-03-04 00:00 kept"]
    assert list(late.owed("begin-inquiry").values()) == ["2026-03-04 00:00 broken"]


@pytest.mark.exercises("CARBIDE-10.3.3")
def test_departments_that_disagree_go_to_the_deputy_general_manager(carbide: Firm) -> None:
    settled = Tale(carbide, MONDAY, departments_agree=False).comes_to("determine_responsibility", MONDAY)
    dragged = Tale(carbide, MONDAY, departments_agree=False).comes_to("determine_responsibility", MONDAY)
    by_the_store = settled.refused("2026-03-03 09:00", "warehouse_keeper", a.report_disagreement)
    for tale in (settled, dragged):
        tale.then("2026-03-03 09:00", "production_manager", a.report_disagreement)

    unsettled = settled.refused("2026-03-03 10:00", "sales_officer", a.propose_remedy)
    by_marketing = settled.refused("2026-03-03 10:00", "marketing_manager", a.settle_disagreement)
    set_aside = settled.override_of("disagreement-settled", a.propose_remedy)
    by_the_deputy = settled.refused("2026-03-03 10:00", "deputy_gm", OVERRIDE, **set_aside)
    settled.acknowledge("2026-03-03 11:00", "deputy_gm").then("2026-03-04 17:00", "deputy_gm", a.settle_disagreement)
    settled.then("2026-03-04 17:10", "sales_officer", a.propose_remedy)
    settled.then("2026-03-05 09:00", "production_manager", a.report_disagreement)
    disagreed_again = settled.refused("2026-03-05 10:00", "sales_officer", a.propose_remedy)
    dragged.then("2026-03-06 09:00", "deputy_gm", a.settle_disagreement)

    assert (by_the_store, by_marketing) == (["role 10.3.3"], ["role 10.3.3"])
    assert unsettled == disagreed_again == ["prerequisite_action 10.3.3"]
    assert by_the_deputy == ["role 10.3.3"]
    assert settled.history("disagreement-reported")[0] == "2026-03-05 00:00 kept"
    assert dragged.history("disagreement-reported") == ["2026-03-05 00:00 broken"]
    assert settled.history("settle-disagreement") == ["2026-03-05 00:00 kept", "2026-03-10 00:00 running"]
    assert dragged.history("settle-disagreement") == ["2026-03-05 00:00 broken"]


def test_the_general_manager_may_let_a_remedy_be_proposed_before_the_departments_agree(carbide: Firm) -> None:
    tale = Tale(carbide, MONDAY, departments_agree=False).comes_to("determine_responsibility", MONDAY)

    tale.overrides("2026-03-03 10:00", "general_manager", "disagreement-settled", a.propose_remedy)
    tale.then("2026-03-03 11:00", "sales_officer", a.propose_remedy)
    once_more = tale.refused("2026-03-03 12:00", "sales_officer", a.propose_remedy)

    assert once_more == ["prerequisite_action 10.3.3"]


@pytest.mark.exercises("CARBIDE-10.3.3")
def test_a_disagreement_is_never_passed_over_in_silence(carbide: Firm) -> None:
    against, reported = (Tale(carbide, MONDAY).comes_to("classify", MONDAY) for _each in range(2))
    for tale in (against, reported):
        tale.then(MONDAY, "sales_officer", a.confirm_facts)
        tale.then("2026-03-03 09:00", "inspector", a.record_finding, a.record_inspection)
    against.then("2026-03-03 10:00", "production_manager", a.record_finding, agrees=False)
    reported.then("2026-03-03 10:00", "production_manager", a.record_finding, a.report_disagreement)

    passed_over = [
        tale.refused("2026-03-03 11:00", "quality_manager", a.determine_responsibility) for tale in (against, reported)
    ]
    against.then("2026-03-03 12:00", "quality_manager", a.determine_responsibility, departments_agree=False)
    reported.then("2026-03-03 12:00", "deputy_gm", a.settle_disagreement)
    reported.then("2026-03-03 13:00", "quality_manager", a.determine_responsibility)

    assert passed_over == [["disagreement"], ["disagreement"]]
    assert against.owed("disagreement-at-verdict") == {"position:deputy_gm": "2026-03-05 00:00 running"}
    assert against.owed("settle-disagreement") == {"position:deputy_gm": "2026-03-06 00:00 running"}
    assert against.refused("2026-03-03 14:00", "sales_officer", a.propose_remedy) == ["prerequisite_action 10.3.3"]
    assert reported.state() == "deciding"


@pytest.mark.exercises("CARBIDE-10.3.5-1")
def test_the_customer_is_told_the_result_once_it_is_decided(carbide: Firm) -> None:
    told, late = (Tale(carbide, MONDAY).comes_to("propose_remedy", MONDAY) for _each in range(2))
    too_early = told.refused("2026-03-03 09:00", "sales_officer", a.tell_result)
    told.comes_to("decide_remedy", "2026-03-03 10:00")
    late.comes_to("decide_remedy", "2026-03-03 10:00")

    not_told = told.refused("2026-03-03 15:00", "sales_officer", a.carry_out)
    by_quality = told.refused("2026-03-03 15:00", "quality_manager", a.tell_result)
    without_words = told.refused("2026-03-03 15:00", "sales_officer", a.tell_result, result_told="")
    told.then("2026-03-04 17:00", "sales_officer", a.tell_result, a.carry_out)
    late.then("2026-03-05 09:00", "sales_officer", a.tell_result)

    assert too_early == ["order 10.3.5", "state"]
    assert not_told == ["prerequisite_action 10.3.5"]
    assert by_quality == ["role 10.3.5"]
    assert without_words == ["required_field 10.3.5"]
    assert list(told.owed("tell-result").values()) == ["2026-03-05 00:00 kept"]
    assert list(late.owed("tell-result").values()) == ["2026-03-05 00:00 broken"]


@pytest.mark.exercises("CARBIDE-10.3.5-2")
def test_a_remedy_that_the_customer_accepts_is_carried_out_quickly(carbide: Firm) -> None:
    quick, slow = (Tale(carbide, MONDAY, remedy="allowance", settlement=3000) for _each in range(2))
    for tale in (quick, slow):
        tale.comes_to("propose_remedy", MONDAY)
        tale.signs("2026-03-03 08:30", "quality_manager", "production_manager", "marketing_manager")
    not_accepted = quick.refused("2026-03-03 09:00", "marketing_manager", a.decide_remedy)
    for tale in (quick, slow):
        tale.then("2026-03-03 09:30", "sales_officer", a.agree_with_customer)
        tale.then("2026-03-03 10:00", "marketing_manager", a.decide_remedy)
        tale.then("2026-03-03 11:00", "sales_officer", a.tell_result)

    by_finance = quick.refused("2026-03-09 09:00", "finance_manager", a.carry_out)
    quick.then("2026-03-10 17:00", "after_sales_clerk", a.carry_out)
    slow.then("2026-03-11 09:00", "after_sales_clerk", a.carry_out)

    assert not_accepted == ["prerequisite_action 10.3.5"]
    assert by_finance == ["role 10.3.5"]
    assert list(quick.owed("carry-out").values()) == ["2026-03-11 00:00 kept"]
    assert list(slow.owed("carry-out").values()) == ["2026-03-11 00:00 broken"]


@pytest.mark.exercises("CARBIDE-10.3.5-2")
def test_a_remedy_that_the_customer_refuses_is_not_carried_out(carbide: Firm) -> None:
    tale = Tale(carbide, MONDAY, remedy="exchange").comes_to("propose_remedy", MONDAY)
    tale.then("2026-03-03 08:30", "sales_officer", a.agree_with_customer, customer_agrees=False)
    tale.signs("2026-03-03 09:00", "quality_manager", "production_manager", "marketing_manager")

    refused_by_the_customer = tale.refused("2026-03-03 10:00", "marketing_manager", a.decide_remedy)
    tale.then("2026-03-03 11:00", "sales_officer", a.agree_with_customer)
    tale.then("2026-03-03 12:00", "sales_officer", a.propose_remedy, remedy="return")
    tale.signs("2026-03-03 13:00", "quality_manager", "production_manager", "marketing_manager")
    agreed_to_another = tale.refused("2026-03-03 14:00", "marketing_manager", a.decide_remedy)

    assert refused_by_the_customer == agreed_to_another == ["prerequisite_action 10.3.5"]


@pytest.mark.exercises("CARBIDE-10.3.5-3")
def test_goods_that_quality_has_not_accepted_enter_the_store_by_no_ordinary_way(carbide: Firm) -> None:
    tale = Tale(carbide, MONDAY, remedy="return").comes_to("decide_remedy", MONDAY)
    tale.then("2026-03-03 11:00", "sales_officer", a.tell_result)
    tale.then("2026-03-03 12:00", "inspector", a.inspect_returned_goods, goods_accepted=False, note="混入他厂货")

    not_accepted = tale.refused("2026-03-03 13:00", "warehouse_keeper", a.carry_out)
    tale.overrides("2026-03-03 14:00", "deputy_gm", "returned-goods-inspected", a.carry_out)
    tale.then("2026-03-03 15:00", "warehouse_keeper", a.carry_out, carried_out_detail="隔离报废，不入库")

    assert not_accepted == ["prerequisite_action 10.3.5"]
    assert tale.state() == "confirming"


@pytest.mark.exercises("CARBIDE-10.3.5-3")
def test_returned_goods_are_inspected_by_quality_before_they_enter_the_store(carbide: Firm) -> None:
    tale = Tale(carbide, MONDAY, remedy="return").comes_to("decide_remedy", MONDAY)
    tale.then("2026-03-03 11:00", "sales_officer", a.tell_result)

    uninspected = tale.refused("2026-03-03 12:00", "warehouse_keeper", a.carry_out)
    by_the_store = tale.refused("2026-03-03 12:00", "warehouse_keeper", a.inspect_returned_goods)
    without_finding = tale.refused("2026-03-03 12:00", "inspector", a.inspect_returned_goods, note="")
    tale.then("2026-03-03 14:00", "inspector", a.inspect_returned_goods)
    by_the_inspector = tale.refused("2026-03-03 14:30", "inspector", a.carry_out)
    tale.then("2026-03-03 15:00", "warehouse_keeper", a.carry_out)

    assert uninspected == ["prerequisite_action 10.3.5"]
    assert by_the_store == ["role 10.3.5"]
    assert without_finding == ["required_field 10.3.5"]
    assert by_the_inspector == ["role 10.3.5", "separate_persons 10.3.5"]
    assert tale.state() == "confirming"


@pytest.mark.exercises("CARBIDE-10.3.5-1")
def test_what_is_decided_anew_is_told_and_asked_about_anew_and_printed_for_the_customer_only_then(
    carbide: Firm,
) -> None:
    tale = Tale(carbide, MONDAY, satisfied_complainant=False).comes_to("carry_out", MONDAY)
    tale.then("2026-03-03 09:00", "sales_officer", a.ask_satisfaction)
    reply_of_the_first_round = "GJ-YX-05-03" in tale.prints("sales_officer", "2026-03-03 09:00")
    tale.then("2026-03-03 10:00", "marketing_manager", a.reopen)
    replies = ["GJ-YX-05-03" in tale.prints("sales_officer", "2026-03-03 10:00")]
    tale.brings_about("determine_responsibility", "2026-03-03 11:00")
    tale.then("2026-03-03 16:00", "sales_officer", a.propose_remedy)
    replies.append("GJ-YX-05-03" in tale.prints("sales_officer", "2026-03-03 17:00"))
    tale.brings_about("decide_remedy", "2026-03-04 09:00")
    replies.append("GJ-YX-05-03" in tale.prints("sales_officer", "2026-03-04 17:00"))
    not_told_again = tale.refused("2026-03-05 09:00", "warehouse_keeper", a.carry_out)
    tale.then("2026-03-05 10:00", "sales_officer", a.tell_result).then(
        "2026-03-05 11:00", "warehouse_keeper", a.carry_out
    )
    not_asked_again = tale.refused("2026-03-05 12:00", "marketing_manager", a.close)

    assert reply_of_the_first_round
    assert replies == [False, False, True]
    assert not_told_again == ["prerequisite_action 10.3.5"]
    assert not_asked_again == ["prerequisite_action 10.5"]


@pytest.mark.exercises("CARBIDE-10.3.6")
def test_a_misunderstanding_is_explained_to_the_customer(carbide: Firm) -> None:
    explained, silent = (Tale(carbide, MONDAY, responsibility="not_ours", remedy="explanation") for _each in range(2))
    ours = Tale(carbide, MONDAY).comes_to("determine_responsibility", MONDAY)
    for tale in (explained, silent):
        tale.comes_to("determine_responsibility", MONDAY).comes_to("decide_remedy", "2026-03-03 09:00")

    unexplained = explained.refused("2026-03-04 09:00", "sales_officer", a.carry_out)
    explained.then("2026-03-04 10:00", "sales_officer", a.tell_result, a.carry_out)
    silent.then("2026-03-10 10:00", "sales_officer", a.tell_result)

    assert unexplained == ["prerequisite_action 10.3.5"]
    assert list(explained.owed("explain-misunderstanding").values()) == ["2026-03-10 00:00 kept"]
    assert list(silent.owed("explain-misunderstanding").values()) == ["2026-03-10 00:00 broken"]
    assert ours.owed("explain-misunderstanding") == {}


def test_a_settlement_is_approved_by_whom_its_amount_calls_for(carbide: Firm) -> None:
    small, middle, large = (
        Tale(carbide, MONDAY, remedy="allowance", settlement=amount).comes_to("propose_remedy", MONDAY)
        for amount in (5000, 5001, 50001)
    )

    waiting = [set(tale.owed("settlement-approval")) for tale in (small, middle, large)]
    large.signs("2026-03-03 09:00", "deputy_gm")

    assert waiting == [{"position:marketing_manager"}, {"position:deputy_gm"}, {"position:deputy_gm"}]
    assert set(large.owed("settlement-approval")) == {"position:deputy_gm", "position:general_manager"}
