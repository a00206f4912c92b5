"""The register of a record type: views, filters, words, columns, pages by key, bulk actions, export."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from luyue.desk import faces
from luyue.desk.cells import reading
from luyue.desk.listing import COUNTED_TO, VIEWS, Listing, Page
from luyue.desk.models import SavedView
from luyue.desk.presenting import record_url, shown
from luyue.desk.seen import type_called
from luyue.desk.templatetags.desk import until
from luyue.desk.workbook import workbook
from luyue.organization.access import StaffRequest, for_employees
from luyue.organization.prepared import Place, Prepared
from luyue.records.models import Record
from luyue.records.record_types import RecordType
from luyue.records.rules import may_open, rules_in_force

EXPORTED = 20_000
PRINTED = 1_000


@require_safe
@for_employees
def register(request: StaffRequest, slug: str) -> HttpResponse:
    record_type = type_called(slug)
    listing = Listing(record_type, request)
    page = listing.page()
    address = reverse("desk:register", args=[slug])
    context = {
        "title": str(record_type.title),
        "count": _count(listing, page),
        "new": _new(request, record_type),
        "tabs": _tabs(request, listing),
        "search_words": listing.words,
        "chips": _chips(listing),
        "filter_form": listing.filter_form,
        "kept": _carried(request.GET, ("view", "sort", "cols")),
        "held": _carried(request.GET, listing.chosen),
        "clear_url": f"{address}?view={listing.view}",
        "columns": _columns(listing),
        "rows": _rows(request, listing, page.records),
        "tickable": True,
        "caption": str(record_type.title),
        "bulk_url": reverse("desk:bulk", args=[slug]),
        "bulk_actions": [
            faces.ActionButton(label=_("Export those ticked"), url="", name="export", icon="download"),
            faces.ActionButton(label=_("Assign those ticked"), url="", name="assign", icon="user-check"),
        ],
        "pager": _pager(listing, page),
        "export_url": _with_query(reverse("desk:export", args=[slug]), request.GET),
        "print_url": _with_query(reverse("desk:print_register", args=[slug]), request.GET),
        "save_view_url": _with_query(reverse("desk:save_view", args=[slug]), request.GET),
        "columns_url": _with_query(reverse("desk:columns", args=[slug]), request.GET),
        "empty_text": _("What is registered will stand here, the newest first."),
    }
    return render(request, [f"{record_type.name}/register.html", "desk/register.html"], context)


def _carried(query: QueryDict, names: Iterable[str]) -> list[tuple[str, str]]:
    """Parts of the address that a form on the page takes along."""
    return [(name, value) for name in names for value in query.getlist(name)]


def _with_query(address: str, query: QueryDict) -> str:
    return f"{address}?{query.urlencode()}" if query else address


def _count(listing: Listing, page: Page) -> str:
    if not (page.newer or page.older):
        return str(len(page.records))
    count = listing.count()
    return f"{COUNTED_TO}+" if count > COUNTED_TO else str(count)


def _new(request: StaffRequest, record_type: RecordType) -> faces.ActionButton | None:
    if not may_open(rules_in_force(request.company, request.today), record_type, request.authority):
        return None
    return faces.ActionButton(
        label=str(record_type.opening_action.label), url=reverse("desk:new", args=[record_type.slug]), icon="plus"
    )


@Prepared
def _saved_views(company_id: Place, employee_id: Place, record_type: Place) -> QuerySet[SavedView]:
    own_or_shared = Q(employee_id=employee_id) | Q(is_shared=True)
    rows = SavedView.objects.filter(own_or_shared, company_id=company_id, record_type=record_type)
    return rows.order_by("name")[:12]


def _tabs(request: StaffRequest, listing: Listing) -> list[faces.Tab]:
    labels = {"open": _("Open"), "mine": _("Mine"), "overdue": _("Overdue"), "all": _("All")}
    saved = _saved_views(request.company.pk, request.employee.pk, listing.record_type.name)
    address = reverse("desk:register", args=[listing.record_type.slug])
    found = [
        faces.Tab(
            label=labels[view],
            url=f"{address}?view={view}",
            is_active=listing.view == view and request.GET.get("saved") is None,
        )
        for view in VIEWS
    ]
    found += [
        faces.Tab(
            label=view.name,
            url=f"{address}?{view.query}&saved={view.pk}",
            is_active=request.GET.get("saved") == str(view.pk),
        )
        for view in saved
    ]
    return found


def _chips(listing: Listing) -> list[faces.Chip]:
    form = listing.asked_form
    chips = []
    for name, value in listing.chosen.items():
        field = form.fields[name]
        chips.append(
            faces.Chip(label=str(field.label), value=_in_words(field, value), without_url=listing.without(name))
        )
    return chips


def _in_words(field: forms.Field, value: Any) -> str:
    choices = getattr(field, "choices", None)
    if choices is None or not isinstance(value, list | bool | str):
        return str(value)
    labels = {str(key): str(label) for key, label in choices}
    return _(", ").join(labels.get(str(each), str(each)) for each in (value if isinstance(value, list) else [value]))


_COLUMN_KINDS: dict[str, Any] = {
    "number": "number",
    "party": "party",
    "title": "title",
    "state": "state",
    "owner": "person",
    "nearest_due_at": "clock",
    "opened_at": "date",
    "closed_at": "date",
}


def _column(record_type: RecordType, name: str) -> faces.Column:
    field: Any = record_type.model._meta.get_field(name)
    return faces.Column(key=name, label=capfirst(str(field.verbose_name)), kind=_COLUMN_KINDS.get(name, "text"))


def _columns(listing: Listing) -> list[dict[str, Any]]:
    found = []
    for name in listing.columns:
        column = _column(listing.record_type, name)
        sortable = name in ("opened_at", "nearest_due_at")
        downward = listing.sort == f"-{name}"
        found.append(
            {
                "key": name,
                "label": column.label,
                "kind": column.kind,
                "sort": ("descending" if downward else "ascending") if listing.sort.lstrip("-") == name else "",
                "sort_url": listing.with_changes(sort=name if downward else f"-{name}") if sortable else "",
            }
        )
    return found


def _rows(request: StaffRequest, listing: Listing, records: Sequence[Record]) -> list[faces.Row]:
    columns = [(name, _column(listing.record_type, name), reading(listing, name)) for name in listing.columns]
    sight = listing.sight(records)
    return [
        faces.Row(
            id=str(each.pk),
            number=each.number,
            url=record_url(each, listing.record_type),
            cells=[_cell(each, name, column, read, hidden, withheld) for name, column, read in columns],
        )
        for each in records
        for hidden, withheld in [(sight.hidden(each), sight.withheld(each))]
    ]


def _cell(
    each: Record,
    name: str,
    column: faces.Column,
    read: Callable[[Record], Any],
    hidden: frozenset[str],
    withheld: Collection[str],
) -> faces.Cell:
    """What is withheld says so, lest it be taken for empty."""
    if name in withheld:
        return faces.Cell(column=replace(column, kind="text"), value=_("not shown to you"))
    if name in hidden:
        return faces.Cell(column=column, value="")
    under = str(each.owner.department) if name == "owner" and each.owner else ""
    return faces.Cell(column=column, value=read(each), under=under)


def _pager(listing: Listing, page: Page) -> faces.Pager:
    def address(name: str, key: str) -> str:
        return listing.with_changes(**{name: key}) if key else ""

    return faces.Pager(
        newer_url=address("before", page.newer),
        older_url=address("after", page.older),
        shown=_("%(count)d rows") % {"count": len(page.records)},
    )


@require_safe
@for_employees
def export(request: StaffRequest, slug: str) -> HttpResponse:
    """Exactly what the register shows, as an Excel workbook; at most 20,000 rows."""
    record_type = type_called(slug)
    listing = Listing(record_type, request)
    return _workbook(record_type, listing, listing.first_ids(EXPORTED))


@require_safe
@for_employees
def printed(request: StaffRequest, slug: str) -> HttpResponse:
    """Exactly what the register shows, on A4; at most 1,000 rows."""
    record_type = type_called(slug)
    listing = Listing(record_type, request)
    context = {
        "company": str(request.company),
        "title": str(record_type.title),
        "what": in_one_line(request, listing),
        "columns": _columns(listing),
        "rows": _rows(request, listing, listing.fetched(listing.first_ids(PRINTED))),
        "printed_by": request.employee.name,
        "printed_at": request.now,
    }
    return render(request, "desk/print.html", context)


def in_one_line(request: StaffRequest, listing: Listing) -> str:
    """What a list shows: its view, the words searched for, the filters."""
    view = next((tab.label for tab in _tabs(request, listing) if tab.is_active), "")
    filters = [_("%(label)s: %(said)s") % {"label": chip.label, "said": chip.value} for chip in _chips(listing)]
    return " · ".join(filter(None, (view, listing.words, *filters)))


def _workbook(record_type: RecordType, listing: Listing, ids: list[int]) -> HttpResponse:
    records = listing.fetched(ids)
    heads = [_column(record_type, name).label for name in listing.columns]
    sight = listing.sight(records)
    lines = [
        [_text(each, name, hidden, withheld) for name in listing.columns]
        for each in records
        for hidden, withheld in [(sight.hidden(each), sight.withheld(each))]
    ]
    response = HttpResponse(
        workbook(str(record_type.title), heads, lines),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    name = f"{record_type.title} {listing.request.today}.xlsx"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def _text(each: Record, name: str, hidden: frozenset[str], withheld: Collection[str]) -> str:
    if name in withheld:
        return _("not shown to you")
    if name in hidden:
        return ""
    return until(each.nearest_due_at) if name == "nearest_due_at" else shown(each, name)


class BulkAssignForm(forms.Form):
    """Who gets the ticked records."""

    def __init__(self, *args: Any, employees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = forms.ModelChoiceField(queryset=employees, label=_("to whom"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def bulk(request: StaffRequest, slug: str) -> HttpResponse:
    """Something done to all ticked rows: exported together, or assigned one by one, each by its own rules."""
    from luyue.desk.pages.bulk import assign_ticked  # the page of the bulk action uses this page's form

    record_type = type_called(slug)
    said = request.POST if request.method == "POST" else request.GET
    ids = [int(each) for each in said.getlist("record")[:200] if each.isdecimal() and len(each) < 18]
    visible = Record.objects.visible_to(request.employee, request.authority).filter(type=record_type.name, pk__in=ids)
    seen = set(visible.values_list("pk", flat=True))
    found = [pk for pk in ids if pk in seen]
    if not found:
        messages.warning(request, _("Tick the rows first."))
        return redirect("desk:register", slug)
    if said.get("action") == "assign" and "assign" in record_type.all_actions:
        return assign_ticked(request, record_type, found)
    return _workbook(record_type, Listing(record_type, request), found)


class ColumnsForm(forms.Form):
    """Which columns the register shows."""

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"] = forms.MultipleChoiceField(
            label=_("columns"), choices=choices, widget=forms.CheckboxSelectMultiple
        )


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def columns(request: StaffRequest, slug: str) -> HttpResponse:
    """Choose the columns; the choice stands in the address, so that it can be kept and shared."""
    record_type = type_called(slug)
    listing = Listing(record_type, request)
    choices = [(name, _column(record_type, name).label) for name in listing.possible_columns]
    form = ColumnsForm(request.POST or None, choices=choices, initial={"column": listing.columns})
    address = reverse("desk:register", args=[slug])
    if request.method == "POST" and form.is_valid():
        query = request.GET.copy()
        query["cols"] = ",".join(form.cleaned_data["column"])
        return HttpResponseRedirect(f"{address}?{query.urlencode()}")
    context = {
        "form": form,
        "heading": _("Choose the columns"),
        "register_label": str(record_type.title),
        "register_url": _with_query(address, request.GET),
        "submit_label": _("Show these columns"),
    }
    return render(request, "desk/choice.html", context)
