"""What every page's frame shows: where one can go, and in which company one is."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luyue.desk.faces import NavigationEntry
from luyue.organization.access import StaffRequest
from luyue.records import registry


def shell(request: HttpRequest) -> dict[str, Any]:
    """The navigation for whoever is signed in and employed; nothing for anybody else."""
    staff = cast(StaffRequest, request)
    employee = getattr(request, "employee", None)
    if employee is None:
        return {}
    return {
        "navigation": _navigation(staff.path, is_administrator=employee.is_administrator),
        "company": employee.company,
        "companies": [one.company for one in staff.employments if one.pk != employee.pk],
    }


def _navigation(here: str, *, is_administrator: bool) -> tuple[NavigationEntry, ...]:
    """The places one can go to, those that lead here marked; my work, at the root, only when one is there."""
    work, *others = _places(get_language() or "", is_administrator=is_administrator)
    return (
        replace(work, active=here == work.url),
        *(replace(each, active=True) if here.startswith(each.url) else each for each in others),
    )


@lru_cache(maxsize=16)
def _places(_language: str, *, is_administrator: bool) -> tuple[NavigationEntry, ...]:
    """The same for everybody in one language, but for the administrators' own pages."""
    work = NavigationEntry(label=_("My work"), url=reverse("desk:my_work"), icon="layout-list")
    registers = [
        NavigationEntry(
            label=str(each.title),
            url=reverse("desk:register", args=[each.slug]),
            icon=each.icon,
            group=_("Registers"),
        )
        for each in reversed(registry.record_types())
    ]
    rest = [
        (_("Customers"), "customers:customers", "users", _("Customers and products")),
        (_("Products"), "customers:products", "package", _("Customers and products")),
        (_("Procedures"), "desk:procedures", "book", _("Rules and evidence")),
        (_("Conformity"), "insight:conformity", "clipboard-check", _("Rules and evidence")),
    ]
    if is_administrator:
        rest.append((_("Administration"), "organization:overview", "settings", _("Company")))
    others = [
        NavigationEntry(label=label, url=reverse(page), icon=icon, group=group) for label, page, icon, group in rest
    ]
    return work, *registers, *others
