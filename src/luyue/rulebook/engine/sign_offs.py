"""Sign-offs: who signs before an action (all, any one, or one after the other), round by round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from luyue.rulebook.controls import SignOff
from luyue.rulebook.engine.addresses import resolved, said_address
from luyue.rulebook.engine.events import Event
from luyue.rulebook.engine.rules import BoundControl, Rules
from luyue.rulebook.engine.story import in_order


class RoundState(StrEnum):
    """How a round of signatures stands.

    `bypassed`: the action was taken although signatures were missing, by an override or unchecked in a foreign log.
    """

    RUNNING = "running"
    COMPLETE = "complete"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    BYPASSED = "bypassed"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one signature: who may fill it since when, and what was signed there.

    `declared` is the address in the procedure, `address` the one that may sign now, after persons were found and the
    place was handed over. `since` is None until its turn has come. `not_by` is who may not sign: it is their proposal.
    """

    n: int
    declared: str
    address: str
    since: datetime | None = None
    not_by: int | None = None
    signed_by: int | None = None
    at: datetime | None = None
    decision: str = ""
    opinion: str = ""
    handed_over_from: tuple[str, ...] = ()
    added: bool = False

    @property
    def is_signed(self) -> bool:
        return self.decision == "agreed"

    @property
    def is_open(self) -> bool:
        """Whether its turn has come and nobody has signed yet."""
        return self.since is not None and self.at is None


@dataclass(frozen=True, slots=True)
class Round:
    """The signatures asked for at one time before one action, and how far they have come."""

    group: str
    bound: BoundControl
    before: str
    opened_by: int
    opened_at: datetime
    proposed_by: int | None
    slots: tuple[Slot, ...]
    state: RoundState
    closed_at: datetime | None = None
    closed_by: int | None = None

    @property
    def control(self) -> SignOff:
        control: SignOff = self.bound.control
        return control

    @property
    def mode(self) -> str:
        return self.control.mode

    @property
    def is_running(self) -> bool:
        return self.state is RoundState.RUNNING

    @property
    def is_complete(self) -> bool:
        return self.state is RoundState.COMPLETE

    @property
    def is_returned(self) -> bool:
        return self.state is RoundState.RETURNED

    @property
    def waiting(self) -> tuple[Slot, ...]:
        """The places where a signature may be given now."""
        return tuple(slot for slot in self.slots if slot.is_open) if self.is_running else ()

    def slot(self, n: int) -> Slot | None:
        """The place with this number."""
        return next((slot for slot in self.slots if slot.n == n), None)


def may_sign(slot: Slot, authority: Any, by: int) -> str | None:
    """Why this person may not sign here: `already_signed`, `not_yet`, `own_proposal`, `not_addressed`; else None."""
    if slot.at is not None:
        return "already_signed"
    if slot.since is None:
        return "not_yet"
    if slot.not_by is not None and slot.not_by == by:
        return "own_proposal"
    return None if slot.address in authority.keys else "not_addressed"


def sign_off_rounds(events: Iterable[Event], rules: Rules, record_type: str) -> tuple[Round, ...]:
    """All rounds of signatures of a record, earliest first; the last of a group is the one that counts."""
    if not rules.sign_offs(record_type):
        return ()
    desk = _SigningDesk(rules, record_type)
    for event in in_order(events):
        desk.take(event)
    return tuple(round_.frozen() for round_ in desk.rounds)


def pending_sign_off(rounds: Sequence[Round], before_action: str) -> tuple[Round, ...]:
    """The rounds that still run before an action."""
    return tuple(round_ for round_ in rounds if round_.before == before_action and round_.is_running)


def latest_round(rounds: Sequence[Round], group: str) -> Round | None:
    """The round of a sign-off that counts: the last one opened."""
    return next((round_ for round_ in reversed(rounds) if round_.group == group), None)


@dataclass(frozen=True, slots=True)
class SignOffPlan:
    """The sign-offs of one record type, by what opens them; those that name no action open with the record."""

    opened_by: Mapping[str, tuple[tuple[BoundControl, ...], ...]]
    opened_with_record: tuple[tuple[BoundControl, ...], ...]
    closing: Mapping[str, frozenset[str]]


