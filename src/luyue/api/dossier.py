"""What hangs on one record: history, comments, signatures, promises, files, as far as this person may see them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import BaseModel, Field

from luyue.api.addresses import pk_of
from luyue.api.fields import NO_NUL, Schema, parameters_of
from luyue.api.paging import PagingForm, key_of, page_of, parts_of
from luyue.api.problems import errors_of, wrong_fields
from luyue.api.reading import MOST_FILES, checked, refuse_strangers, small_enough
from luyue.api.shapes import (
    ATTACHMENT,
    AttachmentShown,
    ObligationShown,
    Owner,
    Person,
    owner_called,
    person,
    told_attachments,
    told_obligations,
)
from luyue.api.surface import READING_ONE, answers
from luyue.desk.downloads import given_out
from luyue.desk.presenting import changed_fields, timeline_of
from luyue.desk.seen import record_seen_by
from luyue.ledger.models import Entry
from luyue.organization.access import StaffRequest
from luyue.organization.models import Employee
from luyue.records.actions import Upload
from luyue.records.case import Case
from luyue.records.forms import ShortText
from luyue.records.record_types import RecordType
from luyue.rulebook.engine.sign_offs import Round, Slot

BYTES = "application/octet-stream"
READING_A_LIST = READING_ONE | {422}
Part = tuple[str, Any, type[BaseModel], Callable[[Case], Any]]
"""Under which name, what it is called, its shape, and how it is told."""


class ChangeShown(BaseModel):
    field: str
    label: str
    before: Any = Field(description="As it is stored; people, departments, customers and records by name.")
    after: Any
    before_text: str
    after_text: str


class FileOfEntry(BaseModel):
    kind: str
    file_name: str
    digest: str


class EntryNamed(BaseModel):
    sequence: int
    action: str
    label: str
    by: Person | None = Field(description="None when the system did it.")
    occurred_at: datetime
    entered_at: datetime
    previous_hash: str
    hash: str


class EntryShown(EntryNamed):
    acting_as: list[str] = Field(description="The positions for which a deputy acted.")
    state_before: str
    state_after: str
    text: str = Field(description="What was written with it: a comment, an opinion, a reason.")
    changes: list[ChangeShown]
    attachments: list[FileOfEntry]


class CommentShown(BaseModel):
    sequence: int
    by: Person | None
    at: datetime
    text: str
    mentions: list[Person]


class PlaceShown(BaseModel):
    place: int
    owner: Owner = Field(description="Who may sign here now.")
    is_open: bool = Field(description="Whether it is this place's turn.")
    since: datetime | None
    signed_by: Person | None
    signed_at: datetime | None
    decision: str = Field(description="“agreed”, “sent_back”, or empty.")
    opinion: str
    added: bool = Field(description="Asked for by a signer, beyond what the procedure names.")


class SignOffShown(BaseModel):
    control: str
    procedure: str
    clause: str
    before: str = Field(description="The action that waits for the signatures.")
    mode: str
    meaning: str
    state: str = Field(description="running, complete, returned, cancelled or bypassed")
    opened_at: datetime
    closed_at: datetime | None
    places: list[PlaceShown]


class SignatureShown(BaseModel):
    by: Person
    control: str
    place: int
    meaning: str
    decision: str
    opinion: str
    at: datetime
    method: str
    shown_digest: str = Field(description="SHA-256 of exactly what the signer had before his or her eyes.")
    entry_hash: str


class UploadForm(forms.Form):
    """Files to hang on a record, as a page sends them."""

    kind = forms.ChoiceField(label=_("kind of file"), required=False)
    note = ShortText(label=_("note"), required=False)

    def __init__(self, *args: Any, record_type: RecordType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = record_type.attachment_kinds.choices  # type: ignore[attr-defined]


def case_called(request: StaffRequest, record_type: RecordType, said: str) -> Case:
    """The record with this id before this person; “not found” when it is not for him or her to see."""
    pk = pk_of(record_type.name, said)
    if pk is None:
        raise Http404
    return Case(record_seen_by(request, record_type.slug, pk), request.employee, request.now)


def offer_dossier(router: Router, record_type: RecordType) -> None:
    """Add, below each record's address, what hangs on it."""
    for name, summary, shape, told in _PARTS:
        _offer_part(router, record_type, name, summary, shape, told)
    _offer_history(router, record_type)
    _offer_content(router, record_type)


