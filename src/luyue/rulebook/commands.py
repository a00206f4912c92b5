"""Commands about procedures as files, for their authors."""

from __future__ import annotations

from pathlib import Path

import click

from luyue.rulebook.schema import write_schemas


@click.command("rulebook-schema")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs"))
def rulebook_schema(folder: Path) -> None:
    """Write the JSON Schemas of procedure and company files into FOLDER (docs, if none is named)."""
    for file in write_schemas(folder):
        click.echo(str(file))


commands = [rulebook_schema]
