"""What an employee is, on a given day: the positions and departments in whose name he or she may act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from luyue.organization.models import Department, Deputyship, Employee, Tenure


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
    in_force = Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))
    own = list(
        Tenure.objects.filter(in_force, company_id=employee.company_id, employee=employee).values_list(
            "position__code", "position__department_id"
        )
    )
    lent = _deputised_positions(employee, on, in_force)
    departments = {department for _, department in own + lent if department} | {employee.department_id}
    return Authority(
        employee.pk,
        positions=frozenset(code for code, _ in own + lent),
        departments=_with_those_above(employee.company_id, departments),
        deputised=frozenset(code for code, _ in lent) - frozenset(code for code, _ in own),
    )


def _deputised_positions(employee: Employee, on: date, in_force: Q) -> list[tuple[str, int | None]]:
    lent: list[tuple[str, int | None]] = []
    for deputyship in Deputyship.objects.filter(
        company_id=employee.company_id, deputy=employee, since__lte=on, until__gte=on
    ):
        held = Tenure.objects.filter(in_force, company_id=employee.company_id, employee_id=deputyship.absent_id)
        if deputyship.position_id:
            held = held.filter(position_id=deputyship.position_id)
        lent += held.values_list("position__code", "position__department_id")
    return lent


def _with_those_above(company_id: int, wanted: set[int]) -> frozenset[str]:
    tree = {
        pk: (code, parent)
        for pk, code, parent in Department.objects.filter(company_id=company_id).values_list("pk", "code", "parent_id")
    }
    codes: set[str] = set()
    for pk in wanted:
        above: int | None = pk
        while above is not None and above in tree:
            code, above = tree[above]
            if code in codes:
                break
            codes.add(code)
    return frozenset(codes)


def holders_of(company_id: int, address: str, on: date) -> list[Employee]:
    """The employees whom an address (`position:x`, `department:y`, `employee:7`) reaches on that day, deputies too."""
    kind, _, name = address.partition(":")
    employees = Employee.objects.filter(Q(left_on=None) | Q(left_on__gte=on), company_id=company_id, joined_on__lte=on)
    in_force = Q(tenures__since__lte=on) & (Q(tenures__until=None) | Q(tenures__until__gte=on))
    if kind == "employee":
        return list(employees.filter(pk=int(name)))
    if kind == "department":
        below = _with_those_below(company_id, name)
        return list(
            employees.filter(
                Q(department_id__in=below) | (in_force & Q(tenures__position__department_id__in=below))
            ).distinct()
        )
    held = in_force & Q(tenures__position__code=name)
    holders = list(employees.filter(held).distinct())
    deputies = employees.filter(
        Q(deputyships__position__code=name) | Q(deputyships__position=None),
        deputyships__since__lte=on,
        deputyships__until__gte=on,
        deputyships__absent__in=[holder.pk for holder in holders],
    ).distinct()
    return holders + [deputy for deputy in deputies if deputy not in holders]


def _with_those_below(company_id: int, code: str) -> list[int]:
    rows = list(Department.objects.filter(company_id=company_id).values_list("pk", "code", "parent_id"))
    found = [pk for pk, name, _ in rows if name == code]
    for pk in found:
        found += [child for child, _, parent in rows if parent == pk and child not in found]
    return found
