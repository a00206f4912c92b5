"""Who is behind several addresses on one day, asked of the database once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection

from luyue.organization.models import Department, Deputyship, Employee, Position, Tenure


def employees_behind(company_id: int, addresses: Iterable[str], on: date) -> Mapping[str, frozenset[int]]:
    """The ids of the employees whom each address reaches on that day, deputies included.

    The same as `holders_of` for each address, in one statement, since it is asked within an action.
    """
    named: dict[str, list[str]] = defaultdict(list)
    for address in sorted(set(addresses)):
        kind, _colon, name = address.partition(":")
        named[kind].append(name)
    lists = {"departments": named["department"], "positions": named["position"], "people": named["employee"]}
    if not any(lists.values()):
        return {}
    question = _QUESTION.format(**{name: _places(name, values) for name, values in lists.items()})
    said = {f"{name}_{place}": value for name, values in lists.items() for place, value in enumerate(values)}
    with connection.cursor() as cursor:
        cursor.execute(question, {**said, "company": company_id, "day": on.isoformat()})
        return _grouped(cursor.fetchall())


def _places(name: str, values: Sequence[str]) -> str:
    return ", ".join(f"%({name}_{place})s" for place in range(len(values))) or "NULL"


def _grouped(rows: Sequence[tuple[str, int]]) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for address, employee in rows:
        found[address].add(employee)
    return {address: frozenset(employees) for address, employees in found.items()}


_DEPARTMENT, _POSITION, _TENURE = (model._meta.db_table for model in (Department, Position, Tenure))
_EMPLOYEE, _DEPUTYSHIP = Employee._meta.db_table, Deputyship._meta.db_table

_QUESTION = f"""
WITH RECURSIVE below(id, code) AS (
    SELECT id, code FROM {_DEPARTMENT} WHERE company_id = %(company)s AND code IN ({{departments}})
    UNION SELECT part.id, below.code FROM {_DEPARTMENT} part JOIN below ON part.parent_id = below.id
),
held(address, employee_id, position_id) AS (
    SELECT 'position:' || post.code, tenure.employee_id, post.id
    FROM {_POSITION} post JOIN {_TENURE} tenure ON tenure.position_id = post.id
    WHERE post.company_id = %(company)s AND post.code IN ({{positions}})
        AND tenure.since <= %(day)s AND (tenure.until IS NULL OR tenure.until >= %(day)s)
    UNION ALL
    SELECT 'department:' || below.code, tenure.employee_id, post.id
    FROM below JOIN {_POSITION} post ON post.department_id = below.id
        JOIN {_TENURE} tenure ON tenure.position_id = post.id
    WHERE tenure.since <= %(day)s AND (tenure.until IS NULL OR tenure.until >= %(day)s)
),
reached(address, employee_id) AS (
    SELECT address, employee_id FROM held
    UNION SELECT 'department:' || below.code, member.id
    FROM below JOIN {_EMPLOYEE} member ON member.department_id = below.id
    UNION SELECT held.address, deputyship.deputy_id
    FROM held JOIN {_DEPUTYSHIP} deputyship ON deputyship.absent_id = held.employee_id
        AND (deputyship.position_id IS NULL OR deputyship.position_id = held.position_id)
    WHERE deputyship.since <= %(day)s AND deputyship.until >= %(day)s
    UNION SELECT 'employee:' || id, id FROM {_EMPLOYEE}
    WHERE company_id = %(company)s AND CAST(id AS text) IN ({{people}})
)
SELECT reached.address, reached.employee_id
FROM reached JOIN {_EMPLOYEE} employee ON employee.id = reached.employee_id
WHERE employee.company_id = %(company)s
    AND employee.joined_on <= %(day)s AND (employee.left_on IS NULL OR employee.left_on >= %(day)s)
"""
