"""The customers and products that complaints speak of; the customer file with its own procedure stands on these."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from luyue.customers import files
from luyue.customers.files import FileChangedError, FileError
from luyue.customers.forms import ContactForm, CustomerForm, ProductForm
from luyue.customers.history import history_of
from luyue.desk import faces
from luyue.desk.once import once
from luyue.desk.presenting import nearest_clock, record_url, said, state_of
from luyue.organization.access import StaffRequest, for_employees
from luyue.parties.models import Party
from luyue.products.models import Product
from luyue.records import registry
from luyue.records.models import Record

SHOWN = 50


@require_safe
@for_employees
def customers(request: StaffRequest) -> HttpResponse:
    rows = Party.objects.filter(company=request.company).select_related("responsible")
    page, context = _listed(request, rows)
    context |= {
        "title": _("Customers"),
        "new_url": reverse("customers:new_customer"),
        "new_label": _("Enter a customer"),
        "heads": [_("Number"), _("Name"), _("Market"), _("Phone"), _("Responsible")],
        "lines": [
            (
                reverse("customers:customer", args=[each.pk]),
                [each.number, each.name, each.get_market_display(), each.phone, str(each.responsible or "")],
            )
            for each in page
        ],
        "empty_text": _("Whoever buys from the company stands here, with contacts and complaints."),
    }
    return render(request, "customers/list.html", context)


@require_safe
@for_employees
def products(request: StaffRequest) -> HttpResponse:
    page, context = _listed(request, Product.objects.filter(company=request.company))
    context |= {
        "title": _("Products"),
        "new_url": reverse("customers:new_product"),
        "new_label": _("Enter a product"),
        "heads": [_("Number"), _("Name"), _("Specification"), _("Unit"), _("Category")],
        "lines": [
            (
                reverse("customers:product", args=[each.pk]),
                [each.number, each.name, each.specification, each.unit, each.category],
            )
            for each in page
        ],
        "empty_text": _("What the company makes and sells stands here."),
    }
    return render(request, "customers/list.html", context)


def _listed(request: StaffRequest, rows: QuerySet[Any]) -> tuple[list[Any], dict[str, Any]]:
    """Fifty in the order of their names, from the one on whose number stands in the address."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    said = request.GET.get("after", "").replace("\0", "")[:200]
    after = rows.filter(number=said).first() if said else None
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(number__istartswith=words))
    if after is not None:
        rows = rows.filter(Q(name__gt=after.name) | Q(name=after.name, pk__gt=after.pk))
    found = list(rows.order_by("name", "pk")[: SHOWN + 1])
    page = found[:SHOWN]
    query = {"q": words} if words else {}
    older = f"?{urlencode({**query, 'after': page[-1].number})}" if len(found) > SHOWN else ""
    newer = "" if after is None else f"{request.path}?{urlencode(query)}" if query else request.path
    return page, {
        "search_words": words,
        "pager": faces.Pager(newer_url=newer, older_url=older, shown=_("%(count)d rows") % {"count": len(page)}),
    }


@require_safe
@for_employees
def customer(request: StaffRequest, pk: int) -> HttpResponse:
    """What is known of a customer, whom to call, and the records that concern it."""
    party = get_object_or_404(Party.objects.select_related("responsible"), company=request.company, pk=pk)
    seen = Record.objects.visible_to(request.employee, request.authority).filter(party=party)
    records = list(seen.order_by("-opened_at")[:SHOWN])
    context = {
        "party": party,
        "facts": [
            faces.Fact(label=_("Number"), value=party.number),
            faces.Fact(label=_("Role"), value=party.get_role_display()),
            faces.Fact(label=_("Market"), value=party.get_market_display()),
            faces.Fact(label=_("Phone"), value=party.phone),
            faces.Fact(label=_("E-mail"), value=party.email),
            faces.Fact(label=_("Postcode"), value=party.postcode),
            faces.Fact(label=_("Address"), value=party.address),
            faces.Fact(label=_("Distance from the plant (km)"), value=said(party.distance_km)),
            faces.Fact(label=_("Responsible"), value=str(party.responsible or ""), kind="person"),
        ],
        "contacts": party.contacts.order_by("name"),
        "records": [_row(request, each) for each in records],
        "entries": history_of(party),
        "is_cut": len(records) == SHOWN,
    }
    return render(request, "customers/customer.html", context)


