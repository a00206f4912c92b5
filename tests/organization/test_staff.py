"""People are hired, given positions, deputised for, and leave; each change is written down once."""

from datetime import date, timedelta

import pytest

from luyue.organization.models import Account, Deputyship
from luyue.organization.refusals import StaffError
from luyue.organization.staff import (
    appoint_deputy,
    change_employee,
    end_position,
    give_position,
    leave,
    stay,
    withdraw_deputy,
)
from tests.organization.companies import MORNING, PASSWORD, TODAY, Book, Workforce

ONE_DAY = timedelta(days=1)
FRIDAY = TODAY + timedelta(days=4)


def test_only_an_administrator_hires(works: Workforce, others: Workforce) -> None:
    clerk = works.hire("clerk")

    for nobody in (clerk, others.admin):
        with pytest.raises(StaffError, match="Only an administrator of the company may do this"):
            works.hire("li", by=nobody)
    assert works.hire("li", by=works.admin).name == "Li"


def test_who_is_hired_can_sign_in_and_must_first_choose_a_password(works: Workforce, book: Book) -> None:
    li = works.hire("li", by=works.admin, email="Li@Hengtai.example", password_is_initial=True)

    assert li.account.check_password(PASSWORD)
    assert li.account.password_is_initial
    assert li.account.email == "li@hengtai.example"
    assert book.last == {
        "company_id": works.company.pk,
        "action": "organization.hire",
        "by_id": works.admin.pk,
        "at": MORNING,
        "changes": {},
        "data": {
            "employee": li.pk,
            "name": "Li",
            "user_name": "li.hengtai",
            "department": "head",
            "joined_on": "2025-01-01",
            "is_administrator": False,
        },
    }


@pytest.mark.parametrize("password", ["", "short", "password123", "li.hengtai1"])
def test_a_weak_initial_password_is_refused_and_nobody_is_hired(works: Workforce, password: str) -> None:
    with pytest.raises(StaffError) as refusal:
        works.hire("li", by=works.admin, password=password)

    assert refusal.value.field == "password"
    assert not Account.objects.filter(username="li.hengtai").exists()


def test_two_people_cannot_sign_in_with_one_address(works: Workforce, others: Workforce) -> None:
    others.hire("li", email="li@example.com")

    with pytest.raises(StaffError, match="Somebody else signs in with this e-mail address"):
        works.hire("wang", by=works.admin, email="LI@example.com")


def test_an_account_of_another_company_cannot_be_drawn_over(works: Workforce, others: Workforce) -> None:
    others.hire("li", user_name="li")

    with pytest.raises(StaffError, match="The user name li is already taken"):
        works.hire("li", by=works.admin, user_name="LI", password="")


def test_who_runs_both_companies_may_employ_one_person_in_both(works: Workforce, others: Workforce) -> None:
    li = works.hire("li")
    works_admin_there = others.hire("admin2", user_name="admin.hengtai", is_administrator=True, password="")

    there = others.hire("li", by=works_admin_there, user_name="li.hengtai", password="")

    assert there.account == li.account


def test_a_person_is_employed_once_at_a_time_and_may_come_back(works: Workforce) -> None:
    li = works.hire("li")

    with pytest.raises(StaffError, match="already employed here at that time"):
        works.hire("li", by=works.admin)
    leave(li, by=works.admin, at=MORNING, on=FRIDAY)
    with pytest.raises(StaffError, match="already employed here at that time"):
        works.hire("li", by=works.admin, joined_on=FRIDAY)
    assert works.hire("li", by=works.admin, joined_on=FRIDAY + ONE_DAY).account == li.account


def test_the_last_administrator_stays_one(works: Workforce) -> None:
    with pytest.raises(StaffError, match="no administrator left"):
        leave(works.admin, by=works.admin, at=MORNING, on=FRIDAY)
    with pytest.raises(StaffError, match="no administrator left"):
        change_employee(works.admin, by=works.admin, at=MORNING, name="Admin", department=works.head)

    works.hire("second", is_administrator=True)
    change_employee(works.admin, by=works.admin, at=MORNING, name="Admin", department=works.head)
    works.admin.refresh_from_db()
    assert not works.admin.is_administrator


def test_a_change_is_written_down_with_old_and_new_values_only(works: Workforce, book: Book) -> None:
    li = works.hire("li", phone="1")
    quality = works.department("quality")

    change_employee(li, by=works.admin, at=MORNING, name="Li", department=quality, phone="2")

    assert book.last["changes"] == {"department": ["head", "quality"], "phone": ["1", "2"]}


def test_a_position_is_not_given_outside_the_employment_nor_twice(works: Workforce, others: Workforce) -> None:
    li = works.hire("li")
    clerk = works.position("clerk")

    def give(**period: date) -> object:
        return give_position(li, clerk, by=works.admin, at=MORNING, **period)

    with pytest.raises(StaffError, match="joins only on 2025-01-01"):
        give(since=date(2024, 12, 31))
    with pytest.raises(StaffError, match="last day lies before the first"):
        give(since=TODAY, until=TODAY - ONE_DAY)
    with pytest.raises(StaffError, match="does not belong to the company"):
        give_position(li, others.position("clerk"), by=works.admin, at=MORNING, since=TODAY)
    give(since=TODAY, until=FRIDAY)
    with pytest.raises(StaffError, match="already holds this position"):
        give(since=FRIDAY)
    give(since=FRIDAY + ONE_DAY)


