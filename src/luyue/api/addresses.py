"""What things are called outside: opaque, fixed for this installation, and different for each kind of thing."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings

_ROUNDS = 4
_LETTERS = 13
"""64 bits in base32."""


@lru_cache(maxsize=16_384)
def opaque(kind: str, pk: int) -> str:
    """The id by which the API names a row; it tells neither how many there are nor which came first."""
    turned = _turned(kind, pk, range(_ROUNDS))
    return base64.b32encode(turned.to_bytes(8, "big")).decode().rstrip("=").lower()


def pk_of(kind: str, said: str) -> int | None:
    """The primary key behind an id; None when it never was one of this kind."""
    if len(said) != _LETTERS or not said.isascii():
        return None
    try:
        number = int.from_bytes(base64.b32decode(said.upper() + "==="), "big")
    except binascii.Error:
        return None
    pk = _swapped(_turned(kind, _swapped(number), reversed(range(_ROUNDS))))
    return pk if 0 < pk < 2**63 and opaque(kind, pk) == said else None


def _turned(kind: str, number: int, rounds: Iterable[int]) -> int:
    """A Feistel network over two halves of 32 bits: a keyed permutation that the same rounds, reversed, undo."""
    left, right = number >> 32, number & 0xFFFFFFFF
    for each in rounds:
        left, right = right, left ^ _mixed(kind, each, right)
    return left << 32 | right


def _mixed(kind: str, part: int, half: int) -> int:
    said = f"luyue.api {kind} {part} {half}".encode()
    return int.from_bytes(hmac.digest(settings.SECRET_KEY.encode(), said, hashlib.sha256)[:4], "big")


def _swapped(number: int) -> int:
    return (number & 0xFFFFFFFF) << 32 | number >> 32
