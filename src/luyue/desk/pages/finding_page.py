"""Search, the palette, and suggestions while one types."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luyue.desk import faces
from luyue.desk.presenting import record_url, state_of
from luyue.organization.access import StaffRequest, for_employees
from luyue.organization.models import Employee
from luyue.parties.models import Party
from luyue.records import registry
from luyue.records.forms import Lookup
from luyue.records.models import Record
from luyue.records.rules import may_open, rules_in_force
from luyue.search.finding import found_by

SHOWN = 40
SUGGESTED = 12
OPEN_SHOWN = 5
COLLEAGUES = 6


def _found(request: StaffRequest, words: str, limit: int, record_type: str | None = None) -> list[Record]:
    ids = found_by(words, request.company.pk, record_type)
    seen = Record.objects.visible_to(request.employee, request.authority).filter(pk__in=ids)
    return list(seen.select_related("party").order_by("-id")[:limit])


@require_safe
@for_employees
def search(request: StaffRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    asked = request.GET.get("type", "")
    kind = asked if asked in {each.name for each in registry.record_types()} else None
    records = _found(request, words, SHOWN + 1, kind) if words else []
    address = f"{request.path}?{urlencode({'q': words})}"
    context = {
        "words": words,
        "count": f"{SHOWN}+" if len(records) > SHOWN else str(len(records)),
        "tabs": [
            faces.Tab(label=_("All"), url=address, is_active=kind is None),
            *(
                faces.Tab(label=str(each.title), url=f"{address}&type={each.name}", is_active=kind == each.name)
                for each in registry.record_types()
            ),
        ],
        "results": [_result(each) for each in records[:SHOWN]],
        "pager": faces.Pager(shown=_("%(count)d rows") % {"count": len(records[:SHOWN])}),
    }
    return render(request, "desk/search.html", context)


def _result(record: Record) -> dict[str, Any]:
    record_type = registry.record_type(record.type)
    return {
        "number": record.number,
        "title": record.title,
        "url": record_url(record, record_type),
        "type": str(record_type.title),
        "party": record.party.name if record.party else "",
        "state": state_of(record_type, record.state),
        "excerpt": "",
    }


@require_safe
@for_employees
def palette(request: StaffRequest) -> HttpResponse:
    """What Ctrl+K offers: records that fit the words, then places and things one may begin."""
    words = request.GET.get("q", "").strip()[:100]
    groups: list[tuple[str, list[dict[str, Any]]]] = []
    if words:
        found = [
            {
                "label": each.title,
                "url": record_url(each, registry.record_type(each.type)),
                "number": each.number,
                "note": each.party.name if each.party else "",
                "icon": registry.record_type(each.type).icon,
                "state": state_of(registry.record_type(each.type), each.state),
            }
            for each in _found(request, words, 8)
        ]
        groups.append((_("Records"), found))
    wanted = words.casefold()
    groups.append((_("Begin"), [each for each in _beginnings(request) if wanted in each["label"].casefold()]))
    groups.append((_("Go to"), [each for each in _places(request) if wanted in each["label"].casefold()]))
    return render(request, "desk/parts/palette_results.html", {"groups": [each for each in groups if each[1]]})


def _beginnings(request: StaffRequest) -> list[dict[str, Any]]:
    rules = rules_in_force(request.company, request.today)
    return [
        {
            "label": f"{each.opening_action.label}: {each.model._meta.verbose_name}",
            "url": reverse("desk:new", args=[each.slug]),
            "icon": "plus",
        }
        for each in registry.record_types()
        if may_open(rules, each, request.authority)
    ]


def _places(request: StaffRequest) -> list[dict[str, Any]]:
    places = [{"label": _("My work"), "url": reverse("desk:my_work"), "icon": "layout-list"}]
    places += [
        {"label": str(each.title), "url": reverse("desk:register", args=[each.slug]), "icon": each.icon}
        for each in registry.record_types()
    ]
    places.append({"label": _("Procedures"), "url": reverse("desk:procedures"), "icon": "book"})
    places.append({"label": _("Conformity"), "url": reverse("insight:conformity"), "icon": "clipboard-check"})
    return places


@require_safe
@for_employees
def suggestions(request: StaffRequest, kind: str) -> JsonResponse:
    """Customers or products whose number or name begins with, or contains, what was typed, or what is known of one.

    Colleagues are found by their names.
    """
    if kind == "employee":
        return JsonResponse({"found": _colleagues(request, _typed(request, "q"))})
    if kind not in Lookup.kinds:
        raise Http404
    if "chosen" in request.GET:
        return JsonResponse({"known": _known(request, Lookup.kinds[kind], _typed(request, "chosen"))})
    words = _typed(request, "q")
    model: Any = Lookup.kinds[kind].model
    rows = model._default_manager.filter(company=request.company)
    found = list(rows.filter(Q(number__istartswith=words) | Q(name__istartswith=words)).order_by("name")[:SUGGESTED])
    if words and len(found) < SUGGESTED:
        more = rows.filter(name__contains=words).exclude(pk__in=[each.pk for each in found]).order_by("name")
        found += list(more[: SUGGESTED - len(found)])
    names = Counter(rows.filter(name__in=[each.name for each in found]).values_list("name", flat=True))
    return JsonResponse({"found": [_suggestion(each, is_alone=names[each.name] == 1) for each in found]})


def _colleagues(request: StaffRequest, words: str) -> list[dict[str, str]]:
    people = Employee.objects.filter(company=request.company, left_on=None, name__contains=words)
    found = people.exclude(pk=request.employee.pk).select_related("department").order_by("name")[:COLLEAGUES]
    return [{"value": each.name, "label": str(each.department)} for each in found]


def _typed(request: StaffRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "").strip()[:200]


def _suggestion(row: Any, *, is_alone: bool) -> dict[str, str]:
    """The name goes into the field where it says enough; the number stands beside it, or in its place."""
    if is_alone:
        return {"value": row.name, "label": " ".join(filter(None, (row.number, getattr(row, "specification", ""))))}
    return {"value": row.number, "label": str(row)}


def _known(request: StaffRequest, kind: type[Lookup], said: str) -> dict[str, Any] | None:
    """What other fields need not ask again, and what is open with the customer, so that nothing is taken down twice."""
    lookup = kind(required=False)
    lookup.company = request.company
    try:
        chosen = lookup.clean(said)
    except ValidationError:
        return None
    if chosen is None:
        return None
    about = [chosen.number]
    records: list[Record] = []
    if isinstance(chosen, Party):
        seen = Record.objects.visible_to(request.employee, request.authority)
        records = list(seen.filter(party=chosen, is_open=True).order_by("-id")[:OPEN_SHOWN])
        about.append(chosen.get_market_display())
        about.append(_("open at present:") if records else _("nothing open"))
    return {
        "says": " · ".join(about),
        "fills": [dict(together) for together in lookup.known(chosen)],
        "records": [
            {
                "number": each.number,
                "title": each.title,
                "url": record_url(each, registry.record_type(each.type)),
            }
            for each in records
        ],
    }
