"""From each record type's declaration: its register, its records, and everything that may happen to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Router

from luyue.api.dossier import case_called, offer_dossier, upload_schema, uploads_in
from luyue.api.fields import EMPLOYEE_ID, NO_NUL, Schema, employee_key, parameters_of
from luyue.api.once import Answer, answered, carried_out_once
from luyue.api.paging import USUAL, PagingForm, page_of, wrong_after
from luyue.api.problems import errors_of, refused, wrong_fields
from luyue.api.reading import body_schema, checked, content_of, read, refuse_strangers, versions_in
from luyue.api.shapes import RecordNamed, Telling, named, own_fields, shape_of_record, shape_of_register, whole
from luyue.api.surface import DOING, READING, READING_ONE, answers, surface
from luyue.desk.listing import SORTS, VIEWS, Listing, filter_form, filter_names, read_key
from luyue.organization.access import StaffRequest
from luyue.organization.models import Department, Employee
from luyue.organization.prepared import by_id
from luyue.records.actions import Action
from luyue.records.general import ATTACH
from luyue.records.models import Record
from luyue.records.record_types import RecordType
from luyue.records.refusing import ChangedMeanwhile, Refusal, Refused

_ANSWERS = {"true": "True", "false": "False", "unknown": "None"}
"""How a filter on yes or no is said here, and how the page's form says it."""


class RegisterForm(PagingForm):
    """What every register may be asked; its own filters come beside it."""

    number = forms.CharField(label=gettext_lazy("number"), required=False, max_length=60)
    q = forms.CharField(label=gettext_lazy("words"), required=False, max_length=100)
    view = forms.ChoiceField(choices=[(each, each) for each in VIEWS], initial="all", required=False)
    sort = forms.ChoiceField(choices=[(each, each) for each in SORTS], initial="-opened_at", required=False)


class RecordReceipt(RecordNamed):
    """What became of a record by an action."""

    version: int
    is_open: bool


class Register(Listing):
    """A register as a program asks for it: the page's own filters, with the number and the length of a page beside."""

    @property
    def size(self) -> int:
        return int(self.query.get("limit", USUAL))

    @cached_property
    def rows(self) -> models.QuerySet[Record]:
        number = self.query.get("number", "")
        return super().rows.filter(number=number) if number else super().rows

    def fetched_in_lines(self, ids: Any) -> list[Record]:
        own = (field.name for field in own_fields(self.record_type.model) if field.is_relation)
        related = dict.fromkeys(("party", "department", "owner", *own))
        found = {each.pk: each for each in by_id(self.record_type.model, *related)(ids)}
        return [found[pk] for pk in ids]


def offer(record_type: RecordType) -> None:
    """Add the register, the records and the actions of a type to the API."""
    router = Router(tags=[record_type.slug])
    _offer_register(router, record_type)
    _offer_opening(router, record_type)
    _offer_record(router, record_type)
    offer_dossier(router, record_type)
    _offer_upload(router, record_type)
    for action in record_type.all_actions.values():
        if not action.is_opening:
            _offer_action(router, record_type, action)
    surface.add_router(f"/{record_type.slug}", router)


def _offer_register(router: Router, record_type: RecordType) -> None:
    def register(request: HttpRequest) -> Any:
        return _page(request, record_type)  # type: ignore[arg-type]

    name = record_type.model.__name__
    router.add_api_operation(
        "",
        ["GET"],
        register,
        operation_id=f"list_{record_type.name}",
        summary=record_type.title,  # type: ignore[arg-type]
        response=answers(page_of(shape_of_register(record_type), f"{name}Page"), problems=READING),
        openapi_extra={"parameters": [*parameters_of(RegisterForm.base_fields), *filters_of(record_type)]},
    )


def _offer_opening(router: Router, record_type: RecordType) -> None:
    action = record_type.opening_action

    def opening(request: HttpRequest) -> HttpResponse:
        return _open(request, record_type)  # type: ignore[arg-type]

    router.add_api_operation(
        "",
        ["POST"],
        opening,
        operation_id=f"{record_type.name}_{action.name}",
        response=answers(RecordReceipt, problems=DOING, status=201),
        **_as_declared(record_type, action),
    )


