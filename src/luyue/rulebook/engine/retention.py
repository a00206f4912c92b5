"""How long a closed record is kept."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

from luyue.rulebook.engine.conditions import Facts
from luyue.rulebook.engine.rules import BoundControl, Rules

KeptUntil = date | Literal["product life", "for ever"]


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when a record is kept, and the clause that says so."""

    until: KeptUntil
    bound: BoundControl


def retained_until(rules: Rules, record_type: str, closed_on: date, facts: Facts | None = None) -> KeptUntil | None:
    """Until when a record closed on a day is kept; None when no procedure says anything."""
    kept = longest_retention(rules, record_type, closed_on, facts)
    return kept.until if kept else None


def longest_retention(rules: Rules, record_type: str, closed_on: date, facts: Facts | None = None) -> Kept | None:
    """The longest time that any procedure demands for a record closed on a day; None when none says anything.

    Years end on the same day of the year, else on the last day of its month. A condition that cannot be decided is
    taken to hold: what may have to be kept is not destroyed.
    """
    demands = [
        Kept(_until(bound, closed_on), bound)
        for bound in rules.retention(record_type)
        if bound.holds(facts or {}) is not False
    ]
    return max(demands, key=_length, default=None)


def _until(bound: BoundControl, closed_on: date) -> KeptUntil:
    control = bound.control
    if control.for_ever:
        return "for ever"
    if control.product_life:
        return "product life"
    year = closed_on.year + control.years
    return date(year, closed_on.month, min(closed_on.day, monthrange(year, closed_on.month)[1]))


def _length(kept: Kept) -> tuple[int, date]:
    if isinstance(kept.until, date):
        return 0, kept.until
    return (1 if kept.until == "product life" else 2), date.max
