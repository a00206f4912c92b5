"""Customers and products for programs: found, entered and changed by the same forms as on the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Router
from pydantic import BaseModel, Field

from luyue.api.addresses import opaque, pk_of
from luyue.api.dossier import EntryNamed
from luyue.api.fields import Schema, as_the_form_says, as_the_page_sends, parameters_of, schema_of, wrong_kinds
from luyue.api.once import Answer, answered, carried_out_once
from luyue.api.paging import PagingForm, key_of, page_of, parts_of, wrong_after
from luyue.api.problems import Problem, errors_of, wrong_fields
from luyue.api.reading import checked, content_of, object_in, refuse_strangers, versions_in
from luyue.api.registers import AS_READ, ONCE
from luyue.api.shapes import ADDRESS, Person, person
from luyue.api.surface import DOING, READING, READING_ONE, answers, surface
from luyue.customers import files
from luyue.customers.files import FileChangedError, FileError
from luyue.customers.forms import ContactForm, CustomerForm, ProductForm
from luyue.customers.history import changes_in, entries_of, title_of
from luyue.organization.access import StaffRequest
from luyue.parties.models import Contact, Market, Party
from luyue.products.models import Product
from luyue.records.facts import stored

Filed = Party | Product


class ContactShown(BaseModel):
    name: str
    title: str
    phone: str
    email: str


class FileShown(BaseModel):
    id: str
    url: str
    number: str
    name: str
    version: int


class CustomerShown(FileShown):
    role: str
    market: str
    address: str
    postcode: str
    phone: str
    email: str
    distance_km: str | None
    responsible: Person | None


class CustomerWhole(CustomerShown):
    contacts: list[ContactShown]


class ProductShown(FileShown):
    specification: str
    unit: str
    category: str


class FileChange(BaseModel):
    field: str
    label: str
    before: str
    after: str


class FileEntry(EntryNamed):
    contact: str = Field(description="Who was noted as a contact; empty otherwise.")
    changes: list[FileChange]


class FilesForm(PagingForm):
    """Which customers or products; `q` is a part of the name or the beginning of the number."""

    number = forms.CharField(label=gettext_lazy("number"), required=False, max_length=60)
    name = forms.CharField(label=gettext_lazy("name"), required=False, max_length=200)
    q = forms.CharField(label=gettext_lazy("words"), required=False, max_length=100)


class CustomersForm(FilesForm):
    role = forms.ChoiceField(label=gettext_lazy("role"), choices=Party.Role.choices, required=False)
    market = forms.ChoiceField(label=gettext_lazy("market"), choices=Market.choices, required=False)


class ProductsForm(FilesForm):
    category = forms.CharField(label=gettext_lazy("category"), required=False, max_length=80)


@dataclass(frozen=True)
class Kind:
    """Customers or products: what is asked of them, and how they are shown."""

    model: type[Party] | type[Product]
    slug: str
    title: Any
    opening: Any
    changing: Any
    asks: type[CustomerForm] | type[ProductForm]
    filters: type[FilesForm]
    shape: type[FileShown]
    whole: type[FileShown]
    enter: Callable[..., Filed]

    @property
    def name(self) -> str:
        return self.slug.removesuffix("s")


CUSTOMERS = Kind(
    Party,
    "customers",
    gettext_lazy("Customers"),
    gettext_lazy("Enter a customer"),
    gettext_lazy("Change the customer"),
    CustomerForm,
    CustomersForm,
    CustomerShown,
    CustomerWhole,
    files.enter_customer,
)
PRODUCTS = Kind(
    Product,
    "products",
    gettext_lazy("Products"),
    gettext_lazy("Enter a product"),
    gettext_lazy("Change the product"),
    ProductForm,
    ProductsForm,
    ProductShown,
    ProductShown,
    files.enter_product,
)


def _offer(kind: Kind) -> None:
    router = Router(tags=[kind.slug])
    _offer_list(router, kind)
    _offer_entering(router, kind)
    _offer_one(router, kind)
    _offer_changing(router, kind)
    _offer_history(router, kind)
    if kind is CUSTOMERS:
        _offer_contacts(router)
    surface.add_router(f"/{kind.slug}", router)


def _offer_list(router: Router, kind: Kind) -> None:
    def listed(request: HttpRequest) -> Any:
        refuse_strangers(request.GET, kind.filters.base_fields)
        return _page(cast(StaffRequest, request), kind, checked(kind.filters, request.GET))

    router.add_api_operation(
        "",
        ["GET"],
        listed,
        operation_id=f"list_{kind.slug}",
        summary=kind.title,
        response=answers(page_of(kind.shape, f"{kind.shape.__name__}Page"), problems=READING),
        openapi_extra={"parameters": parameters_of(kind.filters.base_fields)},
    )


def _page(request: StaffRequest, kind: Kind, asked: dict[str, Any]) -> dict[str, Any]:
    """In the order in which they were entered, so that a program that goes through all of them misses none."""
    rows = _found(_rows(request, kind), asked)
    if asked["after"]:
        (pk,) = parts_of(asked["after"], [(int,)])
        if not 0 < pk < 2**63:
            raise wrong_after()
        rows = rows.filter(pk__gt=pk)
    found = list(rows.order_by("pk")[: asked["limit"] + 1])
    shown = found[: asked["limit"]]
    return {
        "items": [_told(kind, each) for each in shown],
        "next": key_of(shown[-1].pk) if len(found) > len(shown) else None,
    }


def _rows(request: StaffRequest, kind: Kind) -> QuerySet[Any]:
    rows: QuerySet[Any] = kind.model._default_manager.filter(company=request.company)
    return rows.select_related("responsible") if kind is CUSTOMERS else rows


def _found(rows: QuerySet[Any], asked: Mapping[str, Any]) -> QuerySet[Any]:
    for name in ("number", "name", "role", "market", "category"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked["q"]:
        rows = rows.filter(Q(name__icontains=asked["q"]) | Q(number__istartswith=asked["q"]))
    return rows


def _told(kind: Kind, filed: Any) -> dict[str, Any]:
    said = opaque(kind.name, filed.pk)
    return {
        "id": said,
        "url": f"{ADDRESS}/{kind.slug}/{said}",
        "version": filed.version,
        **{name: _value(getattr(filed, name)) for name in kind.asks.base_fields},
    }


def _value(value: Any) -> Any:
    return person(value) if hasattr(value, "account_id") else stored(value)


def _offer_entering(router: Router, kind: Kind) -> None:
    def entered(request: HttpRequest) -> HttpResponse:
        return _enter(cast(StaffRequest, request), kind)

    router.add_api_operation(
        "",
        ["POST"],
        entered,
        operation_id=f"enter_{kind.name}",
        summary=kind.opening,
        response=answers(kind.shape, problems=DOING, status=201),
        openapi_extra={"parameters": [ONCE], "requestBody": _body(schema_of(kind.asks.base_fields))},
    )


def _body(schema: Schema) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _enter(request: StaffRequest, kind: Kind) -> HttpResponse:
    content = content_of(request)

    def enter() -> Answer:
        values = _values(request, kind.asks, as_the_form_says(kind.asks.base_fields, _said(kind.asks, content)))
        kept = kind.enter(request.company, values, by=request.employee, at=request.now)
        return Answer(201, _told(kind, kept))

    return answered(request, _once(request, content, enter))


def _said(asks: type[forms.Form], content: bytes) -> dict[str, Any]:
    said = object_in(content)
    if errors := wrong_kinds(asks.base_fields, said):
        raise wrong_fields(errors)
    return said


def _values(request: StaffRequest, asks: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    form = asks(said, company=request.company)
    if not form.is_valid():
        raise wrong_fields(errors_of(form))
    values: dict[str, Any] = form.cleaned_data
    return values


def _once(request: StaffRequest, content: bytes, deed: Callable[[], Answer]) -> Answer:
    try:
        return carried_out_once(request, content, deed)
    except FileError as wrong:
        raise wrong_fields([(wrong.field, str(wrong))]) from wrong
    except FileChangedError as changed:
        status = 412 if "If-Match" in request.headers else 409
        raise Problem(status, "changed-meanwhile", _("This is refused."), detail=str(changed)) from changed


def _one(request: HttpRequest, kind: Kind, said: str) -> Any:
    return get_object_or_404(_rows(cast(StaffRequest, request), kind), pk=pk_of(kind.name, said) or 0)


def _offer_one(router: Router, kind: Kind) -> None:
    def one(request: HttpRequest, response: HttpResponse, id: str) -> Any:
        refuse_strangers(request.GET, ())
        found = _one(request, kind, id)
        response["ETag"] = f'"{found.version}"'
        return _whole(kind, found)

    router.add_api_operation(
        "/{id}",
        ["GET"],
        one,
        operation_id=f"get_{kind.name}",
        summary=kind.title,
        response=answers(kind.whole, problems=READING_ONE | {422}),
    )


def _whole(kind: Kind, found: Any) -> dict[str, Any]:
    return _told(kind, found) | ({"contacts": _contacts(found)} if kind is CUSTOMERS else {})


def _contacts(party: Party) -> list[dict[str, str]]:
    return [_contact(each) for each in party.contacts.order_by("pk")]


def _contact(contact: Contact) -> dict[str, str]:
    return {name: getattr(contact, name) for name in ContactForm.base_fields}


def _offer_changing(router: Router, kind: Kind) -> None:
    def changed(request: HttpRequest, id: str) -> HttpResponse:
        return _change(cast(StaffRequest, request), kind, _one(request, kind, id))

    router.add_api_operation(
        "/{id}",
        ["PATCH"],
        changed,
        operation_id=f"change_{kind.name}",
        summary=kind.changing,
        description=cast(str, gettext_lazy("What is not said stays as it is; null or empty text empties a field.")),
        response=answers(kind.shape, problems=DOING),
        openapi_extra={
            "parameters": [ONCE, AS_READ],
            "requestBody": _body(schema_of(kind.asks.base_fields) | {"required": []}),
        },
    )


def _change(request: StaffRequest, kind: Kind, filed: Any) -> HttpResponse:
    content = content_of(request)
    expected = versions_in(request.headers.get("If-Match"))

    def change() -> Answer:
        said = _said(kind.asks, content)
        form = kind.asks(company=request.company)
        known = {name: field.prepare_value(getattr(filed, name)) for name, field in form.fields.items()}
        values = _values(request, kind.asks, known | as_the_page_sends(kind.asks.base_fields, said))
        version = None if expected is None else filed.version if filed.version in expected else 0
        kept = files.change(filed, values, by=request.employee, at=request.now, version=version)
        return Answer(200, _told(kind, kept))

    return answered(request, _once(request, content, change))


def _offer_history(router: Router, kind: Kind) -> None:
    def history(request: HttpRequest, id: str) -> Any:
        refuse_strangers(request.GET, ())
        return _history(_one(request, kind, id))

    router.add_api_operation(
        "/{id}/history",
        ["GET"],
        history,
        operation_id=f"{kind.name}_history",
        summary=gettext_lazy("History"),  # type: ignore[arg-type]
        response=answers(list[FileEntry], problems=READING_ONE | {422}),
    )


def _history(filed: Filed) -> list[dict[str, Any]]:
    return [
        {
            "sequence": entry.sequence,
            "action": entry.action.partition(".")[2],
            "label": title_of(entry),
            "by": person(entry.by),
            "occurred_at": entry.occurred_at,
            "entered_at": entry.entered_at,
            "previous_hash": entry.previous_hash,
            "hash": entry.hash,
            "contact": entry.data.get("contact", ""),
            "changes": [
                {"field": name, "label": change.label, "before": change.before, "after": change.after}
                for name, change in zip(entry.changes, changes_in(filed, entry), strict=True)
            ],
        }
        for entry in entries_of(filed)
    ]


def _offer_contacts(router: Router) -> None:
    def added(request: HttpRequest, id: str) -> HttpResponse:
        return _add_contact(cast(StaffRequest, request), _one(request, CUSTOMERS, id))

    router.add_api_operation(
        "/{id}/contacts",
        ["POST"],
        added,
        operation_id="add_contact",
        summary=gettext_lazy("Add a contact"),  # type: ignore[arg-type]
        response=answers(ContactShown, problems=DOING, status=201),
        openapi_extra={"parameters": [ONCE], "requestBody": _body(schema_of(ContactForm.base_fields))},
    )


def _add_contact(request: StaffRequest, party: Party) -> HttpResponse:
    content = content_of(request)

    def add() -> Answer:
        values = _values(request, ContactForm, as_the_form_says(ContactForm.base_fields, _said(ContactForm, content)))
        return Answer(201, _contact(files.add_contact(party, values, by=request.employee, at=request.now)))

    answer = _once(request, content, add)
    response = surface.create_response(request, answer.body, status=answer.status)
    if answer.is_repeated:
        response["Idempotent-Replayed"] = "true"
    return response


for each in (CUSTOMERS, PRODUCTS):
    _offer(each)
