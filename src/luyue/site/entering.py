"""How the areas below the ledger have their changes entered in it; assigned once at start-up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from luyue.ledger import book
from luyue.organization.changes import CHAIN
from luyue.organization.models import Company, Employee


def enter_change_of_organization(
    *,
    company_id: int,
    action: str,
    by_id: int | None,
    at: datetime,
    changes: dict[str, list[object]],
    data: dict[str, object],
) -> None:
    """A change of departments, positions or employees."""
    book.append_to(
        company_id=company_id,
        chain=CHAIN,
        action=action,
        by_id=by_id,
        occurred_at=at,
        entered_at=at,
        changes=changes,
        data=data,
    )


def enter_change_of_procedures(
    *, company: Company, chain: str, action: str, by: Employee, at: datetime, data: Mapping[str, Any]
) -> None:
    """An edition published or withdrawn."""
    book.append_to(
        company_id=company.pk, chain=chain, action=action, by_id=by.pk, occurred_at=at, entered_at=at, data=data
    )
