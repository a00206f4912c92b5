"""A company with an administrator, built by the area's own verbs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from luyue.organization.models import Company, Department, Employee, Position
from luyue.organization.staff import hire
from luyue.organization.structure import add_department, add_position

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 3, 9, 9, 0, tzinfo=ZONE)
TODAY = date(2026, 3, 9)
PASSWORD = "luyue-2026-works"


@dataclass
class Book:
    """The entries in the order in which they were written."""

    entries: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, **entry: Any) -> None:
        self.entries.append(entry)

    @property
    def actions(self) -> list[str]:
        return [entry["action"] for entry in self.entries]

    @property
    def last(self) -> dict[str, Any]:
        return self.entries[-1]


class Workforce:
    """The people of one company, by their first names."""

    def __init__(self, code: str, name: str) -> None:
        self.company = Company.objects.create(code=code, name=name, short_name=name[:2])
        self.head = add_department(self.company, by=None, at=MORNING, code="head", name="总经办")
        self.admin = self.hire("admin", is_administrator=True)

    def hire(self, who: str, department: Department | None = None, **more: Any) -> Employee:
        """Someone who has chosen a password and can sign in as `who.company`."""
        return hire(
            self.company,
            **{
                "by": None,
                "at": MORNING,
                "user_name": f"{who}.{self.company.code}",
                "name": who.title(),
                "department": department or self.head,
                "joined_on": date(2025, 1, 1),
                "password": PASSWORD,
                "password_is_initial": False,
                **more,
            },
        )

    def department(self, code: str, parent: Department | None = None) -> Department:
        return add_department(self.company, by=self.admin, at=MORNING, code=code, name=code.title(), parent=parent)

    def position(self, code: str, department: Department | None = None) -> Position:
        return add_position(
            self.company, by=self.admin, at=MORNING, code=code, name=code.title(), department=department
        )


def signed_in(employee: Employee) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    response = client.post("/account/sign-in/", {"login": employee.account.username, "password": PASSWORD})
    assert response.status_code == 302, response.content.decode()
    return client
