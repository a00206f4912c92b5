"""A case: one record before one person's eyes, with everything that the question “may I?” needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from luyue.ledger.models import Entry
from luyue.organization.authority import Authority
from luyue.organization.models import Company, Employee
from luyue.records import registry
from luyue.records.actions import Action
from luyue.records.models import Link, Record
from luyue.records.objections import Names, sentence
from luyue.records.reading import FROM_DATABASE, Reading
from luyue.records.record_types import RecordType
from luyue.records.refusing import Refusal
from luyue.records.rules import rules_of
from luyue.records.sight import Sight
from luyue.records.story import event_of
from luyue.rulebook.engine.enforcement import Objection, objections, role_objections, what_comes_first
from luyue.rulebook.engine.events import Event
from luyue.rulebook.engine.rules import Rules
from luyue.rulebook.engine.sign_offs import Round, sign_off_rounds


@dataclass(frozen=True)
class Case:
    """One record, one employee, one instant. Reading it for all actions of a page costs no more than for one."""

    record: Record
    by: Employee
    now: datetime
    reading: Reading = FROM_DATABASE

    @cached_property
    def company(self) -> Company:
        return self.by.company

    @cached_property
    def record_type(self) -> RecordType:
        return registry.record_type(self.record._meta.model_name or "")

    @cached_property
    def authority(self) -> Authority:
        return self.reading.authority(self.by, self.now.astimezone(self.company.zone).date())

    @cached_property
    def rules(self) -> Rules:
        return rules_of(self.record.binding_id, self.company)

    @cached_property
    def entries(self) -> Sequence[Entry]:
        return self.reading.entries(self.record)

    @cached_property
    def events(self) -> Sequence[Event]:
        return [event_of(entry) for entry in self.entries]

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        return self.record_type.facts.of(self.record)

    @cached_property
    def rounds(self) -> Sequence[Round]:
        return sign_off_rounds(self.events, self.rules, self.record_type.name)

    @cached_property
    def links(self) -> Sequence[tuple[str, str]]:
        if not self.record.pk:
            return ()
        out = Link.objects.filter(source_id=self.record.pk).values_list("target__type", "target__state")
        back = Link.objects.filter(target_id=self.record.pk).values_list("source__type", "source__state")
        return tuple(out.union(back, all=True))

    @cached_property
    def attachments(self) -> Mapping[str, int]:
        if not self.record.pk:
            return {}
        return Counter(self.record.attachments.values_list("kind", flat=True))

    @cached_property
    def readers(self) -> frozenset[str]:
        """Whom the record concerns already, when it is not open to all."""
        return frozenset(self.reading.readers(self.record))

    @property
    def is_seen(self) -> bool:
        """Whether the record is for this person's eyes; pages and programs ask the same of the database."""
        return not self.record.is_restricted or not self.readers.isdisjoint(self.authority.keys)

    @cached_property
    def names(self) -> Names:
        return Names.of(self.company)

    @cached_property
    def hidden_fields(self) -> frozenset[str]:
        """The fields of the record that this person may not see, on any page, paper or list."""
        return Sight.of(self.by, self.authority, [self.record]).hidden(self.record)

    @cached_property
    def withheld_fields(self) -> frozenset[str]:
        """Those of the hidden fields that are to be said to be hidden, lest they be taken for empty ones."""
        return frozenset(Sight(self.by, self.authority).withheld(self.record))

    def refusals(self, action: Action[Any, Any], coming: Mapping[str, int] | None = None) -> list[Refusal]:
        """Why this person cannot take this action now; empty when it is open.

        The page asks this to show the button or the reason, the kernel asks it again before the deed. `coming` counts
        attachments that are handed in together with the action.
        """
        if refusal := self._not_of_this_company():
            return [refusal]
        if refusal := self._wrong_state(action):
            return [*self._comes_first(action), refusal]
        if action.question is not None and (asked := action.question(self)):
            return asked
        found = [self.refusal_for(each) for each in self.objections(action, coming or {})]
        return found or [refusal for check in action.checks if (refusal := check(self.record))]

    def refusal_for(self, objection: Objection) -> Refusal:
        return Refusal(
            objection.code,
            sentence(objection, self.names, self.record_type),
            objection.procedure,
            objection.clause,
            objection.key,
            objection.override_by or "",
            first=_deed_first(objection),
        )

    def objections(self, action: Action[Any, Any], coming: Mapping[str, int]) -> Sequence[Objection]:
        """What the procedure has against this person's taking this action now, whatever the record's state."""
        name = action.full_name(self.record_type.name)
        has_needs = bool(self.rules.prerequisites(name))
        return objections(
            name,
            self.rules,
            self.record_type.name,
            facts=self.facts,
            events=self.events,
            authority=self.authority,
            by=self.by.pk,
            links=self.links if has_needs else (),
            attachments=Counter(self.attachments) + Counter(coming) if has_needs else {},
            rounds=self.rounds,
        )

    def role_refusals(self, action: str) -> list[Refusal]:
        """Whether the positions of this person suffice for an action, whatever else stands against it."""
        name = f"{self.record_type.name}.{action}"
        found = role_objections(name, self.rules, self.facts, list(self.events), self.authority)
        return [self.refusal_for(each) for each in found]

    def _not_of_this_company(self) -> Refusal | None:
        today = self.now.astimezone(self.company.zone).date()
        if self.record.company_id == self.by.company_id and self.by.is_employed_on(today):
            return None
        return Refusal("not_found", _("There is no such record."), hides=True)

    def _comes_first(self, action: Action[Any, Any]) -> list[Refusal]:
        """What the procedures want before an action whose state lies ahead: their clause is read before the state."""
        order = self.record_type.states.values
        if self.record.state in self.record.FINAL or action.at is None:
            return []
        if order.index(self.record.state) > max(order.index(state) for state in action.at):
            return []
        name = action.full_name(self.record_type.name)
        return [self.refusal_for(each) for each in what_comes_first(name, self.rules, self.facts, self.events)]

    def _wrong_state(self, action: Action[Any, Any]) -> Refusal | None:
        if action.is_opening or action.question is not None:
            return None
        state = self.record.state
        if state in (self.record.FINAL if action.at is None else ()):
            return Refusal(
                "state", _("The record is already finished: %(state)s.") % {"state": self._state_label(state)}
            )
        if action.at is not None and state not in action.at:
            wanted = _(" or ").join(
                self._state_label(each) for each in self.record_type.states.values if each in action.at
            )
            return Refusal(
                "state",
                _("Possible only when the record is “%(wanted)s”; it is “%(state)s”.")
                % {"wanted": wanted, "state": self._state_label(state)},
            )
        return None

    def _state_label(self, state: str) -> str:
        return self._state_labels.get(state, state)

    @cached_property
    def _state_labels(self) -> Mapping[str, str]:
        return {state: str(label) for state, label in self.record_type.states.choices}


def _deed_first(objection: Objection) -> str:
    """The action of the same record that the procedure wants to see before, if that is what it objects."""
    wanted = {"prerequisite_action": "action", "order": "first"}.get(objection.code)
    return str(objection.params[wanted]).partition(".")[2] if wanted else ""
