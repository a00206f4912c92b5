"""Which editions a record is bound to, and the rules that follow from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from functools import lru_cache

from django.db import transaction

from luyue.organization.authority import Authority
from luyue.organization.models import Company
from luyue.records.models import Binding, Record
from luyue.records.record_types import RecordType
from luyue.rulebook.documents import GeneralPowers
from luyue.rulebook.editions import document_of, ids_in_force
from luyue.rulebook.engine.rules import Rules
from luyue.rulebook.models import Edition

Bound = tuple[tuple[str, int, str], ...]
"""The editions of a binding: procedure code, id and digest of each."""

Moved = tuple[tuple[int, str, str, tuple[str, ...]], ...]
"""The later editions of a binding: id, procedure code, number, and the groups of the time limits moved to it."""

_known: dict[tuple[int, str], Binding] = {}
_moved: dict[int, Moved] = {}
_bound: dict[int, Bound] = {}
_uncommitted: set[int] = set()
"""Bindings made in a transaction that may yet be rolled back; their numbers may come again, so nothing is kept."""


def binding_for(company: Company, day: date) -> Binding:
    """The editions in force in the company on that day, as one binding; made when they first stand together."""
    editions = ids_in_force(company.pk, day)
    key = hashlib.sha256(",".join(map(str, editions)).encode()).hexdigest()
    known = _known.get((company.pk, key)) or Binding.objects.filter(company=company, key=key).first()
    if known is None:
        return _first_binding(company, key, editions)
    if known.pk not in _uncommitted:
        _known[company.pk, key] = known
    return known


def _first_binding(company: Company, key: str, editions: list[int]) -> Binding:
    """Together with its editions or not at all: whoever saw it without them would keep it so."""
    with transaction.atomic():
        made, created = Binding.objects.get_or_create(company=company, key=key)
        if created:
            _uncommitted.add(made.pk)
            made.editions.set(editions)
            transaction.on_commit(lambda: _uncommitted.discard(made.pk))
    return made


def moved_binding(record: Record, edition: Edition, groups: Collection[str]) -> Binding:
    """The record's binding with some of its time limits moved to a later edition."""
    before = record.binding
    moved = [*before.moved, {"edition": edition.pk, "limits": sorted(groups)}]
    key = hashlib.sha256(json.dumps([before.key, moved], sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        made, created = Binding.objects.get_or_create(company=record.company, key=key, defaults={"moved": moved})
        if created:
            _uncommitted.add(made.pk)
            made.editions.set(before.editions.all())
            transaction.on_commit(lambda: _uncommitted.discard(made.pk))
    return made


def forget() -> None:
    """Let go of what was read; needed only where rows can vanish again, as in tests that roll back."""
    _known.clear()
    _moved.clear()
    _bound.clear()
    _uncommitted.clear()
    _with_powers.cache_clear()
    _rules.cache_clear()


def rules_of(binding_id: int, company: Company) -> Rules:
    """The rules of a binding with the company's general powers.

    Editions in a binding are published and never change, so they are read once a process.
    """
    return _with_powers(
        _editions(binding_id), _later(binding_id), json.dumps(company.settings.get("powers", {}), sort_keys=True)
    )


def rules_in_force(company: Company, day: date) -> Rules:
    """The rules under which a record would be opened on that day."""
    return rules_of(binding_for(company, day).pk, company)


def may_open(rules: Rules, record_type: RecordType, authority: Authority) -> bool:
    """Whether some role lets this person open records of the type, conditions left aside."""
    return any(
        role.control.everyone or {address.key for address in role.control.may} & authority.keys
        for role in rules.roles(record_type.opening_action.full_name(record_type.name))
    )


def edition_ids(binding_id: int) -> dict[str, int]:
    """The edition of each procedure in the binding, by procedure code."""
    return {code: pk for code, pk, _digest in _editions(binding_id)}


def later_edition_ids(binding_id: int) -> dict[tuple[str, str], int]:
    """The later editions to which promises of the binding were moved, by procedure code and number."""
    return {(code, number): pk for pk, code, number, _groups in _later(binding_id)}


def _later(binding_id: int) -> Moved:
    if binding_id in _moved:
        return _moved[binding_id]
    said = Binding.objects.values_list("moved", flat=True).get(pk=binding_id)
    numbers = _procedures_and_numbers([each["edition"] for each in said]) if said else {}
    found = tuple((each["edition"], *numbers[each["edition"]], tuple(each["limits"])) for each in said)
    if binding_id not in _uncommitted:
        _moved[binding_id] = found
    return found


def _procedures_and_numbers(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = Edition.objects.filter(pk__in=ids).values_list("pk", "procedure__code", "number")
    return {pk: (code, number) for pk, code, number in rows}


def _editions(binding_id: int) -> Bound:
    if binding_id in _bound:
        return _bound[binding_id]
    rows = Edition.objects.filter(binding=binding_id).order_by("procedure__code")
    found: Bound = tuple(rows.values_list("procedure__code", "pk", "digest"))
    if binding_id not in _uncommitted:
        _bound[binding_id] = found
    return found


@lru_cache(maxsize=256)
def _with_powers(editions: Bound, later: Moved, powers: str) -> Rules:
    found = replace(_rules(editions), powers=GeneralPowers.model_validate_json(powers))
    for pk, _code, _number, groups in later:
        found = found.and_moved(document_of(Edition.objects.select_related("procedure").get(pk=pk)), groups)
    return found


@lru_cache(maxsize=256)
def _rules(editions: Bound) -> Rules:
    found = Edition.objects.select_related("procedure").in_bulk([pk for _code, pk, _digest in editions])
    return Rules.of([document_of(found[pk]) for _code, pk, _digest in editions])
