"""What the API says about records: the shapes of its answers, and how records come into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Annotated, Any

from django.db import models
from django.utils.text import camel_case_to_spaces
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, create_model

from luyue.api.addresses import opaque
from luyue.api.fields import employee_id
from luyue.api.problems import RefusalShown, shown
from luyue.desk.presenting import duty_verb
from luyue.organization.authority import Authority
from luyue.organization.models import Department, Employee
from luyue.records import registry
from luyue.records.case import Case
from luyue.records.facts import stored
from luyue.records.models import Link, Obligation, Record
from luyue.records.objections import Names
from luyue.records.record_types import RecordType
from luyue.records.sight import Sight

ADDRESS = "/api/v1"
OBLIGATION = "obligation"
ATTACHMENT = "attachment"


class Person(BaseModel):
    id: str
    name: str


class Unit(BaseModel):
    code: str
    name: str


class Thing(BaseModel):
    number: str
    name: str


class RecordNamed(BaseModel):
    id: str
    type: str
    url: str
    number: str
    title: str
    state: str


class RecordShown(RecordNamed):
    version: int
    is_open: bool
    party: Thing | None
    department: Unit | None
    owner: Person | None
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    nearest_due_at: datetime | None


class LinkShown(BaseModel):
    kind: str
    direction: str = Field(description="“out” when the other came from this one, “in” when this came from the other.")
    record: RecordNamed


class AttachmentShown(BaseModel):
    id: str
    url: str = Field(description="Where its content is; it is given out to be kept, never to be run.")
    kind: str
    file_name: str
    content_type: str
    size: int
    digest: str = Field(description="SHA-256.")
    added_by: Person
    added_at: datetime


class Owner(BaseModel):
    address: str = Field(description="position:…, department:… or employee:…")
    name: str


class ObligationShown(BaseModel):
    id: str
    kind: str
    duty: str
    procedure: str
    clause: str
    control: str
    owner: Owner
    status: str
    is_owed: bool
    started_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    done_at: datetime | None
    done_by: Person | None
    provisional: bool = Field(description="The calendar of a year that the due time reaches is not yet known.")


class ObligationOfRecord(ObligationShown):
    record: RecordNamed | None = Field(description="None when a calendar period owes it.")


class ActionShown(BaseModel):
    name: str
    label: str
    hint: str
    is_open: bool
    refusals: list[RefusalShown]


def shape_of_register(record_type: RecordType) -> type[BaseModel]:
    """A record of the type as its register lists it."""
    name = _name(record_type.model)
    return create_model(name, __base__=RecordShown, fields=(_fields_shape(record_type.model, f"{name}Fields"), ...))


def shape_of_record(record_type: RecordType) -> type[BaseModel]:
    """A record of the type with everything that hangs on it."""
    name = _name(record_type.model)
    rows: dict[str, Any] = {
        child: (list[_fields_shape(_child_model(record_type, child), f"{name}{child.title()}")], ...)  # type: ignore[misc]
        for child in record_type.children
    }
    return create_model(
        f"{name}Whole",
        __base__=shape_of_register(record_type),
        entered_at=(datetime, ...),
        registrar=(Person | None, ...),
        retained_until=(date | None, ...),
        struck_through=(dict[str, str], ...),
        children=(create_model(f"{name}Children", **rows), ...),
        links=(list[LinkShown], ...),
        attachments=(list[AttachmentShown], ...),
        obligations=(list[ObligationShown], ...),
        actions=(list[ActionShown], ...),
    )


def _name(model: type[models.Model]) -> str:
    return "".join(word.title() for word in camel_case_to_spaces(model.__name__).split())


def _child_model(record_type: RecordType, child: str) -> type[models.Model]:
    related: Any = record_type.model._meta.get_field(child)
    found: type[models.Model] = related.related_model
    return found


@lru_cache(maxsize=256)
def _fields_shape(model: type[models.Model], name: str) -> type[BaseModel]:
    said: dict[str, Any] = {field.name: (_kind(field), ...) for field in own_fields(model)}
    return create_model(name, **said)


@lru_cache(maxsize=256)
def own_fields(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    """What the paper asks, without what every record has and what ties a row to its record."""
    return tuple(
        field
        for field in model._meta.local_concrete_fields
        if not field.primary_key
        and field.name != "company"
        and not (field.is_relation and not issubclass(model, Record) and issubclass(_related(field), Record))
    )


def _related(field: models.Field[Any, Any]) -> type[models.Model]:
    found: Any = field.related_model
    return found


_KINDS: Mapping[type[models.Field[Any, Any]], Any] = {
    models.BooleanField: bool,
    models.IntegerField: int,
    models.DecimalField: Annotated[str, Field(json_schema_extra={"format": "decimal"})],
    models.DateTimeField: Annotated[str, Field(json_schema_extra={"format": "date-time"})],
    models.DateField: Annotated[str, Field(json_schema_extra={"format": "date"})],
    models.JSONField: Any,
}


def _kind(field: models.Field[Any, Any]) -> Any:
    shape: Any = next((shape for kind, shape in _KINDS.items() if isinstance(field, kind)), str)
    if field.is_relation:
        shape = _shape_of_related(_related(field))
    return Annotated[shape | None, Field(json_schema_extra=partial(_describe, field))]


def _describe(field: models.Field[Any, Any], said: dict[str, Any]) -> None:
    """The label in the reader's language, and the values that a choice may have."""
    said["title"] = str(field.verbose_name)
    if field.choices:
        said["enum"] = list(dict.fromkeys([*(str(value) for value, _label in field.flatchoices), "", None]))


