"""What everybody may do for himself: the account, the company to work in, and who acts while one is away."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luyue.organization import staff
from luyue.organization.access import AccountRequest, StaffRequest, for_accounts, for_employees
from luyue.organization.forms import AbsenceForm, MyAccountForm, carried_out
from luyue.organization.middleware import CHOSEN
from luyue.organization.models import Deputyship
from luyue.organization.pages.answers import tell


@require_http_methods(["GET", "HEAD", "POST"])
@for_accounts
def my_account(request: AccountRequest) -> HttpResponse:
    """Name, language, theme; the ways to password, two-step sign-in and deputies."""
    form = MyAccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(request.user.language or translation.get_language()):
            messages.success(request, _("Your account has been changed."))
        return redirect("organization:my_account")
    kinds = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    return render(
        request,
        "organization/my_account.html",
        {
            "base": "desk/page.html" if request.employee else "desk/bare.html",
            "form": form,
            "has_app": Authenticator.Type.TOTP in kinds,
            "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
            "tenures": _positions_of(request),
        },
    )


def _positions_of(request: AccountRequest) -> list[object]:
    if request.employee is None:
        return []
    return list(
        request.employee.tenures.exclude(until__lt=request.today)
        .select_related("position", "position__department")
        .order_by("since")
    )


@require_POST
@for_accounts
def switch_company(request: AccountRequest) -> HttpResponse:
    """Work in another company from now on, also after the next sign-in."""
    wanted = request.POST.get("company", "")
    chosen = next((one for one in request.employments if str(one.company_id) == wanted), None)
    if chosen is None:
        raise Http404
    request.session[CHOSEN] = chosen.company_id
    request.user.last_company = chosen.company
    request.user.save(update_fields=["last_company"])
    return redirect("/")


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def absences(request: StaffRequest) -> HttpResponse:
    """Name a deputy for a period in which one is away."""
    form = AbsenceForm(
        request.POST or None,
        company=request.company,
        today=request.today,
        absent=request.employee,
        initial={"since": request.today, "until": request.today},
    )
    if request.method == "POST" and carried_out(
        form,
        lambda: staff.appoint_deputy(request.employee, by=request.employee, at=request.now, **form.cleaned_data),
    ):
        messages.success(
            request, _("%(deputy)s acts for you in that period.") % {"deputy": form.cleaned_data["deputy"].name}
        )
        return redirect("organization:my_absences")
    current = Deputyship.objects.exclude(until__lt=request.today).order_by("since")
    related = current.select_related("absent", "deputy", "position")
    return render(
        request,
        "organization/absences.html",
        {
            "form": form,
            "mine": related.filter(absent=request.employee),
            "for_others": related.filter(deputy=request.employee),
        },
    )


@require_POST
@for_employees
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """End one's own deputy's task at once."""
    deputyship = get_object_or_404(Deputyship, pk=pk, company=request.company, absent=request.employee)
    tell(
        request,
        lambda: staff.withdraw_deputy(deputyship, by=request.employee, at=request.now),
        done=_("The deputyship has been ended."),
    )
    return redirect("organization:my_absences")
