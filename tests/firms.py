"""A firm for stories: set up from its profile, with one person on each position, known by the position's code."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from luyue.ledger.chains import enter_procedure_change
from luyue.organization.models import Company, Department, Employee, Position
from luyue.organization.staff import give_position, hire
from luyue.parties.models import Market, Party
from luyue.products.models import Product
from luyue.records import clock, rules
from luyue.records.models import Obligation, Record
from luyue.rulebook.adoption import adopt_company, adopt_procedures
from luyue.rulebook.loading import Profile

PASSWORD = "luyue-2026"


class Firm:
    """One company with its people, as a story speaks of them."""

    def __init__(self, profile: Profile) -> None:
        # What one test has rolled back comes again under the same keys in the next.
        rules.forget()
        start = datetime(2024, 1, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
        self.company: Company = adopt_company(profile.company)
        self.people: dict[str, Employee] = {}
        home = Department.objects.filter(company=self.company).first()
        assert home is not None
        for position in Position.objects.filter(company=self.company).select_related("department"):
            self.people[position.code] = self._hire(position, position.department or home, start)
        adopt_procedures(self.company, profile.papers, at=start, enter=enter_procedure_change)

    def _hire(self, position: Position, department: Department, at: datetime) -> Employee:
        employee = hire(
            self.company,
            by=None,
            at=at,
            user_name=f"{self.company.code}.{position.code}",
            name=str(position.name),
            department=department,
            joined_on=date(2020, 1, 1),
            password=PASSWORD,
            password_is_initial=False,
        )
        give_position(employee, position, by=None, at=at, since=date(2020, 1, 1))
        return employee

    def __getitem__(self, position: str) -> Employee:
        return self.people[position]

    def customer(self, name: str = "华东工具厂", market: str = Market.DOMESTIC, **more: Any) -> Party:
        number = f"K{Party.objects.filter(company=self.company).count() + 1}"
        return Party.objects.create(company=self.company, number=number, name=name, market=market, **more)

    def product(self, name: str = "硬质合金棒材", **more: Any) -> Product:
        number = f"P{Product.objects.filter(company=self.company).count() + 1}"
        return Product.objects.create(company=self.company, number=number, name=name, **more)

    def at(self, moment: str) -> AbstractContextManager[None]:
        """Let it be that time in the company's zone: `with carbide.at("2026-03-02 10:00"): ...`."""
        return clock.moved_to(datetime.fromisoformat(moment).replace(tzinfo=self.company.zone))

    def today(self) -> date:
        """The day in the company's zone."""
        return clock.now().astimezone(self.company.zone).date()

    def owed(self, record: Record, control: str) -> Obligation:
        """The obligation of that control on the record; the latest when there are several."""
        found = Obligation.objects.filter(record_id=record.pk, control__endswith=f"/{control}").order_by("-pk").first()
        assert found is not None, f"nothing is owed under {control}: {self.all_owed(record)}"
        return found

    def all_owed(self, record: Record) -> list[tuple[str, str, str]]:
        return list(Obligation.objects.filter(record_id=record.pk).values_list("control", "owner", "status"))

    def local(self, moment: datetime | None) -> str:
        """The moment as the company's clock shows it."""
        assert moment is not None
        return f"{moment.astimezone(self.company.zone):%Y-%m-%d %H:%M}"


FirmOf = Callable[[str], Firm]
