"""The names in a procedure as its readers know them."""

from __future__ import annotations

from django.utils.translation import get_language

from luyue.records import registry
from luyue.records.facts import Choice
from luyue.records.objections import Names
from luyue.rulebook.plain_words import Lookups
from luyue.rulebook.values import Text


def said(text: Text) -> str:
    """A sentence of the procedure in the reader's language."""
    return text.in_language(get_language() or "zh-hans")


def lookups_in(names: Names) -> Lookups:
    """What the names in a procedure are called in this installation and this company."""
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
