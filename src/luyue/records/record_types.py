"""The declaration of a record type, from which register, record page, dialogs, API and vocabulary come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.functional import Promise

from luyue.records.actions import Action
from luyue.records.facts import Facts
from luyue.records.lengths import LengthField
from luyue.records.models import Record
from luyue.rulebook.vocabulary import RecordWords


@dataclass(frozen=True)
class Panel:
    """A group of facts on the record page, in the order of the paper form."""

    title: str | Promise
    fields: Sequence[str]


@dataclass(frozen=True)
class RecordType:
    """What a form is in code: its fields and states (the model), what may happen, and how it is shown."""

    model: type[Record]
    title: str | Promise
    icon: str
    facts: Facts
    actions: Sequence[Action[Any, Any]]
    register: Sequence[str]
    filters: Sequence[str]
    panels: Sequence[Panel]
    attachment_kinds: type[models.TextChoices]
    date_facts: Sequence[str] = ()
    thresholds: Mapping[str, str | Promise] = field(default_factory=dict)
    slug: str = ""
    children: Sequence[str] = field(default_factory=tuple)

    @property
    def name(self) -> str:
        return self.model._meta.model_name or ""

    @property
    def states(self) -> type[models.TextChoices]:
        return self.model.State  # type: ignore[attr-defined]

    @cached_property
    def all_actions(self) -> dict[str, Action[Any, Any]]:
        """Those of the type in their usual order, then those that every record has."""
        from luyue.records.general import GENERAL_ACTIONS  # general actions are declared with this module's classes

        return {each.name: each for each in (*self.actions, *GENERAL_ACTIONS)}

    @cached_property
    def opening_action(self) -> Action[Any, Any]:
        return next(each for each in self.actions if each.is_opening)

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.model._meta.concrete_fields)

    @cached_property
    def lengths(self) -> tuple[str, ...]:
        """The fields that say how long something may take in this one case."""
        return tuple(one.name for one in self.model._meta.concrete_fields if isinstance(one, LengthField))

    @cached_property
    def clock_fields(self) -> tuple[str, ...]:
        """What the clocks of a record may depend on: its dates, and its lengths of time."""
        return (*self.date_facts, *self.lengths)

    @cached_property
    def heading(self) -> tuple[str, ...]:
        """The fields of the spine and of the subject line: number, party, state, owner and their like."""
        own = {one.name for one in self.model._meta.local_concrete_fields}
        return (*(name for name in self.field_names if name not in own), *self.model.NAMED_AFTER, "record_ptr")

    def words(self) -> RecordWords:
        return RecordWords(
            name=self.name,
            states=tuple(self.states.values),
            final_states=tuple(sorted(self.model.FINAL)),
            actions=tuple(self.all_actions),
            opening_actions=tuple(each.name for each in self.actions if each.is_opening),
            fields=self.field_names,
            date_fields=tuple(self.date_facts),
            duration_fields=self.lengths,
            heading=self.heading,
            facts=self.facts.names(),
            attachment_kinds=tuple(self.attachment_kinds.values),
            thresholds=tuple(self.thresholds),
            general_actions=tuple(name for name in self.all_actions if name not in {one.name for one in self.actions}),
            action_fields={
                name: tuple(each.form.base_fields) if each.form else () for name, each in self.all_actions.items()
            },
            lists=(*self.children, "attachments"),
        )