def _offer_record(router: Router, record_type: RecordType) -> None:
    def record(request: HttpRequest, response: HttpResponse, id: str) -> Any:
        case = case_called(request, record_type, id)  # type: ignore[arg-type]
        response["ETag"] = f'"{case.record.version}"'
        return whole(case)

    router.add_api_operation(
        "/{id}",
        ["GET"],
        record,
        operation_id=f"get_{record_type.name}",
        summary=record_type.model._meta.verbose_name,  # type: ignore[arg-type]
        response=answers(shape_of_record(record_type), problems=READING_ONE),
        openapi_extra={"responses": {200: {"headers": {"ETag": _ETAG}}}},
    )


def _offer_action(router: Router, record_type: RecordType, action: Action[Any, Any]) -> None:
    def act(request: HttpRequest, id: str) -> HttpResponse:
        return _act(request, record_type, action, id)  # type: ignore[arg-type]

    router.add_api_operation(
        f"/{{id}}/actions/{action.name}",
        ["POST"],
        act,
        operation_id=f"{record_type.name}_{action.name}",
        response=answers(RecordReceipt, problems=DOING),
        **_as_declared(record_type, action, AS_READ),
    )


def _offer_upload(router: Router, record_type: RecordType) -> None:
    def upload(request: HttpRequest, id: str) -> HttpResponse:
        return _upload(request, record_type, id)  # type: ignore[arg-type]

    router.add_api_operation(
        "/{id}/attachments",
        ["POST"],
        upload,
        operation_id=f"{record_type.name}_upload",
        summary=ATTACH.label,  # type: ignore[arg-type]
        description=cast(str, gettext_lazy("The action “attach”, with the files as a page sends them.")),
        response=answers(RecordReceipt, problems=DOING),
        openapi_extra={
            "parameters": [ONCE, AS_READ],
            "requestBody": {
                "required": True,
                "content": {"multipart/form-data": {"schema": upload_schema(record_type)}},
            },
        },
    )


def _as_declared(record_type: RecordType, action: Action[Any, Any], *headers: Schema) -> dict[str, Any]:
    return {
        "summary": action.label,
        "description": action.hint and gettext_lazy(action.hint),
        "openapi_extra": {
            "parameters": [ONCE, *headers],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": body_schema(action, record_type)}},
            },
        },
    }


_ETAG: Schema = {"schema": {"type": "string"}, "description": gettext_lazy("The record's version, for If-Match.")}


def _header(name: str, description: Any) -> Schema:
    schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
    return {"in": "header", "name": name, "required": False, "schema": schema, "description": description}


ONCE = _header("Idempotency-Key", gettext_lazy("A request sent twice is carried out once."))
AS_READ = _header("If-Match", gettext_lazy("The ETag of the record as you read it."))


def filters_of(record_type: RecordType) -> list[Schema]:
    """The filters of a register as OpenAPI describes a query."""
    return [
        {"in": "query", "name": name, "required": False, "schema": schema}
        for filtered in record_type.filters
        for name, schema in _filter(record_type, filtered).items()
    ]


def _filter(record_type: RecordType, name: str) -> dict[str, Schema]:
    declared: Any = record_type.model._meta.get_field(name)
    said: Schema = {"title": declared.verbose_name}
    if name == "state":
        return {name: said | _several(record_type.states.values)}
    if declared.is_relation and declared.related_model is Employee:
        return {name: said | EMPLOYEE_ID}
    if isinstance(declared, models.DateField):
        day = said | {"type": "string", "format": "date"}
        return {f"{name}_from": day, f"{name}_to": day}
    if isinstance(declared, models.BooleanField):
        return {name: said | {"type": "string", "enum": list(_ANSWERS)[: 3 if declared.null else 2]}}
    if declared.choices and not declared.is_relation:
        return {name: said | _several([str(value) for value, _label in declared.flatchoices])}
    return {name: said | {"type": "string", "maxLength": 200, "pattern": NO_NUL}}


def _several(values: list[str]) -> Schema:
    return {"type": "array", "items": {"type": "string", "enum": values}}


