"""What an upper area does, in the same transaction, when something happened to a record below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from luyue.records.actions import Action
    from luyue.records.performing import Performed

Reaction = Callable[["Performed"], None]

_to_one: dict[int, list[Reaction]] = {}
_to_all: list[Reaction] = []


def when(action: Action[Any, Any]) -> Callable[[Reaction], Reaction]:
    """Subscribe a function of `reactions.py` to one action."""

    def subscribe(reaction: Reaction) -> Reaction:
        _to_one.setdefault(id(action), []).append(reaction)
        return reaction

    return subscribe


def whenever(reaction: Reaction) -> Reaction:
    """Subscribe a function to every action on every record, as the search index does."""
    _to_all.append(reaction)
    return reaction


def run(performed: Performed) -> None:
    for reaction in (*_to_one.get(id(performed.action), ()), *_to_all):
        reaction(performed)
