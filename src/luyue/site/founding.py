"""The command `found`: the first step of a real installation, a company with one who can sign in."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from pathlib import Path

import click
from django.db import transaction
from django.utils.translation import gettext as _

from luyue.insight.procedure_checks import findings_in
from luyue.organization.models import Company, Employee
from luyue.organization.refusals import StaffError
from luyue.organization.staff import hire
from luyue.records import clock
from luyue.rulebook.adoption import adopt_company
from luyue.rulebook.editions import draft_edition
from luyue.rulebook.loading import Profile, read_profile

PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What nobody confuses when reading it aloud."""


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--administrator", "login", required=True, help="User name with which the first administrator signs in.")
@click.option("--name", required=True, help="The first administrator's name.")
@click.option("--department", "code", help="Code of his or her department (the first in company.yaml).")
@click.option("--json", "as_json", is_flag=True, help="Print for a machine.")
def found(folder: Path, login: str, name: str, code: str | None, as_json: bool) -> None:
    """Set up the company written in FOLDER, with its first administrator; its procedures wait there to be signed."""
    wrong = [finding for finding in findings_in(folder) if finding["level"] == "error"]
    if wrong:
        told = "\n".join(f"{finding['about']}: {finding['message']}" for finding in wrong)
        raise click.ClickException(_("nothing was set up; first to be mended:") + "\n" + told)
    password = "-".join("".join(secrets.choice(PASSWORD_LETTERS) for _letter in range(5)) for _part in range(3))
    profile = read_profile(folder)
    try:
        administrator = _founded(profile, login, name, code, password=password, at=clock.now())
    except StaffError as refused:
        raise click.ClickException(refused.sentence) from refused
    _print(administrator, len(profile.papers), password, as_json=as_json)


@transaction.atomic
def _founded(profile: Profile, login: str, name: str, code: str | None, *, password: str, at: datetime) -> Employee:
    """The company, its departments and positions, one administrator, and the drafts of its procedures."""
    if Company.objects.filter(code=profile.company.company).exists():
        raise StaffError(
            _("The company %(code)s is there already; its administrator changes it in the pages.")
            % {"code": profile.company.company}
        )
    company = adopt_company(profile.company)
    departments = {each.code: each for each in company.departments.order_by("pk")}
    department = departments.get(code) if code else next(iter(departments.values()), None)
    if department is None:
        raise StaffError(
            _("There is no department %(code)s; there are: %(known)s")
            % {"code": code or "", "known": ", ".join(departments)}
        )
    administrator = hire(
        company,
        by=None,
        at=at,
        user_name=login,
        name=name,
        department=department,
        joined_on=at.astimezone(company.zone).date(),
        password=password,
        is_administrator=True,
    )
    for paper in profile.papers:
        draft_edition(company, document_text=paper.text, by=administrator, at=at)
    return administrator


def _print(administrator: Employee, drafts: int, password: str, *, as_json: bool) -> None:
    user_name, company = administrator.account.username, administrator.company
    if as_json:
        said = {"company": company.code, "user_name": user_name, "password": password, "drafts": drafts}
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(
        _("%(company)s is set up; %(drafts)d procedures wait as drafts.") % {"company": company, "drafts": drafts}
    )
    click.echo(
        _("Sign in as %(user_name)s with the password %(password)s; it is to be changed at once and not shown again.")
        % {"user_name": user_name, "password": password}
    )