@lru_cache(maxsize=512)
def sign_off_plan(rules: Rules, record_type: str) -> SignOffPlan:
    """The sign-offs of a record type made ready; the same rules are asked again and again."""
    opened_by: dict[str, dict[str, list[BoundControl]]] = {}
    closing: dict[str, set[str]] = {}
    for bound in rules.sign_offs(record_type):
        closing.setdefault(bound.control.before, set()).add(bound.group)
        for action in bound.control.after or ("",):
            opened_by.setdefault(action, {}).setdefault(bound.group, []).append(bound)
    pools = {action: tuple(tuple(pool) for pool in found.values()) for action, found in opened_by.items()}
    return SignOffPlan(
        opened_by={action: found for action, found in pools.items() if action},
        opened_with_record=pools.get("", ()),
        closing={action: frozenset(found) for action, found in closing.items()},
    )


@dataclass(slots=True, eq=False)
class _OpenRound:
    """A round while it is worked out."""

    bound: BoundControl
    opened: Event
    slots: list[Slot] = field(default_factory=list)
    state: RoundState = RoundState.RUNNING
    closed_at: datetime | None = None
    closed_by: int | None = None

    @property
    def in_order(self) -> bool:
        return bool(self.bound.control.mode == "in_order")

    def close(self, state: RoundState, event: Event) -> None:
        self.state, self.closed_at, self.closed_by = state, event.occurred_at, event.by

    def place_of(self, n: Any) -> int | None:
        """Where among the slots the open one with this number stands."""
        return next((place for place, slot in enumerate(self.slots) if str(slot.n) == str(n) and slot.is_open), None)

    def add(self, declared: str, event: Event, *, place: int, added: bool = False) -> None:
        not_by = None if self.bound.control.own_proposal else self.opened.by
        address = resolved(declared, event.persons)
        self.slots.insert(place, Slot(len(self.slots) + 1, declared, address, not_by=not_by, added=added))

    def call(self, at: datetime) -> None:
        """Give the turn to whoever signs next: everybody at once, or the first who has not signed."""
        waiting = [place for place, slot in enumerate(self.slots) if slot.at is None]
        for place in waiting[:1] if self.in_order else waiting:
            if self.slots[place].since is None:
                self.slots[place] = replace(self.slots[place], since=at)

    def frozen(self) -> Round:
        return Round(
            group=self.bound.group,
            bound=self.bound,
            before=self.bound.control.before,
            opened_by=self.opened.sequence,
            opened_at=self.opened.occurred_at,
            proposed_by=self.opened.by,
            slots=tuple(self.slots),
            state=self.state,
            closed_at=self.closed_at,
            closed_by=self.closed_by,
        )


