"""Where changes of the organization are written down.

The ledger lies above the organization and cannot be imported here. Whoever puts the product together assigns
`changes.enter` once at start-up, so that each change becomes an entry of the company's chain "organization", in the
transaction of the change itself. Until then a change is written to the log of the process.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from luyue.organization.models import Company, Employee

CHAIN = "organization"

type_of_changes = Mapping[str, tuple[object, object]]

log = logging.getLogger(__name__)


class Enter(Protocol):
    """Writes one change into the ledger of a company; `by_id` is an employee, or None for the installation itself."""

    def __call__(
        self,
        *,
        company_id: int,
        action: str,
        by_id: int | None,
        at: datetime,
        changes: dict[str, list[object]],
        data: dict[str, object],
    ) -> None: ...


def write_to_log(
    *,
    company_id: int,
    action: str,
    by_id: int | None,
    at: datetime,
    changes: dict[str, list[object]],
    data: dict[str, object],
) -> None:
    """What happens while no ledger has been assigned."""
    log.info("company %s: %s by %s at %s: %s %s", company_id, action, by_id, at.isoformat(), changes, data)


enter: Enter = write_to_log


def one_after_another(company_id: int) -> None:
    """Let changes of one company wait for each other, so that what was checked still holds when it is written."""
    Company.objects.select_for_update(no_key=True).values_list("pk").get(pk=company_id)


def write_down(
    company_id: int,
    action: str,
    *,
    by: Employee | None,
    at: datetime,
    changes: type_of_changes | None = None,
    data: Mapping[str, object] | None = None,
) -> None:
    """Enter a change with its old and new values; fields that kept their value are left out."""
    enter(
        company_id=company_id,
        action=f"{CHAIN}.{action}",
        by_id=by.pk if by else None,
        at=at,
        changes={field: [_plain(old), _plain(new)] for field, (old, new) in (changes or {}).items() if old != new},
        data={key: _plain(value) for key, value in (data or {}).items()},
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
