"""The administrator's page of deputies: for anyone, for a stated period."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luyue.organization import staff
from luyue.organization.access import StaffRequest, for_administrators
from luyue.organization.forms import DeputyForm, carried_out
from luyue.organization.models import Deputyship
from luyue.organization.pages.answers import tell


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def deputies(request: StaffRequest) -> HttpResponse:
    """Who acts for whom now and in the time to come; name another one."""
    form = DeputyForm(
        request.POST or None,
        company=request.company,
        today=request.today,
        initial={"since": request.today, "until": request.today},
    )
    if request.method == "POST" and carried_out(
        form,
        lambda: staff.appoint_deputy(by=request.employee, at=request.now, **form.cleaned_data),
    ):
        messages.success(
            request,
            _("%(deputy)s acts for %(absent)s in that period.")
            % {"deputy": form.cleaned_data["deputy"].name, "absent": form.cleaned_data["absent"].name},
        )
        return redirect("organization:deputies")
    every = Deputyship.objects.filter(company=request.company).select_related("absent", "deputy", "position")
    return render(
        request,
        "organization/deputies.html",
        {
            "form": form,
            "current": every.exclude(until__lt=request.today).order_by("since", "pk"),
            "past": every.filter(until__lt=request.today).order_by("-until", "-pk")[:50],
        },
    )


@require_POST
@for_administrators
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """End a deputyship at once."""
    deputyship = get_object_or_404(Deputyship, pk=pk, company=request.company)
    tell(
        request,
        lambda: staff.withdraw_deputy(deputyship, by=request.employee, at=request.now),
        done=_("The deputyship has been ended."),
    )
    return redirect("organization:deputies")
