"""`luyue token create | list | revoke`."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import click
from django.db.models import Q
from django.utils.translation import gettext as _

from luyue.api.models import AccessToken
from luyue.api.tokens import LONGEST_DAYS, USUAL_DAYS, issue
from luyue.api.tokens import revoke as take_back
from luyue.organization.clock import now
from luyue.organization.models import Company, Employee


@click.group()
def token() -> None:
    """Tokens with which programs use the API, each in the name of one employee."""


@token.command()
@click.argument("company")
@click.argument("user_name")
@click.option("--name", required=True, help="What the token is for.")
@click.option(
    "--days", type=click.IntRange(1, LONGEST_DAYS), default=USUAL_DAYS, show_default=True, help="How long it is good."
)
@click.option("--json", "as_json", is_flag=True, help="For a machine to read.")
def create(company: str, user_name: str, name: str, days: int, as_json: bool) -> None:
    """Make a token for the employee of COMPANY (its code) who signs in as USER_NAME, and print it this once."""
    if not name.strip():
        raise click.ClickException(_("Say what the token is for."))
    at = now()
    employee = _employee(company, user_name)
    last_day = at.astimezone(employee.company.zone).date() + timedelta(days=days)
    made, secret = issue(employee, name=name.strip()[:80], by=None, at=at, expires_on=last_day)
    if as_json:
        click.echo(json.dumps({**_mapping(made), "token": secret}, ensure_ascii=False))
        return
    click.echo(secret)
    click.echo(_("Keep it now; it is not shown again. Good until %(day)s.") % {"day": last_day}, err=True)


@token.command("list")
@click.option("--company", help="Only those of the company with this code.")
@click.option("--json", "as_json", is_flag=True, help="For a machine to read.")
def list_tokens(company: str | None, as_json: bool) -> None:
    """Say which tokens there are, whose, and when they were last used."""
    rows = AccessToken.objects.select_related("employee__account", "company").order_by("company__code", "pk")
    if company:
        if not Company.objects.filter(code=company).exists():
            raise click.ClickException(_("There is no company with the code %(code)s.") % {"code": company})
        rows = rows.filter(company__code=company)
    found = [_mapping(each) for each in rows]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for each in found:
        state = _("revoked") if each["revoked_at"] else _("until %(day)s") % {"day": each["expires_on"]}
        last = each["last_used_at"] or _("never used")
        click.echo(f"{each['id']:>6}  {each['company']}  {each['user_name']}  {each['name']}  {state}  {last}")
    if not found:
        click.echo(_("There is no token."), err=True)


@token.command()
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """Take back the token with this NUMBER, as `luyue token list` shows it."""
    found = AccessToken.objects.filter(pk=number).first()
    if found is None:
        raise click.ClickException(_("There is no token with the number %(number)d.") % {"number": number})
    if not take_back(found, by=None, at=now()):
        raise click.ClickException(_("This token had already been revoked."))
    click.echo(_("Revoked: %(name)s") % {"name": found.name})


commands = [token]


def _employee(company: str, user_name: str) -> Employee:
    at = now()
    rows = Employee.objects.select_related("company").filter(company__code=company, account__username__iexact=user_name)
    found = rows.filter(Q(left_on=None) | Q(left_on__gte=at.date())).order_by("-pk").first()
    if found is None:
        raise click.ClickException(
            _("Nobody signs in to %(company)s as %(user_name)s.") % {"company": company, "user_name": user_name}
        )
    return found


def _mapping(each: AccessToken) -> dict[str, Any]:
    return {
        "id": each.pk,
        "company": each.company.code,
        "user_name": each.employee.account.username,
        "name": each.name,
        "created_at": each.created_at.isoformat(),
        "last_used_at": each.last_used_at.isoformat() if each.last_used_at else None,
        "expires_on": each.expires_on.isoformat(),
        "revoked_at": each.revoked_at.isoformat() if each.revoked_at else None,
    }
