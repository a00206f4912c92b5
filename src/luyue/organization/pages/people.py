"""Pages on which an administrator hires, gives positions, notes a leaving and helps with sign-in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luyue.organization import accounts, staff
from luyue.organization.access import StaffRequest, for_administrators
from luyue.organization.forms import (
    EmployeeForm,
    EndPositionForm,
    GivePositionForm,
    HireForm,
    LeaveForm,
    PasswordForm,
    carried_out,
)
from luyue.organization.models import Employee, Tenure
from luyue.organization.pages.answers import tell

PAGE = 50


@require_safe
@for_administrators
def employees(request: StaffRequest) -> HttpResponse:
    """Those who work here, or those who have left; by name, a page at a time."""
    left = request.GET.get("show") == "left"
    wanted = request.GET.get("q", "").replace("\0", "").strip()[:60]
    rows = _listed(request, left=left, wanted=wanted)
    after = request.GET.get("after", "")
    last = Employee.objects.filter(company=request.company, pk=int(after)).first() if after.isdecimal() else None
    if last:
        rows = rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    page = list(rows[: PAGE + 1])
    return render(
        request,
        "organization/employees.html",
        {
            "employees": page[:PAGE],
            "more_after": page[PAGE - 1].pk if len(page) > PAGE else None,
            "left": left,
            "wanted": wanted,
        },
    )


def _listed(request: StaffRequest, *, left: bool, wanted: str) -> QuerySet[Employee]:
    in_force = Tenure.objects.filter(Q(until=None) | Q(until__gte=request.today), since__lte=request.today)
    rows = (
        Employee.objects.filter(company=request.company)
        .select_related("account", "department")
        .prefetch_related(
            Prefetch("tenures", queryset=in_force.select_related("position").order_by("since"), to_attr="held")
        )
        .order_by("name", "pk")
    )
    rows = rows.filter(left_on__lt=request.today) if left else rows.exclude(left_on__lt=request.today)
    if wanted:
        rows = rows.filter(Q(name__icontains=wanted) | Q(account__username__icontains=wanted))
    return rows


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def hire(request: StaffRequest) -> HttpResponse:
    """Employ a person and open the account to sign in."""
    form = HireForm(request.POST or None, company=request.company, initial={"joined_on": request.today})
    hired: list[Employee] = []
    if request.method == "POST" and carried_out(
        form,
        lambda: hired.append(staff.hire(request.company, by=request.employee, at=request.now, **form.cleaned_data)),
    ):
        messages.success(request, _("%(employee)s has been hired. Now give a position.") % {"employee": hired[0].name})
        return redirect("organization:employee", pk=hired[0].pk)
    return render(request, "organization/hire.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def employee(request: StaffRequest, pk: int) -> HttpResponse:
    """All about one employee, and the change of it."""
    one = _employee(request, pk)
    if request.method != "POST":
        return _page(request, one)
    form = EmployeeForm(request.POST, company=request.company)
    if carried_out(form, lambda: staff.change_employee(one, by=request.employee, at=request.now, **form.cleaned_data)):
        messages.success(request, _("The employee has been changed."))
        return redirect("organization:employee", pk=pk)
    return _page(request, one, form=form)


@require_POST
@for_administrators
def give_position(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a position from a day on."""
    one = _employee(request, pk)
    form = GivePositionForm(request.POST, company=request.company)
    if carried_out(form, lambda: staff.give_position(one, by=request.employee, at=request.now, **form.cleaned_data)):
        messages.success(request, _("The position has been given."))
        return redirect("organization:employee", pk=pk)
    return _page(request, one, giving=form)


@require_POST
@for_administrators
def end_position(request: StaffRequest, pk: int) -> HttpResponse:
    """End the holding of a position."""
    tenure = get_object_or_404(
        Tenure.objects.select_related("employee", "position", "company"), pk=pk, company=request.company
    )
    form = EndPositionForm(request.POST, auto_id=f"id_%s_{pk}")
    if carried_out(form, lambda: staff.end_position(tenure, by=request.employee, at=request.now, **form.cleaned_data)):
        messages.success(request, _("The position ends on %(day)s.") % {"day": form.cleaned_data["until"]})
        return redirect("organization:employee", pk=tenure.employee_id)
    return _page(request, _employee(request, tenure.employee_id), ending=(tenure.pk, form))


