"""The procedure on service records of the scale company: numbers, signatures, retention and yearly binding."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db.models import ProtectedError

from luyue.complaints import actions as a
from luyue.records.models import Obligation
from luyue.records.rules import rules_of
from luyue.rulebook.engine.retention import retained_until
from luyue.sweep.periods import keep_up
from tests.firms import Firm
from tests.stories.telling import Tale, printed_form, refused_at_registration

MONDAY = "2026-03-02 10:00"
TUESDAY = "2026-03-03 10:00"


def nearly_closed(scale: Firm) -> Tale:
    """A case of which only the leader's signature and the closing are open."""
    tale = Tale(scale, MONDAY, subject="other").comes_to("ask_satisfaction", MONDAY)
    return tale.then(TUESDAY, "service_receptionist", a.tell_result)


@pytest.mark.exercises("SCALE-RECORDS-4.1.2")
def test_every_record_has_its_own_number_with_department_and_year(scale: Firm) -> None:
    first, second = Tale(scale, MONDAY), Tale(scale, MONDAY)
    next_year = Tale(scale, "2027-01-04 10:00")
    report = first.then(MONDAY, "after_sales_manager", a.classify).raises_improvement(
        TUESDAY, "quality_manager", "rd_manager"
    )
    not_registered = refused_at_registration(scale, MONDAY, what_happened="")
    third = Tale(scale, MONDAY)

    assert not_registered == ["required_field 3.3"]
    assert [each.record.number for each in (first, second, third)] == [
        "售后2026-0001",
        "售后2026-0002",
        "售后2026-0003",
    ]
    assert first.record.number == "售后2026-0001"
    assert next_year.record.number == "售后2027-0001"
    assert report.record.number == "研发QX2026-001"


@pytest.mark.exercises("SCALE-RECORDS-4.3-2")
def test_what_cannot_be_filled_in_is_struck_through_with_a_reason(scale: Firm) -> None:
    blank = refused_at_registration(scale, MONDAY, batch="")
    no_reason = refused_at_registration(scale, MONDAY, batch="", struck_through={"batch": ""})
    struck = Tale(scale, MONDAY, batch="", struck_through={"batch": "N/A：铭牌脱落"})

    assert blank == no_reason == ["required_field 4.3"]
    assert struck.record.struck_through == {"batch": "N/A：铭牌脱落"}


@pytest.mark.exercises("SCALE-RECORDS-4.3-3")
def test_the_signature_of_the_person_responsible_is_never_blank(scale: Firm) -> None:
    prompt, late = nearly_closed(scale), nearly_closed(scale)

    unsigned = prompt.refused("2026-03-04 10:00", "sales_company_manager", a.close)
    prompt.signs("2026-03-09 17:00", "marketing_supervisor")
    late.signs("2026-03-10 09:00", "supervising_leader")
    prompt.then("2026-03-10 10:00", "sales_company_manager", a.close)

    assert unsigned == ["sign_off_missing 4.3"]
    assert set(prompt.owed("leader-signs").values()) == {"2026-03-10 00:00 kept", "2026-03-10 00:00 cancelled"}
    assert "2026-03-10 00:00 broken" in late.owed("leader-signs").values()
    assert prompt.record.signatures.filter(employee=scale["marketing_supervisor"]).exists()


@pytest.mark.exercises("SCALE-RECORDS-4.4.1", "SCALE-RECORDS-4.4.2")
def test_complaints_are_kept_for_three_years_and_defect_reports_for_the_life_of_the_product(scale: Firm) -> None:
    tale = nearly_closed(scale).signs("2026-03-04 09:00", "supervising_leader")
    report = tale.raises_improvement("2026-03-04 09:30", "quality_manager", "rd_manager")

    while_open = (tale.record.retained_until, report.record.retained_until)
    tale.then("2026-03-04 10:00", "sales_company_manager", a.close)
    report.comes_to("verify_effect", "2026-03-05 10:00")
    report.record.refresh_from_db()
    rules = rules_of(report.record.binding_id, scale.company)

    for kept in (tale.record, report.record):
        with pytest.raises(ProtectedError):
            kept.delete()
    assert while_open == (None, None)
    assert tale.record.retained_until == date(2029, 3, 4)
    assert (report.record.state, report.record.retained_until) == ("closed", None)
    assert retained_until(rules, "improvement", date(2026, 3, 5)) == "product life"


@pytest.mark.exercises("SCALE-RECORDS-3.3", "SCALE-RECORDS-4.5.2")
def test_every_january_the_sales_clerk_binds_the_year_and_hands_it_to_the_office(scale: Firm) -> None:
    prompt, late = (nearly_closed(scale).signs("2026-03-04 09:00", "supervising_leader") for _each in range(2))
    for tale in (prompt, late):
        tale.then("2026-03-04 10:00", "sales_company_manager", a.close)

    by_the_centre = prompt.refused("2027-01-11 10:00", "after_sales_manager", a.bind_in_volume)
    without_year = prompt.refused("2027-01-11 10:00", "sales_clerk", a.bind_in_volume, case_volume_year=None)
    prompt.then("2027-01-11 10:00", "sales_clerk", a.bind_in_volume)
    prompt.acknowledge("2027-01-18 10:00", "office_clerk")
    late.then("2027-01-12 10:00", "sales_clerk", a.bind_in_volume)
    late.acknowledge("2027-01-25 10:00", "office_clerk")
    keep_up(scale.company, datetime(2028, 2, 1, tzinfo=scale.company.zone))
    yearly = Obligation.objects.filter(company=scale.company, control__endswith="/yearly-binding").order_by(
        "started_at"
    )

    assert by_the_centre == ["role 3"]
    assert without_year == ["required_field 4.5.2"]
    assert prompt.owed("volume-to-office") == {"department:office": "2027-01-19 00:00 kept"}
    assert late.owed("volume-to-office") == {"department:office": "2027-01-20 00:00 broken"}
    assert [(scale.local(row.due_at), row.owner, row.status) for row in yearly][-2:] == [
        ("2027-02-01 00:00", "position:sales_clerk", "kept"),
        ("2028-02-01 00:00", "position:sales_clerk", "broken"),
    ]


@pytest.mark.exercises("SCALE-RECORDS-7.5")
def test_the_feedback_form_names_the_customers_unit_address_and_telephone(scale: Firm) -> None:
    tale = Tale(scale, MONDAY, subject="other").comes_to("decide_remedy", MONDAY)

    without_address = refused_at_registration(scale, MONDAY, site_address="")
    without_telephone = refused_at_registration(scale, MONDAY, contact_phone="")
    too_early = "WH-XS-04-05" in tale.prints("service_receptionist", TUESDAY)
    tale.comes_to("carry_out", TUESDAY)
    in_time = "WH-XS-04-05" in tale.prints("service_receptionist", "2026-03-04 10:00")
    form = printed_form(tale, "WH-XS-04-05", "service_receptionist", "2026-03-04 10:00")

    assert "required_field 7.5" in without_address
    assert "required_field 7.5" in without_telephone
    assert (too_early, in_time) == (False, True)
    assert [field.value for field in form.fields[1:4]] == ["华东工具厂", "工地一号", "000-0000-0001"]
    assert [box.meaning for box in form.signatures] == ["服务人员", "客户"]
