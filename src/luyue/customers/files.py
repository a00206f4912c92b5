"""Customers and products are entered and changed here; each change is an entry in the chain of that one file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from luyue.customers.history import chain_of, in_words
from luyue.ledger import book
from luyue.organization.models import Company, Employee
from luyue.parties.models import Contact, Party
from luyue.products.models import Product
from luyue.records.facts import stored
from luyue.records.numbering import take

Filed = TypeVar("Filed", bound=Party | Product)


class FileError(ValueError):
    """A customer or product could not be entered; the sentence is for the user, `field` says where."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


class FileChangedError(Exception):
    """Somebody else changed the file since it was read; the sentence says what."""


@transaction.atomic
def enter_customer(company: Company, values: Mapping[str, Any], *, by: Employee, at: datetime) -> Party:
    """Open a file for a customer; without a number of its own it gets the next one."""
    number = values.get("number") or _next_number(company)
    return _enter(Party(company=company), {**values, "number": number}, by=by, at=at)


def enter_product(company: Company, values: Mapping[str, Any], *, by: Employee, at: datetime) -> Product:
    """Enter a product by its number."""
    return _enter(Product(company=company), values, by=by, at=at)


@transaction.atomic
def change(
    filed: Party | Product, values: Mapping[str, Any], *, by: Employee, at: datetime, version: int | None = None
) -> Party | Product:
    """Change what is known of a customer or product; the ledger keeps the old values.

    `version` is the one that was read: of two people who change the same file at once, the second is told.
    """
    now_known = type(filed)._default_manager.select_for_update().get(pk=filed.pk)
    if version is not None and now_known.version != version:
        raise FileChangedError(_what_changed(now_known, version))
    said = {**values, "number": values.get("number") or now_known.number}
    changes = {
        name: [_plain(getattr(now_known, name)), _plain(value)]
        for name, value in said.items()
        if getattr(now_known, name) != value
    }
    if not changes:
        return now_known
    for name, value in said.items():
        setattr(now_known, name, value)
    now_known.version += 1
    _save(now_known)
    _write_down(now_known, "change", changes, {"version": now_known.version}, by=by, at=at)
    return now_known


def _what_changed(filed: Party | Product, version: int) -> str:
    """Each field that others have changed since that version, before and after."""
    told = [
        f"{capfirst(change.label)}: {change.before or '—'} → {change.after or '—'}"
        for change in in_words(filed, since=version)
    ]
    return _("Somebody changed %(name)s while you were writing (%(changes)s). Look at it, then send yours again.") % {
        "name": filed.name,
        "changes": "; ".join(told),
    }


@transaction.atomic
def add_contact(party: Party, values: Mapping[str, Any], *, by: Employee, at: datetime) -> Contact:
    """Note a person at the customer whom one may call or write to."""
    contact = Contact.objects.create(company_id=party.company_id, party=party, **values)
    _write_down(party, "add_contact", {}, {"contact": contact.name}, by=by, at=at)
    return contact


def _next_number(company: Company) -> str:
    while True:
        number = f"C{take(company, 'party'):04d}"
        if not Party.objects.filter(company=company, number=number).exists():
            return number


@transaction.atomic
def _enter(filed: Filed, values: Mapping[str, Any], *, by: Employee, at: datetime) -> Filed:
    for name, value in values.items():
        setattr(filed, name, value)
    _save(filed)
    changes = {name: [None, _plain(value)] for name, value in values.items() if value not in (None, "")}
    _write_down(filed, "enter", changes, {"version": filed.version}, by=by, at=at)
    return filed


def _save(filed: Party | Product) -> None:
    try:
        with transaction.atomic():
            filed.save()
    except IntegrityError as taken:
        raise FileError(_("This number is taken already."), "number") from taken


def _plain(value: Any) -> Any:
    return {"id": value.pk, "name": value.name} if isinstance(value, Employee) else stored(value)


def _write_down(
    filed: Party | Product,
    action: str,
    changes: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    by: Employee,
    at: datetime,
) -> None:
    kind = "customers" if isinstance(filed, Party) else "products"
    book.append_to(
        company_id=filed.company_id,
        chain=chain_of(filed),
        action=f"{kind}.{action}",
        by_id=by.pk,
        occurred_at=at,
        entered_at=at,
        changes=changes,
        data={"id": filed.pk, "number": filed.number, **data},
    )
