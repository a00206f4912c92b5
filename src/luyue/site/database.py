"""From DATABASE_URL to Django's database settings: SQLite for one small firm, PostgreSQL for teams."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import connections
from django.utils.translation import gettext_noop as _

from luyue.site.environment import SettingError

SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
LOCK_WAIT_SECONDS = 20
CONNECT_WAIT_SECONDS = 10


class DatabaseAddressError(SettingError):
    """DATABASE_URL names something that Luyue cannot use; the sentence says what it can."""


def database_settings(url: str, *, home: Path) -> dict[str, Any]:
    """The entry for DATABASES; an empty address means the SQLite file in LUYUE_HOME."""
    if not url:
        return _sqlite(home / "luyue.sqlite3")
    scheme = url.partition(":")[0].lower()
    if scheme == "sqlite":
        return _sqlite(_sqlite_file(url, home=home))
    if scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    raise DatabaseAddressError(
        _("DATABASE_URL begins with %(scheme)s; accepted are sqlite:///file and postgresql://user@host/name"),
        scheme=f"“{scheme}”",
    )


def _sqlite_file(url: str, *, home: Path) -> Path:
    path = unquote(urlsplit(url).path)
    if len(path) < 2:
        raise DatabaseAddressError(
            _("DATABASE_URL names no file; write sqlite:///luyue.sqlite3 or sqlite:////full/path")
        )
    return home / path[1:]


def _sqlite(file: Path) -> dict[str, Any]:
    """IMMEDIATE makes a second writer wait instead of failing; FULL keeps what was acknowledged over a power cut.

    A connection stays open from one request to the next: to open it costs more than most of what a page asks.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": LOCK_WAIT_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_PRAGMAS,
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    # Only an installation on PostgreSQL loads its driver.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except ProgrammingError as error:
        raise DatabaseAddressError(
            _("DATABASE_URL is not an address PostgreSQL understands: %(reason)s"), reason=error
        ) from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "luyue"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": CONNECT_WAIT_SECONDS,
            **parts,
            "pool": {"min_size": 1, "max_size": 8, "timeout": 20},
        },
    }


def leave_the_pool() -> None:
    """Connect directly: a single command hears at once, and with the reason, that the database cannot be reached."""
    connections["default"].settings_dict["OPTIONS"].pop("pool", None)


def disconnect() -> None:
    """Close every connection and pool of this process, before others are started from it."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool:
            close_pool()
