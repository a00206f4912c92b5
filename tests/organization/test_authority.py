"""In whose name an employee may act on a given day, and whom an address reaches."""

from datetime import date, timedelta

import pytest

from luyue.organization.authority import authority_of, holders_of
from luyue.organization.staff import appoint_deputy, end_position, give_position, leave
from tests.organization.companies import MORNING, TODAY, Workforce

ONE_DAY = timedelta(days=1)
FRIDAY = TODAY + timedelta(days=4)


def test_several_positions_are_held_at_once_and_the_departments_above_come_along(works: Workforce) -> None:
    sales = works.department("sales", parent=works.head)
    export = works.department("export", parent=sales)
    quality = works.department("quality")
    li = works.hire("li", export)
    for position in (works.position("clerk", export), works.position("auditor", quality)):
        give_position(li, position, by=works.admin, at=MORNING, since=TODAY)

    authority = authority_of(li, TODAY)

    assert authority.positions == {"clerk", "auditor"}
    assert authority.departments == {"export", "sales", "head", "quality"}
    assert authority.deputised == frozenset()
    assert authority.keys == {
        f"employee:{li.pk}",
        "position:clerk",
        "position:auditor",
        "department:export",
        "department:sales",
        "department:head",
        "department:quality",
    }


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (TODAY - ONE_DAY, frozenset()),
        (TODAY, {"clerk"}),
        (FRIDAY, {"clerk"}),
        (FRIDAY + ONE_DAY, frozenset()),
    ],
)
def test_a_position_is_held_from_its_first_to_its_last_day(works: Workforce, day: date, held: frozenset[str]) -> None:
    li = works.hire("li")
    tenure = give_position(li, works.position("clerk"), by=works.admin, at=MORNING, since=TODAY)
    end_position(tenure, by=works.admin, at=MORNING, until=FRIDAY)

    assert authority_of(li, day).positions == held


@pytest.mark.parametrize(
    ("day", "lent"),
    [
        (TODAY - ONE_DAY, frozenset()),
        (TODAY, {"manager", "approver"}),
        (FRIDAY, {"manager", "approver"}),
        (FRIDAY + ONE_DAY, frozenset()),
    ],
)
def test_a_deputy_acts_in_all_positions_for_the_period_only(works: Workforce, day: date, lent: frozenset[str]) -> None:
    wang, li = works.hire("wang"), works.hire("li")
    for code in ("manager", "approver"):
        give_position(wang, works.position(code), by=works.admin, at=MORNING, since=date(2026, 1, 1))
    appoint_deputy(wang, li, by=wang, at=MORNING, since=TODAY, until=FRIDAY)

    authority = authority_of(li, day)

    assert authority.positions == lent
    assert authority.deputised == lent


def test_a_deputy_for_one_position_acts_in_that_one_only(works: Workforce) -> None:
    wang, li = works.hire("wang"), works.hire("li")
    manager, approver = works.position("manager"), works.position("approver", works.department("quality"))
    for position in (manager, approver):
        give_position(wang, position, by=works.admin, at=MORNING, since=TODAY)
    appoint_deputy(wang, li, by=wang, at=MORNING, since=TODAY, until=FRIDAY, position=approver)

    authority = authority_of(li, TODAY)

    assert authority.positions == {"approver"}
    assert authority.departments == {"head", "quality"}


def test_what_one_holds_oneself_is_not_deputised(works: Workforce) -> None:
    wang, li = works.hire("wang"), works.hire("li")
    clerk = works.position("clerk")
    for employee in (wang, li):
        give_position(employee, clerk, by=works.admin, at=MORNING, since=TODAY)
    appoint_deputy(wang, li, by=wang, at=MORNING, since=TODAY, until=FRIDAY)

    assert authority_of(li, TODAY).deputised == frozenset()


