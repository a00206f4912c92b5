"""Time limits: from an action or a date to one of several actions within a span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from luyue.rulebook.engine.addresses import resolved
from luyue.rulebook.engine.clocks import (
    NO_DEADLINE,
    Deadline,
    alarms_between,
    date_in,
    deadline_after,
    deadline_before,
    earliest_moment,
    first_moment,
    last_moment,
    span_in,
    written,
)
from luyue.rulebook.engine.events import MOVED, Event, Obligation, Status
from luyue.rulebook.engine.limits import Limit, LimitPlan, Pool, chosen, is_dated, limit_plan
from luyue.rulebook.engine.rules import Rules
from luyue.worktime import Calendar, Pause


@dataclass(slots=True, eq=False)
class _Run:
    """A clock that was begun; without a limit it waits for the facts that decide which variant applies."""

    pool: Pool
    opened: Event
    limit: Limit | None
    is_conditional: bool
    start: datetime | None = None
    anchor: date | datetime | None = None
    deadline: Deadline = NO_DEADLINE
    deadline_before_pause: datetime | None = None
    may_have_stopped: bool = False
    status: Status = Status.RUNNING
    settled_at: datetime | None = None
    done_at: datetime | None = None
    done_by: int | None = None
    owner: str = ""
    pauses: tuple[Pause, ...] = ()

    @property
    def group(self) -> str:
        return self.pool[0].bound.group


def time_limit_obligations(
    story: Sequence[Event], rules: Rules, calendar: Calendar, as_of: datetime, record_type: str
) -> list[Obligation]:
    """What is owed under the time limits after a story, in the order in which the clocks began."""
    clocks = _Clocks(rules, calendar, record_type)
    for event in story:
        clocks.take(event)
    return clocks.at(as_of)


class _Clocks:
    """The clocks of one record, carried from event to event."""

    def __init__(self, rules: Rules, calendar: Calendar, record_type: str) -> None:
        self.rules = rules
        self.record_type = record_type
        self.plan: LimitPlan = limit_plan(rules, record_type)
        self.calendar = calendar
        self.void = f"{record_type}.void"
        self.moving = f"{record_type}.{MOVED}"
        self.moved: dict[str, str] = {}
        self.runs: list[_Run] = []
        self.open: list[_Run] = []
        self.late: list[_Run] = []
        self.latest: dict[str, _Run] = {}
        self.begun_dates: set[tuple[str, str]] = set()
        self.past: list[Event] = []
        self.states: list[tuple[datetime, str]] = []

    def take(self, event: Event) -> None:
        """Let one event settle, pause, change and begin what it does, in this order."""
        self._break_overdue(event.occurred_at)
        self._stop(event)
        self._cancel(event)
        before = self.past[-1] if self.past else None
        self.past.append(event)
        if before is None or before.state != event.state:
            self.states.append((event.occurred_at, event.state))
        if event.action == self.void:
            return
        self._review(event, before)
        if event.action == self.moving:
            self._move(event)
        self._begin(event)

    def at(self, as_of: datetime) -> list[Obligation]:
        """Everything that was ever owed, as it stands at an instant."""
        self._break_overdue(as_of)
        return [self._obligation(run) for run in self.runs if run.limit is not None]

    def _break_overdue(self, now: datetime) -> None:
        for run in [run for run in self.open if run.deadline.at is not None and run.deadline.at < now]:
            self._settle(run, Status.BROKEN, run.deadline.at)
            self.late.append(run)

    def _stop(self, event: Event) -> None:
        if event.action not in self.plan.stopping:
            return
        for run in [run for run in self.late if self._counts(_limit_of(run), run, event)]:
            run.done_at, run.done_by = event.occurred_at, event.by
            self.late.remove(run)
        for run in list(self.open):
            if run.limit is None:
                run.may_have_stopped |= any(self._counts(limit, run, event) for limit in run.pool)
            elif self._counts(run.limit, run, event):
                self._done(run, event)

    def _cancel(self, event: Event) -> None:
        if event.action not in self.plan.cancelling:
            return
        for run in list(self.open):
            limits = run.pool if run.limit is None else (run.limit,)
            if event.action == self.void or any(event.action in limit.cancels for limit in limits):
                self._cancel_run(run, event)

    def _review(self, event: Event, before: Event | None) -> None:
        """What the new facts, dates and state change for the clocks that run."""
        if before is None or not self.open:
            return
        facts_changed = event.facts != before.facts
        dates_changed = event.dates != before.dates
        state_changed = event.state != before.state
        for run in list(self.open):
            known = run.limit
            if facts_changed and run.is_conditional and not self._still_applies(run, event):
                self._cancel_run(run, event)
            elif run.limit is not None and (run.limit is not known or dates_changed):
                self._reckon(run)
                self._settle_from_past(run)
            elif run.limit is not None and state_changed and run.limit.pauses:
                self._reckon(run)

    def _move(self, event: Event) -> None:
        """Let the later edition's rule govern what runs under these limits, from where each began."""
        self.moved.update(event.data["limits"])
        plan = limit_plan(self.rules, self.record_type, tuple(sorted(self.moved.items())))
        # What is late under the old rule is still done by what the old rule named.
        self.plan = replace(plan, stopping=plan.stopping | self.plan.stopping)
        for run in list(self.open):
            if run.group not in event.data["limits"] or run.group not in self.plan.moved:
                continue
            run.pool = self.plan.moved[run.group]
            run.is_conditional = any(each.control.when is not None for each in run.pool)
            known = run.limit
            if not self._still_applies(run, event):
                self._cancel_run(run, event)
            elif run.limit is not None and run.limit is not known:
                self._reckon(run)
                self._settle_from_past(run)

    def _still_applies(self, run: _Run, event: Event) -> bool:
        """Choose the variant by the new facts; while these leave it open, the one in force stays."""
        limit, undecided = chosen(run.pool, event.facts)
        if limit is not None:
            run.limit = limit
        return limit is not None or undecided

    def _begin(self, event: Event) -> None:
        for pool in self.plan.started_by.get(event.action, ()):
            current = self.latest.get(pool[0].bound.group)
            if current is None or current not in self.open or current.may_have_stopped:
                self._open(pool, event)
        for pool in self.plan.restarted_by.get(event.action, ()):
            current = self.latest.get(pool[0].bound.group)
            if current is not None and current.opened is not event:
                if current in self.open:
                    self._cancel_run(current, event)
                self._open(self.plan.moved.get(current.group, current.pool), event)
        for pool in self.plan.dated:
            if _dated(pool) not in self.begun_dates and date_in(event.dates, str(pool[0].control.since)) is not None:
                self._open_dated(pool, event)

    def _open_dated(self, pool: Pool, event: Event) -> None:
        limit, _ = chosen(pool, event.facts)
        if limit is not None:
            self.begun_dates.add(_dated(pool))
            self._open(pool, event)

    def _open(self, pool: Pool, event: Event) -> None:
        limit, undecided = chosen(pool, event.facts)
        if limit is None and not undecided:
            return
        run = _Run(pool, event, limit, any(each.control.when is not None for each in pool))
        self.runs.append(run)
        self.open.append(run)
        self.latest[run.group] = run
        if limit is not None:
            self._reckon(run)
            if is_dated(limit.control):
                self._settle_from_past(run)

    def _reckon(self, run: _Run) -> None:
        """Count the deadline anew, from the start as it now stands, with the pauses so far."""
        limit, dates = _limit_of(run), self.past[-1].dates
        before_pause = run.deadline.at or run.deadline_before_pause
        run.start, run.anchor = self._start(run, dates)
        run.pauses = self._pauses(limit, None)
        run.deadline = self._deadline(limit, run.start, run.anchor, dates, run.pauses)
        run.deadline_before_pause = before_pause if run.deadline.paused_since else None

    def _start(self, run: _Run, dates: Mapping[str, Any]) -> tuple[datetime | None, date | datetime | None]:
        control = _limit_of(run).control
        if control.since is None:
            return run.opened.occurred_at, run.opened.occurred_at
        anchor = date_in(dates, control.since)
        if anchor is None:
            return run.start, None
        return (run.opened.occurred_at if control.before else first_moment(anchor, self.calendar)), anchor

    def _deadline(
        self,
        limit: Limit,
        start: datetime | None,
        anchor: date | datetime | None,
        dates: Mapping[str, Any],
        pauses: Sequence[Pause],
    ) -> Deadline:
        control = limit.control
        if start is None or anchor is None:
            return Deadline(None, waits_for=str(control.since))
        if control.due is not None:
            asked = date_in(dates, control.due)
            return Deadline(last_moment(asked, self.calendar)) if asked else Deadline(None, waits_for=control.due)
        span = span_in(dates, control.within_field) if control.within_field else control.within
        if span is None:
            return Deadline(None, waits_for=str(control.within_field))
        if control.before:
            return deadline_before(anchor, span, self.calendar)
        return deadline_after(start, span, self.calendar, pauses)

    def _pauses(self, limit: Limit, until: datetime | None) -> tuple[Pause, ...]:
        if not limit.pauses or limit.control.before or limit.control.due is not None:
            return ()
        ends = [at for at, _ in self.states[1:]] + [until]
        return tuple(
            Pause(at, end if until is None or end is None else min(end, until), state)
            for (at, state), end in zip(self.states, ends, strict=True)
            if state in limit.pauses and (until is None or at < until)
        )

    def _counts(self, limit: Limit, run: _Run, event: Event) -> bool:
        """Whether the event settles the clock: not before its start, nor before the span it must let pass."""
        if event.action not in limit.stops:
            return False
        start = run.start or run.opened.occurred_at
        if event.occurred_at < start:
            return False
        if limit.control.not_before is None:
            return True
        return event.occurred_at >= earliest_moment(start, limit.control.not_before, self.calendar)

    def _settle_from_past(self, run: _Run) -> None:
        """Let a clock that could be read only now be stopped by what was done in the meantime."""
        limit = _limit_of(run)
        after = run.opened.occurred_at, run.opened.sequence
        for event in self.past:
            is_later = is_dated(limit.control) or (event.occurred_at, event.sequence) > after
            if is_later and self._counts(limit, run, event):
                self._done(run, event)
                return

    def _done(self, run: _Run, event: Event) -> None:
        limit = _limit_of(run)
        if limit.pauses and run.start is not None:
            dates = self.past[-1].dates if self.past else event.dates
            run.pauses = self._pauses(limit, event.occurred_at)
            run.deadline = self._deadline(limit, run.start, run.anchor, dates, run.pauses)
        at = run.deadline.at
        run.done_at, run.done_by = event.occurred_at, event.by
        if at is not None and at < event.occurred_at:
            self._settle(run, Status.BROKEN, at)
        else:
            self._settle(run, Status.KEPT, event.occurred_at)

    def _cancel_run(self, run: _Run, event: Event) -> None:
        self._settle(run, Status.CANCELLED, event.occurred_at)

    def _settle(self, run: _Run, status: Status, at: datetime | None) -> None:
        run.status, run.settled_at = status, at
        run.owner = self._owner(run) if run.limit else ""
        self.open.remove(run)

    def _owner(self, run: _Run) -> str:
        return resolved(_limit_of(run).owner, self.past[-1].persons)

    def _obligation(self, run: _Run) -> Obligation:
        limit = _limit_of(run)
        start = run.start or run.opened.occurred_at
        status = Status.PAUSED if run.status is Status.RUNNING and run.deadline.paused_since else run.status
        is_owed = status in (Status.RUNNING, Status.BROKEN)
        return Obligation(
            key=f"{run.group}@{run.opened.sequence}",
            kind="time_limit",
            procedure=limit.bound.procedure,
            clause=limit.bound.clause,
            control=run.group,
            owner=run.owner or self._owner(run),
            started_by=run.opened.sequence,
            started_at=start,
            due_at=run.deadline.at,
            status=status,
            settled_at=run.settled_at,
            done_at=run.done_at,
            done_by=run.done_by,
            does=limit.control.stops,
            alarms=alarms_between(start, run.deadline.at, limit.shares) if is_owed else (),
            provisional=run.deadline.provisional,
            detail=_detail(run, limit),
        )


def _dated(pool: Pool) -> tuple[str, str]:
    """By what a clock that runs from a date is known, whichever edition rules it."""
    return pool[0].bound.group, str(pool[0].control.since)


def _limit_of(run: _Run) -> Limit:
    assert run.limit is not None, "a clock is read only after its variant is known"
    return run.limit


def _detail(run: _Run, limit: Limit) -> dict[str, Any]:
    """What a page needs to explain the clock; only values that JSON can hold."""
    said: dict[str, Any] = {"variant": limit.bound.key}
    if limit.is_moved:
        said["edition"] = limit.bound.edition
    if run.deadline.span:
        said["span"] = run.deadline.span
    if limit.control.before and run.anchor is not None:
        said["anchor"] = written(run.anchor)
    if run.deadline.waits_for:
        said["waits_for"] = run.deadline.waits_for
    if run.pauses:
        said["pauses"] = [[written(p.start), written(p.end) if p.end else None, p.reason] for p in run.pauses]
    if run.deadline.paused_since:
        said["paused_since"] = written(run.deadline.paused_since)
    if run.deadline_before_pause:
        said["due_before_pause"] = written(run.deadline_before_pause)
    return said
