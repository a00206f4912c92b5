"""Putting a wrong fact right: which facts can be corrected, and how a person writes the right value."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from luyue.records import registry
from luyue.records.models import Record, concrete_values
from luyue.records.refusing import Refusal, Refused


def correctable(record: Record) -> dict[str, str]:
    """The facts of the record by name, with the label that the reader knows."""
    known = concrete_values(record)
    return {
        field.name: capfirst(str(field.verbose_name))
        for field in record._meta.concrete_fields
        if field.attname in known and field.name not in ("company", "source_key", "repeats")
    }


def put_right(record: Record, name: str, written: Any) -> None:
    """Set a fact to what was written: a text, a number, a date, “yes”, a value's label, a customer's number or name.

    Raises Refused with a sentence that says what would be accepted.
    """
    if name not in correctable(record):
        sentence = _("There is no field “%(field)s” that can be corrected.") % {"field": name}
        raise Refused(Refusal("no_such_field", sentence, fields={"field": sentence}))
    field: Any = record._meta.get_field(name)
    try:
        setattr(record, field.attname, _read(field, written, record))
    except ValidationError as wrong:
        sentence = " ".join(wrong.messages)
        raise Refused(Refusal("wrong_value", sentence, fields={"value": sentence})) from wrong


def _read(field: Any, written: Any, record: Record) -> Any:
    if written in ("", None) and field.null:
        return None
    if isinstance(field, models.ForeignKey):
        return _named(field.related_model, str(written), record)
    if isinstance(field, models.BooleanField):
        return _yes_or_no(written)
    if field.choices:
        by_label = {str(label): value for value, label in field.flatchoices}
        return field.clean(by_label.get(str(written), written), record)
    asked = _as_first_asked(record, field.name)
    return field.clean(asked.clean(written) if asked else written, record)


def _as_first_asked(record: Record, name: str) -> forms.Field | None:
    """The field of the form in which the fact was first written down, so that the same limits hold for it."""
    asked = (each.form for each in registry.record_type(record.type).actions if each.form is not None)
    return next((form.base_fields[name] for form in asked if name in form.base_fields), None)


def _yes_or_no(written: Any) -> bool:
    said = str(written).strip().lower()
    answers = {"yes": True, "true": True, "no": False, "false": False, _("Yes").lower(): True, _("No").lower(): False}
    if said not in answers:
        raise ValidationError(_("Write %(yes)s or %(no)s.") % {"yes": _("Yes"), "no": _("No")})
    return answers[said]


def _named(model: Any, written: str, record: Record) -> int:
    """The one of the company whose number, code or name is written."""
    rows = model._default_manager.filter(company_id=record.company_id)
    for name in ("number", "code", "name"):
        if name not in {field.name for field in model._meta.concrete_fields}:
            continue
        found = list(rows.filter(**{name: written}).values_list("pk", flat=True)[:2])
        if len(found) == 1:
            return int(found[0])
    raise ValidationError(_("Nothing is named or numbered “%(said)s”.") % {"said": written})
