"""Sessions in the database, as Django keeps them; looked up at every request with SQL that is known already."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as SessionsInDatabase
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from luyue.organization.models import Account
from luyue.organization.prepared import Place, Prepared


class SessionStore(SessionsInDatabase):
    """Django's own, but for the question asked each time."""

    def _get_session_from_db(self) -> Session | None:
        found = _running(self.session_key or "", timezone.now())
        if not found:
            self._session_key = None
            return None
        return found[0]


class SignedIn(AuthenticationBackend):
    """Allauth's own, but for the question whose account it is, asked each time."""

    def get_user(self, user_id: int) -> Account | None:
        return next((found for found in _account(int(user_id)) if self.user_can_authenticate(found)), None)


@Prepared
def _account(pk: Place) -> QuerySet[Account]:
    return Account.objects.filter(pk=pk)


@Prepared
def _running(key: Place, now: Place) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
