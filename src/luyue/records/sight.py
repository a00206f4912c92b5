"""What one person sees of records that he or she may open: everything but the fields that are hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from luyue.organization.authority import Authority
from luyue.organization.models import Employee
from luyue.organization.prepared import Place, Prepared
from luyue.records import registry
from luyue.records.models import Binding, Record
from luyue.records.rules import rules_of
from luyue.rulebook.engine.readers import field_readers
from luyue.rulebook.engine.rules import Rules


@dataclass(frozen=True)
class Sight:
    """One person's eyes on some records; what those records name was looked up once for all of them."""

    reader: Employee
    authority: Authority
    seen: frozenset[int] = frozenset()
    _rules: dict[int, Rules] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: Employee, authority: Authority, records: Iterable[Record]) -> Sight:
        """Look up, for all records together, which of those that they name the reader may see."""
        named = {pk for record in records for name in naming(type(record)) if (pk := getattr(record, f"{name}_id"))}
        if not named:
            return cls(reader, authority)
        return cls(reader, authority, frozenset(_visible_among(reader.company_id, authority.keys, named)))

    def hidden(self, record: Record) -> frozenset[str]:
        """The fields kept from this person: by a procedure, or because they name a record that is not his or hers."""
        unseen = {
            name for name in naming(type(record)) if (pk := getattr(record, f"{name}_id")) and pk not in self.seen
        }
        return frozenset(unseen | self.withheld(record))

    def withheld(self, record: Record) -> set[str]:
        """The fields that a procedure keeps from this person; that one is kept back is no secret, what it says is."""
        if not record.binding_id:
            return set()
        rules = self._rules_of(record.binding_id)
        if not fields_kept_back(rules, record.type):
            return set()
        facts = registry.record_type(record.type).facts.of(record)
        persons = {"owner": record.owner_id, "registrar": record.registrar_id}
        found = field_readers(rules, record.type, facts, persons)
        return {name for name, readers in found.items() if not readers & self.authority.keys}

    def _rules_of(self, binding_id: int) -> Rules:
        if binding_id not in self._rules:
            self._rules[binding_id] = rules_of(binding_id, self.reader.company)
        return self._rules[binding_id]


@Prepared
def _visible_among(company_id: Place, keys: list[Place], ids: Any) -> QuerySet[Record, int]:
    return Record.objects.visible_under(company_id, keys).filter(pk__in=ids).values_list("pk", flat=True)


@cache
def naming(model: type[Record]) -> tuple[str, ...]:
    """The fields of a type in which another record is named."""
    return tuple(
        each.name
        for each in model._meta.local_concrete_fields
        if each.is_relation and not each.primary_key and each.related_model is Record
    )


def fields_kept_back(rules: Rules, record_type: str) -> frozenset[str]:
    """The fields of a type that some control keeps from some people, whatever its condition."""
    return frozenset(name for bound in rules.confidentiality(record_type) for name in bound.control.fields)


def kept_from(reader: Employee, authority: Authority, record_type: str, names: Collection[str]) -> Q:
    """The records in which one of these fields may be hidden from the person, who must not find them by it."""
    found = Q()
    for pk in bindings_of(reader.company_id):
        rules = rules_of(pk, reader.company)
        for name in fields_kept_back(rules, record_type) & set(names):
            allowed = {
                address.key
                for bound in rules.confidentiality(record_type)
                if name in bound.control.fields
                for address in bound.control.readers
            }
            if not allowed & authority.keys:
                persons = [person for person in ("owner", "registrar") if f"person:{person}" in allowed]
                found |= Q(*(~_is(person, reader) for person in persons), binding_id=pk)
    return found


@Prepared
def bindings_of(company_id: Place) -> QuerySet[Binding, int]:
    """Every combination of editions under which records of the company were ever opened."""
    return Binding.objects.filter(company_id=company_id).values_list("pk", flat=True)


def _is(person: str, reader: Employee) -> Q:
    """Nobody in the place is not the reader either, which a bare inequality in SQL would not say."""
    return Q(**{f"{person}__isnull": False, person: reader})
