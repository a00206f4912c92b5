"""Departments and positions are added, changed and closed; their codes stay."""

from datetime import timedelta

import pytest
from django.utils import translation

from luyue.organization.refusals import StaffError
from luyue.organization.staff import change_employee, end_position, give_position
from luyue.organization.structure import (
    add_department,
    add_position,
    change_department,
    change_position,
    close_department,
    close_position,
    rename_company,
    reopen_department,
    reopen_position,
)
from tests.organization.companies import MORNING, TODAY, Book, Workforce


def test_a_code_is_taken_within_its_company_only(works: Workforce, others: Workforce) -> None:
    works.department("quality")
    works.position("clerk")

    with pytest.raises(StaffError, match="code quality is already taken"):
        works.department("quality")
    with pytest.raises(StaffError, match="code clerk is already taken"):
        works.position("clerk")
    others.department("quality")
    others.position("clerk")


def test_a_department_is_not_put_under_itself_its_parts_or_another_company(
    works: Workforce, others: Workforce, book: Book
) -> None:
    sales = works.department("sales")
    export = works.department("export", parent=sales)

    for wrong in (sales, export):
        with pytest.raises(StaffError, match="part of itself"):
            change_department(sales, by=works.admin, at=MORNING, name="Sales", parent=wrong)
    with pytest.raises(StaffError, match="does not belong to the company"):
        change_department(sales, by=works.admin, at=MORNING, name="Sales", parent=others.head)
    change_department(sales, by=works.admin, at=MORNING, name="销售部", parent=works.head)

    assert book.last["changes"] == {"name": ["Sales", "销售部"], "parent": ["", "head"]}


def test_a_department_is_closed_when_it_is_empty(works: Workforce) -> None:
    sales = works.department("sales")
    export = works.department("export", parent=sales)
    clerk = works.position("clerk", sales)
    li = works.hire("li", sales)

    def close() -> None:
        close_department(sales, by=works.admin, at=MORNING, on=TODAY)

    with pytest.raises(StaffError, match="parts that are open"):
        close()
    close_department(export, by=works.admin, at=MORNING, on=TODAY)
    with pytest.raises(StaffError, match="open positions"):
        close()
    close_position(clerk, by=works.admin, at=MORNING, on=TODAY)
    with pytest.raises(StaffError, match="People still work in the department"):
        close()
    change_employee(li, by=works.admin, at=MORNING, name="Li", department=works.head)
    close()

    with pytest.raises(StaffError, match="department is closed"):
        works.hire("wang", sales, joined_on=TODAY)
    with pytest.raises(StaffError, match="department above it is closed"):
        reopen_department(export, by=works.admin, at=MORNING)
    reopen_department(sales, by=works.admin, at=MORNING)
    works.hire("wang", sales, joined_on=TODAY)


def test_a_position_is_closed_when_nobody_holds_it(works: Workforce) -> None:
    li, clerk = works.hire("li"), works.position("clerk")
    tenure = give_position(li, clerk, by=works.admin, at=MORNING, since=TODAY)

    with pytest.raises(StaffError, match="Li still holds the position"):
        close_position(clerk, by=works.admin, at=MORNING, on=TODAY)
    end_position(tenure, by=works.admin, at=MORNING, until=TODAY)
    close_position(clerk, by=works.admin, at=MORNING, on=TODAY)

    with pytest.raises(StaffError, match="position is closed"):
        give_position(li, clerk, by=works.admin, at=MORNING, since=TODAY + timedelta(days=1))
    reopen_position(clerk, by=works.admin, at=MORNING)
    give_position(li, clerk, by=works.admin, at=MORNING, since=TODAY + timedelta(days=1))


def test_a_position_moves_to_another_department(works: Workforce, book: Book) -> None:
    clerk = works.position("clerk")

    change_position(clerk, by=works.admin, at=MORNING, name="Clerk", department=works.head)

    assert book.last["changes"] == {"department": ["", "head"]}


@pytest.mark.parametrize(
    ("language", "read"),
    [
        ("zh-hans", ("质检科", "质检员", "精工刀具", "精工")),
        ("zh-hant", ("質檢科", "質檢員", "精工刀具", "精工")),
        ("en", ("Inspection", "Inspector", "Precision Tools", "Precision")),
    ],
)
def test_each_reader_sees_the_names_in_his_own_language(
    works: Workforce, language: str, read: tuple[str, str, str, str]
) -> None:
    names = {"name": "质检科", "name_hant": "質檢科", "name_en": "Inspection"}
    department = add_department(works.company, by=works.admin, at=MORNING, code="inspection", **names)
    names = {"name": "质检员", "name_hant": "質檢員", "name_en": "Inspector"}
    position = add_position(works.company, by=works.admin, at=MORNING, code="inspector", **names)
    names = {"name": "精工刀具", "short_name": "精工", "name_en": "Precision Tools", "short_name_en": "Precision"}
    rename_company(works.company, by=works.admin, at=MORNING, **names)

    with translation.override(language):
        assert (str(department), str(position), str(works.company), works.company.called) == read


@pytest.mark.parametrize("verb", ["add_department", "add_position", "rename_company"])
def test_only_an_administrator_of_the_company_shapes_it(works: Workforce, others: Workforce, verb: str) -> None:
    li = works.hire("li")

    for nobody in (li, others.admin):
        with pytest.raises(StaffError, match="Only an administrator"):
            {
                "add_department": lambda by: add_department(works.company, by=by, at=MORNING, code="x", name="X"),
                "add_position": lambda by: add_position(works.company, by=by, at=MORNING, code="x", name="X"),
                "rename_company": lambda by: rename_company(works.company, by=by, at=MORNING, name="X", short_name="X"),
            }[verb](nobody)
