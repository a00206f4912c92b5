"""Pages on which an administrator founds, renames and closes departments and positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luyue.organization import structure
from luyue.organization.access import StaffRequest, for_administrators
from luyue.organization.forms import (
    CloseForm,
    DepartmentForm,
    NewDepartmentForm,
    NewPositionForm,
    PositionForm,
    carried_out,
)
from luyue.organization.models import Department, Position, Tenure
from luyue.organization.pages.answers import tell


@dataclass(frozen=True, slots=True)
class Branch:
    """A department at its depth in the tree."""

    department: Department
    depth: int


@require_safe
@for_administrators
def departments(request: StaffRequest) -> HttpResponse:
    """The tree of departments, the closed ones last."""
    in_force = Q(employees__joined_on__lte=request.today) & (
        Q(employees__left_on=None) | Q(employees__left_on__gte=request.today)
    )
    every = list(
        Department.objects.filter(company=request.company)
        .annotate(staff=Count("employees", filter=in_force))
        .order_by("name")
    )
    open_ones = [one for one in every if not one.closed_on]
    return render(
        request,
        "organization/departments.html",
        {"tree": list(_tree(open_ones)), "closed": [one for one in every if one.closed_on]},
    )


def _tree(every: Sequence[Department]) -> Iterator[Branch]:
    """All of them from the top down; one whose upper department is closed stands at the top."""
    known = {one.pk for one in every}
    parts: dict[int | None, list[Department]] = {}
    for one in every:
        parts.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)
    waiting = [Branch(one, 0) for one in reversed(parts.get(None, []))]
    while waiting:
        branch = waiting.pop()
        yield branch
        waiting += [Branch(one, branch.depth + 1) for one in reversed(parts.get(branch.department.pk, []))]


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def add_department(request: StaffRequest) -> HttpResponse:
    """Found a department."""
    form = NewDepartmentForm(
        request.POST or None, company=request.company, initial={"parent": request.GET.get("parent")}
    )
    if request.method == "POST" and carried_out(
        form,
        lambda: structure.add_department(request.company, by=request.employee, at=request.now, **form.cleaned_data),
    ):
        messages.success(request, _("The department has been added."))
        return redirect("organization:departments")
    return render(request, "organization/department.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def department(request: StaffRequest, pk: int) -> HttpResponse:
    """Rename a department, move it, close it."""
    one = _department(request, pk)
    form = DepartmentForm(request.POST or None, company=request.company, initial=_entered(one))
    if request.method == "POST" and carried_out(
        form,
        lambda: structure.change_department(one, by=request.employee, at=request.now, **form.cleaned_data),
    ):
        messages.success(request, _("The department has been changed."))
        return redirect("organization:departments")
    return _department_page(request, one, form=form)


@require_POST
@for_administrators
def close_department(request: StaffRequest, pk: int) -> HttpResponse:
    """Close an empty department from a day on."""
    one = _department(request, pk)
    closing = CloseForm(request.POST)
    if carried_out(
        closing,
        lambda: structure.close_department(one, by=request.employee, at=request.now, **closing.cleaned_data),
    ):
        messages.success(request, _("The department has been closed."))
        return redirect("organization:departments")
    return _department_page(request, one, closing=closing)


@require_POST
@for_administrators
def reopen_department(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back the closing of a department."""
    one = _department(request, pk)
    tell(
        request,
        lambda: structure.reopen_department(one, by=request.employee, at=request.now),
        done=_("The department is open again."),
    )
    return redirect("organization:department", pk=pk)


def _department(request: StaffRequest, pk: int) -> Department:
    return get_object_or_404(Department.objects.select_related("parent", "company"), pk=pk, company=request.company)


def _department_page(
    request: StaffRequest, one: Department, *, form: DepartmentForm | None = None, closing: CloseForm | None = None
) -> HttpResponse:
    context = {
        "department": one,
        "form": form or DepartmentForm(company=request.company, initial=_entered(one)),
        "closing": closing or CloseForm(initial={"on": request.today}),
        "positions": one.positions.filter(closed_on=None).order_by("name"),
        "staff": one.employees.exclude(left_on__lt=request.today).order_by("name")[:100],
    }
    return render(request, "organization/department.html", context)


@require_safe
@for_administrators
def positions(request: StaffRequest) -> HttpResponse:
    """All positions with those who hold them today."""
    in_force = (
        Tenure.objects.filter(Q(until=None) | Q(until__gte=request.today), since__lte=request.today)
        .select_related("employee")
        .order_by("since")
    )
    every = (
        Position.objects.filter(company=request.company)
        .select_related("department")
        .prefetch_related(Prefetch("tenures", queryset=in_force, to_attr="held"))
        .order_by("department__name", "name")
    )
    return render(
        request,
        "organization/positions.html",
        {
            "positions": [one for one in every if not one.closed_on],
            "closed": [one for one in every if one.closed_on],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def add_position(request: StaffRequest) -> HttpResponse:
    """Create a position."""
    form = NewPositionForm(
        request.POST or None, company=request.company, initial={"department": request.GET.get("department")}
    )
    if request.method == "POST" and carried_out(
        form,
        lambda: structure.add_position(request.company, by=request.employee, at=request.now, **form.cleaned_data),
    ):
        messages.success(request, _("The position has been added."))
        return redirect("organization:positions")
    return render(request, "organization/position.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def position(request: StaffRequest, pk: int) -> HttpResponse:
    """Rename a position, move it, close it."""
    one = _position(request, pk)
    form = PositionForm(request.POST or None, company=request.company, initial=_entered(one))
    if request.method == "POST" and carried_out(
        form,
        lambda: structure.change_position(one, by=request.employee, at=request.now, **form.cleaned_data),
    ):
        messages.success(request, _("The position has been changed."))
        return redirect("organization:positions")
    return _position_page(request, one, form=form)


@require_POST
@for_administrators
def close_position(request: StaffRequest, pk: int) -> HttpResponse:
    """Close a position that nobody holds any longer."""
    one = _position(request, pk)
    closing = CloseForm(request.POST)
    if carried_out(
        closing,
        lambda: structure.close_position(one, by=request.employee, at=request.now, **closing.cleaned_data),
    ):
        messages.success(request, _("The position has been closed."))
        return redirect("organization:positions")
    return _position_page(request, one, closing=closing)


@require_POST
@for_administrators
def reopen_position(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back the closing of a position."""
    one = _position(request, pk)
    tell(
        request,
        lambda: structure.reopen_position(one, by=request.employee, at=request.now),
        done=_("The position is open again."),
    )
    return redirect("organization:position", pk=pk)


def _position(request: StaffRequest, pk: int) -> Position:
    return get_object_or_404(Position.objects.select_related("department", "company"), pk=pk, company=request.company)


def _entered(one: Department | Position) -> dict[str, object]:
    """The fields of the form as they stand."""
    if isinstance(one, Position):
        return {"name": one.name, "name_en": one.name_en, "department": one.department_id}
    return {"name": one.name, "name_en": one.name_en, "abbreviation": one.abbreviation, "parent": one.parent_id}


def _position_page(
    request: StaffRequest, one: Position, *, form: PositionForm | None = None, closing: CloseForm | None = None
) -> HttpResponse:
    context = {
        "position": one,
        "form": form or PositionForm(company=request.company, initial=_entered(one)),
        "closing": closing or CloseForm(initial={"on": request.today}),
        "tenures": one.tenures.select_related("employee").order_by("-since")[:100],
    }
    return render(request, "organization/position.html", context)
