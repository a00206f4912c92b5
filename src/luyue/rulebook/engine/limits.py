"""The time limits of a record type made ready for counting: by what begins, stops and pauses them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from luyue.rulebook.controls import TimeLimit
from luyue.rulebook.engine.addresses import OWNER
from luyue.rulebook.engine.clocks import shares_of
from luyue.rulebook.engine.events import MOVED, Event
from luyue.rulebook.engine.rules import BoundControl, Rules, record_type_of


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """One variant of a time limit, its names as sets."""

    bound: BoundControl
    control: TimeLimit
    stops: frozenset[str]
    restarts: frozenset[str]
    cancels: frozenset[str]
    pauses: frozenset[str]
    shares: tuple[tuple[int, str], ...]
    owner: str
    is_moved: bool = False


Moves = tuple[tuple[str, str], ...]
"""Groups of time limits with the edition to which each was moved."""

Pool = tuple[Limit, ...]
"""The variants among which the facts choose while a clock runs: those that begin with the same action or date."""


@dataclass(frozen=True, slots=True)
class LimitPlan:
    """The time limits of one record type, by what begins them."""

    started_by: Mapping[str, tuple[Pool, ...]]
    restarted_by: Mapping[str, tuple[Pool, ...]]
    dated: tuple[Pool, ...]
    stopping: frozenset[str]
    cancelling: frozenset[str]
    moved: Mapping[str, Pool]


@lru_cache(maxsize=512)
def limit_plan(rules: Rules, record_type: str, moves: Moves = ()) -> LimitPlan:
    """The time limits of a record type made ready for counting; the same rules are asked again and again.

    Those that were moved are taken from the editions to which they were.
    """
    later = [
        _ready(bound, record_type, is_moved=True)
        for group, edition in moves
        for bound in rules.moved_limits(group, edition)
        if _concerns(bound, record_type)
    ]
    moved = _by_group(later)
    first = [_ready(bound, record_type) for bound in rules.time_limits(record_type) if bound.group not in moved]
    limits = [*first, *later]
    return LimitPlan(
        started_by=_pools(limits, lambda control: control.starts),
        restarted_by=_pools(limits, lambda control: control.restarts),
        dated=tuple(pool for pools in _pools(limits, _dates_that_begin).values() for pool in pools),
        stopping=frozenset().union(*(limit.stops for limit in limits)),
        cancelling=frozenset({f"{record_type}.void"}).union(*(limit.cancels for limit in limits)),
        moved=moved,
    )


def _concerns(bound: BoundControl, record_type: str) -> bool:
    control: TimeLimit = bound.control
    return any(record_type_of(name) == record_type for name in (*control.starts, control.since or ""))


def _by_group(limits: Iterable[Limit]) -> Mapping[str, Pool]:
    found: dict[str, list[Limit]] = {}
    for limit in limits:
        found.setdefault(limit.bound.group, []).append(limit)
    return {group: tuple(pool) for group, pool in found.items()}


def moves_in(events: Iterable[Event], record_type: str) -> Moves:
    """The time limits that were moved in a story, each with the last edition to which it was."""
    moved: dict[str, str] = {}
    for event in events:
        if event.action == f"{record_type}.{MOVED}":
            moved.update(event.data["limits"])
    return tuple(sorted(moved.items()))


def is_dated(control: TimeLimit) -> bool:
    """Whether the clock begins with a date on the record and not with an action."""
    return control.since is not None and not control.starts


def _dates_that_begin(control: TimeLimit) -> Sequence[str]:
    return [control.since] if control.since is not None and is_dated(control) else []


def _pools(limits: Iterable[Limit], words: Callable[[TimeLimit], Sequence[str]]) -> dict[str, tuple[Pool, ...]]:
    found: dict[str, dict[str, list[Limit]]] = {}
    for limit in limits:
        for word in words(limit.control):
            found.setdefault(word, {}).setdefault(limit.bound.group, []).append(limit)
    return {word: tuple(tuple(pool) for pool in groups.values()) for word, groups in found.items()}


def _ready(bound: BoundControl, record_type: str, *, is_moved: bool = False) -> Limit:
    control: TimeLimit = bound.control
    return Limit(
        bound=bound,
        control=control,
        stops=frozenset(control.stops),
        restarts=frozenset(control.restarts),
        cancels=frozenset(control.cancels),
        pauses=frozenset(state.removeprefix(f"{record_type}.") for state in control.pauses),
        shares=shares_of(control.escalate),
        owner=control.owner.key if control.owner else OWNER,
        is_moved=is_moved,
    )


def chosen(pool: Pool, facts: Mapping[str, Any]) -> tuple[Limit | None, bool]:
    """The variant that applies to the facts, and whether it cannot be said yet."""
    undecided = False
    for limit in pool:
        answer = True if limit.control.when is None else limit.bound.holds(facts)
        if answer:
            return limit, False
        undecided = undecided or answer is None
    return None, undecided
