"""Customers and products are entered and changed here; each change is an entry in the chain of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from luyue.ledger import book
from luyue.organization.models import Company, Employee
from luyue.parties.models import Contact, Party
from luyue.products.models import Product
from luyue.records.facts import stored
from luyue.records.numbering import take

Filed = TypeVar("Filed", bound=models.Model)


class FileError(ValueError):
    """A customer or product could not be entered; the sentence is for the user, `field` says where."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def enter_customer(company: Company, values: Mapping[str, Any], *, by: Employee, at: datetime) -> Party:
    """Open a file for a customer; without a number of its own it gets the next one."""
    number = values.get("number") or _next_number(company, Party, "C")
    return _enter(Party(company=company), {**values, "number": number}, "customers", by=by, at=at)


def enter_product(company: Company, values: Mapping[str, Any], *, by: Employee, at: datetime) -> Product:
    """Enter a product by its number."""
    return _enter(Product(company=company), values, "products", by=by, at=at)


def change_customer(party: Party, values: Mapping[str, Any], *, by: Employee, at: datetime) -> Party:
    """Change what is known of a customer; the ledger keeps the old values."""
    return _change(party, values, "customers", by=by, at=at)


def change_product(product: Product, values: Mapping[str, Any], *, by: Employee, at: datetime) -> Product:
    """Change what is known of a product; the ledger keeps the old values."""
    return _change(product, values, "products", by=by, at=at)


@transaction.atomic
def add_contact(party: Party, values: Mapping[str, Any], *, by: Employee, at: datetime) -> Contact:
    """Note a person at the customer whom one may call or write to."""
    contact = Contact.objects.create(company_id=party.company_id, party=party, **values)
    _write_down(party, "customers", "add_contact", {}, {"party": party.pk, "contact": contact.name}, by=by, at=at)
    return contact


def _next_number(company: Company, model: type[Party], letter: str) -> str:
    while True:
        number = f"{letter}{take(company, f'{model._meta.model_name}'):04d}"
        if not model.objects.filter(company=company, number=number).exists():
            return number


@transaction.atomic
def _enter(filed: Filed, values: Mapping[str, Any], chain: str, *, by: Employee, at: datetime) -> Filed:
    for name, value in values.items():
        setattr(filed, name, value)
    _save(filed, chain)
    changes = {name: [None, _plain(value)] for name, value in values.items() if value not in (None, "")}
    _write_down(filed, chain, "enter", changes, {"id": filed.pk}, by=by, at=at)
    return filed


@transaction.atomic
def _change(filed: Filed, values: Mapping[str, Any], chain: str, *, by: Employee, at: datetime) -> Filed:
    changes = {
        name: [_plain(getattr(filed, name)), _plain(value)]
        for name, value in values.items()
        if getattr(filed, name) != value
    }
    if not changes:
        return filed
    for name, value in values.items():
        setattr(filed, name, value)
    _save(filed, chain)
    _write_down(filed, chain, "change", changes, {"id": filed.pk}, by=by, at=at)
    return filed


def _save(filed: models.Model, chain: str) -> None:
    try:
        with transaction.atomic():
            filed.save()
    except IntegrityError as taken:
        raise FileError(_("This number is taken already."), "number") from taken


def _plain(value: Any) -> Any:
    return {"id": value.pk, "name": str(value)} if isinstance(value, models.Model) else stored(value)


def _write_down(
    filed: models.Model,
    chain: str,
    action: str,
    changes: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    by: Employee,
    at: datetime,
) -> None:
    book.append_to(
        company_id=by.company_id,
        chain=chain,
        action=f"{chain}.{action}",
        by_id=by.pk,
        occurred_at=at,
        entered_at=at,
        changes=changes,
        data=data,
    )
