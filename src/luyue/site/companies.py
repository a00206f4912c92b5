"""`luyue company examples | create | list`: the first step of an installation of one's own."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import click
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luyue.organization.models import Account, Company
from luyue.organization.refusals import StaffError
from luyue.records.clock import now
from luyue.rulebook.editions import EditionError
from luyue.rulebook.founding import found_company
from luyue.rulebook.loading import library_folders, profile_folders, read_profile
from luyue.rulebook.problems import RulebookError
from luyue.rulebook.values import Text
from luyue.site.faults import refuse_other_tables


@click.group()
def company() -> None:
    """Found a company, see which there are, and which examples it may begin from."""


@company.command()
def examples() -> None:
    """Name the examples that a new company may begin from."""
    for folder in _examples().values():
        profile = read_profile(folder)
        titles = [document.title.in_language(get_language() or "") for document in profile.documents]
        click.echo(f"{folder.name:<28} {'; '.join(titles)}")


@company.command()
@click.option("--name", prompt=gettext_lazy("Name of the company"), help="As it stands on its papers.")
@click.option("--code", prompt=gettext_lazy("Code, such as huaxing-tools"), help="Never changes; commands use it.")
@click.option(
    "--like",
    "example",
    prompt=gettext_lazy("Example to begin from (`luyue company examples` names them), or a folder with company.yaml"),
    help="An example's name, or a folder with company.yaml.",
)
@click.option("--short-name", help="As colleagues say it; the beginning of the name if left out.")
@click.option("--name-en", default="", help="For readers of English.")
@click.option("--administrator", prompt=gettext_lazy("User name of the first administrator"), help="To sign in with.")
@click.option("--administrator-name", prompt=gettext_lazy("Name of this person"), help="As colleagues read it.")
@click.option("--json", "as_json", is_flag=True, help="Print for a machine.")
def create(
    name: str,
    code: str,
    example: str,
    short_name: str | None,
    name_en: str,
    administrator: str,
    administrator_name: str,
    as_json: bool,
) -> None:
    """Found a company like an example, and print how its first administrator signs in.

    What is not given is asked for. The departments, positions and calendar are the example's; the administrator
    changes them in the pages. The procedures come as drafts that wait for signatures.
    """
    refuse_other_tables()
    if not code or code != slugify(code):
        raise click.BadParameter(
            _("write small letters, digits and hyphens, such as huaxing-tools"), param_hint="--code"
        )
    is_known = Account.objects.filter(username__iexact=administrator.strip()).exists()
    password = "" if is_known else secrets.token_urlsafe(9)
    try:
        founded, drafts = found_company(
            read_profile(_example(example)),
            code=code,
            name=Text.model_validate({"zh-hans": name.strip(), "en": name_en.strip()}),
            short_name=Text.model_validate({"zh-hans": (short_name or name).strip()[:40]}),
            user_name=administrator,
            administrator=administrator_name.strip(),
            password=password,
            at=now(),
        )
    except (StaffError, EditionError, RulebookError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    if as_json:
        click.echo(
            json.dumps(
                {
                    "company": founded.code,
                    "user_name": administrator,
                    "password": password or None,
                    "drafts": [str(draft) for draft in drafts],
                },
                ensure_ascii=False,
            )
        )
        return
    _tell(founded, administrator, password, len(drafts))


def _tell(founded: Company, user_name: str, password: str, drafts: int) -> None:
    click.echo(_("%(company)s is founded.") % {"company": founded.name})
    if password:
        click.echo(
            _("Sign in as %(user_name)s with the first password %(password)s; it is changed at once.")
            % {"user_name": user_name, "password": password}
        )
    else:
        click.echo(_("%(user_name)s signs in with the password known so far.") % {"user_name": user_name})
    click.echo(
        _("Then: hire people and give them positions; have the drafts of procedures (%(count)d) signed and published.")
        % {"count": drafts}
    )


@company.command("list")
def list_companies() -> None:
    """Name the companies of this installation."""
    refuse_other_tables()
    for each in Company.objects.order_by("code"):
        click.echo(f"{each.code:<28} {each.name}")


def _examples() -> dict[str, Path]:
    return {folder.name: folder for folder in (*profile_folders(), *library_folders())}


def _example(said: str) -> Path:
    folder = Path(said)
    if (folder / "company.yaml").is_file():
        return folder
    try:
        return _examples()[said]
    except KeyError as unknown:
        raise click.BadParameter(
            _("there is no example %(said)s; `luyue company examples` names them") % {"said": said},
            param_hint="--like",
        ) from unknown
