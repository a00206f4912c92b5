"""Who is asking: the employment in the chosen company, and what this employee may do today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from luyue.organization.access import AccountRequest, no_company
from luyue.organization.authority import Authority, authority_of
from luyue.organization.clock import now
from luyue.organization.models import Account, Employee
from luyue.organization.prepared import Place, Prepared

CHOSEN = "company"
"""The key of the session under which the chosen company's id is kept."""

OPEN_TO_ALL = ("allauth.", "django.", "luyue.site.")
"""Sign-in, language and health are answered also to one who is employed nowhere or must change the password first."""


class Employment:
    """Sets request.now, .today, .employments, .employee, .company and .authority (the last only when asked for).

    Times are shown and read in the company's zone for as long as the request lasts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, asked: HttpRequest) -> HttpResponse:
        request = cast(AccountRequest, asked)
        request.now = now()
        request.employments = employments_of(request.user, request.now) if request.user.is_authenticated else []
        request.employee = _chosen(request)
        request.company = request.employee.company if request.employee else None
        with timezone.override(request.company.zone if request.company else None):
            request.today = timezone.localtime(request.now).date()
            request.authority = _authority(request)
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        account = request.user
        if not isinstance(account, Account) or view.__module__.startswith(OPEN_TO_ALL):
            return None
        if not getattr(view, "login_required", True):
            return None
        if account.password_is_initial:
            return redirect("account_change_password")
        if cast(AccountRequest, request).employee is None and not getattr(view, "open_without_company", False):
            return no_company(request)
        return None


def employments_of(account: Account, at: datetime) -> list[Employee]:
    """The employments in force, by the name of the company; each company's own day counts."""
    return [
        employment
        for employment in _employments(account.pk)
        if employment.is_employed_on(at.astimezone(employment.company.zone).date())
    ]


@Prepared
def _employments(account: Place) -> QuerySet[Employee]:
    rows = Employee.objects.filter(account_id=account).select_related("company", "department")
    return rows.order_by("company__short_name")


def _authority(request: AccountRequest) -> Authority | None:
    employee, today = request.employee, request.today
    return cast(Authority, SimpleLazyObject(lambda: authority_of(employee, today))) if employee else None


def _chosen(request: AccountRequest) -> Employee | None:
    if not request.employments:
        return None
    by_company = {employment.company_id: employment for employment in request.employments}
    for company in (request.session.get(CHOSEN), request.user.last_company_id):
        if company in by_company:
            return by_company[company]
    return request.employments[0]
