"""What an administrator does to an installation: bring its tables up to date, ask whether all is well."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from django.core import checks
from django.core.management import call_command, execute_from_command_line
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luyue.insight.procedure_checks import findings_in, findings_in_shipped
from luyue.site.faults import refuse_newer_tables
from luyue.site.health import strange_migrations, unapplied_migrations

ONE_MIGRATES = 0x6C757975
"""The number under which a machine tells the others on the same PostgreSQL that it is migrating."""


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a management command of Django, such as `luyue manage shell`."""
    execute_from_command_line(["luyue manage", *arguments])


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print for a machine.")
def migrate(as_json: bool) -> None:
    """Bring the tables of the database to this release; a second run changes nothing."""
    applied = bring_up_to_date()
    if as_json:
        click.echo(json.dumps({"applied": applied}))
    else:
        click.echo(_said(applied))


def _said(applied: list[str]) -> str:
    if not applied:
        return _("Nothing to do: the tables are up to date.")
    count = len(applied)
    return ngettext("Applied %(count)d migration.", "Applied %(count)d migrations.", count) % {"count": count}


def bring_up_to_date() -> list[str]:
    """Apply the migrations that wait and make the table of the cache; return the names of what was applied."""
    with _alone():
        refuse_newer_tables()
        waiting = unapplied_migrations()
        if waiting:
            call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    return waiting


@contextmanager
def _alone() -> Iterator[None]:
    """Machines that start together migrate one after the other; the later ones then find nothing left to do."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_MIGRATES])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_MIGRATES])


@click.command()
@click.option("--deploy", is_flag=True, help="Also what matters only when others can reach this server.")
@click.option(
    "--profile",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Only the procedures in this folder, against the record types of this installation.",
)
@click.option("--json", "as_json", is_flag=True, help="Print for a machine.")
@click.pass_context
def check(context: click.Context, deploy: bool, profile: Path | None, as_json: bool) -> None:
    """Ask whether this installation and its procedures are in order; exit with 1 when something must be put right."""
    findings = findings_in(profile) if profile else [*_of_the_installation(deploy=deploy), *findings_in_shipped()]
    _print(findings, as_json=as_json)
    if any(finding["level"] == "error" for finding in findings):
        context.exit(1)


def _of_the_installation(*, deploy: bool) -> list[dict[str, str]]:
    strange, waiting = strange_migrations(), unapplied_migrations()
    messages = checks.run_checks(include_deployment_checks=deploy, databases=[] if waiting or strange else ["default"])
    findings = [
        {
            "level": checks_level(message),
            "code": message.id or "",
            "message": str(message.msg),
            "hint": str(message.hint or ""),
            "about": str(message.obj or ""),
        }
        for message in messages
        if not message.is_silenced()
    ]
    if deploy:
        findings += _of_others_reach()
    if strange:
        findings.append(
            {
                "level": "error",
                "code": "luyue.newer_database",
                "message": _("the database was brought to a newer release"),
                "hint": _("install that release"),
                "about": ", ".join(strange),
            }
        )
    if waiting:
        findings.append(
            {
                "level": "error",
                "code": "luyue.migrations",
                "message": ngettext("%(count)d migration waits", "%(count)d migrations wait", len(waiting))
                % {"count": len(waiting)},
                "hint": _("run `luyue migrate`"),
                "about": ", ".join(waiting),
            }
        )
    return findings


def _of_others_reach() -> list[dict[str, str]]:
    """What must be set before anybody else signs in over a network."""
    findings = []
    if not settings.HTTPS:
        findings.append(
            _warning(
                "luyue.https",
                _("passwords and cookies cross the network in the clear"),
                _("let a server in front end TLS, as deploy/ shows, and set LUYUE_HTTPS=1"),
            )
        )
    if settings.ALLOWED_HOSTS == ["localhost", "127.0.0.1", "[::1]"]:
        findings.append(
            _warning(
                "luyue.hosts",
                _("only this machine itself can reach the pages"),
                _("write the names under which people reach them into LUYUE_HOSTS"),
            )
        )
    return findings


def _warning(code: str, message: str, hint: str) -> dict[str, str]:
    return {"level": "warning", "code": code, "message": message, "hint": hint, "about": ""}


def checks_level(message: checks.CheckMessage) -> str:
    if message.level >= checks.ERROR:
        return "error"
    return "warning" if message.level >= checks.WARNING else "info"


def _print(findings: list[dict[str, str]], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"findings": findings}, ensure_ascii=False))
        return
    for finding in findings:
        about = f" ({finding['about']})" if finding["about"] else ""
        click.echo(f"{finding['level']}: {finding['code']}: {finding['message']}{about}")
        if finding["hint"]:
            click.echo(f"    {finding['hint']}")
    if not findings:
        click.echo(_("All is in order."))
