"""What a request says: its JSON body and its query, both checked by Django forms before anything is looked up."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luyue.api.fields import NO_NUL, Schema, as_the_form_says, schema_of, schema_of_field, wrong_kinds
from luyue.api.problems import Problem, errors_of, unreadable, wrong_fields
from luyue.organization.models import Company
from luyue.records.actions import Action, Upload
from luyue.records.forms import ActionForm, Instant, refuse_unreadable
from luyue.records.record_types import RecordType

LARGEST_BODY = 30 * 1024 * 1024
"""Bytes; room for a file of the largest size in base64."""
MOST_FILES = 20
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL, and halves of a pair that stand alone."""
_TAG = re.compile(r'"([0-9]{1,9})(?:\.[0-9a-f]+)?"')
"""A record's version, with or without the digest that a GET adds to it."""


class CircumstancesForm(forms.Form):
    """What every action may carry beside its own fields."""

    occurred_at = Instant(
        label=gettext_lazy("when it happened"),
        required=False,
        help_text=gettext_lazy("Without an offset, the time of the company's zone; left out, now."),
    )
    password = forms.CharField(
        label=gettext_lazy("your password"),
        required=False,
        strip=False,
        max_length=200,
        help_text=gettext_lazy("For signatures that the procedure wants confirmed by it."),
    )


@dataclass(frozen=True)
class Said:
    """A body that a form has found right: the action's own values, and the circumstances."""

    values: dict[str, Any]
    occurred_at: datetime | None
    password: str | None
    struck_through: dict[str, str]
    uploads: tuple[Upload, ...]


def body_schema(action: Action[Any, Any], record_type: RecordType) -> Schema:
    """The JSON Schema of what an action is sent."""
    schema = schema_of((action.form or ActionForm).base_fields)
    schema["properties"] |= {
        **{name: schema_of_field(field) for name, field in CircumstancesForm.base_fields.items()},
        "struck_through": {
            "type": "object",
            "propertyNames": {"enum": sorted(_may_be_struck(action, record_type))},
            "additionalProperties": {"type": "string", "maxLength": 200, "pattern": NO_NUL},
            "description": gettext_lazy("For a field that is left empty on purpose, the reason."),
        },
        "attachments": {
            "type": "array",
            "maxItems": MOST_FILES,
            "items": {
                "type": "object",
                "properties": {
                    "kind": {"type": "string", "enum": list(record_type.attachment_kinds.values)},
                    "file_name": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": NO_NUL},
                    "content": {"type": "string", "contentEncoding": "base64", "minLength": 1},
                },
                "required": ["kind", "file_name", "content"],
                "additionalProperties": False,
            },
        },
    }
    return schema


def read(content: bytes, action: Action[Any, Any], record_type: RecordType, company: Company) -> Said:
    """The body, checked by the action's own form. Raises Problem, with all that is wrong, when it is not right."""
    said = object_in(content)
    struck, files = said.pop("struck_through", {}), said.pop("attachments", [])
    asks = action.form or ActionForm
    own = {name: value for name, value in said.items() if name not in CircumstancesForm.base_fields}
    around = {name: value for name, value in said.items() if name in CircumstancesForm.base_fields}
    errors = [
        *wrong_kinds(asks.base_fields, own),
        *wrong_kinds(CircumstancesForm.base_fields, around),
        *_wrong_reasons(struck, _may_be_struck(action, record_type)),
    ]
    uploads = _uploads(files, record_type, errors)
    if errors:
        raise wrong_fields(errors)
    form = asks(as_the_form_says(asks.base_fields, own), company=company)
    circumstances = CircumstancesForm(around)
    if not form.is_valid() or not circumstances.is_valid():
        raise wrong_fields([*errors_of(form), *errors_of(circumstances)])
    return Said(
        dict(form.cleaned_data),
        circumstances.cleaned_data["occurred_at"],
        circumstances.cleaned_data["password"] or None,
        {name: reason for name, reason in struck.items() if reason},
        tuple(uploads),
    )


def content_of(request: HttpRequest) -> bytes:
    """The bytes of a JSON body; Problem when it is of another kind or too large."""
    _refuse_chunks(request)
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if request.content_type != "application/json" or charset not in ("utf-8", "utf8"):
        raise Problem(415, "media-type", _("Send the body as application/json, in UTF-8."))
    content = request.read(LARGEST_BODY + 1)
    if len(content) > LARGEST_BODY:
        raise _too_large()
    return bytes(content)


