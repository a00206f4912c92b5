"""What goes wrong is said as RFC 9457 asks: its type, a sentence, the wrong fields, and the clauses behind it."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from luyue.desk.mishaps import BUSY, OUR_FAULT, Mishap, mishap_of
from luyue.records.refusing import ChangedMeanwhile, Refusal, Refused

CONTENT_TYPE = "application/problem+json"
_ROLES = frozenset({"role", "role_nobody"})
_IN_THE_BODY = frozenset({"attachment"})
_KIND_OF_MISHAP = {400: "unreadable", 413: "too-large", 500: "fault", 503: "busy", 507: "no-room"}
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
RETRY_AFTER = "30"
"""Seconds after which what could not be served may be sent again."""


class FieldError(BaseModel):
    field: str = Field(description="The member of the body or the query; empty when it concerns all of it.")
    message: str


class RefusalShown(BaseModel):
    code: str
    sentence: str
    procedure: str = Field(description="The procedure whose clause forbids it; empty when none does.")
    clause: str
    control: str


class ProblemShown(BaseModel):
    type: str
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request, by its X-Request-Id, as the installation's log names it.")
    errors: list[FieldError]
    refusals: list[RefusalShown]


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """The request is not answered as asked."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        *,
        detail: str = "",
        errors: Iterable[tuple[str, str]] = (),
        refusals: Sequence[Refusal] = (),
    ) -> None:
        super().__init__(title)
        self.status, self.kind, self.title, self.detail = status, kind, title, detail
        self.errors = [{"field": field, "message": message} for field, message in errors]
        self.refusals = [shown(refusal) for refusal in refusals]

    def answer(self, request: HttpRequest) -> HttpResponse:
        said = {
            "type": f"urn:luyue:problem:{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:luyue:request:{request_id(request)}",
            "errors": self.errors,
            "refusals": self.refusals,
        }
        response = HttpResponse(json.dumps(said, ensure_ascii=False), status=self.status, content_type=CONTENT_TYPE)
        response["X-Request-Id"], response["Cache-Control"] = request_id(request), "no-store"
        if self.status == 401:
            response["WWW-Authenticate"] = 'Bearer realm="Luyue"'
        if self.status == BUSY.status:
            response["Retry-After"] = RETRY_AFTER
        return response


def request_id(request: HttpRequest) -> str:
    """The id by which a request is found in the log: the caller's own X-Request-Id when it is a plain one."""
    said: str = request.META.get("HTTP_X_REQUEST_ID", "")
    if not _ID.fullmatch(said):
        said = request.META["HTTP_X_REQUEST_ID"] = uuid.uuid4().hex
    return said


def shown(refusal: Refusal) -> dict[str, str]:
    """A refusal as clients read it; the control is what `override` asks for."""
    return {
        "code": refusal.code,
        "sentence": str(refusal.sentence),
        "procedure": refusal.procedure,
        "clause": refusal.clause,
        "control": refusal.control,
    }


def problem_of(fault: BaseException | None) -> Problem:
    """What the machine could not do, in the sentences of the pages; a fault of ours when it is none of these."""
    mishap: Mishap = mishap_of(fault) or OUR_FAULT
    return Problem(mishap.status, _KIND_OF_MISHAP[mishap.status], str(mishap.heading), detail=str(mishap.sentence))


def not_found() -> Problem:
    return Problem(404, "not-found", _("There is no such thing, or it is not for you to see."))


def signed_out() -> Problem:
    return Problem(401, "signed-out", _("Send a good access token: “Authorization: Bearer …”."))


def unreadable(detail: str) -> Problem:
    return Problem(400, "unreadable", _("The body is not a JSON object that can be read."), detail=detail)


def wrong_fields(errors: Iterable[tuple[str, str]]) -> Problem:
    return Problem(422, "validation", _("What was sent is incomplete or wrong."), errors=errors)


def errors_of(form: forms.BaseForm) -> list[tuple[str, str]]:
    """The sentences of a form, field by field, as the page shows them."""
    return [
        ("" if name == "__all__" else name, str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]


def refused(no: Refused, *, if_match: bool = False) -> Problem:
    """A refusal as a problem.

    404 when the record is not to be seen, 403 when the positions do not suffice, 412 when it was changed since it was
    read and the client had said what it read, 422 when another body would do, otherwise 409.
    """
    title, detail = _("This is refused."), " ".join(str(refusal) for refusal in no.refusals)
    if any(refusal.hides for refusal in no.refusals):
        return not_found()
    if isinstance(no, ChangedMeanwhile):
        return Problem(412 if if_match else 409, "changed-meanwhile", title, detail=detail, refusals=no.refusals)
    if any(refusal.code in _ROLES for refusal in no.refusals):
        return Problem(403, "forbidden", title, detail=detail, refusals=no.refusals)
    status = 422 if all(refusal.fields or refusal.code in _IN_THE_BODY for refusal in no.refusals) else 409
    errors = [pair for refusal in no.refusals for pair in _fields(refusal.fields)]
    return Problem(status, "refused", title, detail=detail, errors=errors, refusals=no.refusals)


def _fields(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(message)) for name, message in said.items()]
