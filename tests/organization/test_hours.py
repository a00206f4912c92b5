"""A company's calendar is kept by its administrators, with the State Council's notice of each year."""

from datetime import date

import pytest

from luyue.organization.hours import calendar_of, load_notice, set_calendar
from luyue.organization.refusals import StaffError
from tests.organization.companies import MORNING, Book, Workforce

NOTICE_2027 = {
    "year": 2027,
    "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "春节", "date": "2027-02-14", "isOffDay": False},
    ],
}


def test_a_company_without_a_calendar_works_as_usual_in_china(works: Workforce) -> None:
    calendar = calendar_of(works.company)

    assert calendar.is_working_day(date(2026, 3, 9))
    assert not calendar.is_working_day(date(2026, 3, 8))


def test_an_impossible_calendar_is_refused(works: Workforce) -> None:
    with pytest.raises(StaffError, match="no day has a shift"):
        set_calendar(works.company, {"week": {}}, by=works.admin, at=MORNING)


def test_the_company_works_by_its_own_calendar(works: Workforce, book: Book) -> None:
    own = {"week": {"sat": ["08:00-12:00"]}, "public": "none", "days_off": ["2026-03-14"]}
    set_calendar(works.company, own, by=works.admin, at=MORNING)

    works.company.refresh_from_db()
    calendar = calendar_of(works.company)
    assert not calendar.is_working_day(date(2026, 3, 9))
    assert not calendar.is_working_day(date(2026, 3, 14))
    assert calendar.is_working_day(date(2026, 3, 21))
    assert book.last["changes"]["days_off"] == [None, ["2026-03-14"]]


def test_next_year_is_provisional_until_its_notice_is_loaded(works: Workforce, book: Book) -> None:
    assert calendar_of(works.company).is_provisional(2027)
    with pytest.raises(StaffError, match="year"):
        load_notice(works.company, {"days": []}, by=works.admin, at=MORNING)

    assert load_notice(works.company, NOTICE_2027, by=works.admin, at=MORNING) == 2027

    calendar = calendar_of(works.company)
    assert not calendar.is_provisional(2027)
    assert calendar.is_working_day(date(2027, 2, 14))
    assert book.last["action"] == "organization.load_notice"


def test_a_calendar_without_public_days_takes_no_notice(works: Workforce) -> None:
    set_calendar(works.company, {"week": {"mon": ["08:00-12:00"]}, "public": "none"}, by=works.admin, at=MORNING)

    with pytest.raises(StaffError, match="does not follow the public holidays"):
        load_notice(works.company, NOTICE_2027, by=works.admin, at=MORNING)


def test_only_an_administrator_changes_the_calendar(works: Workforce, others: Workforce) -> None:
    for nobody in (works.hire("li"), others.admin):
        with pytest.raises(StaffError, match="Only an administrator"):
            set_calendar(works.company, {"week": {"mon": ["08:00-12:00"]}}, by=nobody, at=MORNING)
