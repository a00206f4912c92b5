"""A procedure file and a company file, as they are decoded."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from luyue.rulebook.controls import Addresses, Attested, Controls
from luyue.rulebook.values import Address, Code, Frozen, NotAcceptedError, Text, _

ProcedureCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]


class Revision(Frozen):
    """A line of the history table."""

    date: date
    edition: str
    change: Text


class Clause(Frozen):
    """A numbered paragraph: what it says in our own words, and what it demands."""

    number: str = Field(min_length=1, max_length=40)
    title: Text | None = None
    text: Text
    sources: tuple[str, ...] = ()
    controls: tuple[Controls, ...] = ()
    attested: Attested | None = None
    text_only: Text | None = None
    planned: Code | None = None

    @model_validator(mode="after")
    def _has_consequence(self) -> Clause:
        said = [bool(self.controls), self.attested is not None, self.text_only is not None, self.planned is not None]
        if not any(said):
            raise NotAcceptedError(
                _(
                    "a clause has at least one control, or `attested` (a duty of conduct), or `text_only` with the"
                    " reason (definitions, scope), or `planned` with the area it waits for"
                )
            )
        if self.text_only is not None and sum(said) > 1:
            raise NotAcceptedError(_("`text_only` stands alone: a clause with controls is more than text"))
        return self


class Document(Frozen):
    """One edition of a procedure, decoded from its file."""

    procedure: ProcedureCode
    title: Text
    edition: str = Field(min_length=1, max_length=20)
    effective: date
    prepared: Address
    reviewed: Address | None = None
    approved: Address
    distribution: tuple[Code, ...] = ()
    scope: Text | None = None
    history: tuple[Revision, ...] = ()
    migrates: tuple[str, ...] = ()
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]


class DepartmentEntry(Frozen):
    """A department in the company's own words."""

    code: Code
    name: Text
    abbreviation: str = ""
    parent: Code | None = None


class PositionEntry(Frozen):
    """A position in the company's own words."""

    code: Code
    name: Text
    department: Code | None = None


class GeneralPowers(Frozen):
    """What holds for every record type until a procedure narrows it."""

    comment: Addresses = ()
    attach: Addresses = ()
    correct: Addresses = ()
    void: Addresses = ()


class CompanyFile(Frozen):
    """`company.yaml`: what this company calls its departments, positions and papers."""

    company: Code
    name: Text
    short_name: Text
    time_zone: str = "Asia/Shanghai"
    calendar: dict[str, Any] = Field(default_factory=dict)
    departments: tuple[DepartmentEntry, ...]
    positions: tuple[PositionEntry, ...]
    powers: GeneralPowers = GeneralPowers()
    calls: dict[Code, Text] = Field(default_factory=dict)
