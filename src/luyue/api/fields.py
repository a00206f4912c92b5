"""Form fields as JSON Schema, and JSON values as what the very same form fields accept."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Choices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luyue.api.addresses import opaque, pk_of
from luyue.organization.models import Employee
from luyue.records.forms import Colleague, DepartmentChoice, Lookup, YesNo

Schema = dict[str, Any]

EMPLOYEE = "employee"
EMPLOYEE_ID: Schema = {"type": "string", "pattern": "^[a-z2-7]{13}$"}
NO_NUL = r"^[^\u0000]*$"
_HINTS: tuple[tuple[type[forms.Field], Promise], ...] = (
    (Lookup, gettext_lazy("By number, or by the exact name.")),
    (Colleague, gettext_lazy("The id of an employee; see /employees.")),
    (DepartmentChoice, gettext_lazy("The code of a department; see /departments.")),
)
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, Decimal),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def schema_of(fields: Mapping[str, forms.Field]) -> Schema:
    """An object with one member for each field; what is not asked for is not accepted."""
    return {
        "type": "object",
        "properties": {name: schema_of_field(field) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if must_be_said(field)],
        "additionalProperties": False,
    }


def must_be_said(field: forms.Field) -> bool:
    """Whether the member may not be left out; what the form fills in by itself may."""
    return field.required and default_of(field) is None


def default_of(field: forms.Field) -> Any:
    """What the page fills in before anybody types, as JSON; None when that is nothing."""
    said = field.initial() if callable(field.initial) else field.initial
    if isinstance(said, Choices):
        return said.value
    return str(said) if isinstance(said, Decimal) else said


def schema_of_field(field: forms.Field) -> Schema:
    """A member of a body; what may be left empty may be null too."""
    said = _bare(field)
    return _described(field, said if field.required else _or_nothing(said))


def parameters_of(fields: Mapping[str, forms.Field]) -> list[Schema]:
    """The same fields as OpenAPI describes a query, which has no null: what is not asked is left out."""
    return [
        {"in": "query", "name": name, "required": False, "schema": _described(field, _bare(field))}
        for name, field in fields.items()
    ]


def _described(field: forms.Field, said: Schema) -> Schema:
    if field.label:
        said["title"] = field.label
    if description := field.help_text or next((text for kind, text in _HINTS if isinstance(field, kind)), ""):
        said["description"] = description
    if (default := default_of(field)) is not None:
        said["default"] = default
    return said


def _bare(field: forms.Field) -> Schema:
    if isinstance(field, YesNo | forms.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, Colleague):
        return dict(EMPLOYEE_ID)
    if isinstance(field, DepartmentChoice):
        return {"type": "string", "minLength": 1, "maxLength": 60, "pattern": NO_NUL}
    if isinstance(field, forms.MultipleChoiceField):
        return {"type": "array", "items": {"type": "string", "enum": _values(field)}}
    if isinstance(field, forms.ChoiceField):
        return {"type": "string", "enum": _values(field)}
    if isinstance(field, forms.DecimalField):
        return _decimal(field)
    if isinstance(field, forms.IntegerField):
        return {"type": "integer"} | _limits(minimum=field.min_value, maximum=field.max_value)
    if isinstance(field, forms.DateTimeField):
        return {"type": "string", "format": "date-time"}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    shortest = 1 if field.required else None
    return {"type": "string", "pattern": NO_NUL} | _limits(
        minLength=shortest, maxLength=getattr(field, "max_length", None)
    )


def _decimal(field: forms.DecimalField) -> Schema:
    limits = _limits(minimum=field.min_value, maximum=field.max_value)
    return {"anyOf": [{"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}, {"type": "number"} | limits]}


def _limits(**limits: Any) -> Schema:
    return {name: limit for name, limit in limits.items() if limit is not None}


def _values(field: forms.ChoiceField) -> list[str]:
    return [str(value) for value, _label in field.choices if value != ""]  # type: ignore[union-attr,misc]


def _or_nothing(said: Schema) -> Schema:
    """The same, or null for “nothing”."""
    if "anyOf" in said:
        return said | {"anyOf": [*said["anyOf"], {"type": "null"}]}
    if "enum" in said:
        return said | {"type": [said["type"], "null"], "enum": [*said["enum"], None]}
    return said | {"type": [said["type"], "null"]}


def wrong_kinds(fields: Mapping[str, forms.Field], said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Members that are not asked for, and values of another JSON kind than the form could ever be sent by the page."""
    errors = [(name, _("Nothing of this name is asked for.")) for name in said if name not in fields]
    for name, field in fields.items():
        if name in said and not _is_of_kind(said[name], _or_nothing(_bare(field))):
            errors.append((name, _("This value is of the wrong kind.")))
    return errors


def _is_of_kind(value: Any, schema: Schema) -> bool:
    if "anyOf" in schema:
        return any(_is_of_kind(value, each) for each in schema["anyOf"])
    named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kinds = {kind for name in named for kind in _TYPES[name]}
    return type(value) in kinds and (
        not isinstance(value, list) or all(_is_of_kind(each, schema["items"]) for each in value)
    )


def as_the_form_says(fields: Mapping[str, forms.Field], said: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the page would send them, with what the form fills in by itself."""
    filled = {name: default for name, field in fields.items() if (default := default_of(field)) is not None}
    return as_the_page_sends(fields, {**filled, **said})


def as_the_page_sends(fields: Mapping[str, forms.Field], said: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the page would send them, and no others."""
    return {name: _for(fields[name], value) for name, value in said.items()}


def _for(field: forms.Field, value: Any) -> Any:
    return employee_key(value) if isinstance(field, Colleague) and value else value


def employee_key(said: str) -> str:
    """The primary key behind an employee's id as text; 0, which nobody has, when there is none."""
    return str(pk_of(EMPLOYEE, said) or 0)


def employee_id(employee: Employee | int) -> str:
    return opaque(EMPLOYEE, employee if isinstance(employee, int) else employee.pk)
