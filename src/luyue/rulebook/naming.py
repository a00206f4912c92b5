"""Whether a name that a procedure uses exists, and if not, which one was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from luyue.rulebook.documents import CompanyFile
from luyue.rulebook.mentions import Mention
from luyue.rulebook.problems import what_is_accepted
from luyue.rulebook.values import AgeInterval, DateInterval, Interval
from luyue.rulebook.vocabulary import FactName, RecordWords, Vocabulary

Objection = tuple[str, str]
"""A stable code such as `unknown_name`, and the sentence."""


@dataclass(frozen=True, slots=True)
class CompanyWords:
    """The departments and positions that a company's procedures may name."""

    departments: frozenset[str]
    positions: frozenset[str]

    @classmethod
    def of_file(cls, company: CompanyFile) -> CompanyWords:
        return cls(
            departments=frozenset(entry.code for entry in company.departments),
            positions=frozenset(entry.code for entry in company.positions),
        )


class Names:
    """All names that exist: those of the record types of this installation, and the company's own."""

    def __init__(self, vocabulary: Vocabulary, words: CompanyWords) -> None:
        self.vocabulary = vocabulary
        self.words = words
        self._by_kind: Mapping[str, Callable[[Mention], Objection | None]] = {
            "action": lambda mention: self._dotted(mention, _("action"), lambda record: record.actions),
            "state": lambda mention: self._dotted(mention, _("state"), lambda record: record.states),
            "field": lambda mention: self._dotted(mention, _("field"), _fields_and_facts),
            "date field": lambda mention: self._dotted(mention, _("date field"), lambda record: record.date_fields),
            "span or duration field": lambda mention: (
                self._dotted(mention, _("duration field"), lambda record: record.duration_fields)
                if "." in mention.name
                else None
            ),
            "record type": lambda mention: _unless_known(mention.name, _("record type"), vocabulary.records),
            "state of type": lambda mention: self._of_type(mention, _("state"), lambda record: record.states),
            "field of type": lambda mention: self._of_type(mention, _("field"), lambda record: record.fields),
            "printed field of type": lambda mention: self._of_type(
                mention, _("field"), lambda record: (*record.fields, *record.lists)
            ),
            "hidden field of type": self._hidden_field,
            "field of action": self._field_of_action,
            "attachment": self._attachment,
            "threshold": self._threshold,
            "position": lambda mention: _unless_known(mention.name, _("position"), words.positions),
            "department": lambda mention: _unless_known(mention.name, _("department"), words.departments),
            "department or position": lambda mention: _unless_known(
                mention.name, _("department or position"), words.departments | words.positions
            ),
        }

    def objection(self, mention: Mention) -> Objection | None:
        """Why a name cannot stand there; None when it can."""
        return self._by_kind[mention.kind](mention)

    def fact(self, record_type: str, name: str) -> FactName | Objection:
        """The fact of that name, or why there is none."""
        facts = self.vocabulary.records[record_type].facts
        if name in facts:
            return facts[name]
        return "unknown_fact", _("`%(type)s` has no fact `%(name)s`; %(accepted)s") % {
            "type": record_type,
            "name": name,
            "accepted": what_is_accepted(name, sorted(facts)) or _("it declares none"),
        }

    def _dotted(self, mention: Mention, what: str, known: Callable[[RecordWords], Iterable[str]]) -> Objection | None:
        record_type, _dot, name = mention.name.partition(".")
        record = self.vocabulary.records.get(record_type)
        if record is not None and name in known(record):
            return None
        if record is None:
            names = [f"{each.name}.{word}" for each in self.vocabulary.records.values() for word in known(each)]
            return _unless_known(mention.name, what, names)
        return _not_there(mention.name, what, what_is_accepted(name, sorted(known(record)), after=f"{record_type}."))

    def _of_type(self, mention: Mention, what: str, known: Callable[[RecordWords], Iterable[str]]) -> Objection | None:
        record = self.vocabulary.records.get(mention.of)
        return _unless_known(mention.name, what, known(record)) if record is not None else None

    def _hidden_field(self, mention: Mention) -> Objection | None:
        """What stands in the heading of a record is read by all who see it; who is not to read it may not see it."""
        record = self.vocabulary.records.get(mention.of)
        if record is None or mention.name not in record.heading:
            return self._of_type(mention, _("field"), _not_in_heading)
        accepted = what_is_accepted(mention.name, sorted(_not_in_heading(record)))
        return "heading_field", _(
            "`%(name)s` stands in the heading, which all read who may see the record; leave `fields` out to hide the"
            " record itself; %(accepted)s"
        ) % {"name": mention.name, "accepted": accepted}

    def _field_of_action(self, mention: Mention) -> Objection | None:
        record_type, _dot, action = mention.of.partition(".")
        record = self.vocabulary.records.get(record_type)
        if record is None or action not in record.actions:
            return None
        fields = record.action_fields.get(action, record.fields)
        if mention.name in fields:
            return None
        return "unknown_field", _("`%(action)s` asks for no field `%(name)s`; %(accepted)s") % {
            "action": mention.of,
            "name": mention.name,
            "accepted": what_is_accepted(mention.name, sorted(fields)) or _("it asks for none"),
        }

    def _attachment(self, mention: Mention) -> Objection | None:
        known = {kind for record in self.vocabulary.records.values() for kind in record.attachment_kinds}
        return _unless_known(mention.name, _("kind of attachment"), known)

    def _threshold(self, mention: Mention) -> Objection | None:
        known = {name for record in self.vocabulary.records.values() for name in record.thresholds}
        return _unless_known(mention.name, _("threshold"), known)


