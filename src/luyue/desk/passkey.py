"""Signing with a passkey: shown just before, it stands for the password of one signature."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.urls import reverse

from luyue.organization.access import StaffRequest

GOOD_FOR = 120
"""Seconds within which the signature follows."""

SPENT = "passkey_spent_at"


def is_shown(request: StaffRequest) -> bool:
    """Whether this person has shown a passkey within two minutes and has not signed with it yet."""
    latest = _latest(request)
    spent = float(request.session.get(SPENT, 0))
    return latest > spent and request.now.timestamp() - latest <= GOOD_FOR


def spend(request: StaffRequest) -> None:
    """One showing serves for one signature."""
    request.session[SPENT] = _latest(request)


def url(request: StaffRequest) -> str:
    """Where a passkey is shown before one comes back to sign; empty for who has none or has just shown it."""
    if is_shown(request):
        return ""
    has_one = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN).exists()
    back = urlencode({"next": request.get_full_path()})
    return f"{reverse('mfa_reauthenticate_webauthn')}?{back}" if has_one else ""


def _latest(request: StaffRequest) -> float:
    shown = [
        float(record["at"])
        for record in get_authentication_records(request, request.user)
        if record.get("type") == Authenticator.Type.WEBAUTHN and record.get("reauthenticated")
    ]
    return max(shown, default=0)
