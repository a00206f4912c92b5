"""Pages on which an administrator founds, renames and closes departments and positions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
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

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Part:
    """A department or a position: what is entered of it, what may be done with it, and what the page says then."""

    kind: str
    model: type[Department] | type[Position]
    within: str
    """The field that says of what it is a part."""
    form: type[DepartmentForm] | type[PositionForm]
    new_form: type[NewDepartmentForm] | type[NewPositionForm]
    add: Callable[..., object]
    change: Callable[..., object]
    close: Callable[..., object]
    reopen: Callable[..., object]
    beside: Callable[[StaffRequest, Any], Mapping[str, object]]
    """What its page shows beside the form."""
    added: _StrPromise
    changed: _StrPromise
    closed: _StrPromise
    reopened: _StrPromise

    @property
    def page(self) -> str:
        return f"organization:{self.kind}"

    @property
    def list_page(self) -> str:
        return f"organization:{self.kind}s"

    @property
    def template(self) -> str:
        return f"organization/{self.kind}.html"

    def entered(self, one: Department | Position) -> dict[str, object]:
        """The fields of the form as they stand."""
        return {name: getattr(one, f"{name}_id" if name == self.within else name) for name in self.form.base_fields}


def _beside_department(request: StaffRequest, one: Department) -> Mapping[str, object]:
    return {
        "positions": one.positions.filter(closed_on=None).order_by("name"),
        "staff": one.employees.exclude(left_on__lt=request.today).order_by("name")[:100],
    }


def _beside_position(request: StaffRequest, one: Position) -> Mapping[str, object]:
    return {"tenures": one.tenures.select_related("employee").order_by("-since")[:100]}


PARTS = {
    part.kind: part
    for part in (
        Part(
            kind="department",
            model=Department,
            within="parent",
            form=DepartmentForm,
            new_form=NewDepartmentForm,
            add=structure.add_department,
            change=structure.change_department,
            close=structure.close_department,
            reopen=structure.reopen_department,
            beside=_beside_department,
            added=_("The department has been added."),
            changed=_("The department has been changed."),
            closed=_("The department has been closed."),
            reopened=_("The department is open again."),
        ),
        Part(
            kind="position",
            model=Position,
            within="department",
            form=PositionForm,
            new_form=NewPositionForm,
            add=structure.add_position,
            change=structure.change_position,
            close=structure.close_position,
            reopen=structure.reopen_position,
            beside=_beside_position,
            added=_("The position has been added."),
            changed=_("The position has been changed."),
            closed=_("The position has been closed."),
            reopened=_("The position is open again."),
        ),
    )
}


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
def add(request: StaffRequest, kind: str) -> HttpResponse:
    """Found a department, create a position."""
    part = PARTS[kind]
    form = part.new_form(
        request.POST or None, company=request.company, initial={part.within: request.GET.get(part.within)}
    )
    if request.method == "POST" and carried_out(
        form, lambda: part.add(request.company, by=request.employee, at=request.now, **form.cleaned_data)
    ):
        messages.success(request, part.added)
        return redirect(part.list_page)
    return render(request, part.template, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def change(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """Rename it, put it elsewhere, close it."""
    part, one = PARTS[kind], _one(request, kind, pk)
    form = part.form(request.POST or None, company=request.company, initial=part.entered(one))
    if request.method == "POST" and carried_out(
        form, lambda: part.change(one, by=request.employee, at=request.now, **form.cleaned_data)
    ):
        messages.success(request, part.changed)
        return redirect(part.list_page)
    return _page(request, part, one, form=form)


@require_POST
@for_administrators
def close(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """Close a department that is empty or a position that nobody holds, from a day on."""
    part, one = PARTS[kind], _one(request, kind, pk)
    closing = CloseForm(request.POST)
    if carried_out(closing, lambda: part.close(one, by=request.employee, at=request.now, **closing.cleaned_data)):
        messages.success(request, part.closed)
        return redirect(part.list_page)
    return _page(request, part, one, closing=closing)


@require_POST
@for_administrators
def reopen(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """Take back the closing."""
    part, one = PARTS[kind], _one(request, kind, pk)
    tell(request, lambda: part.reopen(one, by=request.employee, at=request.now), done=str(part.reopened))
    return redirect(part.page, pk=pk)


def _one(request: StaffRequest, kind: str, pk: int) -> Department | Position:
    part = PARTS[kind]
    among: QuerySet[Any] = part.model._default_manager.select_related(part.within, "company")
    return cast("Department | Position", get_object_or_404(among, pk=pk, company=request.company))


def _page(
    request: StaffRequest,
    part: Part,
    one: Department | Position,
    *,
    form: DepartmentForm | PositionForm | None = None,
    closing: CloseForm | None = None,
) -> HttpResponse:
    context = {
        part.kind: one,
        "form": form or part.form(company=request.company, initial=part.entered(one)),
        "closing": closing or CloseForm(initial={"on": request.today}),
        **part.beside(request, one),
    }
    return render(request, part.template, context)