class _SigningDesk:
    """The rounds of one record, carried from event to event."""

    def __init__(self, rules: Rules, record_type: str) -> None:
        self.rules = rules
        self.plan = sign_off_plan(rules, record_type)
        self.rounds: list[_OpenRound] = []
        self.waiting: dict[str, tuple[tuple[BoundControl, ...], Event]] = {}
        self.opened_any = False
        self.void = f"{record_type}.void"
        self.answers = {
            f"{record_type}.sign": self._sign,
            f"{record_type}.hand_over": self._hand_over,
            f"{record_type}.add_signer": self._add_signer,
            f"{record_type}.override": self._override,
            self.void: self._void,
        }

    def take(self, event: Event) -> None:
        """Let one event sign, return, hand over or end a round, then open those that it begins."""
        answer = self.answers.get(event.action)
        if answer is not None:
            answer(event)
        if event.action == self.void:
            return
        self._find_persons(event)
        self._close_passed(event)
        self._note_openings(event)
        self._open_decided(event)

    def _running(self, group: Any) -> _OpenRound | None:
        return next(
            (
                round_
                for round_ in reversed(self.rounds)
                if round_.bound.group == group and round_.state is RoundState.RUNNING
            ),
            None,
        )

    def _sign(self, event: Event) -> None:
        round_ = self._running(event.data.get("control"))
        place = round_.place_of(event.data.get("slot")) if round_ else None
        if round_ is None or place is None:
            return
        decision = "sent_back" if event.data.get("decision") == "sent_back" else "agreed"
        opinion = str(event.data.get("opinion") or "")
        round_.slots[place] = replace(
            round_.slots[place], signed_by=event.by, at=event.occurred_at, decision=decision, opinion=opinion
        )
        if decision == "sent_back":
            round_.close(RoundState.RETURNED, event)
        elif round_.bound.control.mode == "any" or all(slot.at for slot in round_.slots):
            round_.close(RoundState.COMPLETE, event)
        else:
            round_.call(event.occurred_at)

    def _hand_over(self, event: Event) -> None:
        round_, to = self._running(event.data.get("control")), said_address(event.data.get("to"))
        place = round_.place_of(event.data.get("slot")) if round_ else None
        if round_ is None or place is None or not to:
            return
        slot = round_.slots[place]
        round_.slots[place] = replace(
            slot, address=resolved(to, event.persons), handed_over_from=(*slot.handed_over_from, slot.address)
        )

    def _add_signer(self, event: Event) -> None:
        round_, to = self._running(event.data.get("control")), said_address(event.data.get("to"))
        if round_ is None or not to:
            return
        current = next((place for place, slot in enumerate(round_.slots) if slot.is_open), None)
        last = len(round_.slots)
        place = last if current is None or not round_.in_order else current + 1
        round_.add(to, event, place=place, added=True)
        round_.call(event.occurred_at)

    def _override(self, event: Event) -> None:
        round_ = self._running(event.data.get("control"))
        if round_ is not None:
            round_.close(RoundState.BYPASSED, event)

    def _void(self, event: Event) -> None:
        self.waiting.clear()
        for round_ in self.rounds:
            if round_.state is RoundState.RUNNING:
                round_.close(RoundState.CANCELLED, event)

    def _find_persons(self, event: Event) -> None:
        """Whoever was named only by his part in the record is known as soon as the record names somebody."""
        for round_ in self.rounds:
            for place, slot in enumerate(round_.slots):
                if slot.at is None and slot.address.startswith("person:") and round_.state is RoundState.RUNNING:
                    round_.slots[place] = replace(slot, address=resolved(slot.address, event.persons))

    def _close_passed(self, event: Event) -> None:
        """The action was taken: what should have been signed before it can no longer be."""
        for group in self.plan.closing.get(event.action, ()):
            self.waiting.pop(group, None)
            round_ = self._running(group)
            if round_ is not None:
                round_.close(RoundState.BYPASSED, event)

    def _note_openings(self, event: Event) -> None:
        pools = self.plan.opened_by.get(event.action, ())
        if not self.opened_any:
            self.opened_any = True
            pools = (*pools, *self.plan.opened_with_record)
        for variants in pools:
            pool = tuple(bound for bound in variants if bound.control.before != event.action)
            if not pool:
                continue
            group = pool[0].group
            running = self._running(group)
            if running is not None:
                running.close(RoundState.CANCELLED, event)
            self.waiting[group] = (pool, event)

    def _open_decided(self, event: Event) -> None:
        """Open what the facts decide; a sign-off not needed so far is opened when later facts want it."""
        for group, (pool, opened) in list(self.waiting.items()):
            bound = next((variant for variant in pool if variant.holds(event.facts)), None)
            if bound is not None:
                del self.waiting[group]
                self._open(bound, opened, event)

    def _open(self, bound: BoundControl, opened: Event, event: Event) -> None:
        round_ = _OpenRound(bound, opened)
        for place, declared in enumerate(self._signers(bound, event)):
            round_.add(declared, event, place=place)
        round_.call(event.occurred_at)
        if not round_.slots:
            round_.close(RoundState.COMPLETE, event)
        self.rounds.append(round_)

    def _signers(self, bound: BoundControl, event: Event) -> Iterable[str]:
        control: SignOff = bound.control
        if control.same_as is None:
            return [address.key for address in control.signers]
        earlier = [round_ for round_ in self._last_rounds() if round_.bound.control.before == control.same_as]
        if earlier:
            return dict.fromkeys(slot.declared for round_ in earlier for slot in round_.slots)
        variants = [variant for variant in self.rules.sign_offs_before(control.same_as) if variant.holds(event.facts)]
        return dict.fromkeys(address.key for variant in variants for address in variant.control.signers)

    def _last_rounds(self) -> list[_OpenRound]:
        return list({round_.bound.group: round_ for round_ in self.rounds}.values())
