"""Access tokens: made for one employee, shown once, kept only as a digest."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet

from luyue.api.models import AccessToken
from luyue.desk.mishaps import mishap_of
from luyue.desk.trifles import no_wait_for_the_disk
from luyue.organization.changes import write_down
from luyue.organization.models import Employee
from luyue.organization.prepared import Place, Prepared

PREFIX = "luyue_"
"""By which a token that lies where it should not is recognised."""

USUAL_DAYS = 365
LONGEST_DAYS = 1830
SEEN_EVERY = timedelta(hours=1)
"""How coarsely the last use is kept; finer would mean a write for every read."""


@transaction.atomic
def issue(
    employee: Employee, *, name: str, by: Employee | None, at: datetime, expires_on: date
) -> tuple[AccessToken, str]:
    """Let a program act for the employee up to and including that day; the secret is given back this once."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        company_id=employee.company_id,
        employee=employee,
        name=name,
        hash=digest_of(secret),
        created_at=at,
        expires_on=expires_on,
    )
    said = {"employee": employee.pk, "token": token.pk, "name": name, "expires_on": expires_on}
    write_down(employee.company_id, "issue_token", by=by, at=at, data=said)
    return token, secret


@transaction.atomic
def revoke(token: AccessToken, *, by: Employee | None, at: datetime) -> bool:
    """Take the token back at once; False when that had been done before."""
    revoked = AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)
    if revoked:
        write_down(token.company_id, "revoke_token", by=by, at=at, data={"token": token.pk, "name": token.name})
    return bool(revoked)


def token_of(secret: str, at: datetime) -> AccessToken | None:
    """The token of that secret while it is good: neither revoked nor expired, its holder employed and not locked."""
    if not secret.startswith(PREFIX):
        return None
    found = next(iter(_good(digest_of(secret))), None)
    if found is None:
        return None
    today = at.astimezone(found.employee.company.zone).date()
    if today > found.expires_on or not found.employee.is_employed_on(today):
        return None
    return found


@Prepared
def _good(digest: Place) -> QuerySet[AccessToken]:
    rows = AccessToken.objects.select_related("employee__company", "employee__account", "employee__department")
    return rows.filter(hash=digest, revoked_at=None, employee__account__is_active=True)


def remember_use(token: AccessToken, at: datetime) -> None:
    """Keep when the token was last used, to the hour; a full disk or a busy database keeps nobody from reading."""
    if token.last_used_at is not None and token.last_used_at >= at - SEEN_EVERY:
        return
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=at - SEEN_EVERY)
    try:
        with no_wait_for_the_disk():
            AccessToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=at)
    except OperationalError as fault:
        if mishap_of(fault) is None:
            raise


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
