"""A company takes over a profile: its departments and positions, and its procedures as published editions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from luyue.organization.authority import holders_of
from luyue.organization.models import Company, Department, Employee, Position
from luyue.organization.structure import add_department, add_position
from luyue.rulebook.controls import Cadence
from luyue.rulebook.documents import CompanyFile, DepartmentEntry, Document, PositionEntry
from luyue.rulebook.editions import EditionError, Enter, adopt_edition, signers_named, words_of
from luyue.rulebook.loading import Paper, Profile
from luyue.rulebook.mentions import mentions
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


@dataclass(frozen=True, slots=True)
class MissingWords:
    """Departments and positions of which a procedure speaks and which a company does not have."""

    departments: tuple[DepartmentEntry, ...]
    positions: tuple[PositionEntry, ...]

    def __bool__(self) -> bool:
        return bool(self.departments or self.positions)


def missing_words(company: Company, file: CompanyFile, document: Document) -> MissingWords:
    """What must be added to the company before it can take over a procedure from the library as it stands."""
    spoken_of = {(mention.kind, mention.name) for mention in mentions(document)} | set(_subjects(document))
    listed = set(document.distribution)
    words = words_of(company)
    positions = tuple(
        each
        for each in file.positions
        if each.code not in words.positions and (("position", each.code) in spoken_of or each.code in listed)
    )
    homes = {each.department for each in positions}
    departments = tuple(
        each
        for each in file.departments
        if each.code not in words.departments
        and (("department", each.code) in spoken_of or each.code in listed or each.code in homes)
    )
    return MissingWords(departments, positions)


def _subjects(document: Document) -> Iterator[tuple[str, str]]:
    """The departments and positions of each of which something is asked from time to time."""
    for clause in document.clauses:
        for control in (*(entry.control for entry in clause.controls), clause.attested):
            if isinstance(control, Cadence) and control.per in ("department", "position"):
                yield from ((control.per, name) for name in control.of)


@transaction.atomic
def add_words(company: Company, words: MissingWords, *, by: Employee, at: datetime) -> None:
    """Add departments and positions of the library to a company, as its administrator might one by one."""
    for department in words.departments:
        add_department(
            company,
            by=by,
            at=at,
            code=department.code,
            abbreviation=department.abbreviation,
            parent=company.departments.filter(code=department.parent or "").first(),
            **_names(department.name),
        )
    for position in words.positions:
        add_position(
            company,
            by=by,
            at=at,
            code=position.code,
            department=company.departments.filter(code=position.department or "").first(),
            **_names(position.name),
        )


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
