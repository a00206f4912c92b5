"""Routings and notices: who receives the record, who is told, and what proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from luyue.rulebook.controls import Notice, Routing
from luyue.rulebook.engine.addresses import OWNER, resolved
from luyue.rulebook.engine.clocks import Deadline, alarms_between, deadline_after, shares_of
from luyue.rulebook.engine.events import Event, Obligation, Status
from luyue.rulebook.engine.rules import BoundControl, Rules, deed_of
from luyue.worktime import Calendar

Variants = tuple[BoundControl, ...]

_INSIDE = frozenset({"in_app", "mail"})


@dataclass(frozen=True, slots=True)
class ReceiptPlan:
    """The routings and notices of one set of rules, by the action on which they go out."""

    on: Mapping[str, tuple[Variants, ...]]


@dataclass(slots=True, eq=False)
class _Receipt:
    """One receiver's receipt, or one telling, while it is worked out.

    A promise to the customer passes to the next owner with the record; a copy stays with whoever received it. `reached`
    is how many were told at once of what wants no proof: None where the log does not say, and then nothing is claimed.
    """

    bound: BoundControl
    opened: Event
    declared: str
    address: str
    at: datetime
    settled: Event | None = None
    cancelled: Event | None = None
    reached: int | None = None
    at_once: bool = False
    follows_person: bool = False
    channel_is_excused: bool = False

    @property
    def is_open(self) -> bool:
        return self.settled is None and self.cancelled is None

    @property
    def reached_nobody(self) -> bool:
        return self.at_once and self.reached == 0


def receipt_obligations(
    story: Sequence[Event], rules: Rules, calendar: Calendar, as_of: datetime, record_type: str
) -> list[Obligation]:
    """What receivers have to acknowledge and who has to be told, after a story.

    That somebody inside was told at once is claimed only where the story says whom it reached.
    """
    return [
        _obligation(receipt, calendar, as_of, record_type)
        for receipt in receipts(story, rules, record_type)
        if not receipt.at_once or receipt.reached is not None
    ]


def receivers(story: Sequence[Event], rules: Rules, record_type: str) -> frozenset[str]:
    """The addresses to which the record went or that were told of it."""
    return frozenset(receipt.address for receipt in receipts(story, rules, record_type))


def receipts(story: Sequence[Event], rules: Rules, record_type: str) -> list[_Receipt]:
    """Every receipt and telling that the story called for, in the order of the story."""
    plan = receipt_plan(rules)
    if not plan.on:
        return []
    tray = _Tray(plan, record_type)
    for event in story:
        tray.take(event)
    return tray.receipts


@lru_cache(maxsize=512)
def receipt_plan(rules: Rules) -> ReceiptPlan:
    """Routings and notices made ready; the same rules are asked again and again."""
    found: dict[str, dict[str, list[BoundControl]]] = {}
    for bound in (*rules.of_kind("routing"), *rules.of_kind("notice")):
        for action in bound.control.on:
            found.setdefault(action, {}).setdefault(bound.group, []).append(bound)
    return ReceiptPlan({action: tuple(map(tuple, groups.values())) for action, groups in found.items()})


class _Tray:
    """The receipts of one record, carried from event to event."""

    def __init__(self, plan: ReceiptPlan, record_type: str) -> None:
        self.plan = plan
        self.acknowledge = f"{record_type}.acknowledge"
        self.void = f"{record_type}.void"
        self.receipts: list[_Receipt] = []
        self.undecided: list[tuple[Variants, Event]] = []

    def take(self, event: Event) -> None:
        """Let one event acknowledge, prove or cancel, then send out what it calls for."""
        for receipt in self.receipts:
            if receipt.is_open:
                self._answer(receipt, event)
        if event.action == self.void:
            self._cancel_all(event)
            return
        self.undecided += [(variants, event) for variants in self.plan.on.get(event.action, ())]
        if self.undecided:
            self.undecided = [waiting for waiting in self.undecided if self._is_still_undecided(*waiting, event)]

    def _answer(self, receipt: _Receipt, event: Event) -> None:
        if deed_of(event.action) == "override" and event.data.get("action") in _proofs(receipt):
            receipt.channel_is_excused = True
        if self._settles(receipt, event):
            receipt.settled = event
        elif receipt.follows_person or receipt.address.startswith("person:"):
            receipt.address = resolved(receipt.declared, event.persons)

    def _settles(self, receipt: _Receipt, event: Event) -> bool:
        if receipt.bound.kind == "notice" and not receipt.at_once:
            return event.action in receipt.bound.control.proved_by and _by_a_channel_that_counts(receipt, event)
        return (
            event.action == self.acknowledge
            and event.data.get("control") == receipt.bound.group
            and event.data.get("receiver") in (receipt.declared, receipt.address)
        )

    def _cancel_all(self, event: Event) -> None:
        self.undecided.clear()
        for receipt in self.receipts:
            if receipt.is_open:
                receipt.cancelled = event

    def _is_still_undecided(self, variants: Variants, opened: Event, event: Event) -> bool:
        answers = [bound.holds(event.facts) for bound in variants]
        if True in answers:
            self._send(variants[answers.index(True)], opened, event)
            return False
        return None in answers

    def _send(self, bound: BoundControl, opened: Event, event: Event) -> None:
        """Receivers get the record when it is decided that they do; a promise to the customer runs from its cause."""
        control: Routing | Notice = bound.control
        to_customer = isinstance(control, Notice) and control.customer
        at_once = isinstance(control, Notice) and not control.proved_by
        for declared in [_teller(control)] if to_customer else [address.key for address in control.to]:
            address = resolved(declared, event.persons)
            at = opened.occurred_at if to_customer else event.occurred_at
            reached = _reached(event, address) if at_once else None
            settled = event if reached else None
            self.receipts.append(
                _Receipt(
                    bound,
                    opened,
                    declared,
                    address,
                    at,
                    settled,
                    reached=reached,
                    at_once=at_once,
                    follows_person=to_customer,
                )
            )


def _proofs(receipt: _Receipt) -> Sequence[str]:
    control: Routing | Notice = receipt.bound.control
    return control.proved_by if isinstance(control, Notice) else ()


def _reached(event: Event, address: str) -> int | None:
    """How many stood behind the address when they were told; None where the story does not say."""
    told = event.data.get("told", {})
    return len(told[address]) if address in told else None


def _by_a_channel_that_counts(receipt: _Receipt, event: Event) -> bool:
    """A letter that is asked for is not written by telephoning, unless a rule for this step was set aside (特批)."""
    asked, used = receipt.bound.control.channels, event.data.get("channel")
    return not used or not set(asked) - _INSIDE or used in asked or receipt.channel_is_excused


def _teller(control: Routing | Notice) -> str:
    return control.owner.key if control.owner else OWNER


def _obligation(receipt: _Receipt, calendar: Calendar, as_of: datetime, record_type: str) -> Obligation:
    bound, control = receipt.bound, receipt.bound.control
    is_routing = bound.kind == "routing"
    span = None if receipt.at_once else control.acknowledge_within if is_routing else control.within
    deadline = Deadline(receipt.at) if receipt.reached_nobody else deadline_after(receipt.at, span, calendar)
    status, settled_at = _standing(receipt, deadline.at, as_of)
    does = (f"{record_type}.acknowledge",) if is_routing or receipt.at_once else control.proved_by
    is_owed = status in (Status.RUNNING, Status.BROKEN)
    return Obligation(
        key=f"{bound.group}@{receipt.opened.sequence}/{receipt.declared}",
        kind=bound.kind,
        procedure=bound.procedure,
        clause=bound.clause,
        control=bound.group,
        owner=receipt.address,
        started_by=receipt.opened.sequence,
        started_at=receipt.at,
        due_at=deadline.at,
        status=status,
        settled_at=settled_at,
        done_at=receipt.settled.occurred_at if receipt.settled else None,
        done_by=receipt.settled.by if receipt.settled else None,
        does=does,
        alarms=alarms_between(receipt.at, deadline.at, shares_of(control.escalate)) if is_owed else (),
        provisional=deadline.provisional,
        detail=_detail(receipt, deadline.span),
    )


def _standing(receipt: _Receipt, due_at: datetime | None, as_of: datetime) -> tuple[Status, datetime | None]:
    end = receipt.settled or receipt.cancelled
    until = end.occurred_at if end else as_of
    if receipt.reached_nobody:
        return Status.BROKEN, due_at
    if due_at is not None and due_at < until:
        return Status.BROKEN, due_at
    if receipt.settled:
        return Status.KEPT, until
    return (Status.CANCELLED, until) if receipt.cancelled else (Status.RUNNING, None)


def _detail(receipt: _Receipt, span: str) -> dict[str, Any]:
    control = receipt.bound.control
    said: dict[str, Any] = {"variant": receipt.bound.key, "receiver": receipt.declared}
    if span:
        said["span"] = span
    if receipt.bound.kind == "routing":
        said["hands_over"] = control.hands_over
    else:
        said["channels"] = list(control.channels)
        said["customer"] = control.customer
    return said
