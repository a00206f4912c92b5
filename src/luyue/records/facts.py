"""Facts: what a procedure's conditions may depend on, declared next to the record type and typed.

A fact that is not a field of the record type is given a label, by which its readers know it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Choices, TextChoices
from django.utils.functional import Promise

from luyue.records.models import Record
from luyue.rulebook.vocabulary import FactName


@dataclass(frozen=True, slots=True)
class Choice:
    """A fact with a closed list of values."""

    values: type[TextChoices]
    of: Callable[[Any], str]
    label: str | Promise = ""

    def named(self, name: str) -> FactName:
        return FactName(name, "choice", tuple(self.values.values))


@dataclass(frozen=True, slots=True)
class Number:
    """A fact that is a number, with its unit."""

    unit: str
    of: Callable[[Any], Decimal | int | float | None]
    label: str | Promise = ""

    def named(self, name: str) -> FactName:
        return FactName(name, "number", unit=self.unit)


@dataclass(frozen=True, slots=True)
class YesNo:
    """A fact that is true, false, or not known yet."""

    of: Callable[[Any], bool | None]
    label: str | Promise = ""

    def named(self, name: str) -> FactName:
        return FactName(name, "yes_no")


class Facts:
    """The facts of one record type, by name, in the order in which they are declared."""

    def __init__(self, model: type[Record], **facts: Choice | Number | YesNo) -> None:
        self.model = model
        self.facts: Mapping[str, Choice | Number | YesNo] = facts

    def names(self) -> dict[str, FactName]:
        return {name: fact.named(name) for name, fact in self.facts.items()}

    def of(self, record: Record) -> dict[str, Any]:
        """What is known now; what is not known yet is left out."""
        known = {}
        for name, fact in self.facts.items():
            value = fact.of(record)
            if value is None or value == "":
                continue
            known[name] = stored(value)
        return known


def stored(value: Any) -> Any:
    """The value as the ledger keeps it: text, number, yes or no; dates in ISO form; decimals as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Choices):
        return value.value
    return value
