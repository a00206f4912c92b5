"""What the ledger says of one customer or product: who entered and changed what, with the values before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luyue.desk import faces
from luyue.ledger.models import Entry
from luyue.parties.models import Party
from luyue.products.models import Product

_TITLES = {
    "enter": gettext_lazy("Entered"),
    "change": gettext_lazy("Changed"),
    "add_contact": gettext_lazy("Contact added"),
}


def chain_of(filed: Party | Product) -> str:
    """Each file has a chain of its own, so that nobody waits for another's and its history is read at once."""
    return f"{filed._meta.model_name}{filed.pk}"


def entries_of(filed: Party | Product) -> Sequence[Entry]:
    """The entries of one file, the first first."""
    rows = Entry.objects.filter(company_id=filed.company_id, chain=chain_of(filed))
    return list(rows.select_related("by__department").order_by("sequence"))


def history_of(filed: Party | Product) -> list[faces.Entry]:
    """The lines of a file's history, newest first."""
    return [_line(filed, entry) for entry in reversed(entries_of(filed))]


def in_words(filed: Party | Product, *, since: int) -> list[faces.Change]:
    """What was changed after that version of the file."""
    later = [entry for entry in entries_of(filed) if int(entry.data.get("version", 0)) > since]
    return [change for entry in later for change in changes_in(filed, entry)]


def title_of(entry: Entry) -> str:
    return str(_TITLES[entry.action.partition(".")[2]])


def changes_in(filed: Party | Product, entry: Entry) -> list[faces.Change]:
    fields = {field.name: field for field in filed._meta.concrete_fields}
    return [
        faces.Change(
            label=capfirst(str(fields[name].verbose_name)),
            before=_text(fields[name], before),
            after=_text(fields[name], after),
        )
        for name, (before, after) in entry.changes.items()
    ]


def _line(filed: Party | Product, entry: Entry) -> faces.Entry:
    contact = entry.data.get("contact")
    return faces.Entry(
        kind="action",
        title=title_of(entry),
        who=faces.Person(name=entry.by.name, department=str(entry.by.department)) if entry.by else None,
        occurred_at=entry.occurred_at,
        entered_at=entry.entered_at,
        comment=_("Contact: %(name)s") % {"name": contact} if contact else "",
        changes=changes_in(filed, entry),
        digest=entry.hash,
    )


def _text(field: Any, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, dict):
        return str(value["name"])
    return str(dict(field.flatchoices).get(value, value))
