"""A record on the company's own paper, as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luyue.desk.presenting import exactly, fact_of, label_of, said, state_of
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
    name = f"{_in_words(forms[place].control.title)} {case.record.number}.pdf"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or ""
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
    return [
        bound
        for bound in case.rules.forms(case.record_type.name)
        if bound.holds(case.facts) is not False and _time_has_come(case, bound.control)
    ]


def _time_has_come(case: Case, form: Form) -> bool:
    """A reply with a remedy that has been proposed anew, but not decided anew, is not printed (CEMENT-3.7.2-2)."""
    if form.only_after is None:
        return True
    last = next((event.action for event in reversed(case.events) if event.action in (form.only_after, *form.since)), "")
    return last == form.only_after


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
        fields=[_field(case, name) for name in form.fields],
        signatures=[_signature(case, box) for box in form.signatures],
        copies=_(", ").join(receivers),
    )


def _field(case: Case, name: str) -> PrintedField:
    """What was struck through says why; on a closed record an empty field is struck, on an open one left to the pen."""
    if name == "attachments":
        return _listed(case, _("Attachments"), _attachments(case))
    if name in case.record_type.children:
        return _listed(case, *_children(case, name))
    if name in case.withheld_fields:
        words = _("not shown to %(who)s") % {"who": case.by.name}
        return PrintedField(label=label_of(case.record, name), value=words)
    if name in case.hidden_fields:
        return PrintedField(label=label_of(case.record, name), struck=not case.record.is_open)
    fact = fact_of(case.record, name)
    if fact.struck:
        return PrintedField(label=fact.label, value=fact.struck, wide=fact.is_wide, struck=True)
    value = said(fact.value)
    return PrintedField(label=fact.label, value=value, wide=fact.is_wide, struck=not value and not case.record.is_open)


def _listed(case: Case, label: str, lines: Sequence[str]) -> PrintedField:
    return PrintedField(label=label, value="\n".join(lines), wide=True, struck=not lines and not case.record.is_open)


def _children(case: Case, name: str) -> tuple[str, list[str]]:
    """Findings or measures, one line each with the names of what stands in it."""
    manager = getattr(case.record, name)
    fields = [
        field
        for field in manager.model._meta.concrete_fields
        if field.name not in ("id", "company", case.record_type.name)
    ]
    lines = [
        _("; ").join(
            f"{capfirst(str(field.verbose_name))} {value}" for field in fields if (value := _value(row, field))
        )
        for row in manager.order_by("pk")
    ]
    return capfirst(str(manager.model._meta.verbose_name_plural)), lines


def _value(row: Model, field: Any) -> str:
    value = getattr(row, field.name)
    return value.name if isinstance(value, Employee) else said(value)


def _attachments(case: Case) -> list[str]:
    """Each paper by its kind and name, with the beginning of its digest, so that it can be told from any other."""
    kinds = dict(case.record_type.attachment_kinds.choices)
    return [
        f"{kinds.get(each.kind, each.kind)} {each.file_name} {each.digest[:DIGEST_SHOWN]}"
        for each in case.record.attachments.order_by("pk")
    ]


def _signature(case: Case, box: SignatureBox) -> PrintedSignature:
    meaning = _in_words(box.meaning)
    for signature in _signatures(case, box):
        return PrintedSignature(
            meaning=meaning,
            name=signature.employee.name,
            at=exactly(signature.signed_at),
            digest=_("signed electronically %(digest)s") % {"digest": signature.shown_digest[:DIGEST_SHOWN]},
        )
    entry = None if _is_signed_for(case, box) else _last_entry(case, box.signs_on)
    if entry is None:
        return PrintedSignature(meaning=meaning)
    by = Employee.objects.filter(company=case.company, pk=entry.by_id or 0).first()
    return PrintedSignature(meaning=meaning, name=str(by or ""), at=exactly(entry.occurred_at))


def _signatures(case: Case, box: SignatureBox) -> list[Any]:
    """Valid signatures of the last round before the action, by whoever signed for the box's position."""
    signer = _signer(box)
    if signer is None or box.signs_on is None:
        return []
    places = {
        (each.group, slot.n)
        for each in case.rounds
        if each.before == box.signs_on
        for slot in each.slots
        if slot.is_signed and slot.declared == signer
    }
    signed = case.record.signatures.filter(decision="agreed").select_related("employee").order_by("-signed_at")
    return [each for each in signed if (each.control, each.slot) in places]


def _is_signed_for(case: Case, box: SignatureBox) -> bool:
    """Whether a sign-off waits for whom the box names; otherwise whoever took the action stands there with the time."""
    signer = _signer(box)
    if signer is None or box.signs_on is None:
        return False
    waited_for = case.rules.sign_offs_before(box.signs_on)
    return any(address.key == signer for bound in waited_for for address in bound.control.signers)


def _signer(box: SignatureBox) -> str | None:
    """Whose signature the box waits for, as a sign-off names the signer."""
    return f"position:{box.position}" if box.position else f"person:{box.person}" if box.person else None


def _last_entry(case: Case, action: str | None) -> Entry | None:
    return next((entry for entry in reversed(case.entries) if entry.action == action), None)


def _in_words(text: Any) -> str:
    return str(text.in_language(get_language() or "zh-hans"))
