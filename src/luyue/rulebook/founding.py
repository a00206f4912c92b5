"""A company of one's own after an example: its departments, positions and calendar; its procedures are signed later."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from luyue.organization.models import Company
from luyue.organization.refusals import StaffError
from luyue.organization.staff import hire
from luyue.rulebook.adoption import adopt_company
from luyue.rulebook.documents import CompanyFile, GeneralPowers
from luyue.rulebook.editions import draft_edition
from luyue.rulebook.loading import Profile
from luyue.rulebook.models import Edition
from luyue.rulebook.values import Address, Text


@transaction.atomic
def found_company(
    example: Profile,
    *,
    code: str,
    name: Text,
    short_name: Text,
    user_name: str,
    administrator: str,
    password: str,
    at: datetime,
) -> tuple[Company, list[Edition]]:
    """Found a company like the example, with its first administrator and the example's procedures as drafts.

    Nobody has signed anything yet: the administrator hires the people who do. Raises StaffError when the code is
    taken or the sign-in cannot be opened.
    """
    if Company.objects.filter(code=code).exists():
        raise StaffError(_("There is already a company with the code %(code)s.") % {"code": code}, field="code")
    company = adopt_company(_of_ones_own(example, code=code, name=name, short_name=short_name))
    first = example.company.departments[0]
    employee = hire(
        company,
        by=None,
        at=at,
        user_name=user_name,
        name=administrator,
        department=company.departments.get(code=first.code),
        joined_on=at.astimezone(company.zone).date(),
        password=password,
        is_administrator=True,
    )
    drafts = [draft_edition(company, document_text=paper.text, by=employee, at=at) for paper in example.papers]
    return company, drafts


def _of_ones_own(example: Profile, *, code: str, name: Text, short_name: Text) -> CompanyFile:
    powers = example.company.powers
    if powers == GeneralPowers():
        powers = _usual_powers(example)
    return example.company.model_copy(
        update={"company": code, "name": name, "short_name": short_name, "powers": powers}
    )


def _usual_powers(example: Profile) -> GeneralPowers:
    """Where an example says nothing: all may comment and attach, who registered corrects, who approves may void."""
    everybody = tuple(Address(department=each.code) for each in example.company.departments)
    return GeneralPowers(
        comment=everybody,
        attach=everybody,
        correct=(Address(person="registrar"),),
        void=tuple(dict.fromkeys(document.approved for document in example.documents)),
    )