def small_enough(request: HttpRequest) -> None:
    """Refuse a body of files that is of another kind or too large before any of it is read."""
    _refuse_chunks(request)
    if request.content_type != "multipart/form-data":
        raise Problem(415, "media-type", _("Send the files as multipart/form-data."))
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not said.isdecimal() or int(said) > LARGEST_BODY:
        raise _too_large()


def _refuse_chunks(request: HttpRequest) -> None:
    """A body without a length is never read by the server; to take it for an empty one would mislead."""
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        raise Problem(411, "length", _("Say how long the body is (Content-Length); it cannot be sent in chunks."))


def _too_large() -> Problem:
    return Problem(413, "too-large", _("The body is larger than %(size)d MB.") % {"size": LARGEST_BODY // 1024**2})


def versions_in(header: str | None) -> set[int] | None:
    """The versions that If-Match accepts; None when any will do."""
    if header is None or header.strip() == "*":
        return None
    return {int(found) for found in _TAG.findall(header) if not header.startswith("W/")}


def object_in(content: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises Problem when it is none, or holds what cannot be stored."""
    try:
        said = json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as wrong:
        raise unreadable(str(wrong)) from wrong
    if not isinstance(said, dict):
        raise unreadable("")
    for text in _texts(said):
        if _UNSTORABLE.search(text):
            raise unreadable(_("Text contains a character that cannot be stored."))
    return said


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _texts(said: Any) -> Iterator[str]:
    """Every text in it, however deep, without a deeper stack for what lies deeper."""
    waiting = [said]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield from value
            waiting += value.values()


def _may_be_struck(action: Action[Any, Any], record_type: RecordType) -> frozenset[str]:
    return frozenset((action.form or ActionForm).base_fields) | frozenset(record_type.field_names)


def _wrong_reasons(struck: Any, names: Collection[str]) -> list[tuple[str, str]]:
    if not isinstance(struck, dict) or not all(isinstance(each, str) and len(each) <= 200 for each in struck.values()):
        return [("struck_through", _("Give a reason of at most 200 characters for each field."))]
    errors = [("struck_through", _("Nothing of this name is asked for.")) for name in struck if name not in names]
    for reason in struck.values():
        try:
            refuse_unreadable(reason)
        except ValidationError as damaged:
            errors += [("struck_through", message) for message in damaged.messages]
    return errors


def _uploads(files: Any, record_type: RecordType, errors: list[tuple[str, str]]) -> list[Upload]:
    if not isinstance(files, list) or len(files) > MOST_FILES:
        errors.append(("attachments", _("Send a list of at most %(count)d files.") % {"count": MOST_FILES}))
        return []
    uploads = []
    for place, each in enumerate(files):
        upload = _upload(each, record_type)
        if upload is None:
            errors.append((f"attachments.{place}", _("A file has a kind, a file name, and its content in base64.")))
        else:
            uploads.append(upload)
    return uploads


def _upload(said: Any, record_type: RecordType) -> Upload | None:
    if not isinstance(said, dict) or set(said) != {"kind", "file_name", "content"}:
        return None
    kind, name, content = said["kind"], said["file_name"], said["content"]
    if kind not in record_type.attachment_kinds.values or not isinstance(name, str) or not 0 < len(name) <= 200:
        return None
    try:
        return Upload(kind, name, base64.b64decode(content, validate=True))
    except (binascii.Error, TypeError, ValueError):
        return None


def refuse_strangers(query: QueryDict, names: Collection[str]) -> None:
    """Refuse a query that asks for anything else; a misspelt filter would show everything."""
    errors = [(name, _("Nothing of this name is asked for.")) for name in query if name not in names]
    errors += [
        (name, _("Text contains a character that cannot be stored."))
        for name, values in query.lists()
        if any("\0" in value for value in values)
    ]
    if errors:
        raise wrong_fields(errors)


def checked(asks: type[forms.Form], query: QueryDict) -> dict[str, Any]:
    """What the query says to this form, with the form's own defaults; Problem when that is wrong."""
    filled = query.copy()
    for name, field in asks.base_fields.items():
        if field.initial is not None and name not in query:
            filled[name] = str(field.initial)
    form = asks(filled)
    if not form.is_valid():
        raise wrong_fields(errors_of(form))
    return form.cleaned_data
