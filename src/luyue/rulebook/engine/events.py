"""What goes into the engine and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

MOVED = "move_to_edition"
"""The deed by which running promises pass under a later edition; `limits` in its data says which, and which edition."""

TOLD_AHEAD = "tell_ahead"
"""The deed by which those are told who are to know of a date before it comes; `control` and `receiver` are its data."""

NOBODYS = frozenset({MOVED, TOLD_AHEAD})
"""Deeds of the installation itself: whoever confirmed them has not thereby handled the case."""


class Status(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    KEPT = "kept"
    BROKEN = "broken"
    WAIVED = "waived"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Event:
    """One action on a record, as the engine sees it.

    `state` is the record's state after it; `facts` and `dates` what held after it. `data` belongs to the actions that
    every record type has, where `control` is the group of a control: sign `{"control", "slot", "decision": "agreed" or
    "sent_back", "opinion"}`, hand_over `{"control", "slot", "to"}`, add_signer `{"control", "to"}`, acknowledge
    `{"control", "receiver"}`, override `{"control", "action", "reason"}`, and `mentions` (addresses) on any of them.
    On any action `told` says, by address, whom a notice inside reached, `channel` by what means a customer was told,
    and `done_for` in whose name it was taken, of those whom a prerequisite asks for.
    """

    sequence: int
    action: str
    occurred_at: datetime
    entered_at: datetime
    by: int | None
    state: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    dates: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    persons: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An instant at which somebody more is told of a running obligation."""

    at: datetime
    to: str


@dataclass(frozen=True, slots=True)
class Obligation:
    """Somebody owes something by some time under a clause, because of an event.

    `key` is the same each time the same story is worked out: group of the control, starting event, receiver or slot.
    `control` is that group; which of its variants applies is said in `detail["variant"]`.
    `settled_at` is when it was kept, broken, waived or cancelled; a broken one that was done later has `done_at`.
    """

    key: str
    kind: str
    procedure: str
    clause: str
    control: str
    owner: str
    started_by: int
    started_at: datetime
    due_at: datetime | None
    status: Status
    settled_at: datetime | None = None
    done_at: datetime | None = None
    done_by: int | None = None
    does: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    provisional: bool = False
    detail: Mapping[str, Any] = field(default_factory=dict)
