"""What stands behind the figures of one clause: its promises, the steps it governs, and where it was set aside."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from luyue.desk import faces
from luyue.desk.explaining import anchor
from luyue.desk.presenting import clock_of, duty_verb, duty_without_record, record_url
from luyue.desk.wording import lookups_in
from luyue.insight.conformity import always_governed, figures, overrides
from luyue.insight.pages import clause_shown, instants, period_asked_for
from luyue.ledger.models import Entry
from luyue.organization.access import StaffRequest, for_employees
from luyue.records import registry
from luyue.records.models import Obligation, Record
from luyue.records.objections import Names
from luyue.rulebook.documents import Clause, Document
from luyue.rulebook.editions import document_of, editions_in_force
from luyue.rulebook.engine.conditions import holds
from luyue.rulebook.engine.rules import actions_governed
from luyue.rulebook.models import Procedure
from luyue.rulebook.plain_words import in_plain_words

SHOWN = 100

STANDINGS = {
    "broken": (gettext_lazy("broken"), Q(status=Obligation.Status.BROKEN, done_at=None)),
    "late": (gettext_lazy("late"), Q(status=Obligation.Status.BROKEN, done_at__isnull=False)),
    "running": (gettext_lazy("running"), Q(status__in=[Obligation.Status.RUNNING, Obligation.Status.PAUSED])),
    "kept": (gettext_lazy("kept"), Q(status=Obligation.Status.KEPT)),
}
"""As the page of figures counts them."""


@require_safe
@for_employees
def clause(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """The promises behind a clause, the broken ones first; from each to its record."""
    if not Procedure.objects.filter(company=request.company, code=code).exists():
        raise Http404
    form, since, until = period_asked_for(request)
    period = instants(request, since, until)
    standing = request.GET.get("standing", "")
    document, said = _in_force(request, code, number)
    names = Names.of(request.company)
    promises = _promises(request, code, number, period)
    if standing in STANDINGS:
        promises = promises.filter(STANDINGS[standing][1])
    found = list(promises[: SHOWN + 1])
    steps = _steps(request, said, period) if standing in ("", "kept") else []
    aside = _set_aside(request, document, number, period) if document and standing in ("", "broken") else []
    visible = _visible(request, [*(row.record_id for row in found), *(entry.record_id for entry in (*steps, *aside))])
    address = f"{request.path}?since={since}&until={until}"
    context = {
        "code": code,
        "number": number,
        "clause": clause_shown(document, said, figures(request.company, document, *period), since, until)
        if document and said
        else None,
        "controls": _controls(said, names),
        "document_url": f"{reverse('desk:procedure', args=[code])}#{anchor(number)}",
        "filter_form": form,
        "kept": [("standing", standing)] if standing in STANDINGS else [],
        "tabs": [
            faces.Tab(label=_("All"), url=address, is_active=standing not in STANDINGS),
            *(
                faces.Tab(label=capfirst(str(label)), url=f"{address}&standing={value}", is_active=standing == value)
                for value, (label, _condition) in STANDINGS.items()
            ),
        ],
        "promises": [
            _promise(request, row, names) for row in found[:SHOWN] if row.record_id is None or row.record_id in visible
        ],
        "aside": _entries(aside, names, visible),
        "steps": _entries(steps, names, visible),
        "hidden": sum(
            1
            for pk in (*(row.record_id for row in found[:SHOWN]), *(entry.record_id for entry in (*steps, *aside)))
            if pk and pk not in visible
        ),
        "is_cut": len(found) > SHOWN or len(steps) == SHOWN,
    }
    return render(request, "insight/clause.html", context)


def _in_force(request: StaffRequest, code: str, number: str) -> tuple[Document | None, Clause | None]:
    editions = editions_in_force(request.company, request.today)
    edition = next((each for each in editions if each.procedure.code == code), None)
    document = document_of(edition) if edition else None
    clauses = document.clauses if document else ()
    return document, next((each for each in clauses if each.number == number), None)


def _controls(said: Clause | None, names: Names) -> list[str]:
    if said is None:
        return []
    lookups = lookups_in(names)
    found = [in_plain_words(entry.kind, entry.control, lookups) for entry in said.controls]
    return [*found, in_plain_words("attested", said.attested, lookups)] if said.attested is not None else found


def _promises(request: StaffRequest, code: str, number: str, period: tuple[Any, Any]) -> QuerySet[Obligation]:
    begin, end = period
    return (
        Obligation.objects.filter(
            company=request.company, procedure=code, clause=number, started_at__gte=begin, started_at__lt=end
        )
        .exclude(status__in=["cancelled", "waived"])
        .select_related("record__party", "edition")
        .defer("edition__content")
        .order_by("status", "-started_at")
    )


def _steps(request: StaffRequest, said: Clause | None, period: tuple[Any, Any]) -> list[Entry]:
    """The latest steps that the clause governs; each was let pass because what it demands was there."""
    begin, end = period
    governed = {name for entry in said.controls for name in actions_governed(entry.control)} if said else set()
    if said is None or not governed:
        return []
    always = always_governed(said)
    rows = Entry.objects.filter(
        company=request.company,
        action__in=governed,
        record__isnull=False,
        occurred_at__gte=begin,
        occurred_at__lt=end,
    )
    latest = rows.select_related("record", "by").order_by("-occurred_at", "-pk").iterator(chunk_size=SHOWN)
    return list(islice((entry for entry in latest if entry.action in always or _governs(said, entry)), SHOWN))


def _governs(said: Clause, entry: Entry) -> bool:
    """Whether the case was one for which the clause governs the step."""
    return any(
        entry.action in actions_governed(each.control) and holds(each.control.when, entry.facts)
        for each in said.controls
    )


def _set_aside(request: StaffRequest, document: Document, number: str, period: tuple[Any, Any]) -> list[Entry]:
    return [entry for clause, entry in overrides(request.company, document, *period) if clause == number]


def _visible(request: StaffRequest, records: Iterable[int | None]) -> set[int]:
    return set(
        Record.objects.visible_to(request.employee, request.authority)
        .filter(pk__in={pk for pk in records if pk})
        .values_list("pk", flat=True)
    )


def _entries(entries: Iterable[Entry], names: Names, visible: set[int]) -> list[dict[str, Any]]:
    return [
        {
            "verb": names.action(entry.action),
            "number": entry.record.number,
            "title": entry.record.title,
            "url": record_url(entry.record, registry.record_type(entry.record.type)),
            "by": entry.by.name if entry.by else "",
            "at": entry.occurred_at,
        }
        for entry in entries
        if entry.record is not None and entry.record_id in visible
    ]


def _promise(request: StaffRequest, row: Obligation, names: Names) -> dict[str, Any]:
    said = {
        "clock": clock_of(row, request.company, request.now, names),
        "owner": names.address(row.owner),
        "started_at": row.started_at,
    }
    if row.record is None:
        duty = duty_without_record(row, names, request.company, request.now)
        return {**said, "verb": duty.verb, "number": duty.number, "title": duty.title, "url": duty.url}
    return {
        **said,
        "verb": duty_verb(row, names),
        "number": row.record.number,
        "title": row.record.title,
        "url": record_url(row.record, registry.record_type(row.record.type)),
    }
