"""Why a change of the organization is not made, and who may make one at all."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from luyue.organization.models import Company, Employee


class StaffError(ValueError):
    """A change that is refused, with a sentence for the user and the field of the form that it concerns."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


def only_an_administrator(company: Company, *, by: Employee | None, at: datetime) -> None:
    """Refuse anybody but an administrator of this company; None is the installation itself (command line, import)."""
    if by is None:
        return
    today = at.astimezone(company.zone).date()
    if by.company_id != company.pk or not by.is_administrator or not by.is_employed_on(today):
        raise StaffError(_("Only an administrator of the company may do this."))


def only_of(company: Company, **things: object) -> None:
    """Refuse what belongs to another company; a page never offers it."""
    for field, thing in things.items():
        if thing is not None and getattr(thing, "company_id", None) != company.pk:
            raise StaffError(_("This does not belong to the company."), field=field)
