"""What time it is: asked once per action and handed down; tests and demonstrations may move it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_moved: ContextVar[datetime | None] = ContextVar("moved_clock", default=None)


def now() -> datetime:
    """The present instant, aware; the moved one while the clock is moved."""
    return _moved.get() or timezone.now()


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Let it be this instant inside the block: for stories and for demonstration data, never for real work."""
    if timezone.is_naive(moment):
        raise ValueError(f"{moment} has no time zone")
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
