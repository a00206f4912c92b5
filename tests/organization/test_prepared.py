from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from luyue.organization.models import Department, Employee
from luyue.organization.prepared import Place, Prepared
from tests.organization.conftest import Workforce


@Prepared
def joined_until(company_id: Place, on: Place) -> QuerySet[Employee]:
    rows = Employee.objects.filter(company_id=company_id, joined_on__lte=on).select_related("company", "department")
    return rows.order_by("pk")


@Prepared
def called(company_id: Place, codes: list[Place]) -> QuerySet[Department, tuple[str, int | None]]:
    rows = Department.objects.filter(Q(code__in=codes) | Q(parent__code__in=codes), company_id=company_id)
    return rows.order_by("code").values_list("code", "parent_id")


def test_a_prepared_question_answers_for_the_values_of_each_time(works: Workforce) -> None:
    li = works.hire("li")
    day_before = date.fromordinal(li.joined_on.toordinal() - 1)

    assert li in joined_until(works.company.pk, li.joined_on)
    assert li not in joined_until(works.company.pk, day_before)
    assert li in joined_until(works.company.pk, li.joined_on)
    assert joined_until(0, li.joined_on) == []


def test_a_prepared_question_takes_lists_of_any_length(works: Workforce) -> None:
    sales = works.department("sales", parent=works.head)
    works.department("export", parent=sales)

    assert called(works.company.pk, []) == []
    assert called(works.company.pk, ["sales"]) == [("export", sales.pk), ("sales", works.head.pk)]
    assert called(works.company.pk, ["sales", "none"]) == [("export", sales.pk), ("sales", works.head.pk)]
    assert called(works.company.pk, frozenset({"export"})) == [("export", sales.pk)]


def test_a_prepared_question_brings_what_was_joined(works: Workforce, django_assert_num_queries: Any) -> None:
    li = works.hire("li")

    with django_assert_num_queries(1):
        found = {each.pk: each for each in joined_until(works.company.pk, li.joined_on)}
        assert (found[li.pk].company, found[li.pk].department) == (works.company, li.department)
