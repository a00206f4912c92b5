"""Views of a register that somebody keeps: named, shared, written anew, taken away."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import IntegrityError, models, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luyue.desk.listing import Listing
from luyue.desk.models import SavedView
from luyue.desk.once import once
from luyue.desk.pages.register_page import in_one_line
from luyue.desk.seen import type_called
from luyue.organization.access import StaffRequest, for_employees
from luyue.records.forms import ShortText
from luyue.records.record_types import RecordType

LONGEST_QUERY = 2000


class TakenError(Exception):
    """There is a view of this name already, and nobody has said that it may go."""


class ViewForm(forms.Form):
    """A name for the view, and whether colleagues get it as well."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = ShortText(label=_("name"), max_length=60)
        self.fields["is_shared"] = forms.BooleanField(label=_("for all colleagues"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@for_employees
def keep_view(request: StaffRequest, slug: str) -> HttpResponse:
    """Keep what the register shows as a view of one's own: a new one, or the one that it was opened by."""
    record_type = type_called(slug)
    query = request.GET.copy()
    for name in ("after", "before", "saved"):
        query.pop(name, None)
    shown = query.urlencode()
    opened = _mine(request, record_type).filter(pk=_whole(request.GET.get("saved"))).first()
    form = ViewForm(request.POST or None, initial=_initial(opened))
    is_taken = False
    if request.method == "POST" and form.is_valid():
        if len(shown) > LONGEST_QUERY:
            form.add_error(None, _("These are too many filters for one view; take some away."))
        else:
            try:
                return redirect(once(request, lambda: _keep(request, record_type, opened, form, shown)))
            except (TakenError, IntegrityError):
                is_taken = True
                form.add_error("name", _("You have a view of this name already; overwrite it, or give another name."))
    context = {
        "form": form,
        "register_label": str(record_type.title),
        "register_url": f"{reverse('desk:register', args=[slug])}?{request.GET.urlencode()}",
        "delete_url": reverse("desk:delete_view", args=[slug, opened.pk]) if opened else "",
        "is_taken": is_taken,
        "what": in_one_line(request, Listing(record_type, request)),
    }
    return render(request, "desk/saved_view.html", context, status=422 if form.errors else 200)


def _mine(request: StaffRequest, record_type: RecordType) -> models.QuerySet[SavedView]:
    return SavedView.objects.filter(company=request.company, employee=request.employee, record_type=record_type.name)


def _whole(said: str | None) -> int:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 18 else 0


def _initial(opened: SavedView | None) -> dict[str, Any]:
    return {"name": opened.name, "is_shared": opened.is_shared} if opened else {}


@transaction.atomic
def _keep(
    request: StaffRequest, record_type: RecordType, opened: SavedView | None, form: forms.Form, query: str
) -> str:
    """Write the view that was opened anew, unless a new one is wanted; one of the same name goes only when told to."""
    view = opened if opened is not None and "as_new" not in request.POST else None
    namesake = _mine(request, record_type).filter(name=form.cleaned_data["name"]).first()
    if namesake is not None and namesake != view:
        if "overwrite" not in request.POST:
            raise TakenError
        if view is not None:
            view.delete()
        view = namesake
    view = view or SavedView(company=request.company, employee=request.employee, record_type=record_type.name)
    view.name, view.is_shared, view.query = form.cleaned_data["name"], form.cleaned_data["is_shared"], query
    view.save()
    return address_of(view, record_type)


def address_of(view: SavedView, record_type: RecordType) -> str:
    register = reverse("desk:register", args=[record_type.slug])
    return f"{register}?{'&'.join(filter(None, (view.query, urlencode({'saved': view.pk}))))}"


@require_POST
@for_employees
def delete_view(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    get_object_or_404(SavedView, company=request.company, employee=request.employee, pk=pk).delete()
    return redirect("desk:register", slug)
