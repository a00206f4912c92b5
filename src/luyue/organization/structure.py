"""Departments and positions of a company: founding, changing, closing. Each change is one transaction, one entry."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from luyue.organization.changes import one_after_another, write_down
from luyue.organization.models import Company, Department, Employee, Position, Tenure
from luyue.organization.refusals import StaffError, only_an_administrator, only_of


@transaction.atomic
def rename_company(
    company: Company,
    *,
    by: Employee | None,
    at: datetime,
    name: str,
    short_name: str,
    name_hant: str = "",
    name_en: str = "",
    short_name_hant: str = "",
    short_name_en: str = "",
) -> None:
    """Give a company another name; papers already issued keep the old one."""
    only_an_administrator(company, by=by, at=at)
    names = {
        "name": name,
        "short_name": short_name,
        "name_hant": name_hant,
        "short_name_hant": short_name_hant,
        "name_en": name_en,
        "short_name_en": short_name_en,
    }
    changes = {field: (getattr(company, field), said) for field, said in names.items()}
    for field, said in names.items():
        setattr(company, field, said)
    company.save(update_fields=names)
    write_down(company.pk, "rename_company", by=by, at=at, changes=changes)


@transaction.atomic
def add_department(
    company: Company,
    *,
    by: Employee | None,
    at: datetime,
    code: str,
    name: str,
    name_hant: str = "",
    name_en: str = "",
    abbreviation: str = "",
    parent: Department | None = None,
) -> Department:
    """Found a department under a code that the procedures may name."""
    one_after_another(company.pk)
    only_an_administrator(company, by=by, at=at)
    only_of(company, parent=parent)
    if Department.objects.filter(company=company, code=code).exists():
        raise StaffError(_("The code %(code)s is already taken by another department.") % {"code": code}, field="code")
    department = Department.objects.create(
        company=company,
        code=code,
        name=name,
        name_hant=name_hant,
        name_en=name_en,
        abbreviation=abbreviation,
        parent=parent,
    )
    write_down(
        company.pk,
        "add_department",
        by=by,
        at=at,
        data={"department": code, "name": name, "parent": parent.code if parent else ""},
    )
    return department


@transaction.atomic
def change_department(
    department: Department,
    *,
    by: Employee | None,
    at: datetime,
    name: str,
    name_hant: str = "",
    name_en: str = "",
    abbreviation: str = "",
    parent: Department | None = None,
) -> None:
    """Rename a department or put it under another; its code stays, as the procedures name it."""
    one_after_another(department.company_id)
    only_an_administrator(department.company, by=by, at=at)
    only_of(department.company, parent=parent)
    if parent and department.pk in _line_above(parent):
        raise StaffError(_("A department cannot be a part of itself or of one of its parts."), field="parent")
    changes = {
        "name": (department.name, name),
        "name_hant": (department.name_hant, name_hant),
        "name_en": (department.name_en, name_en),
        "abbreviation": (department.abbreviation, abbreviation),
        "parent": (department.parent.code if department.parent else "", parent.code if parent else ""),
    }
    department.name, department.name_hant, department.name_en = name, name_hant, name_en
    department.abbreviation, department.parent = abbreviation, parent
    department.save(update_fields=["name", "name_hant", "name_en", "abbreviation", "parent"])
    write_down(
        department.company_id,
        "change_department",
        by=by,
        at=at,
        changes=changes,
        data={"department": department.code},
    )


@transaction.atomic
def close_department(department: Department, *, by: Employee | None, at: datetime, on: date) -> None:
    """Close a department from a day on; it must be empty by then."""
    one_after_another(department.company_id)
    only_an_administrator(department.company, by=by, at=at)
    if department.parts.filter(closed_on=None).exists():
        raise StaffError(_("The department still has parts that are open; close or move them first."))
    if department.positions.filter(closed_on=None).exists():
        raise StaffError(_("The department still has open positions; close or move them first."))
    if department.employees.filter(Q(left_on=None) | Q(left_on__gt=on)).exists():
        raise StaffError(_("People still work in the department; move them to another one first."))
    _set_closed_on(department, on, action="close_department", by=by, at=at)


@transaction.atomic
def reopen_department(department: Department, *, by: Employee | None, at: datetime) -> None:
    """Take back the closing of a department."""
    only_an_administrator(department.company, by=by, at=at)
    if department.parent and department.parent.closed_on:
        raise StaffError(_("The department above it is closed; reopen that one first."))
    _set_closed_on(department, None, action="reopen_department", by=by, at=at)


@transaction.atomic
def add_position(
    company: Company,
    *,
    by: Employee | None,
    at: datetime,
    code: str,
    name: str,
    name_hant: str = "",
    name_en: str = "",
    department: Department | None = None,
) -> Position:
    """Create a post under a code that the procedures may name."""
    one_after_another(company.pk)
    only_an_administrator(company, by=by, at=at)
    only_of(company, department=department)
    if Position.objects.filter(company=company, code=code).exists():
        raise StaffError(_("The code %(code)s is already taken by another position.") % {"code": code}, field="code")
    position = Position.objects.create(
        company=company, code=code, name=name, name_hant=name_hant, name_en=name_en, department=department
    )
    write_down(
        company.pk,
        "add_position",
        by=by,
        at=at,
        data={"position": code, "name": name, "department": department.code if department else ""},
    )
    return position


@transaction.atomic
def change_position(
    position: Position,
    *,
    by: Employee | None,
    at: datetime,
    name: str,
    name_hant: str = "",
    name_en: str = "",
    department: Department | None = None,
) -> None:
    """Rename a position or put it into another department; its code stays, as the procedures name it."""
    only_an_administrator(position.company, by=by, at=at)
    only_of(position.company, department=department)
    changes = {
        "name": (position.name, name),
        "name_hant": (position.name_hant, name_hant),
        "name_en": (position.name_en, name_en),
        "department": (
            position.department.code if position.department else "",
            department.code if department else "",
        ),
    }
    position.name, position.name_hant, position.name_en = name, name_hant, name_en
    position.department = department
    position.save(update_fields=["name", "name_hant", "name_en", "department"])
    write_down(position.company_id, "change_position", by=by, at=at, changes=changes, data={"position": position.code})


@transaction.atomic
def close_position(position: Position, *, by: Employee | None, at: datetime, on: date) -> None:
    """Close a position from a day on; nobody may hold it any longer by then."""
    one_after_another(position.company_id)
    only_an_administrator(position.company, by=by, at=at)
    held = Tenure.objects.filter(Q(until=None) | Q(until__gt=on), position=position).select_related("employee").first()
    if held:
        raise StaffError(_("%(employee)s still holds the position; end that first.") % {"employee": held.employee.name})
    _set_closed_on(position, on, action="close_position", by=by, at=at)


@transaction.atomic
def reopen_position(position: Position, *, by: Employee | None, at: datetime) -> None:
    """Take back the closing of a position."""
    only_an_administrator(position.company, by=by, at=at)
    _set_closed_on(position, None, action="reopen_position", by=by, at=at)


def _set_closed_on(
    thing: Department | Position, on: date | None, *, action: str, by: Employee | None, at: datetime
) -> None:
    before, thing.closed_on = thing.closed_on, on
    thing.save(update_fields=["closed_on"])
    write_down(
        thing.company_id,
        action,
        by=by,
        at=at,
        changes={"closed_on": (before, on)},
        data={thing._meta.model_name or "": thing.code},
    )


def _line_above(department: Department) -> list[int]:
    """The department itself and all above it, nearest first."""
    parents = dict(Department.objects.filter(company_id=department.company_id).values_list("pk", "parent_id"))
    line: list[int] = []
    above: int | None = department.pk
    while above is not None and above not in line:
        line.append(above)
        above = parents.get(above)
    return line
