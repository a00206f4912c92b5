"""A request sent twice with the same Idempotency-Key is carried out once; the second gets the answer of the first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from luyue.api.models import IdempotentAnswer
from luyue.api.problems import Problem
from luyue.api.surface import surface
from luyue.organization.access import StaffRequest
from luyue.organization.prepared import Place, Prepared
from luyue.organization.writing import insert
from luyue.records.refusing import Refused

KEPT_FOR = timedelta(days=1)
LONGEST_KEY = 200


@dataclass(frozen=True)
class Answer:
    """What an action leads to: the status and what is said."""

    status: int
    body: dict[str, Any]
    is_repeated: bool = False


def answered(request: StaffRequest, answer: Answer) -> HttpResponse:
    """The answer to a change: the version that it led to, where what is new stands, and whether it was given before."""
    response = surface.create_response(request, answer.body, status=answer.status)
    response["ETag"] = f'"{answer.body["version"]}"'
    if answer.status == 201:
        response["Location"] = answer.body["url"]
    if answer.is_repeated:
        response["Idempotent-Replayed"] = "true"
    return response


def carried_out_once(request: StaffRequest, content: bytes, carry_out: Callable[[], Answer]) -> Answer:
    """Carry the request out, or give back what it was answered before.

    The answer is kept in the transaction of the action, so that a crash leaves neither. A refusal is not kept: what is
    refused has changed nothing and may be sent again.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return carry_out()
    if not key.isprintable() or not 0 < len(key) <= LONGEST_KEY:
        raise Problem(
            400, "idempotency-key", _("An Idempotency-Key has 1 to %(most)d characters.") % {"most": LONGEST_KEY}
        )
    digest = hashlib.sha256(b"\n".join([request.path.encode(), content])).hexdigest()
    outcome: Answer | Refused
    with transaction.atomic():
        _take_turn(request, key)
        outcome = _kept(request, key, digest) or _refusable(carry_out)
        if isinstance(outcome, Answer) and not outcome.is_repeated:
            kept = IdempotentAnswer(
                company=request.company,
                employee=request.employee,
                key=key,
                digest=digest,
                status=outcome.status,
                body=outcome.body,
                answered_at=request.now,
            )
            insert([kept])
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _refusable(carry_out: Callable[[], Answer]) -> Answer | Refused:
    """A refusal as a value, so that the note of a denied attempt is kept and not rolled back with the rest."""
    try:
        return carry_out()
    except Refused as refused:
        return refused


def _kept(request: StaffRequest, key: str, digest: str) -> Answer | None:
    whose, long_ago = (request.company.pk, request.employee.pk), request.now - KEPT_FOR
    if _kept_too_long(*whose, long_ago):
        IdempotentAnswer.objects.filter(
            company=request.company, employee=request.employee, answered_at__lt=long_ago
        ).delete()
    for found in _answered(*whose, key):
        if found.digest != digest:
            raise Problem(422, "idempotency-key", _("This Idempotency-Key was sent before with another request."))
        return Answer(found.status, found.body, is_repeated=True)
    return None


@Prepared
def _answered(company_id: Place, employee_id: Place, key: Place) -> QuerySet[IdempotentAnswer]:
    return IdempotentAnswer.objects.filter(company_id=company_id, employee_id=employee_id, key=key)


@Prepared
def _kept_too_long(company_id: Place, employee_id: Place, long_ago: Place) -> QuerySet[IdempotentAnswer, int]:
    rows = IdempotentAnswer.objects.filter(company_id=company_id, employee_id=employee_id, answered_at__lt=long_ago)
    return rows.values_list("pk", flat=True)[:1]


def _take_turn(request: StaffRequest, key: str) -> None:
    """Let nobody else use the key until the transaction ends; on SQLite, being IMMEDIATE, the second waits instead."""
    if connection.vendor != "postgresql":
        return
    name = hashlib.sha256(f"api {request.company.pk} {request.employee.pk} {key}".encode()).digest()[:8]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(name, "big", signed=True)])
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise Problem(
            409, "idempotency-key", _("A request with this Idempotency-Key is being carried out; wait for it.")
        )
