"""The names a procedure may use: what record types declare, as far as rules need to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class FactName:
    """A fact on which conditions may depend, with its type: choice, number with a unit, yes or no, date, or age."""

    name: str
    kind: Literal["choice", "number", "yes_no", "date", "age"]
    values: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class RecordWords:
    """What one record type declares: its states, actions, fields and facts, by name.

    `general_actions` are those of its actions that every record has; the company file says who may take them. `lists`
    are what a printed form may show besides the fields: findings, measures, attachments. `heading` names
    the fields that everybody reads who may see the record.
    """

    name: str
    states: tuple[str, ...]
    final_states: tuple[str, ...]
    actions: tuple[str, ...]
    opening_actions: tuple[str, ...]
    fields: tuple[str, ...]
    date_fields: tuple[str, ...]
    duration_fields: tuple[str, ...] = ()
    facts: Mapping[str, FactName] = field(default_factory=dict)
    attachment_kinds: tuple[str, ...] = ()
    thresholds: tuple[str, ...] = ()
    general_actions: tuple[str, ...] = ()
    action_fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    heading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All record types of this installation, by name."""

    records: Mapping[str, RecordWords]

    def has_action(self, name: str) -> bool:
        record, _, action = name.partition(".")
        return record in self.records and action in self.records[record].actions
