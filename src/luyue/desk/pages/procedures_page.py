"""Procedures as documents: cover, history, clauses, and beside each clause its controls in plain words."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luyue.desk import faces
from luyue.desk.areas import name_of_area
from luyue.desk.explaining import anchor
from luyue.organization.access import StaffRequest, for_employees
from luyue.records import registry
from luyue.records.facts import Choice
from luyue.records.objections import Names
from luyue.rulebook.documents import Address, Clause, Document
from luyue.rulebook.editions import document_of, editions_in_force
from luyue.rulebook.models import Edition, Procedure
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
            "conformity": None,
            "note": "",
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
    names = Names.of(request.company)
    lookups = _lookups(names)
    context = {
        "document": {
            "code": document.procedure,
            "title": _said(document.title),
            "edition": document.edition,
            "effective": document.effective,
            "company": str(request.company),
        },
        "cover": _cover(document, names),
        "history": [
            {"edition": each.edition, "date": each.date, "change": _said(each.change)} for each in document.history
        ],
        "clauses": [_clause(each, lookups) for each in document.clauses],
        "conformity_url": f"{reverse('insight:conformity')}?procedure={document.procedure}",
        "editions": [
            (f"{_('Edition')} {each.number}", f"{request.path}?edition={each.pk}", each.pk == shown.pk)
            for each in editions
        ]
        if len(editions) > 1
        else [],
    }
    return render(request, "desk/procedure.html", context)


def _chosen(request: StaffRequest, editions: list[Edition]) -> Edition:
    asked = request.GET.get("edition", "")
    if asked:
        found = next((each for each in editions if str(each.pk) == asked), None)
    else:
        found = next((each for each in editions if each.effective <= request.today), editions[0] if editions else None)
    if found is None:
        raise Http404
    return found


def _said(text: Any) -> str:
    return str(text.in_language(get_language() or "zh-hans"))


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
    ]


def _lookups(names: Names) -> Lookups:
    return Lookups(
        position=lambda code: names.positions.get(code, code),
        department=lambda code: names.departments.get(code, code),
        action=names.action,
        state=_state,
        field=_field,
        record=lambda name: str(registry.record_type(name).model._meta.verbose_name),
        value=_value,
        attachment=_attachment,
        threshold=_threshold,
        asked_by=names.asked,
    )


def _state(record: str, state: str) -> str:
    return str(dict(registry.record_type(record).states.choices).get(state, state))


def _value(record: str, fact: str, value: str) -> str:
    """A fact's value by the label of the field that bears it; facts of the customer by the customer's field."""
    declared = registry.record_type(record).facts.facts.get(fact)
    labels = dict(declared.values.choices) if isinstance(declared, Choice) else {}
    return str(labels.get(value, value))


def _attachment(kind: str) -> str:
    labels = {key: label for each in registry.record_types() for key, label in each.attachment_kinds.choices}
    return str(labels.get(kind, kind))


def _threshold(name: str) -> str:
    labels = {key: label for each in registry.record_types() for key, label in each.thresholds.items()}
    return str(labels.get(name, name))


def _field(record: str, name: str) -> str:
    record_type = registry.record_type(record)
    return str(Names(0, {}, {}).field(record_type, name))


def _clause(clause: Clause, lookups: Lookups) -> faces.ClauseShown:
    controls = [in_plain_words(entry.kind, entry.control, lookups) for entry in clause.controls]
    if clause.attested is not None:
        controls.append(in_plain_words("attested", clause.attested, lookups))
    remark = ""
    if clause.text_only is not None:
        remark = _said(clause.text_only)
    elif clause.planned is not None:
        remark = _("Not run by the computer yet: %(area)s") % {"area": name_of_area(clause.planned)}
    return faces.ClauseShown(
        number=clause.number,
        title=_said(clause.title) if clause.title else "",
        text=_said(clause.text),
        depth=clause.number.count(".") + 1,
        anchor=anchor(clause.number),
        controls=controls,
        remark=remark,
    )
