"""The chains of what is changed outside records: the organization and its procedures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from luyue.ledger import book
from luyue.organization.models import Company, Employee


def enter_organization_change(
    *,
    company_id: int,
    action: str,
    by_id: int | None,
    at: datetime,
    changes: dict[str, list[object]],
    data: dict[str, object],
) -> None:
    """Enter a change of departments, positions, people or calendar."""
    book.append_to(
        company_id=company_id,
        chain="organization",
        action=action,
        by_id=by_id,
        occurred_at=at,
        entered_at=at,
        changes=changes,
        data=data,
    )


def enter_procedure_change(
    *, company: Company, chain: str, action: str, by: Employee, at: datetime, data: Mapping[str, Any]
) -> None:
    """Enter that an edition was published or withdrawn."""
    book.append_to(
        company_id=company.pk, chain=chain, action=action, by_id=by.pk, occurred_at=at, entered_at=at, data=data
    )
