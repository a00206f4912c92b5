"""Writing into the ledger: one entry is one INSERT, chained to the entry before it by that entry's hash."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from luyue.ledger import canonical
from luyue.ledger.canonical import UnwritableError
from luyue.ledger.models import Entry
from luyue.ledger.turns import wait_for_turn
from luyue.organization.writing import insert

CONTENT = (
    "company_id",
    "chain",
    "sequence",
    "record_id",
    "action",
    "by_id",
    "acting_as",
    "occurred_at",
    "entered_at",
    "state_before",
    "state_after",
    "changes",
    "facts",
    "dates",
    "data",
    "previous_hash",
)


def append(
    *,
    company_id: int,
    chain: str,
    sequence: int,
    previous_hash: str,
    action: str,
    by_id: int | None,
    occurred_at: datetime,
    entered_at: datetime,
    record_id: int | None = None,
    acting_as: str = "",
    state_before: str = "",
    state_after: str = "",
    changes: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    dates: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """Write the next entry of a chain whose last one the caller knows and has locked; `by_id` None is the system.

    The first entry of a chain has sequence 1 and no previous hash (""). A record's chain is `record_chain(record_id)`.
    Raises `UnwritableError` with a sentence for what could not be given back unchanged.
    """
    content: dict[str, Any] = {
        "company_id": company_id,
        "chain": chain,
        "sequence": sequence,
        "record_id": record_id,
        "action": action,
        "by_id": by_id,
        "acting_as": acting_as,
        "occurred_at": occurred_at,
        "entered_at": entered_at,
        "state_before": state_before,
        "state_after": state_after,
        "changes": changes or {},
        "facts": facts or {},
        "dates": dates or {},
        "data": data or {},
        "previous_hash": previous_hash,
    }
    said = plain_values(content)
    entry = Entry(**{**content, **{name: said[name] for name in ("changes", "facts", "dates", "data")}})
    _check_link(entry)
    _check_lengths(entry)
    entry.hash = entry_hash(said)
    insert([entry])
    return entry


def append_to(
    *,
    company_id: int,
    chain: str,
    action: str,
    by_id: int | None,
    occurred_at: datetime,
    entered_at: datetime,
    acting_as: str = "",
    changes: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    dates: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """Write the next entry of a chain that belongs to no record, such as "organization"; one writer at a time."""
    with transaction.atomic():
        wait_for_turn(company_id, f"chain {chain}")
        last = Entry.objects.filter(company_id=company_id, chain=chain).order_by("-sequence").only("sequence", "hash")
        before = last.first()
        return append(
            company_id=company_id,
            chain=chain,
            sequence=before.sequence + 1 if before else 1,
            previous_hash=before.hash if before else "",
            action=action,
            by_id=by_id,
            acting_as=acting_as,
            occurred_at=occurred_at,
            entered_at=entered_at,
            changes=changes,
            facts=facts,
            dates=dates,
            data=data,
        )


def record_chain(record_id: int) -> str:
    """The name of a record's chain."""
    return f"r{record_id}"


def values_of(entry: Entry) -> dict[str, Any]:
    """All that an entry says, in the form in which it is hashed and can be handed to a stranger."""
    return plain_values({name: getattr(entry, name) for name in CONTENT})


def plain_values(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same from columns as they were read."""
    return {name: canonical.plain(content[name], where=name) for name in CONTENT}


def entry_hash(values: Mapping[str, Any]) -> str:
    """The hash over all that an entry says, the hash of the entry before it included."""
    return canonical.digest({"form": 1, **values})


def _check_link(entry: Entry) -> None:
    if (entry.sequence == 1) != (entry.previous_hash == ""):
        raise UnwritableError(_("The first entry of a chain, and only the first, has no entry before it."))
    if entry.record_id is not None and entry.chain != record_chain(entry.record_id):
        raise UnwritableError(
            _("The entry of record %(record)s belongs into the chain %(chain)s.")
            % {"record": entry.record_id, "chain": record_chain(entry.record_id)}
        )


def _check_lengths(entry: Entry) -> None:
    for name, length in _LENGTHS.items():
        if len(getattr(entry, name)) > length:
            raise UnwritableError(
                _("%(where)s is longer than %(length)s characters.") % {"where": name, "length": length}
            )


_LENGTHS: dict[str, int] = {
    field.name: field.max_length for field in Entry._meta.concrete_fields if field.max_length and field.name != "hash"
}
