"""My tokens: the programs that act in my name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from luyue.api.forms import TokenForm
from luyue.api.models import AccessToken
from luyue.api.tokens import issue, revoke
from luyue.organization.access import StaffRequest, for_employees


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def my_tokens(request: StaffRequest) -> HttpResponse:
    """The tokens that are good, and a new one, whose secret this answer alone shows."""
    form = TokenForm(request.POST or None, today=request.today)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        made, secret = issue(request.employee, by=request.employee, at=request.now, **form.cleaned_data)
        form = TokenForm(today=request.today)
    mine = AccessToken.objects.filter(company=request.company, employee=request.employee, revoked_at=None)
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "tokens": mine.filter(expires_on__gte=request.today).order_by("-pk"),
    }
    return render(request, "api/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@for_employees
def revoke_mine(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one of my tokens back at once."""
    token = get_object_or_404(AccessToken, pk=pk, company=request.company, employee=request.employee)
    revoke(token, by=request.employee, at=request.now)
    messages.success(request, _("Revoked: %(name)s") % {"name": token.name})
    return redirect("my_tokens")
