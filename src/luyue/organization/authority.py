"""What an employee is, on a given day: the positions and departments in whose name he or she may act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from luyue.organization.models import Department, Employee, Tenure
from luyue.organization.prepared import Place, Prepared


@dataclass(frozen=True, slots=True)
class Authority:
    """The positions and departments of an employee on one day, deputyships included."""

    employee_id: int
    positions: frozenset[str]
    departments: frozenset[str]
    deputised: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        """Under what names duties may be addressed to this employee: `position:x`, `department:y`, `employee:7`."""
        return frozenset(
            {f"employee:{self.employee_id}"}
            | {f"position:{code}" for code in self.positions}
            | {f"department:{code}" for code in self.departments}
        )


def authority_of(employee: Employee, on: date) -> Authority:
    """The positions held or deputised for on that day, and the departments with those above them."""
    if not employee.is_employed_on(on):
        return Authority(employee.pk, frozenset(), frozenset(), frozenset())
    held = _held_or_lent(employee.company_id, employee.pk, on)
    own = {code for code, _, holder in held if holder == employee.pk}
    departments = {department for _, department, _ in held if department} | {employee.department_id}
    return Authority(
        employee.pk,
        positions=frozenset(code for code, _, _ in held),
        departments=_with_those_above(employee.company_id, departments),
        deputised=frozenset(code for code, _, _ in held) - own,
    )


@Prepared
def _held_or_lent(company_id: Place, employee_id: Place, on: Place) -> QuerySet[Tenure, tuple[str, int | None, int]]:
    return (
        _in_force(company_id, on)
        .filter(Q(employee_id=employee_id) | _lent_to(employee_id, on))
        .values_list("position__code", "position__department_id", "employee_id")
    )


def _in_force(company_id: int | Place, on: date | Place) -> QuerySet[Tenure]:
    return Tenure.objects.filter(Q(until=None) | Q(until__gte=on), company_id=company_id, since__lte=on)


def _lent_to(deputy: Place, on: Place) -> Q:
    """Tenures of those who are away and have named this deputy, for all their positions or for just this one."""
    return Q(
        Q(employee__absences__position=None) | Q(employee__absences__position=F("position")),
        employee__absences__deputy=deputy,
        employee__absences__since__lte=on,
        employee__absences__until__gte=on,
    )


def _with_those_above(company_id: int, wanted: set[int]) -> frozenset[str]:
    tree = {pk: (code, parent) for pk, code, parent in _tree(company_id)}
    codes: set[str] = set()
    for pk in wanted:
        above: int | None = pk
        while above is not None and above in tree:
            code, above = tree[above]
            if code in codes:
                break
            codes.add(code)
    return frozenset(codes)


@Prepared
def _tree(company_id: Place) -> QuerySet[Department, tuple[int, str, int | None]]:
    return Department.objects.filter(company_id=company_id).values_list("pk", "code", "parent_id")


def holders_of(company_id: int, address: str, on: date) -> list[Employee]:
    """The employees whom an address (`position:x`, `department:y`, `employee:7`) reaches on that day, deputies last."""
    kind, _, name = address.partition(":")
    employees = Employee.objects.filter(
        Q(left_on=None) | Q(left_on__gte=on), company_id=company_id, joined_on__lte=on
    ).order_by("pk")
    if kind == "employee":
        return list(employees.filter(pk=int(name)))
    in_force = _in_force(company_id, on)
    if kind == "department":
        below = _with_those_below(company_id, name)
        tenures = in_force.filter(position__department_id__in=below)
        holders = list(employees.filter(Q(department_id__in=below) | Q(pk__in=tenures.values("employee_id"))))
    else:
        tenures = in_force.filter(position__code=name)
        holders = list(employees.filter(pk__in=tenures.values("employee_id")))
    deputies = employees.filter(pk__in=_deputies_for(tenures, on)).exclude(pk__in=[holder.pk for holder in holders])
    return holders + list(deputies)


def _deputies_for(tenures: QuerySet[Tenure], on: date) -> QuerySet[Tenure, Any]:
    return tenures.filter(
        Q(employee__absences__position=None) | Q(employee__absences__position=F("position")),
        employee__absences__since__lte=on,
        employee__absences__until__gte=on,
    ).values("employee__absences__deputy_id")


def _with_those_below(company_id: int, code: str) -> list[int]:
    rows = _tree(company_id)
    found = [pk for pk, name, _ in rows if name == code]
    for pk in found:
        found += [child for child, _, parent in rows if parent == pk and child not in found]
    return found