def _offer_part(
    router: Router,
    record_type: RecordType,
    name: str,
    summary: Any,
    shape: type[BaseModel],
    told: Callable[[Case], Any],
) -> None:
    def part(request: HttpRequest, id: str) -> Any:
        refuse_strangers(request.GET, ())
        return told(case_called(request, record_type, id))  # type: ignore[arg-type]

    router.add_api_operation(
        f"/{{id}}/{name}",
        ["GET"],
        part,
        operation_id=f"{record_type.name}_{name.replace('-', '_')}",
        summary=summary,
        response=answers(list[shape], problems=READING_A_LIST),  # type: ignore[valid-type]
    )


def _offer_history(router: Router, record_type: RecordType) -> None:
    def history(request: HttpRequest, id: str) -> Any:
        refuse_strangers(request.GET, PagingForm.base_fields)
        asked = checked(PagingForm, request.GET)
        return _history(case_called(request, record_type, id), asked)  # type: ignore[arg-type]

    router.add_api_operation(
        "/{id}/history",
        ["GET"],
        history,
        operation_id=f"{record_type.name}_history",
        summary=cast(str, _("History")),
        description=cast(str, _("What happened, the first first, as on the record's page.")),
        response=answers(page_of(EntryShown, "EntryPage"), problems=READING_A_LIST),
        openapi_extra={"parameters": parameters_of(PagingForm.base_fields)},
    )


def _history(case: Case, asked: dict[str, Any]) -> dict[str, Any]:
    (beyond,) = parts_of(asked["after"], [(int,)]) if asked["after"] else (0,)
    entries = [each for each in case.entries if each.sequence > beyond]
    page = entries[: asked["limit"]]
    more = len(entries) > len(page)
    return {"items": told_entries(case, page), "next": key_of(page[-1].sequence) if more else None}


def told_entries(case: Case, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Ledger entries with what the page's history says of them, and hides."""
    people = _people(case, (entry.by_id for entry in entries))
    lines = reversed(timeline_of(case, entries))
    return [
        {
            "sequence": entry.sequence,
            "action": entry.action.partition(".")[2],
            "label": line.title,
            "by": person(people.get(entry.by_id or 0)),
            "acting_as": [each for each in entry.acting_as.split(",") if each],
            "occurred_at": entry.occurred_at,
            "entered_at": entry.entered_at,
            "state_before": entry.state_before,
            "state_after": entry.state_after,
            "text": line.comment,
            "changes": [
                _change(field, entry.changes[field.attname], change)
                for field, change in zip(changed_fields(case, entry), line.changes, strict=True)
            ],
            "attachments": entry.data.get("attachments", []),
            "previous_hash": entry.previous_hash,
            "hash": entry.hash,
        }
        for entry, line in zip(entries, lines, strict=True)
    ]


def _change(field: Any, values: Sequence[Any], shown: Any) -> dict[str, Any]:
    before, after = (shown.before or None, shown.after or None) if field.is_relation else values
    return {
        "field": field.name,
        "label": shown.label,
        "before": before,
        "after": after,
        "before_text": shown.before,
        "after_text": shown.after,
    }


def _people(case: Case, ids: Iterable[int | None]) -> dict[int, Employee]:
    return Employee.objects.filter(company=case.company).in_bulk({pk for pk in ids if pk})


def _comments(case: Case) -> list[dict[str, Any]]:
    entries = [each for each in case.entries if each.action.endswith(".comment")]
    named = {entry.sequence: _keys(entry.data.get("mentions", ())) for entry in entries}
    people = _people(case, [*(entry.by_id for entry in entries), *(pk for keys in named.values() for pk in keys)])
    return [
        {
            "sequence": entry.sequence,
            "by": person(people.get(entry.by_id or 0)),
            "at": entry.occurred_at,
            "text": str(entry.data.get("text", "")),
            "mentions": [person(people[pk]) for pk in named[entry.sequence] if pk in people],
        }
        for entry in entries
    ]


def _keys(addresses: Iterable[str]) -> list[int]:
    return [int(key) for each in addresses for kind, _colon, key in [each.partition(":")] if kind == "employee"]


def _sign_offs(case: Case) -> list[dict[str, Any]]:
    places = [slot for each in case.rounds for slot in each.slots]
    people = _people(case, [*(slot.signed_by for slot in places), *_keys(slot.address for slot in places)])
    return [_sign_off(case, each, people) for each in case.rounds]


def _sign_off(case: Case, each: Round, people: dict[int, Employee]) -> dict[str, Any]:
    return {
        "control": each.group,
        "procedure": each.bound.procedure,
        "clause": each.bound.clause,
        "before": each.before.partition(".")[2],
        "mode": str(each.mode),
        "meaning": str(each.control.meaning),
        "state": str(each.state),
        "opened_at": each.opened_at,
        "closed_at": each.closed_at,
        "places": [_place(case, each, slot, people) for slot in each.slots],
    }


def _place(case: Case, each: Round, slot: Slot, people: dict[int, Employee]) -> dict[str, Any]:
    return {
        "place": slot.n,
        "owner": owner_called(slot.address, case.names, people),
        "is_open": each.is_running and slot.is_open,
        "since": slot.since,
        "signed_by": person(people.get(slot.signed_by or 0)),
        "signed_at": slot.at,
        "decision": slot.decision,
        "opinion": slot.opinion,
        "added": slot.added,
    }


def _signatures(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "by": person(each.employee),
            "control": each.control,
            "place": each.slot,
            "meaning": each.meaning,
            "decision": each.decision,
            "opinion": each.opinion,
            "at": each.signed_at,
            "method": each.method,
            "shown_digest": each.shown_digest,
            "entry_hash": each.entry.hash,
        }
        for each in case.record.signatures.select_related("employee", "entry").order_by("pk")
    ]


