"""Procedures as documents: cover, history, clauses, and beside each clause its controls in plain words."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luyue.desk import faces
from luyue.desk.areas import name_of_area
from luyue.desk.explaining import anchor
from luyue.desk.wording import lookups_in, said
from luyue.organization.access import StaffRequest, for_employees
from luyue.records.objections import Names
from luyue.rulebook.controls import Control
from luyue.rulebook.documents import Address, Clause, Document
from luyue.rulebook.editions import document_of, editions_in_force
from luyue.rulebook.models import Edition, Procedure
from luyue.rulebook.not_run import KINDS, parts_not_run
from luyue.rulebook.plain_words import Lookups, in_plain_words


@require_safe
@for_employees
def procedures(request: StaffRequest) -> HttpResponse:
    found = [
        {
            "code": edition.procedure.code,
            "title": str(edition.procedure),
            "url": reverse("desk:procedure", args=[edition.procedure.code]),
            "edition": edition.number,
            "effective": edition.effective,
            "clauses": len(document_of(edition).clauses),
        }
        for edition in editions_in_force(request.company, request.today)
    ]
    return render(request, "desk/procedures.html", {"procedures": found})


@require_safe
@for_employees
def procedure(request: StaffRequest, code: str) -> HttpResponse:
    asked = get_object_or_404(Procedure, company=request.company, code=code)
    editions = list(asked.editions.filter(status__in=Edition.SETTLED).order_by("-effective", "-pk"))
    shown = _chosen(request, editions)
    document = document_of(shown)
    context = {
        **document_as_printed(request, document),
        "moves_url": reverse("desk:moves", args=[shown.pk]) if document.migrates else "",
        "conformity_url": f"{reverse('insight:conformity')}?procedure={document.procedure}",
        "editions": [
            (f"{_('Edition')} {each.number}", f"{request.path}?edition={each.pk}", each.pk == shown.pk)
            for each in editions
        ]
        if len(editions) > 1
        else [],
    }
    return render(request, "desk/procedure.html", context)


def document_as_printed(request: StaffRequest, document: Document) -> dict[str, Any]:
    """Cover, history and clauses, each clause with its controls in plain words."""
    names = Names.of(request.company)
    lookups = lookups_in(names)
    return {
        "document": {
            "code": document.procedure,
            "title": said(document.title),
            "edition": document.edition,
            "effective": document.effective,
            "is_coming": document.effective > request.today,
            "company": str(request.company),
        },
        "cover": _cover(document, names),
        "history": [
            {"edition": each.edition, "date": each.date, "change": said(each.change)} for each in document.history
        ],
        "clauses": [_clause(each, lookups) for each in document.clauses],
    }


def _chosen(request: StaffRequest, editions: list[Edition]) -> Edition:
    asked = request.GET.get("edition", "")
    if asked:
        found = next((each for each in editions if str(each.pk) == asked), None)
    else:
        found = next((each for each in editions if each.effective <= request.today), editions[0] if editions else None)
    if found is None:
        raise Http404
    return found


def _cover(document: Document, names: Names) -> list[faces.Fact]:
    def who(address: Address | None) -> str:
        return names.address(address.key) if address else ""

    receivers = _(", ").join(
        names.departments.get(code) or names.positions.get(code, code) for code in document.distribution
    )
    return [
        faces.Fact(label=_("Prepared by"), value=who(document.prepared)),
        faces.Fact(label=_("Reviewed by"), value=who(document.reviewed)),
        faces.Fact(label=_("Approved by"), value=who(document.approved)),
        faces.Fact(label=_("Distribution"), value=receivers, is_wide=True),
        *([faces.Fact(label=_("Scope"), value=said(document.scope), is_wide=True)] if document.scope else []),
    ]


def _clause(clause: Clause, lookups: Lookups) -> faces.ClauseShown:
    demands: list[tuple[str, Control]] = [(entry.kind, entry.control) for entry in clause.controls]
    if clause.attested is not None:
        demands.append(("attested", clause.attested))
    remark = ""
    if clause.text_only is not None:
        remark = said(clause.text_only)
    elif clause.planned is not None:
        remark = _("Not run by the computer yet: %(area)s") % {"area": name_of_area(clause.planned)}
    return faces.ClauseShown(
        number=clause.number,
        title=said(clause.title) if clause.title else "",
        text=said(clause.text),
        depth=clause.number.count(".") + 1,
        anchor=anchor(clause.number),
        controls=[in_plain_words(kind, control, lookups) for kind, control in demands if kind not in KINDS],
        controls_not_run=[in_plain_words(kind, control, lookups) for kind, control in demands if kind in KINDS],
        parts_not_run=list(dict.fromkeys(what for each in demands for place, what in parts_not_run(*each) if place)),
        remark=remark,
    )
