"""Rows written by their models' own words, in as few statements as can be."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from luyue.organization.models import Employee, Tenure
from luyue.organization.writing import MOST_VALUES, insert, update
from tests.organization.companies import TODAY, Workforce


def test_many_rows_are_written_in_few_statements_and_know_their_keys(
    works: Workforce, django_assert_max_num_queries: Any
) -> None:
    li, clerk = works.hire("li"), works.position("clerk")
    days = [TODAY + timedelta(days=place) for place in range(MOST_VALUES // 2)]
    rows = [Tenure(company=works.company, employee=li, position=clerk, since=each, until=each) for each in days]

    with django_assert_max_num_queries(5):
        insert(rows)

    assert {row.pk: row.since for row in rows} == dict(Tenure.objects.values_list("pk", "since"))


def test_only_what_is_named_is_written_and_only_where_there_is_a_row(works: Workforce) -> None:
    li = works.hire("li")
    li.name, li.phone = "Li Hua", "139"

    update(li, ["name", "department_id"])

    there = Employee.objects.get(pk=li.pk)
    assert (there.name, there.phone) == ("Li Hua", "")
    with pytest.raises(DatabaseError):
        update(Tenure(pk=4711, since=TODAY), ["since"])
