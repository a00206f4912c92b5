from __future__ import annotations

import pytest

from luyue.complaints.models import Complaint
from luyue.ledger.models import Entry
from tests.faults.conftest import Desk, complaint_of, text_of
from tests.firms import Firm

IMPOSSIBLE_MOMENTS = [
    "0001-01-01T00:00",
    "1989-12-31T23:59",
    "2026-02-30T10:00",
    "2026-13-01T10:00",
    "2026-03-02T25:61",
    "2101-01-01T00:00",
    "9999-12-31T23:59",
    "10000-01-01T00:00",
    "+275760-09-13T00:00",
    "0000-00-00T00:00",
    "NaN",
    "²",
    "9" * 5000,
]
IMPOSSIBLE_DAYS = ["0001-01-01", "2026-02-30", "9999-12-31", "10000-01-01", "0000-00-00", "²", "9" * 5000]


@pytest.mark.parametrize("moment", IMPOSSIBLE_MOMENTS, ids=lambda said: said[:20])
def test_a_moment_that_no_calendar_has_is_refused_at_its_field(carbide: Firm, moment: str) -> None:
    complaint = complaint_of(carbide)
    desk = Desk(carbide["sales_officer"])

    opened = desk.register(complaint.party.number, occurred_at=moment)
    answered = desk.do(complaint, "give_first_answer", first_answer="已收到", channel="phone", occurred_at=moment)

    assert (opened.status_code, answered.status_code) == (422, 422)
    assert "occurred_at" in opened.context["form"].errors
    assert "occurred_at" in answered.context["form"].errors
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("day", IMPOSSIBLE_DAYS, ids=lambda said: said[:20])
def test_a_day_that_no_calendar_has_is_refused_and_what_was_typed_stays(carbide: Firm, day: str) -> None:
    answer = Desk(carbide["sales_officer"]).register(carbide.customer().number, delivered_on=day, demand="换货两百支")

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["delivered_on"]
    assert "换货两百支" in text_of(answer)
    assert not Complaint.objects.exists()


def test_what_has_not_happened_yet_is_not_entered(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        answer = Desk(carbide["sales_officer"]).register(carbide.customer().number, occurred_at="2026-03-02T10:30")

    assert answer.status_code == 422
    assert "lies in the future" in text_of(answer)
    assert not Complaint.objects.exists()


def test_nothing_happens_to_a_record_before_it_is_opened(carbide: Firm) -> None:
    with carbide.at("2026-03-02 10:00"):
        complaint = complaint_of(carbide)
    with carbide.at("2026-03-02 15:00"):
        answer = Desk(carbide["sales_officer"]).do(
            complaint, "give_first_answer", first_answer="已收到", channel="phone", occurred_at="2026-03-02T09:59"
        )

    assert answer.status_code == 422
    assert "before the record was opened" in text_of(answer)
    assert Entry.objects.filter(record_id=complaint.pk).count() == 1


def test_a_case_from_before_the_first_edition_is_refused_with_a_sentence(carbide: Firm) -> None:
    answer = Desk(carbide["sales_officer"]).register(carbide.customer().number, occurred_at="1995-06-01T09:00")

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "²", "\0"])
def test_a_register_is_shown_whatever_day_its_filter_names(carbide: Firm, day: str) -> None:
    desk = Desk(carbide["sales_officer"])

    for name in ("opened_at_from", "opened_at_to"):
        assert desk.open("/r/complaints/", **{name: day}).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "²"])
def test_conformity_is_shown_whatever_day_its_address_names(carbide: Firm, day: str) -> None:
    desk = Desk(carbide["quality_manager"])

    for name in ("since", "until"):
        assert desk.open("/conformity/", **{name: day}).status_code == 200
