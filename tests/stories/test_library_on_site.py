"""Procedures of the library that ask for somebody on site: equipment, engineering, service at a distance."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from luyue.complaints import actions as a
from luyue.records.general import ACKNOWLEDGE, SIGN
from tests.firms import Firm, FirmOf
from tests.stories.telling import Tale, refused_at_registration

MONDAY = "2026-03-02 10:00"
TUESDAY = "2026-03-03 10:00"


def wednesday_noon(firm: Firm) -> datetime:
    return datetime(2026, 3, 4, 12, tzinfo=firm.company.zone)


@pytest.mark.exercises("AFTERSALES7-3.4-1", "AFTERSALES7-3.4-2")
def test_equipment_service_answers_within_a_day_and_arrives_as_the_customer_asked(adopting: FirmOf) -> None:
    firm = adopting("equipment-after-sales")
    prompt, late = (Tale(firm, MONDAY, wanted_arrival_at=wednesday_noon(firm)) for _each in range(2))
    unasked = Tale(firm, MONDAY)
    engineer = {
        "person": firm["service_engineer"],
        "planned_arrival_at": wednesday_noon(firm) + timedelta(hours=5),
    }

    by_the_sales_centre = refused_at_registration(firm, MONDAY, "sales_centre_clerk")
    prompt.then("2026-03-03 09:50", "headquarters_clerk", a.give_first_answer)
    late.then("2026-03-03 10:10", "headquarters_clerk", a.give_first_answer)
    without_a_time = unasked.refused(TUESDAY, "headquarters_clerk", a.send_to_site, **engineer)
    for tale in (prompt, late):
        tale.then("2026-03-03 11:00", "headquarters_clerk", a.send_to_site, **engineer)
    arrived_by_technical = prompt.refused("2026-03-04 11:00", "technical_manager", a.arrive_on_site)
    prompt.then("2026-03-04 11:50", "service_engineer", a.arrive_on_site)
    late.then("2026-03-04 12:10", "service_engineer", a.arrive_on_site)

    assert by_the_sales_centre == arrived_by_technical == ["role 3.4"]
    assert without_a_time == ["required_field 3.4"]
    assert set(prompt.owed("answer").values()) == {"2026-03-03 10:00 kept"}
    assert set(late.owed("answer").values()) == {"2026-03-03 10:00 broken"}
    assert set(prompt.owed("arrive-as-asked").values()) == {"2026-03-04 12:00 kept"}
    assert set(late.owed("arrive-as-asked").values()) == {"2026-03-04 12:00 broken"}


@pytest.mark.exercises("AFTERSALES7-1.11-1")
def test_equipment_comes_back_only_with_the_general_managers_consent(adopting: FirmOf) -> None:
    firm = adopting("equipment-after-sales")
    prompt, late = (Tale(firm, MONDAY, remedy="return").comes_to("propose_remedy", MONDAY) for _each in range(2))
    repaired = Tale(firm, MONDAY, remedy="repair").comes_to("propose_remedy", MONDAY)

    not_allowed = prompt.refused(TUESDAY, "general_manager", a.decide_remedy)
    allowed_by_service = prompt.refused(TUESDAY, "after_sales_manager", SIGN, decision="agreed")
    prompt.signs("2026-03-03 17:00", "general_manager").then("2026-03-04 09:00", "general_manager", a.decide_remedy)
    late.signs("2026-03-04 09:00", "general_manager")
    repaired.then(TUESDAY, "general_manager", a.decide_remedy)

    assert not_allowed == ["sign_off_missing 1.11"]
    assert allowed_by_service == ["nothing_to_sign"]
    assert prompt.owed("return-allowed") == {"position:general_manager": "2026-03-04 00:00 kept"}
    assert late.owed("return-allowed") == {"position:general_manager": "2026-03-04 00:00 broken"}
    assert repaired.owed("return-allowed") == {}


@pytest.mark.exercises("AFTERSALES7-1.6", "AFTERSALES7-1.9", "AFTERSALES7-3.2-2")
def test_equipment_service_verifies_attitude_and_reports_defects_and_calls_for_help(adopting: FirmOf) -> None:
    firm = adopting("equipment-after-sales")
    prompt, late = Tale(firm, MONDAY, subject="staff"), Tale(firm, MONDAY, subject="staff")
    for tale in (prompt, late):
        tale.then(MONDAY, "after_sales_manager", a.classify)

    prompt.acknowledge("2026-03-03 17:00", "after_sales_manager", control="attitude")
    late.acknowledge("2026-03-04 09:00", "after_sales_manager", control="attitude")
    unverified = prompt.refused("2026-03-03 17:10", "after_sales_manager", a.determine_responsibility)
    by_the_engineer = prompt.refused("2026-03-03 17:10", "service_engineer", a.confirm_facts)
    help_by_the_sales_centre = prompt.refused("2026-03-03 17:10", "sales_centre_clerk", a.report_upwards)
    for tale in (prompt, late):
        tale.then(TUESDAY, "service_engineer", a.report_upwards)
    prompt.acknowledge("2026-03-03 13:50", "headquarters_clerk")
    late.acknowledge("2026-03-03 14:10", "headquarters_clerk")
    defect_by_the_sales_centre = prompt.refused(TUESDAY, "sales_centre_clerk", a.raise_improvement)
    defects = [each.raises_improvement(TUESDAY, "service_engineer", "technical_manager") for each in (prompt, late)]
    defects[0].acknowledge("2026-03-04 17:00", "technical_manager")
    defects[1].acknowledge("2026-03-05 09:00", "technical_manager")
    prompt.then("2026-03-04 09:00", "after_sales_manager", a.confirm_facts, a.determine_responsibility)

    assert unverified == ["prerequisite_action 1.6"]
    assert by_the_engineer == ["role 1.6"]
    assert help_by_the_sales_centre == defect_by_the_sales_centre == ["role 1.9"]
    assert prompt.owed("attitude") == {"position:after_sales_manager": "2026-03-04 00:00 kept"}
    assert late.owed("attitude") == {"position:after_sales_manager": "2026-03-04 00:00 broken"}
    assert prompt.owed("headquarters-helps") == {"position:headquarters_clerk": "2026-03-03 14:00 kept"}
    assert late.owed("headquarters-helps") == {"position:headquarters_clerk": "2026-03-03 14:00 broken"}
    assert [each.owed("defect-received") for each in defects] == [
        {"department:technical": "2026-03-05 00:00 kept"},
        {"department:technical": "2026-03-05 00:00 broken"},
    ]


@pytest.mark.exercises("AFTERSALES-ENG-4-2", "AFTERSALES-ENG-S5-2")
def test_engineering_service_keeps_a_register_and_passes_suggestions_on(adopting: FirmOf) -> None:
    firm = adopting("engineering-after-sales")
    by_purchasing = refused_at_registration(firm, MONDAY, "purchasing_manager")
    without_phone = refused_at_registration(firm, MONDAY, contact_phone="")
    heard, unheard = (Tale(firm, MONDAY, kind="suggestion", channel="letter") for _each in range(2))

    heard.acknowledge("2026-03-03 17:00", "technical_manager")
    unheard.acknowledge("2026-03-04 09:00", "technical_manager")

    assert by_purchasing == ["role S5.2"]
    assert without_phone == ["required_field S5.2"]
    assert heard.owed("suggestion") == {"department:technical": "2026-03-04 00:00 kept"}
    assert unheard.owed("suggestion") == {"department:technical": "2026-03-04 00:00 broken"}


@pytest.mark.exercises("AFTERSALES-ENG-S2-2", "AFTERSALES-ENG-S2-3", "AFTERSALES-ENG-S2-4")
def test_engineering_service_answers_arrives_and_asks_for_help(adopting: FirmOf) -> None:
    firm = adopting("engineering-after-sales")
    prompt, late = (Tale(firm, MONDAY, wanted_arrival_at=wednesday_noon(firm)) for _each in range(2))
    engineer = {
        "person": firm["service_engineer"],
        "planned_arrival_at": wednesday_noon(firm) + timedelta(hours=5),
    }

    in_no_words = prompt.refused(MONDAY, "service_engineer", a.give_first_answer, first_answer="")
    by_purchasing = prompt.refused(MONDAY, "purchasing_manager", a.give_first_answer)
    prompt.then("2026-03-03 09:50", "service_engineer", a.give_first_answer)
    late.then("2026-03-03 10:10", "service_engineer", a.give_first_answer)
    sent_by_the_engineer = prompt.refused(TUESDAY, "service_engineer", a.send_to_site, **engineer)
    for tale in (prompt, late):
        tale.then("2026-03-03 11:00", "after_sales_manager", a.send_to_site, **engineer)
    arrived_by_the_manager = prompt.refused("2026-03-04 11:00", "after_sales_manager", a.arrive_on_site)
    prompt.then("2026-03-04 11:50", "service_engineer", a.arrive_on_site)
    late.then("2026-03-04 12:10", "service_engineer", a.arrive_on_site)
    help_by_purchasing = prompt.refused("2026-03-04 13:00", "purchasing_manager", a.report_upwards)
    for tale in (prompt, late):
        tale.then("2026-03-04 13:00", "service_engineer", a.report_upwards)
    prompt.acknowledge("2026-03-04 16:50", "after_sales_manager", "technical_manager", control="help")
    late.acknowledge("2026-03-04 17:10", "after_sales_manager", "technical_manager", control="help")

    assert in_no_words == ["required_field S2.3"]
    assert by_purchasing == ["role S2.3"]
    assert sent_by_the_engineer == arrived_by_the_manager == ["role S2.4"]
    assert help_by_purchasing == ["role S2.2"]
    assert set(prompt.owed("handling-opinion").values()) == {"2026-03-03 10:00 kept"}
    assert set(late.owed("handling-opinion").values()) == {"2026-03-03 10:00 broken"}
    assert set(prompt.owed("arrive-as-asked").values()) == {"2026-03-04 12:00 kept"}
    assert set(late.owed("arrive-as-asked").values()) == {"2026-03-04 12:00 broken"}
    assert set(prompt.owed("help").values()) == {"2026-03-04 17:00 kept"}
    assert set(late.owed("help").values()) == {"2026-03-04 17:00 broken"}


@pytest.mark.exercises("AFTERSALES-ENG-S5-1", "AFTERSALES-ENG-S6-2")
def test_engineering_service_reports_major_and_frequent_problems(adopting: FirmOf) -> None:
    firm = adopting("engineering-after-sales")
    customer, crane = firm.customer(), firm.product("塔机")
    first = Tale(firm, "2025-06-02 10:00", party=customer, product=crane)
    again = Tale(firm, MONDAY, party=customer, product=crane, severity="major")
    once_more = Tale(firm, MONDAY, party=customer, product=crane, severity="major")
    single = Tale(firm, MONDAY)
    for tale in (first, again, once_more, single):
        tale.then(MONDAY, "service_engineer", a.classify)

    again.acknowledge("2026-03-02 13:50", "after_sales_manager", "technical_manager", "general_manager")
    once_more.acknowledge("2026-03-02 14:10", "after_sales_manager", "general_manager", control="major-problem")
    once_more.acknowledge("2026-03-04 09:00", "technical_manager")
    raised_by_the_engineer = again.refused(TUESDAY, "service_engineer", a.raise_improvement)
    improvement = again.raises_improvement(TUESDAY, "technical_manager", "technical_manager")

    assert first.owed("frequent-problem") == single.owed("frequent-problem") == single.owed("major-problem") == {}
    assert again.record.repeats_id == first.record.pk
    assert set(again.owed("major-problem").values()) == {"2026-03-02 14:00 kept"}
    assert set(once_more.owed("major-problem").values()) == {"2026-03-02 14:00 broken"}
    assert again.owed("frequent-problem") == {
        "position:after_sales_manager": "2026-03-04 00:00 kept",
        "department:technical": "2026-03-04 00:00 kept",
    }
    assert once_more.owed("frequent-problem")["department:technical"] == "2026-03-04 00:00 broken"
    assert raised_by_the_engineer == ["role S6.2"]
    assert improvement.record.owner == firm["technical_manager"]


@pytest.mark.exercises("SPACE-2", "SPACE-3.1.2-1", "SPACE-3.1.3", "SPACE-3.4.1")
def test_the_project_department_leads_and_research_judges_technical_problems(adopting: FirmOf) -> None:
    firm = adopting("distance-service")
    by_quality = refused_at_registration(firm, MONDAY, "quality_manager")
    prompt, late = Tale(firm, MONDAY, "field_engineer"), Tale(firm, MONDAY, "field_engineer")

    without_charge = prompt.refused(MONDAY, "field_engineer", a.classify, charge="")
    for tale in (prompt, late):
        tale.then(MONDAY, "field_engineer", a.classify)
    prompt.acknowledge("2026-03-03 17:00", "rd_manager", "production_manager")
    late.acknowledge("2026-03-04 09:00", "rd_manager", "production_manager")
    by_the_project = prompt.refused("2026-03-04 10:00", "project_manager", a.record_finding)
    prompt.then("2026-03-04 10:00", "rd_manager", a.record_finding)
    prompt.then("2026-03-04 10:00", "production_manager", a.arrive_on_site)
    judged_by_the_project = prompt.refused("2026-03-04 11:00", "project_manager", a.determine_responsibility)
    prompt.then("2026-03-04 11:00", "rd_manager", a.determine_responsibility)
    prompt.comes_to("propose_remedy", "2026-03-04 12:00")
    decided_by_the_engineer = prompt.refused("2026-03-04 13:00", "field_engineer", a.decide_remedy)
    prompt.then("2026-03-04 13:00", "project_manager", a.decide_remedy)

    assert by_quality == decided_by_the_engineer == ["role 2"]
    assert without_charge == ["required_field 2"]
    assert by_the_project == ["role 3.1.3"]
    assert judged_by_the_project == ["role 3.1.2"]
    assert prompt.owed("technical-problem") == {
        "department:rd": "2026-03-04 00:00 kept",
        "department:production": "2026-03-04 00:00 kept",
    }
    assert set(late.owed("technical-problem").values()) == {"2026-03-04 00:00 broken"}


@pytest.mark.exercises("SPACE-3.1.5", "SPACE-3.3.2")
def test_returned_material_is_inspected_by_quality_or_research(adopting: FirmOf) -> None:
    firm = adopting("distance-service")
    tale = Tale(firm, MONDAY, remedy="repair").comes_to("decide_remedy", MONDAY)
    other = Tale(firm, MONDAY, remedy="exchange").comes_to("decide_remedy", MONDAY)

    uninspected = tale.refused(TUESDAY, "field_engineer", a.carry_out)
    by_the_project = tale.refused(TUESDAY, "field_engineer", a.inspect_returned_goods)
    tale.then(TUESDAY, "quality_manager", a.inspect_returned_goods).then(TUESDAY, "field_engineer", a.carry_out)
    other.then(TUESDAY, "rd_manager", a.inspect_returned_goods).then(TUESDAY, "production_manager", a.carry_out)

    assert uninspected == ["prerequisite_action 3.3.2"]
    assert by_the_project == ["role 3.3.2"]
    assert (tale.state(), other.state()) == ("confirming", "confirming")


@pytest.mark.exercises("SPACE-5.1C")
@pytest.mark.parametrize(
    ("distance", "due"),
    [(300, "2026-03-04 10:00"), (301, "2026-03-05 10:00"), (1000, "2026-03-05 10:00"), (1001, "2026-03-06 10:00"),
     (1501, "2026-03-06 10:00")],
)  # fmt: skip
def test_the_time_to_arrive_depends_on_the_distance(adopting: FirmOf, distance: int, due: str) -> None:
    firm = adopting("distance-service")
    prompt, late = (Tale(firm, MONDAY, distance_km=distance, on_site_needed=True) for _each in range(2))
    for tale in (prompt, late):
        tale.then(MONDAY, "field_engineer", a.classify)

    by_quality = prompt.refused(MONDAY, "quality_manager", a.arrive_on_site)
    prompt.then(f"{due[:10]} 09:59", "field_engineer", a.arrive_on_site)
    late.then(f"{due[:10]} 10:01", "field_engineer", a.arrive_on_site)

    assert by_quality == ["role 3.1.3"]
    assert prompt.owed("arrive-on-site") == {"position:field_engineer": f"{due} kept"}
    assert late.owed("arrive-on-site") == {"position:field_engineer": f"{due} broken"}


@pytest.mark.exercises("SPACE-5.2.3")
def test_the_charge_of_paid_service_on_site_is_agreed_first(adopting: FirmOf) -> None:
    firm = adopting("distance-service")
    prompt, late, free = Tale(firm, MONDAY, charge="paid"), Tale(firm, MONDAY, charge="paid"), Tale(firm, MONDAY)
    for tale in (prompt, late, free):
        tale.then(MONDAY, "field_engineer", a.classify)

    not_agreed = prompt.refused("2026-03-02 11:00", "field_engineer", a.send_to_site)
    signed_by_the_engineer = prompt.refused("2026-03-02 11:00", "field_engineer", SIGN, decision="agreed")
    without_words = prompt.refused("2026-03-02 11:00", "project_manager", SIGN, decision="agreed", opinion="")
    prompt.signs("2026-03-04 17:00", "project_manager", opinion="客户同意 2000 元")
    late.signs("2026-03-05 09:00", "project_manager", opinion="客户同意 2000 元")
    only_by_word = prompt.refused("2026-03-05 09:30", "field_engineer", a.send_to_site)
    prompt.then("2026-03-05 10:00", "field_engineer", a.send_to_site, papers=["agreement"])
    free.then("2026-03-02 11:00", "field_engineer", a.send_to_site)

    assert not_agreed == ["prerequisite_attachment 5.2.3", "sign_off_missing 5.2.3"]
    assert only_by_word == ["prerequisite_attachment 5.2.3"]
    assert signed_by_the_engineer == ["nothing_to_sign"]
    assert without_words == ["opinion 5.2.3"]
    assert prompt.owed("charge-agreed") == {"position:project_manager": "2026-03-05 00:00 kept"}
    assert late.owed("charge-agreed") == {"position:project_manager": "2026-03-05 00:00 broken"}


def test_nobody_acknowledges_for_another_department(adopting: FirmOf) -> None:
    firm = adopting("distance-service")
    tale = Tale(firm, MONDAY).then(MONDAY, "field_engineer", a.classify)

    assert tale.refused(TUESDAY, "finance_manager", ACKNOWLEDGE) == ["nothing_to_acknowledge"]