def test_a_position_ends_on_a_day_that_is_still_held(works: Workforce, book: Book) -> None:
    li = works.hire("li")
    tenure = give_position(li, works.position("clerk"), by=works.admin, at=MORNING, since=TODAY)

    with pytest.raises(StaffError, match="last day lies before the first"):
        end_position(tenure, by=works.admin, at=MORNING, until=TODAY - ONE_DAY)
    end_position(tenure, by=works.admin, at=MORNING, until=FRIDAY)

    assert book.last["changes"] == {"until": [None, "2026-03-13"]}


def test_everyone_names_his_own_deputy_and_nobody_elses(works: Workforce) -> None:
    wang, li, zhao = works.hire("wang"), works.hire("li"), works.hire("zhao")

    with pytest.raises(StaffError, match="Only an administrator"):
        appoint_deputy(wang, li, by=zhao, at=MORNING, since=TODAY, until=FRIDAY)
    own = appoint_deputy(wang, li, by=wang, at=MORNING, since=TODAY, until=FRIDAY)
    appoint_deputy(li, zhao, by=works.admin, at=MORNING, since=TODAY, until=FRIDAY)
    with pytest.raises(StaffError, match="Only an administrator"):
        withdraw_deputy(own, by=li, at=MORNING)
    withdraw_deputy(own, by=wang, at=MORNING)


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        (FRIDAY, TODAY, "last day lies before the first"),
        (TODAY - ONE_DAY * 9, TODAY - ONE_DAY, "period is already over"),
        (date(2024, 12, 1), FRIDAY, "joins only on"),
    ],
)
def test_an_impossible_period_is_refused(works: Workforce, since: date, until: date, sentence: str) -> None:
    wang, li = works.hire("wang"), works.hire("li")

    with pytest.raises(StaffError, match=sentence):
        appoint_deputy(wang, li, by=wang, at=MORNING, since=since, until=until)


def test_a_deputy_is_another_employee_of_the_same_company_who_is_there(works: Workforce, others: Workforce) -> None:
    wang, li, gone = works.hire("wang"), works.hire("li"), works.hire("gone")
    leave(gone, by=works.admin, at=MORNING, on=TODAY + ONE_DAY)
    period = {"by": wang, "at": MORNING, "since": TODAY, "until": FRIDAY}

    with pytest.raises(StaffError, match="own deputy"):
        appoint_deputy(wang, wang, **period)
    with pytest.raises(StaffError, match="does not belong to the company"):
        appoint_deputy(wang, others.hire("li"), **period)
    with pytest.raises(StaffError, match="Gone leaves on 2026-03-10"):
        appoint_deputy(wang, gone, **period)
    with pytest.raises(StaffError, match="does not hold this position"):
        appoint_deputy(wang, li, position=works.position("clerk"), **period)
    appoint_deputy(wang, li, **period)
    with pytest.raises(StaffError, match="already named for this period"):
        appoint_deputy(wang, li, **period)


def test_ending_a_deputyship_keeps_the_days_that_have_passed(works: Workforce) -> None:
    wang, li = works.hire("wang"), works.hire("li")
    running = appoint_deputy(wang, li, by=wang, at=MORNING, since=TODAY, until=FRIDAY)
    later = appoint_deputy(wang, li, by=wang, at=MORNING, since=FRIDAY + ONE_DAY, until=FRIDAY + ONE_DAY * 3)

    withdraw_deputy(running, by=wang, at=MORNING + ONE_DAY)
    withdraw_deputy(later, by=wang, at=MORNING + ONE_DAY)

    assert list(Deputyship.objects.values_list("since", "until")) == [(TODAY, TODAY)]


def test_leaving_ends_positions_and_deputyships_with_that_day(works: Workforce, book: Book) -> None:
    wang, li = works.hire("wang"), works.hire("li")
    clerk, auditor = works.position("clerk"), works.position("auditor")
    give_position(li, clerk, by=works.admin, at=MORNING, since=TODAY)
    give_position(li, auditor, by=works.admin, at=MORNING, since=FRIDAY + ONE_DAY)
    appoint_deputy(wang, li, by=wang, at=MORNING, since=TODAY, until=FRIDAY + ONE_DAY * 9)

    with pytest.raises(StaffError, match="last day lies before the first"):
        leave(li, by=works.admin, at=MORNING, on=date(2024, 12, 31))
    leave(li, by=works.admin, at=MORNING, on=FRIDAY)

    assert list(li.tenures.values_list("position__code", "until")) == [("clerk", FRIDAY)]
    assert list(Deputyship.objects.values_list("until", flat=True)) == [FRIDAY]
    assert book.last["changes"] == {"left_on": [None, "2026-03-13"]}
    assert book.last["data"] == {"employee": li.pk, "positions_ended": ["clerk", "auditor"]}


def test_a_leaving_is_taken_back_as_long_as_its_day_has_not_passed(works: Workforce) -> None:
    li = works.hire("li")
    with pytest.raises(StaffError, match="No leaving is noted"):
        stay(li, by=works.admin, at=MORNING)
    leave(li, by=works.admin, at=MORNING, on=FRIDAY)

    with pytest.raises(StaffError, match="The employee has left"):
        stay(li, by=works.admin, at=MORNING + ONE_DAY * 5)
    stay(li, by=works.admin, at=MORNING + ONE_DAY * 4)

    li.refresh_from_db()
    assert li.left_on is None


def test_an_administrator_who_has_left_may_nothing_any_more(works: Workforce) -> None:
    second = works.hire("second", is_administrator=True)
    leave(second, by=works.admin, at=MORNING, on=TODAY)

    with pytest.raises(StaffError, match="Only an administrator"):
        works.hire("li", by=second, at=MORNING + ONE_DAY)
