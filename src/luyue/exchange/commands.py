"""`luyue import`: an old register, kept elsewhere, becomes records with their real dates."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from luyue.exchange.bringing_in import (
    BadRow,
    BroughtIn,
    Checked,
    StoppedError,
    Tick,
    bring_in,
    check,
    write_rejects,
)
from luyue.exchange.csv_files import CsvFile, UnreadableFileError, csv_file
from luyue.exchange.mapping import Map, read_map, refuse_missing_columns
from luyue.exchange.planning import Planner
from luyue.organization.models import Company, Employee
from luyue.records import clock
from luyue.records.forms import Lookup
from luyue.records.record_types import RecordType
from luyue.rulebook.problems import RulebookError

LISTED = 20
"""Bad rows shown on a terminal; the file of rejects holds all."""


@click.command("import")
@click.argument("register")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--company", "code", required=True, help="Code of the company into which the rows come.")
@click.option(
    "--map",
    "map_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML file that says which column becomes what.",
)
@click.option("--skip-bad", is_flag=True, help="Bring in the good rows although others are bad.")
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Write the bad rows with their reasons here."
)
@click.option("--by", "login", help="User name of the employee in whose name it happens (first administrator).")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a machine.")
@click.pass_context
def import_register(
    ctx: click.Context,
    register: str,
    file: Path,
    code: str,
    map_file: Path,
    skip_bad: bool,
    rejects: Path | None,
    login: str | None,
    as_json: bool,
) -> None:
    """Bring the rows of FILE (CSV, also gzipped) into REGISTER, such as `complaints`.

    All rows are checked first; when one is bad nothing is written, unless --skip-bad is given. A second run brings in
    only what is not there yet.
    """
    begun = time.monotonic()
    if rejects:
        _refuse_a_place_for_rejects(rejects, file)
    table, planner = _prepared(register, file, code, map_file, login)
    shows = not as_json and Console(stderr=True).is_terminal
    try:
        with _progress(_("Checking"), None, shows) as tick:
            checked = check(table, planner, tick=tick)
        writes = skip_bad or not checked.bad
        brought_in = BroughtIn()
        if writes:
            with _progress(_("Bringing in"), checked.rows, shows) as tick:
                brought_in = bring_in(table, planner, checked, skip_bad=skip_bad, tick=tick)
    except UnreadableFileError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except StoppedError as stopped:
        brought_in, writes = stopped.brought_in, False
        brought_in.bad.append(stopped.bad)
    bad = sorted([*checked.bad, *brought_in.bad], key=lambda each: each.line)
    if rejects and bad:
        write_rejects(rejects, table.columns, bad)
    seconds = time.monotonic() - begun
    if as_json:
        click.echo(json.dumps(_for_a_machine(checked, brought_in, bad, seconds), ensure_ascii=False))
    else:
        _print(checked, brought_in, bad, rejects, seconds)
    ctx.exit(0 if writes else 1)


commands = [import_register]


def _prepared(register: str, file: Path, code: str, map_file: Path, login: str | None) -> tuple[CsvFile, Planner]:
    """Everything that must be right before the first row is looked at."""
    try:
        read, record_type = read_map(map_file, register)
        table = csv_file(file)
        refuse_missing_columns(read, table.columns, map_name=map_file.name)
    except (RulebookError, UnreadableFileError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    return table, _planner(read, record_type, code, login)


def _refuse_a_place_for_rejects(rejects: Path, file: Path) -> None:
    """Known before anything is written, for afterwards the bad rows could be kept nowhere."""
    if rejects.exists() and rejects.samefile(file):
        raise click.ClickException(_("The bad rows cannot be written over %(file)s itself.") % {"file": file})
    if not (rejects.parent.is_dir() and os.access(rejects.parent, os.W_OK)):
        raise click.ClickException(_("Nothing can be written into %(folder)s.") % {"folder": rejects.parent})


def _planner(read: Map, record_type: RecordType, code: str, login: str | None) -> Planner:
    company = Company.objects.filter(code=code).first()
    if company is None:
        raise click.ClickException(_("There is no company with the code %(code)s.") % {"code": code})
    return Planner(read, record_type, company, _employee(company, login), clock.now())


def _employee(company: Company, login: str | None) -> Employee:
    """Who answers for the entries: the one named, else the first administrator."""
    today = clock.now().astimezone(company.zone).date()
    ours = Employee.objects.filter(company=company).select_related("company", "department").order_by("pk")
    candidates = ours.filter(account__username=login) if login else ours.filter(is_administrator=True)
    employee = next((each for each in candidates if each.is_employed_on(today)), None)
    if employee is not None:
        return employee
    if login:
        raise click.ClickException(_("Nobody employed here signs in as %(login)s.") % {"login": login})
    raise click.ClickException(_("The company has no administrator; say with --by in whose name it happens."))


@contextmanager
def _progress(title: str, total: int | None, shows: bool) -> Iterator[Tick]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not shows) as progress:
        task = progress.add_task(title, total=total)
        yield lambda rows: progress.update(task, completed=rows)


def _for_a_machine(checked: Checked, brought_in: BroughtIn, bad: list[BadRow], seconds: float) -> dict[str, Any]:
    return {
        "rows": checked.rows,
        "brought_in": brought_in.records,
        "already_there": len(checked.already_there),
        "repeating": brought_in.repeating,
        "newcomers": dict(brought_in.newcomers),
        "bad": [{"line": each.line, "reasons": list(each.reasons)} for each in bad],
        "seconds": round(seconds, 1),
    }


def _print(checked: Checked, brought_in: BroughtIn, bad: list[BadRow], rejects: Path | None, seconds: float) -> None:
    for each in bad[:LISTED]:
        click.echo(_("Line %(line)d: %(reasons)s") % {"line": each.line, "reasons": " ".join(each.reasons)}, err=True)
    if len(bad) > LISTED:
        click.echo(_("… and %(more)d more.") % {"more": len(bad) - LISTED}, err=True)
    if bad:
        said = ngettext("%(count)d row is bad.", "%(count)d rows are bad.", len(bad)) % {"count": len(bad)}
        kept = _("They are in %(file)s, with the reasons.") % {"file": rejects} if rejects else ""
        click.echo(f"{said} {kept}".strip(), err=True)
    if bad and not brought_in.records:
        click.echo(_("Nothing was written."), err=True)
    for sentence in _results(checked, brought_in, seconds):
        click.echo(sentence)


def _results(checked: Checked, brought_in: BroughtIn, seconds: float) -> Iterator[str]:
    if brought_in.records:
        yield ngettext(
            "%(count)d of %(rows)d rows brought in, in %(seconds)d seconds.",
            "%(count)d of %(rows)d rows brought in, in %(seconds)d seconds.",
            brought_in.records,
        ) % {"count": brought_in.records, "rows": checked.rows, "seconds": round(seconds)}
    if brought_in.repeating:
        yield ngettext(
            "%(count)d row says the same as an earlier one; it is linked to it as repeating it.",
            "%(count)d rows say the same as an earlier one; they are linked to it as repeating it.",
            brought_in.repeating,
        ) % {"count": brought_in.repeating}
    if brought_in.newcomers:
        yield _("Newly entered: %(what)s.") % {
            "what": _(", ").join(
                f"{Lookup.kinds[name].model._meta.verbose_name_plural} {count}"
                for name, count in sorted(brought_in.newcomers.items())
            )
        }
    if checked.already_there:
        yield ngettext(
            "%(count)d row had been brought in before.",
            "%(count)d rows had been brought in before.",
            len(checked.already_there),
        ) % {"count": len(checked.already_there)}
    if not checked.new and not checked.bad:
        yield _("There is nothing new in the file.")
