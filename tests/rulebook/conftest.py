from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from luyue.organization.models import Account, Company, Employee, Position, Tenure
from luyue.rulebook.adoption import adopt_company
from luyue.rulebook.loading import read_company
from tests.rulebook.papers import COMPANY

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@dataclass
class Entered:
    """The ledger as this floor sees it: somewhere to enter what was done."""

    entries: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def __call__(
        self, *, company: Company, chain: str, action: str, by: Employee, at: datetime, data: Mapping[str, Any]
    ) -> None:
        self.entries.append((chain, action, dict(data)))


@pytest.fixture
def enter() -> Entered:
    return Entered()


@pytest.fixture
def company() -> Company:
    return adopt_company(read_company(COMPANY))


@pytest.fixture
def people(company: Company) -> dict[str, Employee]:
    """One employee in each position, and Zhao, who holds none."""
    holders = {"sales_manager": "李敏", "quality_manager": "王强", "general_manager": "陈立", "": "赵云"}
    return {position: employed(company, name, position) for position, name in holders.items()}


def employed(company: Company, name: str, position: str = "") -> Employee:
    """An employee since 2020, with an account, in the position if one is named."""
    account = Account.objects.create(username=f"{company.code}-{name}")
    account.set_password(PASSWORD)
    account.save()
    employee = Employee.objects.create(
        company=company,
        account=account,
        department=company.departments.get(code="sales"),
        name=name,
        joined_on=date(2020, 1, 1),
    )
    if position:
        held = Position.objects.get(company=company, code=position)
        Tenure.objects.create(company=company, employee=employee, position=held, since=date(2020, 1, 1))
    return employee


def moment(day: str, time: str = "09:00") -> datetime:
    """An instant in Shanghai."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI)
