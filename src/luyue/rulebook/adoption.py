"""A company takes over a profile: its departments and positions, and its procedures as published editions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from luyue.organization.authority import holders_of
from luyue.organization.models import Company, Department, Employee, Position
from luyue.rulebook.documents import CompanyFile, DepartmentEntry, Document
from luyue.rulebook.editions import EditionError, Enter, adopt_edition, signers_named
from luyue.rulebook.loading import Paper, Profile
from luyue.rulebook.models import Edition
from luyue.rulebook.values import Text


@transaction.atomic
def adopt_profile(profile: Profile, *, at: datetime, enter: Enter) -> Company:
    """Set up a company as its profile says, and put its procedures in force.

    Its people must be employed before, since they sign: call `adopt_company` first, and hire.
    Raises EditionError when nobody holds a position that a procedure names.
    """
    company = adopt_company(profile.company)
    adopt_procedures(company, profile.papers, at=at, enter=enter)
    return company


@transaction.atomic
def adopt_company(file: CompanyFile) -> Company:
    """Create the company with its departments and positions, or bring it up to date with its file."""
    company, _created = Company.objects.update_or_create(
        code=file.company,
        defaults={
            **_names(file.name),
            "short_name": file.short_name.zh_hans,
            "short_name_hant": file.short_name.zh_hant,
            "short_name_en": file.short_name.en,
            "time_zone": file.time_zone,
            "calendar": file.calendar,
        },
    )
    company.settings = {**company.settings, **_settings(file)}
    company.save()
    departments = _adopt_departments(company, file.departments)
    for entry in file.positions:
        Position.objects.update_or_create(
            company=company,
            code=entry.code,
            defaults={
                **_names(entry.name),
                "department": departments.get(entry.department or ""),
            },
        )
    return company


def adopt_procedures(company: Company, papers: Iterable[Paper], *, at: datetime, enter: Enter) -> list[Edition]:
    """Publish editions as signed by those who hold the positions that they name, on the day of effect or else now."""
    return [
        adopt_edition(company, paper=paper, signers=_signers(company, paper.document, at), at=at, enter=enter)
        for paper in papers
    ]


def _settings(file: CompanyFile) -> dict[str, object]:
    return {
        "powers": file.powers.model_dump(mode="json", by_alias=True, exclude_none=True),
        "calls": {name: text.model_dump(by_alias=True) for name, text in file.calls.items()},
    }


def _names(text: Text) -> dict[str, str]:
    return {"name": text.zh_hans, "name_hant": text.zh_hant, "name_en": text.en}


def _adopt_departments(company: Company, entries: Sequence[DepartmentEntry]) -> Mapping[str, Department]:
    departments = {
        entry.code: Department.objects.update_or_create(
            company=company,
            code=entry.code,
            defaults={
                **_names(entry.name),
                "abbreviation": entry.abbreviation,
            },
        )[0]
        for entry in entries
    }
    for entry in entries:
        parent = departments.get(entry.parent or "")
        Department.objects.filter(pk=departments[entry.code].pk).update(parent=parent)
    return departments


def _signers(company: Company, document: Document, at: datetime) -> dict[str, Employee]:
    today = at.astimezone(company.zone).date()
    return {
        meaning: _holder(company, address.key, (document.effective, today), document)
        for meaning, address in signers_named(document).items()
    }


def _holder(company: Company, address: str, days: Sequence[date], document: Document) -> Employee:
    for day in days:
        holders = holders_of(company.pk, address, day)
        if holders:
            return holders[0]
    raise EditionError(
        _("Nobody holds %(position)s, who signs %(procedure)s.")
        % {"position": address, "procedure": document.procedure}
    )