@require_POST
@for_administrators
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    """Note the last day of an employment."""
    one = _employee(request, pk)
    form = LeaveForm(request.POST)
    if carried_out(
        form,
        lambda: staff.leave(one, by=request.employee, at=request.now, on=form.cleaned_data["left_on"]),
    ):
        messages.success(
            request,
            _("%(employee)s leaves on %(day)s; positions and deputyships end with that day.")
            % {"employee": one.name, "day": form.cleaned_data["left_on"]},
        )
        return redirect("organization:employee", pk=pk)
    return _page(request, one, leaving=form)


@require_POST
@for_administrators
def stay(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back a leaving."""
    one = _employee(request, pk)
    tell(
        request,
        lambda: staff.stay(one, by=request.employee, at=request.now),
        done=_("The leaving has been taken back; give the positions anew."),
    )
    return redirect("organization:employee", pk=pk)


@sensitive_post_parameters("password")
@require_POST
@for_administrators
def reset_password(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a new first password."""
    one = _employee(request, pk)
    form = PasswordForm(request.POST)
    if carried_out(
        form, lambda: accounts.reset_password(one, by=request.employee, at=request.now, **form.cleaned_data)
    ):
        messages.success(request, _("Tell %(employee)s the new password yourself.") % {"employee": one.name})
        return redirect("organization:employee", pk=pk)
    return _page(request, one, password=form)


@require_POST
@for_administrators
def remove_second_factor(request: StaffRequest, pk: int) -> HttpResponse:
    """Help one who lost phone and recovery codes."""
    one = _employee(request, pk)
    tell(
        request,
        lambda: accounts.remove_second_factor(one, by=request.employee, at=request.now),
        done=_("Two-step sign-in has been switched off for %(employee)s.") % {"employee": one.name},
    )
    return redirect("organization:employee", pk=pk)


def _employee(request: StaffRequest, pk: int) -> Employee:
    return get_object_or_404(
        Employee.objects.select_related("account", "department", "company"), pk=pk, company=request.company
    )


def _page(
    request: StaffRequest,
    one: Employee,
    *,
    form: BaseForm | None = None,
    giving: BaseForm | None = None,
    ending: tuple[int, BaseForm] | None = None,
    leaving: BaseForm | None = None,
    password: BaseForm | None = None,
) -> HttpResponse:
    elsewhere = accounts.is_employed_elsewhere(one.account, company=request.company, at=request.now)
    context = {
        "employee": one,
        "has_left": one.left_on is not None and one.left_on < request.today,
        "form": form or EmployeeForm(company=request.company, initial=_entered(one)),
        "giving": giving or GivePositionForm(company=request.company, initial={"since": request.today}),
        "leaving": leaving or LeaveForm(initial={"left_on": one.left_on or request.today}),
        "password": password or PasswordForm(),
        "tenures": _tenures(request, one, ending=ending),
        "is_employed_elsewhere": elsewhere,
        "has_second_factor": Authenticator.objects.filter(user_id=one.account_id).exists(),
    }
    return render(request, "organization/employee.html", context)


def _tenures(
    request: StaffRequest, one: Employee, *, ending: tuple[int, BaseForm] | None
) -> list[tuple[Tenure, BaseForm | None]]:
    """Every position ever held, the latest first, those in force with the form that ends them."""
    tried, form = ending or (None, None)
    return [
        (tenure, None)
        if tenure.until and tenure.until < request.today
        else (
            tenure,
            form
            if tenure.pk == tried and form
            else EndPositionForm(auto_id=f"id_%s_{tenure.pk}", initial={"until": tenure.until or request.today}),
        )
        for tenure in one.tenures.select_related("position", "position__department").order_by("-since", "-pk")
    ]


def _entered(one: Employee) -> dict[str, object]:
    return {
        "name": one.name,
        "department": one.department_id,
        "phone": one.phone,
        "email": one.email,
        "is_administrator": one.is_administrator,
    }
