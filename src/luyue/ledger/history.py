"""Reading the ledger back for a record's page."""

from __future__ import annotations

from luyue.ledger.models import Entry


def entries_of(record_id: int, *, before: int | None = None, limit: int = 50) -> list[Entry]:
    """A record's entries, newest first, with who made them; `before` is the last sequence already shown."""
    entries = Entry.objects.filter(record_id=record_id).select_related("by").order_by("-sequence")
    if before is not None:
        entries = entries.filter(sequence__lt=before)
    return list(entries[:limit])