def _page(request: StaffRequest, record_type: RecordType) -> dict[str, Any]:
    refuse_strangers(request.GET, {*RegisterForm.base_fields, *filter_names(record_type)})
    filters = filter_form(record_type, request, named=request.GET).fields
    asked = checked(RegisterForm, request.GET)
    if asked["after"] and read_key(asked["after"]) is None:
        raise wrong_after()
    request.GET = _as_the_page_asks(request, filters)  # type: ignore[assignment]
    request.GET.update({name: str(value) for name, value in asked.items() if value != ""})
    listing = Register(record_type, request)
    if not listing.asked_form.is_valid():
        raise wrong_fields(errors_of(listing.asked_form))
    page = listing.page()
    telling = Telling.of(request.employee, request.authority, page.records)
    return {"items": [telling.listed(record) for record in page.records], "next": page.older or None}


def _as_the_page_asks(request: StaffRequest, filters: dict[str, forms.Field]) -> QueryDict:
    """The filters with people, departments and answers named as in the register's own address."""
    query = QueryDict(mutable=True)
    for name, field in ((name, field) for name, field in filters.items() if name in request.GET):
        query.setlist(name, [_as_the_page_says(field, said, request) for said in request.GET.getlist(name)])
    return query


def _as_the_page_says(field: forms.Field, said: str, request: StaffRequest) -> str:
    if isinstance(field, forms.ModelChoiceField) and said:
        if field.queryset is not None and field.queryset.model is Employee:
            return employee_key(said)
        found = Department.objects.filter(company=request.company, code=said).values_list("pk", flat=True).first()
        return str(found or 0)
    return _ANSWERS.get(said, said) if isinstance(field, forms.TypedChoiceField) else said


def _open(request: StaffRequest, record_type: RecordType) -> HttpResponse:
    record = record_type.model(company=request.company)
    content = content_of(request)
    try:
        answer = carried_out_once(
            request,
            content,
            lambda: _carried_out(request, record_type.opening_action, record_type, record, content, 201),
        )
    except Refused as no:
        raise refused(no) from no
    return answered(request, answer)


def _act(request: StaffRequest, record_type: RecordType, action: Action[Any, Any], said: str) -> HttpResponse:
    record = case_called(request, record_type, said).record
    content = content_of(request)
    return _acted(request, record, content, lambda: _carried_out(request, action, record_type, record, content, 200))


def _upload(request: StaffRequest, record_type: RecordType, said: str) -> HttpResponse:
    record = case_called(request, record_type, said).record
    content, note, uploads = uploads_in(request, record_type)

    def attach() -> Answer:
        return _receipt(ATTACH.given(uploads=uploads)(record, by=request.employee, note=note), 200)

    return _acted(request, record, content, attach)


def _acted(request: StaffRequest, record: Record, content: bytes, take: Callable[[], Answer]) -> HttpResponse:
    """What the action leads to, unless the record is not what the caller has read."""
    expected = versions_in(request.headers.get("If-Match"))

    def carry_out() -> Answer:
        if expected is not None and record.version not in expected:
            raise _changed(record)
        return take()

    try:
        answer = carried_out_once(request, content, carry_out)
    except Refused as no:
        raise refused(no, if_match=expected is not None) from no
    return answered(request, answer)


def _changed(record: Record) -> ChangedMeanwhile:
    sentence = _("%(number)s is not the version that you have read.") % {"number": record.number}
    return ChangedMeanwhile(Refusal("changed_meanwhile", sentence))


def _carried_out(
    request: StaffRequest,
    action: Action[Any, Any],
    record_type: RecordType,
    record: Record,
    content: bytes,
    status: int,
) -> Answer:
    said = read(content, action, record_type, request.company)
    given = action.given(
        occurred_at=said.occurred_at,
        password=said.password,
        uploads=said.uploads,
        struck_through=said.struck_through,
    )
    return _receipt(given(record, by=request.employee, **said.values), status)


def _receipt(done: Record, status: int) -> Answer:
    return Answer(status, {**named(done), "version": done.version, "is_open": done.is_open})