def _shape_of_related(model: type[models.Model]) -> type[BaseModel]:
    if issubclass(model, Employee):
        return Person
    if issubclass(model, Department):
        return Unit
    return RecordNamed if issubclass(model, Record) else Thing


@dataclass(frozen=True)
class Telling:
    """Puts rows into the shapes of answers; what the reader may not see was looked up once for all of them."""

    sight: Sight

    @classmethod
    def of(cls, reader: Employee, authority: Authority, records: Iterable[Record]) -> Telling:
        return cls(Sight.of(reader, authority, records))

    def listed(self, record: Record) -> dict[str, Any]:
        """A record as its register lists it."""
        return {**summary(record), "fields": self.fields(record, self.sight.hidden(record))}

    def fields(self, row: models.Model, hidden: frozenset[str] = frozenset()) -> dict[str, Any]:
        return {name: None if name in hidden else say(getattr(row, name)) for name, say in _sayings(type(row))}


@lru_cache(maxsize=256)
def _sayings(model: type[models.Model]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """How each field of the paper is said; of a plain one nobody needs to ask what it names."""
    return tuple((field.name, _named_there if field.is_relation else stored) for field in own_fields(model))


def _named_there(value: models.Model | None) -> Any:
    if isinstance(value, Employee):
        return person(value)
    if isinstance(value, Department):
        return unit(value)
    return named(value) if isinstance(value, Record) else thing(value)


def person(employee: Employee | None) -> dict[str, str] | None:
    return {"id": employee_id(employee), "name": employee.name} if employee else None


def unit(department: Department | None) -> dict[str, str] | None:
    return {"code": department.code, "name": str(department)} if department else None


def thing(found: Any) -> dict[str, str] | None:
    return {"number": found.number, "name": found.name} if found else None


def url_of(record: Record) -> str:
    return f"{ADDRESS}/{registry.record_type(record.type).slug}/{opaque(record.type, record.pk)}"


def named(record: Record) -> dict[str, Any]:
    said = opaque(record.type, record.pk)
    return {
        "id": said,
        "type": record.type,
        "url": f"{ADDRESS}/{registry.record_type(record.type).slug}/{said}",
        "number": record.number,
        "title": record.title,
        "state": record.state,
    }


def summary(record: Record) -> dict[str, Any]:
    """What every record has."""
    return {
        **named(record),
        "version": record.version,
        "is_open": record.is_open,
        "party": thing(record.party),
        "department": unit(record.department),
        "owner": person(record.owner),
        "opened_at": record.opened_at,
        "changed_at": record.changed_at,
        "closed_at": record.closed_at,
        "nearest_due_at": record.nearest_due_at,
    }


def whole(case: Case) -> dict[str, Any]:
    """A record with its links, files, obligations and actions, as far as this person may see them."""
    record = case.record
    telling = Telling.of(case.by, case.authority, [record])
    struck = {name: str(reason) for name, reason in record.struck_through.items() if name not in case.hidden_fields}
    return {
        **telling.listed(record),
        "entered_at": record.entered_at,
        "registrar": person(record.registrar),
        "retained_until": record.retained_until,
        "struck_through": struck,
        "children": {name: _children(telling, record, name) for name in case.record_type.children},
        "links": _links(case),
        "attachments": told_attachments(record),
        "obligations": told_obligations(
            record.obligations.select_related("done_by").order_by("due_at", "id"), case.names
        ),
        "actions": [_action(case, name) for name, each in case.record_type.all_actions.items() if not each.is_opening],
    }


def _children(telling: Telling, record: Record, name: str) -> list[dict[str, Any]]:
    manager = getattr(record, name)
    related = [field.name for field in own_fields(manager.model) if field.is_relation]
    return [telling.fields(row) for row in manager.select_related(*related).order_by("pk")]


def _links(case: Case) -> list[dict[str, Any]]:
    record = case.record
    found = [
        *((link.kind, "out", link.target_id) for link in Link.objects.filter(source_id=record.pk).order_by("pk")),
        *((link.kind, "in", link.source_id) for link in Link.objects.filter(target_id=record.pk).order_by("pk")),
    ]
    others = Record.objects.visible_to(case.by, case.authority).in_bulk([pk for _k, _d, pk in found])
    return [
        {"kind": kind, "direction": direction, "record": named(others[pk])}
        for kind, direction, pk in found
        if pk in others
    ]


def told_attachments(record: Record) -> list[dict[str, Any]]:
    """The files of a record, the first first."""
    return [
        {
            "id": (said := opaque(ATTACHMENT, each.pk)),
            "url": f"{url_of(record)}/attachments/{said}",
            "kind": each.kind,
            "file_name": each.file_name,
            "content_type": each.content_type,
            "size": each.size,
            "digest": each.digest,
            "added_by": person(each.added_by),
            "added_at": each.added_at,
        }
        for each in record.attachments.select_related("added_by").order_by("pk")
    ]


def _action(case: Case, name: str) -> dict[str, Any]:
    action = case.record_type.all_actions[name]
    refusals = case.refusals(action)
    return {
        "name": name,
        "label": str(action.label),
        "hint": _(action.hint) if action.hint else "",
        "is_open": not refusals,
        "refusals": [shown(refusal) for refusal in refusals],
    }


def told_obligations(rows: Iterable[Obligation], names: Names) -> list[dict[str, Any]]:
    """What is owed, with the owners' names looked up together."""
    rows = list(rows)
    keys = {int(row.owner.partition(":")[2]) for row in rows if row.owner.startswith("employee:")}
    people = Employee.objects.filter(company_id=names.company_id).in_bulk(list(keys)) if keys else {}
    return [_obligation(row, names, people) for row in rows]


def _obligation(row: Obligation, names: Names, people: Mapping[int, Employee]) -> dict[str, Any]:
    return {
        "id": opaque(OBLIGATION, row.pk),
        "kind": row.kind,
        "duty": duty_verb(row, names),
        "procedure": row.procedure,
        "clause": row.clause,
        "control": row.control,
        "owner": owner_called(row.owner, names, people),
        "status": row.status,
        "is_owed": row.is_owed,
        "started_at": row.started_at,
        "due_at": row.due_at,
        "settled_at": row.settled_at,
        "done_at": row.done_at,
        "done_by": person(row.done_by),
        "provisional": row.provisional,
    }


def owner_called(address: str, names: Names, people: Mapping[int, Employee]) -> dict[str, str]:
    """Who stands behind an address; an employee by the id that actions take."""
    kind, _colon, key = address.partition(":")
    if kind == "employee":
        owner = people.get(int(key))
        return {"address": f"employee:{employee_id(int(key))}", "name": owner.name if owner else ""}
    return {"address": address, "name": names.address(address)}
