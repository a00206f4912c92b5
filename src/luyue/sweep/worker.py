"""The sweep as background work; any number of processes on any number of hosts may run it."""

from __future__ import annotations

from datetime import datetime
from threading import Event

from luyue.ledger.sealing import BLOCK_LIMIT, seal
from luyue.organization.models import Company
from luyue.records.rounds import Chore, go_round, in_each_company
from luyue.sweep.alarms import give_alarms
from luyue.sweep.clearing import clear_away, lay_aside
from luyue.sweep.due import break_overdue
from luyue.sweep.periods import keep_up


def seal_what_is_new(company: Company, now: datetime) -> None:
    """Full blocks are followed by the next at once, as after an import."""
    while (block := seal(company, now=now)) and block.count == BLOCK_LIMIT:
        pass


CHORES = (
    Chore("due times", 1, break_overdue),
    Chore("alarms", 1, give_alarms),
    Chore("sealing", 3, in_each_company("sealing", seal_what_is_new)),
    Chore("periodic duties", 60, in_each_company("periodic duties", keep_up)),
    Chore("notices of what is done", 600, lay_aside),
    Chore("clearing", 3600, clear_away),
)


def run(stop: Event) -> None:
    """Sweep until `stop`."""
    go_round(CHORES, stop)
