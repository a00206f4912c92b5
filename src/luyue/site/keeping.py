"""The commands `backup` and `restore`."""

import json
from pathlib import Path

import click
from django.utils.translation import gettext as _

from luyue.ledger.verification import verify
from luyue.organization.models import Company
from luyue.search.reactions import make_all_findable
from luyue.site.backup import BackupError, Contents, make_backup
from luyue.site.restoring import restore_backup


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print for a machine.")
def backup(file: Path, as_json: bool) -> None:
    """Write the whole installation to FILE, while it may go on being used."""
    try:
        contents = make_backup(file)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    _print(contents, _("Wrote %(file)s") % {"file": file}, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print for a machine.")
def restore(file: Path, as_json: bool) -> None:
    """Fill an empty installation from FILE and check that nothing was lost or changed."""
    try:
        contents = restore_backup(file, prove=_make_findable_and_prove)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    _print(contents, _("Restored %(file)s") % {"file": file}, as_json=as_json)


def _make_findable_and_prove() -> None:
    """What was restored is only worth something when the ledger still proves itself."""
    make_all_findable()
    broken = [company.code for company in Company.objects.order_by("code") if verify(company).found]
    if broken:
        raise BackupError(
            _("nothing was restored: the ledger in it does not prove itself for %(companies)s")
            % {"companies": ", ".join(broken)}
        )


def _print(contents: Contents, headline: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"rows": contents.row_count, "files": len(contents.files)}))
    else:
        click.echo(
            _("%(headline)s: %(rows)d rows, %(files)d files, each with its digest.")
            % {"headline": headline, "rows": contents.row_count, "files": len(contents.files)}
        )
