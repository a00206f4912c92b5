"""A record on the company's own paper, as PDF."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luyue.desk.presenting import exactly, fact_of, said, state_of
from luyue.desk.printing import PrintedField, PrintedForm, PrintedSignature, render_form
from luyue.desk.seen import record_seen_by
from luyue.ledger.models import Entry
from luyue.organization.access import StaffRequest, for_employees
from luyue.organization.models import Employee
from luyue.records.case import Case
from luyue.rulebook.controls import Form, SignatureBox
from luyue.rulebook.engine.rules import BoundControl

DIGEST_SHOWN = 16


@require_safe
@for_employees
def printed(request: StaffRequest, slug: str, pk: int, place: int) -> HttpResponse:
    """The form as the edition of the record says it; `place` is its number among the record's forms."""
    case = Case(record_seen_by(request, slug, pk), request.employee, request.now)
    forms = forms_of(case)
    if place >= len(forms):
        raise Http404
    answer = HttpResponse(render_form(form_of(case, forms[place])), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{forms[place].control.code}-{pk}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def prints_of(case: Case) -> list[tuple[str, str]]:
    """The papers of a record that may be printed now, as (title, address)."""
    return [
        (
            f"{_in_words(bound.control.title)} {bound.control.code}",
            reverse("desk:print", args=[case.record_type.slug, case.record.pk, place]),
        )
        for place, bound in enumerate(forms_of(case))
    ]


def forms_of(case: Case) -> list[BoundControl]:
    """The forms whose condition holds and whose time has come."""
    taken = {event.action for event in case.events}
    return [
        bound
        for bound in case.rules.forms(case.record_type.name)
        if bound.holds(case.facts) is not False
        and (bound.control.only_after is None or bound.control.only_after in taken)
    ]


def form_of(case: Case, bound: BoundControl) -> PrintedForm:
    """What stands on the sheet: filled fields, struck ones with the reason, signatures with name and time."""
    form: Form = bound.control
    record = case.record
    receivers = [case.names.departments.get(code) or case.names.positions.get(code, code) for code in form.copies_to]
    return PrintedForm(
        company=str(case.company),
        title=_in_words(form.title),
        subtitle="" if (get_language() or "").startswith("en") else str(form.title.in_language("en")),
        code=form.code,
        number=record.number,
        state=state_of(case.record_type, record.state).label,
        edition=f"{bound.procedure} {bound.edition}",
        printed=_("printed %(at)s by %(who)s") % {"at": exactly(case.now), "who": case.by.name},
        fields=[_field(case, name) for name in form.fields if name not in case.hidden_fields],
        signatures=[_signature(case, box) for box in form.signatures],
        copies=_(", ").join(receivers),
    )


def _field(case: Case, name: str) -> PrintedField:
    """What was struck through says why; on a closed record an empty field is struck, on an open one left to the pen."""
    fact = fact_of(case.record, name)
    if fact.struck:
        return PrintedField(label=fact.label, value=fact.struck, wide=fact.is_wide, struck=True)
    value = said(fact.value)
    return PrintedField(label=fact.label, value=value, wide=fact.is_wide, struck=not value and not case.record.is_open)


def _signature(case: Case, box: SignatureBox) -> PrintedSignature:
    meaning = _in_words(box.meaning)
    for signature in _signatures(case, box):
        return PrintedSignature(
            meaning=meaning,
            name=signature.employee.name,
            at=exactly(signature.signed_at),
            digest=_("signed electronically %(digest)s") % {"digest": signature.shown_digest[:DIGEST_SHOWN]},
        )
    entry = None if box.position else _last_entry(case, box.signs_on)
    if entry is None:
        return PrintedSignature(meaning=meaning)
    by = Employee.objects.filter(company=case.company, pk=entry.by_id or 0).first()
    return PrintedSignature(meaning=meaning, name=str(by or ""), at=exactly(entry.occurred_at))


def _signatures(case: Case, box: SignatureBox) -> list[Any]:
    """Valid signatures of the last round before the action, by whoever signed for the box's position."""
    if box.position is None or box.signs_on is None:
        return []
    places = {
        (each.group, slot.n)
        for each in case.rounds
        if each.before == box.signs_on
        for slot in each.slots
        if slot.is_signed and slot.declared == f"position:{box.position}"
    }
    signed = case.record.signatures.filter(decision="agreed").select_related("employee").order_by("-signed_at")
    return [each for each in signed if (each.control, each.slot) in places]


def _last_entry(case: Case, action: str | None) -> Entry | None:
    return next((entry for entry in reversed(case.entries) if entry.action == action), None)


def _in_words(text: Any) -> str:
    return str(text.in_language(get_language() or "zh-hans"))
