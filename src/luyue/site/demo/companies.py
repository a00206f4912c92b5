"""The five companies of the demonstration: their people, customers, products and procedures, from the profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from luyue.ledger.chains import enter_procedure_change
from luyue.organization.models import Company, Department, Position
from luyue.organization.staff import give_position, hire
from luyue.parties.models import Contact, Party
from luyue.products.models import Product
from luyue.rulebook.adoption import adopt_company, adopt_procedures
from luyue.rulebook.loading import COMPANY_FILE, read_company, read_profile

PASSWORD = "luyue-2026"
PROFILES = ("mining", "brush", "carbide", "scale", "cement")
FOUNDED = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class SignIn:
    """How one person of the demonstration signs in."""

    company: str
    company_name: str
    positions: tuple[str, ...]
    name: str
    login: str
    is_administrator: bool


_PARTY_FIELDS = ("number", "name", "role", "market", "address", "postcode", "phone", "email", "distance_km")


def folder_of(profile: str) -> Path:
    return Path(__file__).parents[2] / "rulebooks" / profile


@transaction.atomic
def found(profile: str, at: datetime) -> Company:
    """Set up one company as its profile says; a second time changes nothing."""
    read = read_profile(folder_of(profile))
    existing = Company.objects.filter(code=read.company.company).first()
    if existing is not None:
        return existing
    company = adopt_company(read.company)
    _hire_staff(company, _listed(profile, "staff"), at)
    adopt_procedures(company, read.papers, at=at, enter=enter_procedure_change)
    _enter_customers(company, _listed(profile, "customers"))
    _enter_products(company, _listed(profile, "products"))
    return company


def sign_ins(profile: str) -> list[SignIn]:
    """One person for each position of the company."""
    company = read_company(folder_of(profile) / COMPANY_FILE)
    called = {position.code: position.name.zh_hans for position in company.positions}
    return [
        SignIn(
            company=company.company,
            company_name=company.name.zh_hans,
            positions=tuple(called[code] for code in entry["positions"]),
            name=entry["name"],
            login=entry["login"],
            is_administrator=bool(entry.get("administrator")),
        )
        for entry in _listed(profile, "staff")
    ]


def _listed(profile: str, name: str) -> list[dict[str, Any]]:
    said = yaml.safe_load((folder_of(profile) / f"{name}.yaml").read_text(encoding="utf-8"))
    return list(said[name]) if isinstance(said, Mapping) else list(said)


def _hire_staff(company: Company, entries: list[dict[str, Any]], at: datetime) -> None:
    departments = {each.code: each for each in Department.objects.filter(company=company)}
    positions = {each.code: each for each in Position.objects.filter(company=company)}
    for entry in entries:
        employee = hire(
            company,
            by=None,
            at=at,
            user_name=entry["login"],
            name=entry["name"],
            department=departments[entry["department"]],
            joined_on=FOUNDED,
            password=PASSWORD,
            is_administrator=bool(entry.get("administrator")),
            password_is_initial=False,
        )
        for code in entry["positions"]:
            give_position(employee, positions[code], by=None, at=at, since=FOUNDED)


def _enter_customers(company: Company, entries: list[dict[str, Any]]) -> None:
    by_login = {each.account.username: each for each in company.employees.select_related("account")}
    for entry in entries:
        contacts = entry.get("contacts", [])
        party = Party.objects.create(
            company=company,
            responsible=by_login.get(entry.get("responsible", "")),
            **{name: entry[name] for name in _PARTY_FIELDS if entry.get(name) is not None},
        )
        Contact.objects.bulk_create(
            Contact(
                company=company,
                party=party,
                name=contact["name"],
                title=contact.get("title", ""),
                phone=contact.get("phone", ""),
                email=contact.get("email", ""),
            )
            for contact in contacts
        )


def _enter_products(company: Company, entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        Product.objects.create(
            company=company,
            **{
                name: entry[name]
                for name in ("number", "name", "specification", "unit", "category")
                if entry.get(name) is not None
            },
        )
