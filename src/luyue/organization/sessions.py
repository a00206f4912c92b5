"""Sessions in the database, as Django keeps them; looked up at every request with SQL that is known already."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as SessionsInDatabase
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from luyue.organization.prepared import Place, Prepared


class SessionStore(SessionsInDatabase):
    """Django's own, but for the question asked each time."""

    def _get_session_from_db(self) -> Session | None:
        found = _running(self.session_key or "", timezone.now())
        if not found:
            self._session_key = None
            return None
        return found[0]


@Prepared
def _running(key: Place, now: Place) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
