"""Who may open a page: employees of the chosen company, or its administrators only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from luyue.organization.authority import Authority
from luyue.organization.models import Account, Company, Employee

P = ParamSpec("P")


class AccountRequest(HttpRequest):
    """A request as the middleware has prepared it; whoever is employed nowhere has no company."""

    user: Account
    now: datetime
    today: date
    employee: Employee | None
    company: Company | None
    authority: Authority | None
    employments: list[Employee]


class StaffRequest(HttpRequest):
    """The request of a signed-in employee."""

    user: Account
    now: datetime
    today: date
    employee: Employee
    company: Company
    authority: Authority
    employments: list[Employee]


type_of_page = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
type_of_account_page = Callable[Concatenate[AccountRequest, P], HttpResponseBase]
type_of_view = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def for_employees(page: type_of_page[P]) -> type_of_view[P]:
    """Whoever is signed out signs in first; whoever is employed nowhere is told so."""

    @wraps(page)
    def view(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        prepared = cast(StaffRequest, request)
        return page(prepared, *args, **kwargs) if prepared.employee else no_company(request)

    return view


def for_administrators(page: type_of_page[P]) -> type_of_view[P]:
    """To all but the administrators of the chosen company these pages do not exist."""

    @wraps(page)
    def view(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        employee = cast(AccountRequest, request).employee
        if request.user.is_authenticated and not (employee and employee.is_administrator):
            raise Http404
        return for_employees(page)(request, *args, **kwargs)

    return view


def for_accounts(page: type_of_account_page[P]) -> type_of_view[P]:
    """Pages about the person's own sign-in, open also to one who is employed nowhere (yet)."""

    @wraps(page)
    def view(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return page(cast(AccountRequest, request), *args, **kwargs)

    cast(Any, view).open_without_company = True
    return view


def no_company(request: HttpRequest) -> HttpResponse:
    """Say to a signed-in person that no company employs him or her now, and whom to ask."""
    return render(request, "organization/no_company.html", status=403)
