"""A form sent twice, by a double click or by going back and sending it again, is carried out once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction

from luyue.desk.models import Sent
from luyue.organization.access import StaffRequest

SAID_BY_THE_WAY = frozenset({"csrfmiddlewaretoken", "submission", "version", "password"})
"""What may differ between two sendings of the same form."""
KEPT_FOR = timedelta(days=7)
"""How long a form that was sent is known; a browser does not go back farther."""


def submission_of(request: StaffRequest) -> str:
    """By what this form is known when it comes again: its own one-time mark, and a digest of what it says.

    Whoever goes back, writes something else and sends that, says something new. Empty when the form bears no mark.
    """
    mark = request.POST.get("submission", "")[:64]
    if not mark:
        return ""
    said = sorted((name, values) for name, values in request.POST.lists() if name not in SAID_BY_THE_WAY)
    files = sorted((name, file.name, _digest_of(file)) for name, given in request.FILES.lists() for file in given)
    text = json.dumps([request.path, said, files])
    return f"{mark}.{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _digest_of(file: object) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():  # type: ignore[attr-defined]
        digest.update(chunk)
    file.seek(0)  # type: ignore[attr-defined]
    return digest.hexdigest()


def once(request: StaffRequest, deed: Callable[[], str]) -> str:
    """Do the deed, which leads to an address; when this very form has been carried out, only say where it led.

    The form is claimed first, in the deed's own transaction: who comes second waits, and what fails may be sent again.
    """
    key = submission_of(request)
    if not key:
        return deed()
    mine = Sent.objects.filter(company=request.company, employee=request.employee, key=key)
    try:
        with transaction.atomic():
            claim = _claimed(request, key)
            claim.address = deed()
            claim.save(update_fields=["address"])
    except ClaimedAlreadyError:
        return mine.get().address
    return claim.address


class ClaimedAlreadyError(Exception):
    """The same form has been carried out."""


def _claimed(request: StaffRequest, key: str) -> Sent:
    try:
        with transaction.atomic():
            return Sent.objects.create(company=request.company, employee=request.employee, key=key, sent_at=request.now)
    except IntegrityError as twice:
        raise ClaimedAlreadyError from twice
