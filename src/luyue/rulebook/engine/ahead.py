"""Notices ahead of a date: who is told so long before it comes, and what proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from luyue.rulebook.controls import Notice
from luyue.rulebook.engine.addresses import OWNER, resolved
from luyue.rulebook.engine.clocks import (
    NO_DEADLINE,
    ONE_DAY,
    Deadline,
    alarms_between,
    date_in,
    deadline_before,
    last_moment,
    shares_of,
    span_of,
    written,
)
from luyue.rulebook.engine.events import TOLD_AHEAD, Alarm, Event, Obligation, Status
from luyue.rulebook.engine.rules import BoundControl, Rules
from luyue.worktime import Calendar

Variants = tuple[BoundControl, ...]

IN_GOOD_TIME = timedelta(minutes=5)
"""So much before the last moment colleagues are told, where hours are counted; of days it is the whole last day."""
AT_ONCE = timedelta(seconds=1)


@dataclass(slots=True, eq=False)
class _Telling:
    """One who is to be told of one date; told, missed or cancelled, it is not told of the same date again."""

    bound: BoundControl
    opened: Event
    declared: str
    address: str
    anchor: date | datetime | None = None
    deadline: Deadline = NO_DEADLINE
    known_since: Event | None = None
    done: Event | None = None
    broken_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.done is None and self.broken_at is None and self.cancelled_at is None

    @property
    def key(self) -> str:
        return f"{self.bound.group}@{self.opened.sequence}/{self.declared}"


def ahead_obligations(
    story: Sequence[Event], rules: Rules, calendar: Calendar, as_of: datetime, record_type: str
) -> list[Obligation]:
    """Who has to be told ahead of a date, after a story; colleagues are told by the installation itself."""
    groups: dict[str, list[BoundControl]] = {}
    for bound in rules.notices_ahead(record_type):
        groups.setdefault(bound.group, []).append(bound)
    if not groups:
        return []
    tellings = _Tellings({name: tuple(variants) for name, variants in groups.items()}, calendar, record_type)
    for event in story:
        tellings.take(event)
    return tellings.at(as_of)


class _Tellings:
    """The notices ahead of one record's dates, carried from event to event."""

    def __init__(self, groups: Mapping[str, Variants], calendar: Calendar, record_type: str) -> None:
        self.groups = groups
        self.calendar = calendar
        self.record_type = record_type
        self.all: list[_Telling] = []
        self.latest: dict[str, list[_Telling]] = {}

    def take(self, event: Event) -> None:
        """Let one event miss, prove, cancel and begin what it does, in this order."""
        for telling in self.all:
            self._miss(telling, event.occurred_at)
            self._answer(telling, event)
        if event.action == f"{self.record_type}.void":
            self._cancel([each for each in self.all if each.is_open], event)
            return
        for group, variants in self.groups.items():
            self._look_at_the_date(group, variants, event)

    def at(self, as_of: datetime) -> list[Obligation]:
        """Everything that was ever to be told, as it stands at an instant."""
        for telling in self.all:
            self._miss(telling, as_of)
        return [self._obligation(telling) for telling in self.all]

    def _miss(self, telling: _Telling, now: datetime) -> None:
        if telling.is_open and telling.deadline.at is not None and telling.deadline.at < now:
            telling.broken_at = telling.deadline.at

    def _answer(self, telling: _Telling, event: Event) -> None:
        if telling.done is None and telling.cancelled_at is None and self._settles(telling, event):
            telling.done = event
        elif telling.is_open and event.action in telling.bound.control.cancels:
            self._cancel([telling], event)
        elif telling.is_open:
            telling.address = resolved(telling.declared, event.persons)

    def _settles(self, telling: _Telling, event: Event) -> bool:
        if telling.bound.control.proved_by:
            return event.action in telling.bound.control.proved_by
        return event.action == f"{self.record_type}.{TOLD_AHEAD}" and event.data.get("key") == telling.key

    def _cancel(self, tellings: Sequence[_Telling], event: Event) -> None:
        for telling in tellings:
            telling.cancelled_at = event.occurred_at

    def _look_at_the_date(self, group: str, variants: Variants, event: Event) -> None:
        answers = [bound.holds(event.facts) for bound in variants]
        bound = variants[answers.index(True)] if True in answers else None
        anchor = date_in(event.dates, str(variants[0].control.ahead_of))
        latest = self.latest.get(group, [])
        still_open = [each for each in latest if each.is_open]
        if bound is None and None not in answers:
            self._cancel(still_open, event)
        elif still_open and (bound is None or still_open[0].bound is bound):
            for telling in still_open:
                self._reckon(telling, anchor, event)
        elif bound is not None and anchor is not None and last_moment(anchor, self.calendar) > event.occurred_at:
            self._cancel(still_open, event)
            if still_open or not latest or latest[0].anchor != anchor:
                self._open(group, bound, anchor, event)

    def _open(self, group: str, bound: BoundControl, anchor: date | datetime, event: Event) -> None:
        control: Notice = bound.control
        teller = control.owner.key if control.owner else OWNER
        self.latest[group] = []
        for declared in [teller] if control.customer else [address.key for address in control.to]:
            telling = _Telling(bound, event, declared, resolved(declared, event.persons))
            self._reckon(telling, anchor, event)
            self.latest[group].append(telling)
            self.all.append(telling)

    def _reckon(self, telling: _Telling, anchor: date | datetime | None, event: Event) -> None:
        control: Notice = telling.bound.control
        if anchor == telling.anchor and telling.known_since is not None:
            return
        telling.anchor, telling.known_since = anchor, event
        if anchor is None:
            telling.deadline = Deadline(None, waits_for=str(control.ahead_of))
        else:
            telling.deadline = deadline_before(anchor, str(control.lead), self.calendar)

    def _obligation(self, telling: _Telling) -> Obligation:
        control: Notice = telling.bound.control
        status, settled_at = _standing(telling)
        return Obligation(
            key=telling.key,
            kind="notice",
            procedure=telling.bound.procedure,
            clause=telling.bound.clause,
            control=telling.bound.group,
            owner=telling.address,
            started_by=telling.opened.sequence,
            started_at=telling.opened.occurred_at,
            due_at=telling.deadline.at,
            status=status,
            settled_at=settled_at,
            done_at=telling.done.occurred_at if telling.done else None,
            done_by=telling.done.by if telling.done else None,
            does=control.proved_by or (f"{self.record_type}.{TOLD_AHEAD}",),
            alarms=self._alarms(telling) if status in (Status.RUNNING, Status.BROKEN) else (),
            provisional=telling.deadline.provisional,
            detail=_detail(telling),
        )

    def _alarms(self, telling: _Telling) -> tuple[Alarm, ...]:
        control: Notice = telling.bound.control
        due_at, known_since = telling.deadline.at, telling.known_since
        if control.customer:
            return alarms_between(telling.opened.occurred_at, due_at, shares_of(control.escalate))
        if due_at is None or known_since is None:
            return ()
        early = ONE_DAY if span_of(str(control.lead)).is_counted_in_days else IN_GOOD_TIME
        return (Alarm(max(due_at - early, known_since.entered_at + AT_ONCE), telling.address),)


def _standing(telling: _Telling) -> tuple[Status, datetime | None]:
    if telling.broken_at is not None:
        return Status.BROKEN, telling.broken_at
    if telling.done is not None:
        return Status.KEPT, telling.done.occurred_at
    if telling.cancelled_at is not None:
        return Status.CANCELLED, telling.cancelled_at
    return Status.RUNNING, None


def _detail(telling: _Telling) -> dict[str, Any]:
    control: Notice = telling.bound.control
    said: dict[str, Any] = {
        "variant": telling.bound.key,
        "receiver": telling.declared,
        "channels": list(control.channels),
        "customer": control.customer,
        "ahead_of": control.ahead_of,
        "by_itself": not control.customer,
    }
    if telling.deadline.span:
        said["span"] = telling.deadline.span
    if telling.anchor is not None:
        said["anchor"] = written(telling.anchor)
    if telling.deadline.waits_for:
        said["waits_for"] = telling.deadline.waits_for
    return said
