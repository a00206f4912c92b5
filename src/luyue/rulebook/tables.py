"""Gaps and overlaps of conditions, found exactly: where no variant of a duty holds, and where two hold at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations, groupby, product
from math import prod
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luyue.rulebook.values import Age, AgeInterval, Bounds, DateInterval, Interval
from luyue.rulebook.vocabulary import FactName

MOST_CASES = 50_000

Allowed = Interval | DateInterval | AgeInterval | frozenset[str] | frozenset[bool]
Tables = Sequence[Mapping[str, Allowed]]
Box = tuple[frozenset[int], ...]


class TooManyCasesError(ValueError):
    """So many facts and bounds stand together that the cases cannot all be looked at."""


class MixedAgesError(ValueError):
    """Ages in days and ages in months stand side by side; which is longer depends on the month."""


@dataclass(frozen=True, slots=True)
class Axis:
    """All that one fact can be, cut so finely that no condition cuts any part again.

    Dates and ages are cut as the numbers behind them, `unit` by `unit`: of days there is none between two.
    """

    fact: FactName
    cells: tuple[Interval | str | bool, ...]
    unit: Literal["", "d", "mo"] = ""

    @classmethod
    def of(cls, fact: FactName, conditions: Iterable[Allowed]) -> Axis:
        if fact.kind == "number":
            return cls(fact, _cut(_bounds(conditions)))
        if fact.kind in ("date", "age"):
            return cls._of_times(fact, list(conditions))
        if fact.kind == "yes_no":
            return cls(fact, (True, False))
        return cls(fact, fact.values)

    @classmethod
    def _of_times(cls, fact: FactName, conditions: Sequence[Allowed]) -> Axis:
        units = {allowed.unit for allowed in conditions if isinstance(allowed, AgeInterval)}
        if len(units) > 1:
            sentence = _("the ages of `%(name)s` are given in days and in months; give all in days or all in months")
            raise MixedAgesError(sentence % {"name": fact.name})
        bounds = _bounds(_in_numbers(allowed) for allowed in conditions)
        if units == {"mo"}:
            return cls(fact, _cut(bounds), "mo")
        return cls(fact, _cut_into_days(bounds), "d")

    def admitted(self, allowed: Allowed | None) -> frozenset[int]:
        """The cells that a condition allows; without a condition all of them."""
        return frozenset(
            position for position, cell in enumerate(self.cells) if allowed is None or _allows(allowed, cell)
        )

    def described(self, chosen: frozenset[int]) -> str:
        """`distance_km in (1000, 1500]`, `market = overseas`; empty when it may be anything."""
        if len(chosen) == len(self.cells):
            return ""
        if self.fact.kind in ("number", "date", "age"):
            parts = [self._interval(run) for run in _runs(sorted(chosen))]
            return pgettext("between two values", " or ").join(f"{self.fact.name} {part}" for part in parts)
        values = [str(self.cells[position]).lower() for position in sorted(chosen)]
        return f"{self.fact.name} = {pgettext('between two values', ' or ').join(values)}"

    def _interval(self, run: Sequence[int]) -> str:
        first, last = self.cells[run[0]], self.cells[run[-1]]
        assert isinstance(first, Interval)
        assert isinstance(last, Interval)
        whole = Interval(
            low=first.low, low_included=first.low_included, high=last.high, high_included=last.high_included
        )
        shown = self._as_written(whole)
        if shown.low is not None and shown.low == shown.high:
            return f"= {shown.low}"
        written = str(shown)
        return f"in {written}" if written[0] in "([" else written

    def _as_written(self, whole: Interval) -> Bounds:
        """Numbers as they are; the numbers behind dates and ages as an author would write these."""
        if self.fact.kind == "number":
            return whole
        if self.unit == "mo":
            low, high = (None if bound is None else Age(int(bound), "mo") for bound in (whole.low, whole.high))
            return AgeInterval(low=low, low_included=whole.low_included, high=high, high_included=whole.high_included)
        first, last = (None if bound is None else int(bound) for bound in (whole.low, whole.high))
        last = None if last is None else last - 1
        if self.fact.kind == "age":
            ages = [None if bound is None else Age(bound, "d") for bound in (first, last)]
            return AgeInterval(low=ages[0], low_included=True, high=ages[1], high_included=True)
        days = [None if bound is None else date.fromordinal(bound) for bound in (first, last)]
        return DateInterval(low=days[0], low_included=True, high=days[1], high_included=True)


@dataclass(frozen=True, slots=True)
class Space:
    """Every case that the facts of a group of variants can make."""

    axes: tuple[Axis, ...]
    variants: tuple[frozenset[tuple[int, ...]], ...]

    @classmethod
    def of(cls, variants: Sequence[Tables | None], facts: Mapping[str, FactName]) -> Space:
        """The cases of variants, given their conditions and the facts in them.

        Raises TooManyCasesError with a sentence when there are more than can be looked at.
        """
        used: dict[str, list[Allowed]] = {}
        for tables in variants:
            for table in tables or ():
                for name, allowed in table.items():
                    used.setdefault(name, []).append(allowed)
        axes = tuple(Axis.of(facts[name], conditions) for name, conditions in used.items())
        cases = prod(len(axis.cells) for axis in axes)
        if cases > MOST_CASES:
            raise TooManyCasesError(
                _("these conditions make %(cases)d cases, more than the %(most)d that can be checked; use fewer facts")
                % {"cases": cases, "most": MOST_CASES}
            )
        return cls(axes, tuple(_cases(axes, tables) for tables in variants))

    def gaps(self) -> list[str]:
        """The cases in which no variant holds, each as large as possible, in words."""
        everything = set(product(*(range(len(axis.cells)) for axis in self.axes)))
        return self._described(everything.difference(*self.variants))

    def overlaps(self) -> list[tuple[int, int, str]]:
        """For each pair of variants that can hold at once: which two, and when."""
        return [
            (one, other, " ; ".join(self._described(common)))
            for one, other in combinations(range(len(self.variants)), 2)
            if (common := self.variants[one] & self.variants[other])
        ]

    def _described(self, cases: Iterable[tuple[int, ...]]) -> list[str]:
        return [self._in_words(box) for box in _merged(cases, len(self.axes))]

    def _in_words(self, box: Box) -> str:
        said = [axis.described(chosen) for axis, chosen in zip(self.axes, box, strict=True)]
        return ", ".join(part for part in said if part) or _("any case")


def _cases(axes: Sequence[Axis], tables: Tables | None) -> frozenset[tuple[int, ...]]:
    return frozenset(
        case
        for table in (tables if tables is not None else [{}])
        for case in product(*(sorted(axis.admitted(table.get(axis.fact.name))) for axis in axes))
    )


def _merged(cases: Iterable[tuple[int, ...]], axes: int) -> list[Box]:
    """Cases joined into boxes: along each axis in turn, those that differ nowhere else."""
    boxes: list[Box] = [tuple(frozenset({cell}) for cell in case) for case in cases]
    for axis in range(axes):
        joined: dict[Box, frozenset[int]] = {}
        for box in boxes:
            rest = box[:axis] + box[axis + 1 :]
            joined[rest] = joined.get(rest, frozenset()) | box[axis]
        boxes = [(*rest[:axis], chosen, *rest[axis:]) for rest, chosen in joined.items()]
    return sorted(boxes, key=lambda box: [sorted(chosen) for chosen in box])


def _in_numbers(allowed: Allowed) -> Allowed:
    """A condition over days as one over whole numbers, from the first that belongs to before the first that does not.

    Ages in months are numbers of months, with the bounds as they are written.
    """
    if isinstance(allowed, AgeInterval) and allowed.unit == "mo":
        low, high = (None if bound is None else Decimal(bound.amount) for bound in (allowed.low, allowed.high))
        return Interval(low=low, low_included=allowed.low_included, high=high, high_included=allowed.high_included)
    if isinstance(allowed, DateInterval | AgeInterval):
        first, last = allowed.days
        return Interval(
            low=None if first is None else Decimal(first),
            low_included=first is not None,
            high=None if last is None else Decimal(last + 1),
        )
    return allowed


def _cut_into_days(bounds: Sequence[Decimal]) -> tuple[Interval, ...]:
    """The whole line of days: each stretch from one bound to before the next."""
    if not bounds:
        return (Interval(),)
    stretches = [Interval(high=bounds[0])]
    for low, high in zip(bounds, [*bounds[1:], None], strict=True):
        stretches.append(Interval(low=low, low_included=True, high=high))
    return tuple(stretches)


def _bounds(conditions: Iterable[Allowed]) -> list[Decimal]:
    found = set[Decimal]()
    for allowed in conditions:
        if isinstance(allowed, Interval):
            found |= {bound for bound in (allowed.low, allowed.high) if bound is not None}
    return sorted(found)


def _cut(bounds: Sequence[Decimal]) -> tuple[Interval, ...]:
    """The whole line of numbers as points at the bounds and open intervals between them."""
    if not bounds:
        return (Interval(),)
    cells = [Interval(high=bounds[0])]
    for low, high in zip(bounds, [*bounds[1:], None], strict=True):
        cells.append(Interval(low=low, low_included=True, high=low, high_included=True))
        cells.append(Interval(low=low, high=high))
    return tuple(cells)


def _allows(allowed: Allowed, cell: Interval | str | bool) -> bool:
    if isinstance(cell, Interval):
        numbers = _in_numbers(allowed)
        return isinstance(numbers, Interval) and _within(cell) in numbers
    return isinstance(allowed, frozenset) and cell in allowed


def _within(cell: Interval) -> Decimal:
    """A number inside the cell; any will do, since no condition has a bound there."""
    if cell.low_included and cell.low is not None:
        return cell.low
    if cell.low is None:
        return Decimal(0) if cell.high is None else cell.high - 1
    return cell.low + 1 if cell.high is None else (cell.low + cell.high) / 2


def _runs(positions: Sequence[int]) -> list[list[int]]:
    """Neighbouring positions together: [1, 2, 5] as [1, 2], [5]."""
    numbered = groupby(enumerate(positions), key=lambda pair: pair[1] - pair[0])
    return [[position for _index, position in run] for _offset, run in numbered]