def _obligations(case: Case) -> list[dict[str, Any]]:
    return told_obligations(case.record.obligations.select_related("done_by").order_by("due_at", "id"), case.names)


_PARTS: tuple[Part, ...] = (
    ("comments", _("Comments"), CommentShown, _comments),
    ("sign-offs", _("Sign-offs"), SignOffShown, _sign_offs),
    ("signatures", _("Signatures"), SignatureShown, _signatures),
    ("obligations", _("Obligations"), ObligationShown, _obligations),
    ("attachments", _("Attachments"), AttachmentShown, lambda case: told_attachments(case.record)),
)


def _offer_content(router: Router, record_type: RecordType) -> None:
    def content(request: HttpRequest, id: str, attachment: str) -> FileResponse:
        refuse_strangers(request.GET, ())
        record = case_called(request, record_type, id).record  # type: ignore[arg-type]
        found = get_object_or_404(record.attachments, pk=pk_of(ATTACHMENT, attachment) or 0)
        response = given_out(found, as_download=True)
        response["ETag"] = f'"{found.digest}"'
        return response

    router.add_api_operation(
        "/{id}/attachments/{attachment}",
        ["GET"],
        content,
        operation_id=f"{record_type.name}_attachment",
        summary=cast(str, _("The content of a file")),
        response=answers(Any, problems=READING_A_LIST),
        openapi_extra={
            "responses": {200: {"content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}},
        },
    )


def upload_schema(record_type: RecordType) -> Schema:
    """What a request says that brings files as a page does."""
    return {
        "type": "object",
        "properties": {
            "files": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_FILES,
                "items": {"type": "string", "format": "binary"},
            },
            "kind": {"type": "string", "enum": list(record_type.attachment_kinds.values), "default": "other"},
            "note": {"type": "string", "maxLength": 200, "pattern": NO_NUL},
        },
        "required": ["files"],
        "additionalProperties": False,
    }


def uploads_in(request: HttpRequest, record_type: RecordType) -> tuple[bytes, str, list[Upload]]:
    """The files of a multipart body with the note beside them, and bytes that tell the same request from another."""
    small_enough(request)
    refuse_strangers(request.POST, UploadForm.base_fields)
    form = UploadForm(request.POST, record_type=record_type)
    given: list[Any] = request.FILES.getlist("files")
    errors = [(name, str(_("Nothing of this name is asked for."))) for name in request.FILES if name != "files"]
    if not 0 < len(given) <= MOST_FILES:
        errors.append(("files", str(_("Send at least one file."))))
    if errors or not form.is_valid():
        raise wrong_fields([*errors, *errors_of(form)])
    uploads = [Upload(form.cleaned_data["kind"] or "other", each.name, each.read()) for each in given]
    note: str = form.cleaned_data["note"]
    said = [note, *([each.kind, each.file_name, hashlib.sha256(each.content).hexdigest()] for each in uploads)]
    return json.dumps(said).encode(), note, uploads
