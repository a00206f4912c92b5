"""Rounds: background work that is done again and again until the process is asked to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Event
from time import monotonic

from django.db import DatabaseError, OperationalError, close_old_connections, connections

from luyue.organization.models import Company
from luyue.records import clock

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Chore:
    """What is done every so many seconds; it may be cut off anywhere and is then simply done again."""

    name: str
    every: float
    do: Callable[[datetime], object]


def go_round(chores: Sequence[Chore], stop: Event) -> None:
    """Do each chore when its time has come, until `stop`.

    A database that does not answer is asked again later. Any other fault ends the whole process, which is started anew.
    """
    again = dict.fromkeys((chore.name for chore in chores), 0.0)
    try:
        while not stop.is_set():
            for chore in chores:
                if monotonic() >= again[chore.name] and not stop.is_set():
                    attempt(chore.name, chore.do)
                    again[chore.name] = monotonic() + chore.every
            stop.wait(LOOK_EVERY_SECONDS)
    finally:
        stop.set()
        connections.close_all()


def attempt(name: str, do: Callable[[datetime], object]) -> None:
    """Do it now; when the database fails, say so and leave it for the next time."""
    close_old_connections()
    try:
        do(clock.now())
    except OperationalError as away:  # a night without PostgreSQL fills no disk with tracebacks
        log.error("%s: the database failed; trying again later: %s", name, str(away).strip().partition("\n")[0])
    except DatabaseError:
        log.exception("%s: the database failed; trying again later", name)


def in_each_company(name: str, do: Callable[[Company, datetime], object]) -> Callable[[datetime], None]:
    """The same in one company after the other; what fails in one does not hold up the others."""

    def in_all(now: datetime) -> None:
        for company in Company.objects.order_by("pk"):
            attempt(f"{name}, {company.code}", partial(do, company))

    return in_all
