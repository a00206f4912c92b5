"""Who is told, in the same transaction, when something happened to a record."""

from __future__ import annotations

from collections.abc import Iterator

from luyue.messaging.models import Notice
from luyue.messaging.telling import Tidings, tell
from luyue.records.models import Obligation
from luyue.records.performing import NEWS_FOR, Performed
from luyue.records.reactions import whenever

_KINDS = {"sign_off": Notice.Kind.SIGN, "routing": Notice.Kind.RECEIVE, "notice": Notice.Kind.TOLD}


@whenever
def tell_those_concerned(performed: Performed) -> None:
    """Signers, receivers, those named in a comment and the new owner; never the one who did it."""
    entry = performed.entry
    if entry.occurred_at < entry.entered_at - NEWS_FOR:
        return
    tidings = [*_of_what_is_owed(performed), *_of_the_people_named(performed), *_of_the_owner(performed)]
    if tidings:
        day = entry.entered_at.astimezone(performed.by.company.zone).date()
        tell(entry.company_id, tidings, on=day, at=entry.entered_at, except_for=performed.by.pk)


def _of_what_is_owed(performed: Performed) -> Iterator[Tidings]:
    for row in performed.settlement.opened:
        told_later = row.detail.get("customer") or "ahead_of" in row.detail
        if row.kind in _KINDS and row.status != Obligation.Status.CANCELLED and not told_later:
            yield _tidings(
                performed,
                row.owner,
                _KINDS[row.kind],
                effect=f"o{row.pk}",
                obligation_id=row.pk,
                step=row.detail.get("before") or performed.name,
            )


def _of_the_people_named(performed: Performed) -> Iterator[Tidings]:
    """Those named with @ in a comment, and the colleague to whom a signature is handed over."""
    data = performed.entry.data
    for address in data.get("mentions", ()):
        yield _tidings(
            performed,
            address,
            Notice.Kind.MENTION,
            effect=f"n{performed.entry.pk}",
            text=str(data.get("text", ""))[:200],
        )
    if performed.action.name == "hand_over":
        yield _tidings(
            performed,
            f"employee:{data['to']['id']}",
            Notice.Kind.SIGN,
            effect=f"n{performed.entry.pk}",
            text=str(data.get("reason", ""))[:200],
        )


def _of_the_owner(performed: Performed) -> Iterator[Tidings]:
    owner = performed.entry.changes.get("owner_id", [None, None])[1]
    if owner is not None:
        yield _tidings(performed, f"employee:{owner}", Notice.Kind.ASSIGNED, effect=f"n{performed.entry.pk}")


def _tidings(
    performed: Performed,
    address: str,
    kind: Notice.Kind,
    *,
    effect: str,
    obligation_id: int | None = None,
    **params: str,
) -> Tidings:
    return Tidings(
        address,
        kind,
        f"{kind}/{effect}",
        performed.record.pk,
        obligation_id,
        {"by": performed.by.name, **params},
    )
