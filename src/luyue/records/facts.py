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


@dataclass(frozen=True, slots=True)
class Date:
    """A fact that is a day; of an instant it is the day in the company's zone."""

    of: Callable[[Any], date | datetime | None]
    label: str | Promise = ""

    def named(self, name: str) -> FactName:
        return FactName(name, "date")


@dataclass(frozen=True, slots=True)
class Age:
    """A fact that is the time from one date of the record to another; it does not grow while the record waits."""

    since: Callable[[Any], date | None]
    until: Callable[[Any], date | None]
    label: str | Promise = ""

    def named(self, name: str) -> FactName:
        return FactName(name, "age")

    def of(self, record: Any) -> str | None:
        """Both dates, since a month is not always as long as another."""
        since, until = self.since(record), self.until(record)
        return f"{since}/{until}" if since and until else None


Fact = Choice | Number | YesNo | Date | Age


class Facts:
    """The facts of one record type, by name, in the order in which they are declared."""

    def __init__(self, model: type[Record], **facts: Fact) -> None:
        self.model = model
        self.facts: Mapping[str, Fact] = facts

    def names(self) -> dict[str, FactName]:
        return {name: fact.named(name) for name, fact in self.facts.items()}

    def of(self, record: Record) -> dict[str, Any]:
        """What is known now; what is not known yet is left out."""
        known = {}
        for name, fact in self.facts.items():
            value = fact.of(record)
            if value is None or value == "":
                continue
            if isinstance(fact, Date) and isinstance(value, datetime):
                value = value.astimezone(record.company.zone).date()
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