def _row(request: StaffRequest, record: Record) -> dict[str, Any]:
    record_type = registry.record_type(record.type)
    return {
        "number": record.number,
        "title": record.title,
        "url": record_url(record, record_type),
        "state": state_of(record_type, record.state),
        "clock": nearest_clock(record, request.now),
        "opened_at": record.opened_at,
    }


@require_safe
@for_employees
def product(request: StaffRequest, pk: int) -> HttpResponse:
    """What is known of a product, and who entered and changed it."""
    shown = get_object_or_404(Product, company=request.company, pk=pk)
    context = {
        "product": shown,
        "facts": [
            faces.Fact(label=_("Number"), value=shown.number),
            faces.Fact(label=_("Specification"), value=shown.specification),
            faces.Fact(label=_("Unit"), value=shown.unit),
            faces.Fact(label=_("Category"), value=shown.category),
        ],
        "entries": history_of(shown),
    }
    return render(request, "customers/product.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def new_customer(request: StaffRequest) -> HttpResponse:
    return _filled(request, CustomerForm, None, _("Enter a customer"), reverse("customers:customers"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def change_customer(request: StaffRequest, pk: int) -> HttpResponse:
    party = get_object_or_404(Party, company=request.company, pk=pk)
    return _filled(request, CustomerForm, party, _("Change the customer"), reverse("customers:customer", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def new_product(request: StaffRequest) -> HttpResponse:
    return _filled(request, ProductForm, None, _("Enter a product"), reverse("customers:products"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def change_product(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Product, company=request.company, pk=pk)
    return _filled(request, ProductForm, found, _("Change the product"), reverse("customers:product", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def new_contact(request: StaffRequest, pk: int) -> HttpResponse:
    party = get_object_or_404(Party, company=request.company, pk=pk)
    back = reverse("customers:customer", args=[pk])
    form = ContactForm(request.POST or None, company=request.company)
    if request.method == "POST" and form.is_valid():
        once(request, lambda: _add_contact(request, party, form.cleaned_data, back))
        return redirect(back)
    return _form_page(request, form, _("Add a contact"), back)


def _add_contact(request: StaffRequest, party: Party, values: dict[str, Any], back: str) -> str:
    files.add_contact(party, values, by=request.employee, at=request.now)
    return back


def _filled(
    request: StaffRequest,
    kind: type[CustomerForm | ProductForm],
    filed: Party | Product | None,
    heading: str,
    back: str,
) -> HttpResponse:
    initial = {name: getattr(filed, name) for name in kind.base_fields} if filed else {"name": request.GET.get("name")}
    form = kind(request.POST or None, company=request.company, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            address = once(request, lambda: _keep(request, filed, kind, form.cleaned_data))
            return redirect(_form_that_asked(request) or address)
        except FileError as wrong:
            form.add_error(wrong.field, str(wrong))
        except FileChangedError as changed:
            form.add_error(None, str(changed))
            assert filed is not None
            filed.refresh_from_db()
    return _form_page(request, form, heading, back, version=filed.version if filed else None)


def _form_that_asked(request: StaffRequest) -> str:
    """The page from which a name that nobody knew was to be entered, which goes on where it was."""
    back = request.GET.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if is_ours and back.startswith("/") else ""


def _keep(request: StaffRequest, filed: Party | Product | None, kind: type[forms.Form], values: dict[str, Any]) -> str:
    kept: Party | Product
    if filed is not None:
        kept = files.change(filed, values, by=request.employee, at=request.now, version=_version_read(request))
    else:
        enter = files.enter_customer if kind is CustomerForm else files.enter_product
        kept = enter(request.company, values, by=request.employee, at=request.now)
    messages.success(request, _("%(name)s: kept.") % {"name": kept})
    return reverse("customers:customer" if isinstance(kept, Party) else "customers:product", args=[kept.pk])


def _version_read(request: StaffRequest) -> int | None:
    said = request.POST.get("version", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _form_page(
    request: StaffRequest, form: forms.Form, heading: str, back: str, version: int | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "register_label": _("Back"),
        "register_url": back,
        "submit_label": heading,
        "hidden": [("version", version)] if version else [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/choice.html", context, status=status)
