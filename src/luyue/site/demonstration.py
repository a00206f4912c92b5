"""The example companies: each shipped profile with its people, customers and products, as their files name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import translation

from luyue.organization import staff
from luyue.organization.models import Company, Employee
from luyue.parties.models import Contact, Party
from luyue.products.models import Product
from luyue.records import clock
from luyue.rulebook.adoption import adopt_company, adopt_procedures
from luyue.rulebook.loading import SHIPPED, Profile, read_profile
from luyue.site.entering import enter_change_of_procedures

PASSWORD = "luyue-demo"
EMPLOYED_SINCE = date(2010, 1, 1)


@dataclass(frozen=True)
class SignIn:
    """Somebody as whom one may sign in."""

    company: str
    company_name: str
    login: str
    name: str
    positions: tuple[str, ...]
    is_administrator: bool


def sign_ins() -> list[SignIn]:
    """Everybody in every example company, in the order of the files."""
    return [_sign_in(_profile(folder), entry) for folder in _folders() for entry in _read(folder / "staff.yaml")]


def build(*, report: Callable[[str], None]) -> None:
    """Found every example company; all of it or nothing."""
    at = clock.now()
    with transaction.atomic(), translation.override("zh-hans"):
        for folder in _folders():
            profile = _profile(folder)
            company = adopt_company(profile.company)
            _hire(company, _read(folder / "staff.yaml"), at)
            adopt_procedures(company, profile.papers, at=at, enter=enter_change_of_procedures)
            _add_customers(company, folder)
            _add_products(company, folder)
            report(f"  {company.name}: {company.employees.count()} people, {len(profile.papers)} procedures")


def _folders() -> list[Path]:
    return sorted(file.parent for file in SHIPPED.glob("*/staff.yaml"))


@cache
def _profile(folder: Path) -> Profile:
    return read_profile(folder)


def _read(file: Path) -> list[dict[str, Any]]:
    """The entries of a YAML file; none when this company has no such file."""
    if not file.is_file():
        return []
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    entries = next(iter(content.values())) if isinstance(content, dict) else content
    return list(entries)


def _sign_in(profile: Profile, entry: dict[str, Any]) -> SignIn:
    names = {position.code: position.name.zh_hans for position in profile.company.positions}
    return SignIn(
        company=profile.company.company,
        company_name=profile.company.name.zh_hans,
        login=entry["login"],
        name=entry["name"],
        positions=tuple(names[code] for code in entry["positions"]),
        is_administrator=bool(entry.get("administrator")),
    )


def _hire(company: Company, entries: list[dict[str, Any]], at: datetime) -> None:
    departments = {department.code: department for department in company.departments.all()}
    positions = {position.code: position for position in company.positions.all()}
    for entry in entries:
        employee = staff.hire(
            company,
            by=None,
            at=at,
            user_name=entry["login"],
            name=entry["name"],
            department=departments[entry["department"]],
            joined_on=EMPLOYED_SINCE,
            password=PASSWORD,
            is_administrator=bool(entry.get("administrator")),
            password_is_initial=False,
        )
        for code in entry["positions"]:
            staff.give_position(employee, positions[code], by=None, at=at, since=EMPLOYED_SINCE)


def _add_customers(company: Company, folder: Path) -> None:
    by_login = {employee.account.username: employee for employee in company.employees.select_related("account")}
    for number, entry in enumerate(_read(folder / "customers.yaml"), start=1):
        party = Party.objects.create(
            company=company,
            number=str(entry.get("number") or f"C{number:03}"),
            name=entry["name"],
            role=entry.get("role", Party.Role.CUSTOMER),
            market=entry.get("market", "domestic"),
            address=entry.get("address") or entry.get("city", ""),
            phone=entry.get("phone", ""),
            distance_km=entry.get("distance_km"),
            responsible=_responsible(by_login, entry),
        )
        for contact in entry.get("contacts", []):
            Contact.objects.create(
                company=company,
                party=party,
                name=contact["name"],
                title=contact.get("title", ""),
                phone=contact.get("phone", ""),
                email=contact.get("email", ""),
            )


def _responsible(by_login: dict[str, Employee], entry: dict[str, Any]) -> Employee | None:
    login = entry.get("responsible")
    return by_login[login] if login else None


def _add_products(company: Company, folder: Path) -> None:
    Product.objects.bulk_create(
        Product(
            company=company,
            number=str(entry.get("number") or f"P{number:03}"),
            name=entry["name"],
            specification=entry.get("specification", ""),
            unit=entry.get("unit", ""),
            category=entry.get("category", ""),
        )
        for number, entry in enumerate(_read(folder / "products.yaml"), start=1)
    )
