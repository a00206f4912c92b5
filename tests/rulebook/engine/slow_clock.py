"""A slow second opinion on time limits: it walks hour by hour and counts on its fingers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Hour(NamedTuple):
    """What happened in a certain hour."""

    at: int
    action: str
    state: str
    severity: str | None


@dataclass
class SlowLimit:
    """One time limit as a person would note it down; spans are hours, one for each severity or one for all."""

    spans: Mapping[str, int] | int
    restarts: bool
    also_starts: bool
    pauses: bool
    not_before: int

    def span_for(self, severity: str | None) -> int | str:
        """Hours, or `open` while the severity is not known, or `none` when no limit is set for it."""
        if isinstance(self.spans, int):
            return self.spans
        return "open" if severity is None else self.spans.get(severity, "none")


@dataclass
class SlowRun:
    """One clock on the wall: how many hours it has shown, and at which hour it first showed each."""

    opened: int
    at: int
    span: int | None
    shown: int = 0
    reached: dict[int, int] = field(default_factory=dict)
    replies: list[tuple[int, int]] = field(default_factory=list)
    verdict: str = "running"
    settled: int | None = None
    done: int | None = None
    due: int | None = None
    was_owed: bool = False

    def overdue_at(self, hour: int) -> bool:
        return self.span is not None and self.reached.get(self.span, hour) < hour

    def due_if_it_ran_on_from(self, hour: int, shown: int) -> int:
        assert self.span is not None
        first = self.reached.get(self.span, hour + 1)
        return first if first <= hour else hour + self.span - shown

    def settle(self, verdict: str, at: int) -> None:
        self.verdict, self.settled = verdict, at

    def answered(self, at: int, shown: int) -> None:
        self.done, self.due = at, self.due_if_it_ran_on_from(at, shown)
        if self.due < at:
            self.settle("broken", self.due)
        else:
            self.settle("kept", at)


def slow_clocks(limit: SlowLimit, story: Sequence[Hour], until: int) -> list[dict[str, Any]]:
    """What is owed after a story, worked out hour by hour."""
    runs: list[SlowRun] = []
    state, severity = "", None
    for hour in range(until + 1):
        for number, event in enumerate(story, start=1):
            if event.at != hour:
                continue
            _break(runs, hour)
            _reply(runs, event, limit)
            if event.action in ("withdraw", "void"):
                for run in _running(runs):
                    run.settle("cancelled", hour)
            if event.action == "void":
                state, severity = event.state, event.severity
                continue
            if event.severity != severity:
                _decide(runs, limit, event)
            state, severity = event.state, event.severity
            _start(runs, limit, event, number)
        _break(runs, hour + 1 if hour < until else hour)
        if hour < until:
            _tick(runs, hour, standing_still=limit.pauses and state == "waiting")
    standing_still = limit.pauses and state == "waiting"
    return [_verdict(run, until, standing_still) for run in runs if run.was_owed]


def _running(runs: list[SlowRun]) -> list[SlowRun]:
    return [run for run in runs if run.verdict == "running"]


def _break(runs: list[SlowRun], hour: int) -> None:
    for run in _running(runs):
        if run.overdue_at(hour):
            run.due = run.reached[run.span]
            run.settle("broken", run.due)


def _reply(runs: list[SlowRun], event: Hour, limit: SlowLimit) -> None:
    if event.action != "reply":
        return
    for run in runs:
        if event.at < run.at + limit.not_before:
            continue
        if run.verdict == "broken" and run.done is None:
            run.done = event.at
        elif run.verdict == "running" and run.span is None:
            run.replies.append((event.at, run.shown))
        elif run.verdict == "running":
            run.answered(event.at, run.shown)


def _decide(runs: list[SlowRun], limit: SlowLimit, event: Hour) -> None:
    span = limit.span_for(event.severity)
    for run in _running(runs):
        if span == "none":
            run.settle("cancelled", event.at)
        elif isinstance(span, int):
            run.span, run.was_owed = span, True
            if run.replies:
                run.answered(*run.replies[0])


def _start(runs: list[SlowRun], limit: SlowLimit, event: Hour, number: int) -> None:
    latest = runs[-1] if runs else None
    is_busy = latest is not None and latest.verdict == "running" and not latest.replies
    starts = event.action == "register" or (event.action == "reopen" and limit.also_starts)
    anew = event.action == "reopen" and limit.restarts and latest is not None
    if anew and latest is not None and latest.verdict == "running" and (is_busy or not starts):
        latest.settle("cancelled", event.at)
    elif not anew and not (starts and not is_busy):
        return
    span = limit.span_for(event.severity)
    if span == "none":
        return
    run = SlowRun(number, event.at, span if isinstance(span, int) else None, reached={0: event.at})
    run.was_owed = run.span is not None
    runs.append(run)


def _tick(runs: list[SlowRun], hour: int, *, standing_still: bool) -> None:
    for run in _running(runs):
        if not standing_still:
            run.shown += 1
            run.reached.setdefault(run.shown, hour + 1)


def _verdict(run: SlowRun, until: int, standing_still: bool) -> dict[str, Any]:
    verdict, due = run.verdict, run.due
    if verdict == "running":
        stands = standing_still and run.span not in run.reached
        verdict, due = ("paused", None) if stands else ("running", run.due_if_it_ran_on_from(until, run.shown))
    if verdict == "cancelled":
        due = None
    return {"opened": run.opened, "status": verdict, "settled": run.settled, "done": run.done, "due": due}
