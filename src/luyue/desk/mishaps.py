"""What the machine could not do, in words that say what has become of the reader's work and what to do now."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_BUSY_IN_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_BUSY_IN_POSTGRESQL = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE: connection, conflict with another transaction, resources, locks, shutdown, system."""
_DISK_FULL_IN_POSTGRESQL = "53100"


@dataclass(frozen=True)
class Mishap:
    """Why a request could not be served, as HTTP and as the reader understands it."""

    status: int
    heading: str | Promise
    sentence: str | Promise


NO_ROOM = Mishap(
    507,
    _("There is no room left"),
    _(
        "The server's disk is full, so nothing of this was written; everything entered before is safe. Tell whoever"
        " keeps the server, and send it again when there is room."
    ),
)
BUSY = Mishap(
    503,
    _("The database does not answer"),
    _("Nothing of this was written; everything entered before is safe. Please send it again in a minute."),
)
TOO_LARGE = Mishap(
    413,
    _("This is too much at once"),
    _(
        "A form carries at most 5 MB of text; nothing of this was written. Put what is long into a file and attach it:"
        " a file may have 20 MB."
    ),
)
TOO_MANY = Mishap(
    400,
    _("These are too many at once"),
    _("A form carries at most 20 files and 2,000 fields; nothing of this was written. Send them in several parts."),
)

OUR_FAULT = Mishap(
    500,
    _("Something went wrong with us"),
    _(
        "The fault is ours and has been written down. Nothing was half saved: a step is either done completely or not"
        " at all. Please look whether your last step is there, and repeat it if not."
    ),
)


def mishap_of(fault: BaseException | None) -> Mishap | None:
    """The mishap that a fault amounts to; None when it is a fault of ours."""
    if isinstance(fault, RequestDataTooBig):
        return TOO_LARGE
    if isinstance(fault, TooManyFieldsSent | TooManyFilesSent):
        return TOO_MANY
    if isinstance(fault, OperationalError | InterfaceError):
        return _of_database(fault.__cause__)
    if isinstance(fault, OSError) and fault.errno in FULL:
        return NO_ROOM
    return None


def _of_database(cause: BaseException | None) -> Mishap | None:
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return NO_ROOM
        return BUSY if code in _BUSY_IN_SQLITE else None
    state = getattr(cause, "sqlstate", None)
    if state == _DISK_FULL_IN_POSTGRESQL:
        return NO_ROOM
    return BUSY if state is None or state.startswith(_BUSY_IN_POSTGRESQL) else None
