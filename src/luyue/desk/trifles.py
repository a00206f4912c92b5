"""Writing that may be lost when the power fails, as who looked at what; no reader waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def no_wait_for_the_disk() -> Iterator[None]:
    """One transaction that is committed before the disk has it; within another transaction, a part of that one."""
    is_alone = not connection.in_atomic_block
    if is_alone and connection.vendor == "sqlite":
        _say("PRAGMA synchronous = NORMAL")
    try:
        with transaction.atomic():
            if is_alone and connection.vendor == "postgresql":
                _say("SET LOCAL synchronous_commit = off")
            yield
    finally:
        if is_alone and connection.vendor == "sqlite":
            _say("PRAGMA synchronous = FULL")


def _say(setting: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(setting)