def condition_objection(fact: FactName, allowed: object) -> Objection | None:
    """Why a fact of this type cannot meet such a condition; None when it can."""
    if fact.kind == "number":
        if isinstance(allowed, Interval):
            return None
        return "wrong_condition", _("`%(name)s` is a number%(unit)s; write an interval such as “(300, 1000]”") % {
            "name": fact.name,
            "unit": f" ({fact.unit})" if fact.unit else "",
        }
    if fact.kind == "yes_no":
        if isinstance(allowed, frozenset) and allowed <= {True, False}:
            return None
        return "wrong_condition", _("`%(name)s` is true or false") % {"name": fact.name}
    if fact.kind == "date":
        if isinstance(allowed, DateInterval):
            return None
        sentence = _("`%(name)s` is a date; write an interval such as “>=2026-01-01” or “[2026-01-01, 2026-06-30]”")
        return "wrong_condition", sentence % {"name": fact.name}
    if fact.kind == "age":
        if isinstance(allowed, AgeInterval):
            return None
        sentence = _("`%(name)s` is the time from one date to another; write an interval such as “<=7d” or “(6mo, 1y]”")
        return "wrong_condition", sentence % {"name": fact.name}
    if not isinstance(allowed, frozenset) or not all(isinstance(value, str) for value in allowed):
        return "wrong_condition", _("`%(name)s` is one of: %(values)s; write a list of them, in quotes if need be") % {
            "name": fact.name,
            "values": ", ".join(fact.values),
        }
    strange = sorted(allowed - set(fact.values))
    if not strange:
        return None
    return "unknown_value", _("`%(name)s` is never `%(value)s`; %(accepted)s") % {
        "name": fact.name,
        "value": strange[0],
        "accepted": what_is_accepted(strange[0], fact.values),
    }


def _fields_and_facts(record: RecordWords) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*record.fields, *record.facts)))


def _not_in_heading(record: RecordWords) -> tuple[str, ...]:
    return tuple(name for name in record.fields if name not in record.heading)


def _unless_known(name: str, what: str, known: Iterable[str]) -> Objection | None:
    names = sorted(known)
    if name in names:
        return None
    return _not_there(name, what, what_is_accepted(name, names))


def _not_there(name: str, what: str, accepted: str) -> Objection:
    return "unknown_name", _("no %(what)s `%(name)s`; %(accepted)s") % {
        "what": what,
        "name": name,
        "accepted": accepted or _("there are none"),
    }
