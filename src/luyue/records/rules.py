"""Which editions a record is bound to, and the rules that follow from them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from functools import lru_cache

from luyue.organization.authority import Authority
from luyue.organization.models import Company
from luyue.records.models import Binding
from luyue.records.record_types import RecordType
from luyue.rulebook.documents import GeneralPowers
from luyue.rulebook.editions import document_of, editions_in_force
from luyue.rulebook.engine.rules import Rules
from luyue.rulebook.models import Edition


def binding_for(company: Company, day: date) -> Binding:
    """The editions in force in the company on that day, as one binding; made when they first stand together."""
    editions = editions_in_force(company, day)
    key = hashlib.sha256(",".join(str(edition.pk) for edition in editions).encode()).hexdigest()
    return _binding(company, key, tuple(edition.pk for edition in editions))


def forget() -> None:
    """Let go of what was read; needed only where rows can vanish again, as in tests that roll back."""
    for kept in (_binding_kept, _with_powers, _rules, edition_ids):
        kept.cache_clear()


def _binding(company: Company, key: str, editions: tuple[int, ...]) -> Binding:
    return _binding_kept(company.pk, key) or _first_binding(company, key, editions)


@lru_cache(maxsize=1024)
def _binding_kept(company_id: int, key: str) -> Binding | None:
    return Binding.objects.filter(company_id=company_id, key=key).first()


def _first_binding(company: Company, key: str, editions: tuple[int, ...]) -> Binding:
    _binding_kept.cache_clear()
    found, created = Binding.objects.get_or_create(company=company, key=key)
    if created:
        found.editions.set(editions)
    return found


def rules_of(binding_id: int, company: Company) -> Rules:
    """The rules of a binding with the company's general powers.

    Editions in a binding are published and never change, so they are read once a process.
    """
    return _with_powers(binding_id, json.dumps(company.settings.get("powers", {}), sort_keys=True))


def rules_in_force(company: Company, day: date) -> Rules:
    """The rules under which a record would be opened on that day."""
    return rules_of(binding_for(company, day).pk, company)


def may_open(rules: Rules, record_type: RecordType, authority: Authority) -> bool:
    """Whether some role lets this person open records of the type, conditions left aside."""
    return any(
        role.control.everyone or {address.key for address in role.control.may} & authority.keys
        for role in rules.roles(record_type.opening_action.full_name(record_type.name))
    )


@lru_cache(maxsize=256)
def _with_powers(binding_id: int, powers: str) -> Rules:
    return replace(_rules(binding_id), powers=GeneralPowers.model_validate_json(powers))


@lru_cache(maxsize=256)
def _rules(binding_id: int) -> Rules:
    return Rules.of([document_of(edition) for edition in _bound(binding_id)])


@lru_cache(maxsize=256)
def edition_ids(binding_id: int) -> dict[str, int]:
    """The edition of each procedure in the binding, by procedure code."""
    return {edition.procedure.code: edition.pk for edition in _bound(binding_id)}


def _bound(binding_id: int) -> list[Edition]:
    return list(Edition.objects.filter(binding=binding_id).select_related("procedure").order_by("procedure__code"))
