"""Mail as background work; any number of processes on any number of hosts may run it."""

from __future__ import annotations

from threading import Event

from luyue.messaging.mailing import mail_notices
from luyue.records.rounds import Chore, go_round

CHORES = (Chore("mail", 10, mail_notices),)


def run(stop: Event) -> None:
    """Mail until `stop`."""
    go_round(CHORES, stop)
