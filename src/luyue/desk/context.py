"""What every page's frame shows: where one can go, and in which company one is."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
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
        "navigation": _navigation(staff),
        "company": employee.company,
        "companies": [one.company for one in staff.employments if one.pk != employee.pk],
    }


def _files() -> list[tuple[str, str, str]]:
    return [
        (_("Customers"), reverse("customers:customers"), "users"),
        (_("Products"), reverse("customers:products"), "package"),
    ]


def _entry(here: str, label: str, address: str, icon: str) -> NavigationEntry:
    return NavigationEntry(
        label=label, url=address, icon=icon, active=here.startswith(address), group=_("Customers and products")
    )


def _navigation(request: StaffRequest) -> list[NavigationEntry]:
    here = request.path
    registers = [
        NavigationEntry(
            label=str(each.title),
            url=reverse("desk:register", args=[each.slug]),
            icon=each.icon,
            active=here.startswith(reverse("desk:register", args=[each.slug])),
            group=_("Registers"),
        )
        for each in reversed(registry.record_types())
    ]
    registers += [_entry(here, label, address, icon) for label, address, icon in _files()]
    work = reverse("desk:my_work")
    procedures = reverse("desk:procedures")
    entries = [
        NavigationEntry(label=_("My work"), url=work, icon="layout-list", active=here == work),
        *registers,
        NavigationEntry(
            label=_("Procedures"),
            url=procedures,
            icon="book",
            active=here.startswith(procedures),
            group=_("Rules and evidence"),
        ),
        NavigationEntry(
            label=_("Conformity"),
            url=reverse("insight:conformity"),
            icon="clipboard-check",
            active=here.startswith(reverse("insight:conformity")),
            group=_("Rules and evidence"),
        ),
    ]
    if request.employee.is_administrator:
        address = reverse("organization:overview")
        entries.append(
            NavigationEntry(
                label=_("Administration"),
                url=address,
                icon="settings",
                active=here.startswith(address),
                group=_("Company"),
            )
        )
    return entries
