"""The administrator's overview: the company's name, its size, and what wants attention."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luyue.organization import structure
from luyue.organization.access import StaffRequest, for_administrators
from luyue.organization.forms import CompanyForm, carried_out
from luyue.organization.hours import calendar_of
from luyue.organization.models import Company, Department, Deputyship, Employee, Position, Tenure

SOON = timedelta(days=30)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def overview(request: StaffRequest) -> HttpResponse:
    """What the company is called, and what an administrator should look at."""
    company = request.company
    form = CompanyForm(
        request.POST or None,
        initial={name: getattr(company, name) for name in CompanyForm.base_fields},
    )
    if request.method == "POST" and carried_out(
        form,
        lambda: structure.rename_company(company, by=request.employee, at=request.now, **form.cleaned_data),
    ):
        messages.success(request, _("The company's names have been changed."))
        return redirect("organization:overview")
    return render(request, "organization/overview.html", {"form": form, **_figures(company), **_attention(request)})


def _figures(company: Company) -> dict[str, int]:
    return {
        "departments": Department.objects.filter(company=company, closed_on=None).count(),
        "positions": Position.objects.filter(company=company, closed_on=None).count(),
    }


def _attention(request: StaffRequest) -> dict[str, object]:
    company, today = request.company, request.today
    staff = Employee.objects.filter(company=company, joined_on__lte=today).exclude(left_on__lt=today)
    in_force = Tenure.objects.filter(Q(until=None) | Q(until__gte=today), company=company, since__lte=today)
    calendar = calendar_of(company)
    return {
        "staff": staff.count(),
        "vacant": Position.objects.filter(company=company, closed_on=None)
        .exclude(Exists(in_force.filter(position=OuterRef("pk"))))
        .order_by("name")[:20],
        "leaving": staff.filter(left_on__lte=today + SOON).order_by("left_on")[:20],
        "away": Deputyship.objects.filter(company=company, since__lte=today, until__gte=today)
        .select_related("absent", "deputy", "position")
        .order_by("until")[:20],
        "never_signed_in": staff.filter(account__password_is_initial=True).order_by("name")[:20],
        "provisional_years": [year for year in (today.year, today.year + 1) if calendar.is_provisional(year)],
    }
