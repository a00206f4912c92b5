"""All record types of this installation; each area registers its own at start-up."""

from __future__ import annotations

from luyue.records.record_types import RecordType
from luyue.rulebook.vocabulary import Vocabulary

_types: dict[str, RecordType] = {}


def register(record_type: RecordType) -> None:
    _types[record_type.name] = record_type


def record_types() -> tuple[RecordType, ...]:
    return tuple(_types.values())


def record_type(name: str) -> RecordType:
    """The type of that name; KeyError when there is none."""
    return _types[name]


def by_slug(slug: str) -> RecordType | None:
    return next((each for each in _types.values() if each.slug == slug), None)


def vocabulary() -> Vocabulary:
    """The names that procedures may use."""
    return Vocabulary({name: each.words() for name, each in _types.items()})
