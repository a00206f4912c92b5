"""Telling those behind an address: each employee once for each effect, whoever tells it and how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from luyue.messaging.models import Notice
from luyue.messaging.receivers import employees_behind


@dataclass(frozen=True, slots=True)
class Tidings:
    """What is to be told to whoever is behind an address; `effect` is the same whenever the same is told again."""

    address: str
    kind: Notice.Kind
    effect: str
    record_id: int | None = None
    obligation_id: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def tell(
    company_id: int, tidings: Iterable[Tidings], *, on: date, at: datetime, except_for: int | None = None
) -> list[Notice]:
    """Write the notices, in two statements, none when there is nobody; never to the one who did it (`except_for`)."""
    wanted = [each for each in tidings if each.address != f"employee:{except_for}"]
    if not wanted:
        return []
    reached = employees_behind(company_id, (each.address for each in wanted), on)
    notices = {
        (each.effect, employee): _notice(company_id, each, employee, at)
        for each in wanted
        for employee in sorted(reached.get(each.address, ()))
        if employee != except_for
    }
    return Notice.objects.bulk_create(notices.values(), ignore_conflicts=True) if notices else []


def _notice(company_id: int, tidings: Tidings, employee_id: int, at: datetime) -> Notice:
    return Notice(
        company_id=company_id,
        employee_id=employee_id,
        record_id=tidings.record_id,
        obligation_id=tidings.obligation_id,
        kind=tidings.kind,
        params=dict(tidings.params),
        created_at=at,
        effect=f"{tidings.effect}/e{employee_id}",
    )
