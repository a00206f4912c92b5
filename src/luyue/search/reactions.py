"""The index follows every change of a record, in the same transaction."""

from __future__ import annotations

from functools import cache

from django.db import models

from luyue.records.models import Record
from luyue.records.performing import Performed
from luyue.records.reactions import whenever
from luyue.records.registry import record_types
from luyue.records.rules import rules_of
from luyue.records.sight import fields_kept_back
from luyue.search.index import put


@whenever
def keep_findable(performed: Performed) -> None:
    """Words change only when facts change; comments are found through the history, not the index."""
    changed = performed.entry.changes.keys()
    if performed.is_renamed or performed.action.is_opening or changed & _words_of(type(performed.record)):
        put(performed.record.pk, performed.record.company_id, performed.record.type, text_of(performed.record))


def make_all_findable() -> int:
    """Put every record into the index anew, as after a restore, which does not bring the index; returns how many."""
    count = 0
    for record_type in record_types():
        for record in record_type.model._default_manager.select_related("party", "company").order_by("pk").iterator():
            put(record.pk, record.company_id, record.type, text_of(record))
            count += 1
    return count


def text_of(record: Record) -> str:
    """What a record is found by: its number, the customer, the product, and all that was written in it.

    What a procedure hides from some is found by nobody, for who finds by a word knows the word.
    """
    said = [record.number, record.title]
    if record.party is not None:
        said += [record.party.number, record.party.name, record.party.phone]
    kept_back = fields_kept_back(rules_of(record.binding_id, record.company), record.type)
    said += [str(getattr(record, name) or "") for name in _texts_of(type(record)) if name not in kept_back]
    return " ".join(filter(None, said))


@cache
def _words_of(model: type[Record]) -> frozenset[str]:
    """The fields that change what a record is found by."""
    return frozenset({*_texts_of(model), "party_id"})


@cache
def _texts_of(model: type[Record]) -> tuple[str, ...]:
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices and field.editable
    )
