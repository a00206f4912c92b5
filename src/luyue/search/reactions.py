"""The index follows every change of a record, in the same transaction."""

from __future__ import annotations

from django.db import models

from luyue.records.models import Record
from luyue.records.performing import Performed
from luyue.records.reactions import whenever
from luyue.search.index import put


@whenever
def keep_findable(performed: Performed) -> None:
    """Words change only when facts change; comments are found through the history, not the index."""
    if performed.entry.changes:
        put(performed.record.pk, performed.record.company_id, performed.record.type, text_of(performed.record))


def text_of(record: Record) -> str:
    """What a record is found by: its number, the customer, the product, and all that was written in it."""
    said = [record.number, record.title]
    if record.party is not None:
        said += [record.party.number, record.party.name, record.party.phone]
    for field in record._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField) and not field.choices and field.editable:
            said.append(str(getattr(record, field.attname) or ""))
    return " ".join(filter(None, said))