def test_a_deputy_of_a_deputy_gets_nothing(works: Workforce) -> None:
    wang, li, zhao = works.hire("wang"), works.hire("li"), works.hire("zhao")
    give_position(wang, works.position("manager"), by=works.admin, at=MORNING, since=TODAY)
    appoint_deputy(wang, li, by=wang, at=MORNING, since=TODAY, until=FRIDAY)
    appoint_deputy(li, zhao, by=li, at=MORNING, since=TODAY, until=FRIDAY)

    assert authority_of(zhao, TODAY).positions == frozenset()


def test_whoever_has_left_may_nothing_any_more(works: Workforce) -> None:
    li = works.hire("li")
    give_position(li, works.position("clerk"), by=works.admin, at=MORNING, since=TODAY)
    leave(li, by=works.admin, at=MORNING, on=FRIDAY)

    assert authority_of(li, FRIDAY).positions == {"clerk"}
    assert authority_of(li, FRIDAY + ONE_DAY).keys == {f"employee:{li.pk}"}
    assert authority_of(li, FRIDAY + ONE_DAY).departments == frozenset()


def test_a_position_reaches_its_holders_and_then_their_deputies(works: Workforce) -> None:
    wang, li, zhao = works.hire("wang"), works.hire("li"), works.hire("zhao")
    manager, approver = works.position("manager"), works.position("approver")
    for position in (manager, approver):
        give_position(wang, position, by=works.admin, at=MORNING, since=TODAY)
    appoint_deputy(wang, li, by=wang, at=MORNING, since=TODAY, until=FRIDAY)
    appoint_deputy(wang, zhao, by=wang, at=MORNING, since=TODAY, until=FRIDAY, position=approver)

    assert holders_of(works.company.pk, "position:manager", TODAY) == [wang, li]
    assert holders_of(works.company.pk, "position:approver", TODAY) == [wang, li, zhao]
    assert holders_of(works.company.pk, "position:manager", FRIDAY + ONE_DAY) == [wang]
    assert holders_of(works.company.pk, f"employee:{li.pk}", TODAY) == [li]


def test_a_department_reaches_its_people_those_of_its_parts_and_those_with_a_position_in_it(works: Workforce) -> None:
    sales = works.department("sales")
    export = works.department("export", parent=sales)
    wang, li, zhao = works.hire("wang", sales), works.hire("li", export), works.hire("zhao")
    works.hire("outside")
    give_position(zhao, works.position("advisor", export), by=works.admin, at=MORNING, since=TODAY)

    assert holders_of(works.company.pk, "department:sales", TODAY) == [wang, li, zhao]
    assert holders_of(works.company.pk, "department:export", TODAY) == [li, zhao]


def test_whom_an_address_reaches_agrees_with_what_they_may(works: Workforce) -> None:
    quality = works.department("quality")
    wang, li = works.hire("wang", quality), works.hire("li")
    give_position(wang, works.position("inspector", quality), by=works.admin, at=MORNING, since=TODAY)
    appoint_deputy(wang, li, by=wang, at=MORNING, since=TODAY, until=FRIDAY)

    for address in ("position:inspector", "department:quality"):
        reached = holders_of(works.company.pk, address, TODAY)
        entitled = [one for one in (works.admin, wang, li) if address in authority_of(one, TODAY).keys]
        assert reached == entitled == [wang, li]


def test_codes_of_another_company_reach_nobody_here(works: Workforce, others: Workforce) -> None:
    theirs = others.hire("li")
    give_position(theirs, others.position("clerk"), by=others.admin, at=MORNING, since=TODAY)
    works.position("clerk")

    assert holders_of(works.company.pk, "position:clerk", TODAY) == []


def test_authority_costs_two_questions_however_many_positions_are_lent(
    works: Workforce, django_assert_num_queries: object
) -> None:
    li = works.hire("li")
    for name in ("wang", "zhao", "sun"):
        absent = works.hire(name)
        give_position(absent, works.position(f"post-{name}"), by=works.admin, at=MORNING, since=TODAY)
        appoint_deputy(absent, li, by=absent, at=MORNING, since=TODAY, until=FRIDAY)

    with django_assert_num_queries(2):
        assert len(authority_of(li, TODAY).positions) == 3
