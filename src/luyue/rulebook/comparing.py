"""Two editions, or the same procedure in two profiles, side by side: clause by clause, control by control."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from luyue.rulebook.controls import Control
from luyue.rulebook.documents import Clause, Document
from luyue.rulebook.values import Address, Bounds, Text

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs: where it stands, what it was and what it is; None is nothing."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ControlDifference:
    """A control that came, went, or says something else now."""

    what: Kind
    kind: str
    name: str
    before: Control | None
    after: Control | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseDifference:
    """A clause that came, went, or says or demands something else now."""

    what: Kind
    number: str
    before: Clause | None
    after: Clause | None
    changes: tuple[Change, ...] = ()
    controls: tuple[ControlDifference, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two documents; empty when they demand and say the same."""

    heading: tuple[Change, ...]
    clauses: tuple[ClauseDifference, ...]

    @property
    def is_empty(self) -> bool:
        return not self.heading and not self.clauses


def compare(before: Document, after: Document) -> Comparison:
    """What differs from one document to the other, in the order in which the later one stands."""
    return Comparison(
        heading=tuple(_changes(_values(before, leaving_out={"clauses"}), _values(after, leaving_out={"clauses"}))),
        clauses=tuple(_clauses(before.clauses, after.clauses)),
    )


def _clauses(before: Sequence[Clause], after: Sequence[Clause]) -> Iterable[ClauseDifference]:
    earlier = {clause.number: clause for clause in before}
    later = {clause.number: clause for clause in after}
    for number in _both_in_order(earlier, later):
        old, new = earlier.get(number), later.get(number)
        controls = tuple(_controls(old, new))
        if old is None or new is None:
            yield ClauseDifference("removed" if new is None else "added", number, old, new, controls=controls)
            continue
        left_out = {"number", "controls", "attested"}
        changes = tuple(_changes(_values(old, leaving_out=left_out), _values(new, leaving_out=left_out)))
        if changes or controls:
            yield ClauseDifference("changed", number, old, new, changes, controls)


def _controls(before: Clause | None, after: Clause | None) -> Iterable[ControlDifference]:
    earlier, later = _by_key(before), _by_key(after)
    for key in _both_in_order(earlier, later):
        old, new = earlier.get(key), later.get(key)
        kind, name, _number = key
        if old is None or new is None:
            yield ControlDifference("removed" if new is None else "added", kind, name, old, new)
        elif old != new:
            yield ControlDifference("changed", kind, name, old, new, tuple(_changes(_values(old), _values(new))))


ControlKey = tuple[str, str, int]


def _by_key(clause: Clause | None) -> dict[ControlKey, Control]:
    """A clause's controls by kind, name, and their number among those of the same kind and name."""
    found: dict[ControlKey, Control] = {}
    if clause is None:
        return found
    said = [(entry.kind, entry.control) for entry in clause.controls]
    said += [("attested", clause.attested)] if clause.attested is not None else []
    for kind, control in said:
        name = control.name or ""
        number = sum(1 for key in found if key[:2] == (kind, name))
        found[kind, name, number] = control
    return found


def _both_in_order(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[Any]:
    """The keys of the later one in its order, each that went at the place where it stood."""
    order = list(after)
    place = 0
    for key in before:
        if key in after:
            place = order.index(key) + 1
        else:
            order.insert(place, key)
            place += 1
    return order


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Change]:
    for path in _both_in_order(before, after):
        if before.get(path) != after.get(path):
            yield Change(path, before.get(path), after.get(path))


def _values(part: BaseModel, *, leaving_out: frozenset[str] | set[str] = frozenset()) -> dict[str, Any]:
    """What is said in a part, key by key; what was left out or only repeats the default is not there."""
    return {
        field: _plain(getattr(part, field))
        for field, info in type(part).model_fields.items()
        if field not in leaving_out and getattr(part, field) != info.default
    }


def _plain(value: Any) -> Any:
    """A value as an author would write it."""
    if isinstance(value, Text):
        return {language: said for language, said in value.model_dump(by_alias=True).items() if said}
    if isinstance(value, Address):
        return value.key
    if isinstance(value, Bounds):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, BaseModel):
        return _values(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(said) for key, said in value.items()}
    return value
