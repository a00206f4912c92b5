"""One form for every value, so that the same content gives the same hash on every database and after every restore."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any
from uuid import UUID

from django.utils.duration import duration_iso_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _


class UnwritableError(ValueError):
    """A value that the ledger could not give back unchanged; the sentence says which and why."""


def plain(value: Any, *, where: str) -> Any:
    """The value as JSON keeps it: decimals and dates as text, instants in UTC; refuses what would not return equal."""
    # Nearly every value is one of these, and every action writes dozens.
    if value is None or type(value) in (bool, int):
        return value
    if type(value) is str:
        return _text(value, where=where)
    if type(value) is dict:
        return {_key(key, where=where): plain(part, where=f"{where}.{key}") for key, part in value.items()}
    return _plain_of_other(value, where=where)


def _plain_of_other(value: Any, *, where: str) -> Any:
    if isinstance(value, Enum):
        return plain(value.value, where=where)
    if isinstance(value, str | Promise | UUID):
        return _text(str(value), where=where)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float | Decimal):
        return _number(value, where=where)
    if isinstance(value, datetime):
        return instant(value, where=where)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, Mapping):
        return plain(dict(value), where=where)
    if isinstance(value, set | frozenset):
        return sorted((plain(part, where=where) for part in value), key=_canonical)
    if isinstance(value, list | tuple):
        return [plain(part, where=f"{where}[{index}]") for index, part in enumerate(value)]
    raise UnwritableError(
        _("%(where)s: the ledger cannot keep a value of the kind %(kind)s.")
        % {"where": where, "kind": type(value).__name__}
    )


def instant(value: datetime, *, where: str) -> str:
    """An aware instant as UTC text with microseconds, which both databases keep exactly."""
    if value.utcoffset() is None:
        raise UnwritableError(_("%(where)s: %(value)s has no time zone.") % {"where": where, "value": value})
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def digest(content: Any) -> str:
    """SHA-256, in hexadecimal, of plain content in its one canonical form: sorted keys, no blanks, UTF-8."""
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _text(value: str, *, where: str) -> str:
    if "\0" in value:
        raise UnwritableError(
            _("%(where)s: the text holds a NUL character, which cannot be stored.") % {"where": where}
        )
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise UnwritableError(_("%(where)s: the text holds half a character.") % {"where": where}) from error
    return value


def _key(key: Any, *, where: str) -> str:
    if type(key) is str:
        return _text(key, where=where)
    if isinstance(key, bool) or not isinstance(key, str | int | Promise):
        raise UnwritableError(_("%(where)s: %(key)r cannot be the name of a value.") % {"where": where, "key": key})
    return _text(str(key.value if isinstance(key, Enum) else key), where=where)


def _number(value: float | Decimal, *, where: str) -> str | int | float:
    if not isfinite(value):
        raise UnwritableError(_("%(where)s: %(value)s is not a number.") % {"where": where, "value": value})
    if isinstance(value, Decimal):
        return str(value)
    # PostgreSQL gives 1e20 and 2.0 back as whole numbers; so they are whole numbers from the beginning.
    exact = Decimal(repr(value))
    return int(exact) if exact == exact.to_integral_value() else value
