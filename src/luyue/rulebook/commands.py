"""Commands about procedures as files, for their authors."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from luyue.rulebook.coverage import (
    CatalogueError,
    Coverage,
    CoveredDuty,
    Standing,
    counted,
    cover,
    exercised_duties,
    family,
    read_catalogue,
)
from luyue.rulebook.loading import library_folders, profile_folders, read_profile
from luyue.rulebook.problems import RulebookError
from luyue.rulebook.schema import write_schemas


@click.command("rulebook-schema")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs"))
def rulebook_schema(folder: Path) -> None:
    """Write the JSON Schemas of procedure and company files into FOLDER (docs, if none is named)."""
    for file in write_schemas(folder):
        click.echo(str(file))


@click.command()
@click.argument("catalogue", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "listed", type=click.Choice([standing.value for standing in Standing]), help="Name the duties.")
@click.option("--json", "as_json", is_flag=True, help="Print for a machine.")
def coverage(catalogue: Path, listed: str | None, as_json: bool) -> None:
    """Say how far the shipped procedures carry out the duties in CATALOGUE, source by source."""
    try:
        duties = read_catalogue(catalogue)
        profiles = [read_profile(folder) for folder in (*profile_folders(), *library_folders())]
    except (CatalogueError, RulebookError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    found = cover(duties, profiles, exercised_duties())
    if as_json:
        click.echo(json.dumps(_for_a_machine(found), ensure_ascii=False))
        return
    _print_table(found)
    for covered in found.duties if listed else ():
        if covered.standing == listed:
            click.echo(f"{covered.duty.id}  {_places(covered)}".rstrip())
    for source, place in found.unknown:
        click.echo(f"not in the catalogue: {source} ({place.profile}/{place.file} {place.clause})", err=True)


def _print_table(found: Coverage) -> None:
    click.echo("".join(f"{standing.value:>{len(standing.value) + 2}}" for standing in Standing) + "  all  source")
    for source, duties in found.by_source().items():
        click.echo(f"{_figures(duties)}  {family(duties)}  {source.partition(' / ')[2] or source}")
    click.echo(f"{_figures(found.duties)}  together")


def _figures(duties: Iterable[CoveredDuty]) -> str:
    numbers = counted(duties)
    return "".join(f"{number:>{len(standing.value) + 2}}" for standing, number in numbers.items()) + (
        f"{sum(numbers.values()):>5}"
    )


def _places(covered: CoveredDuty) -> str:
    return ", ".join(f"{place.profile}/{place.file} {place.clause} {place.kind}" for place in covered.places)


def _for_a_machine(found: Coverage) -> dict[str, Any]:
    return {
        "total": {standing.value: number for standing, number in counted(found.duties).items()},
        "sources": [
            {
                "source": source,
                "family": family(duties),
                "counts": {standing.value: number for standing, number in counted(duties).items()},
            }
            for source, duties in found.by_source().items()
        ],
        "duties": [
            {
                "id": covered.duty.id,
                "standing": covered.standing.value,
                "places": [
                    {"profile": place.profile, "file": place.file, "clause": place.clause, "kind": place.kind}
                    for place in covered.places
                ],
                "stories": list(covered.stories),
            }
            for covered in found.duties
        ],
        "unknown": [
            {"id": source, "profile": place.profile, "file": place.file, "clause": place.clause}
            for source, place in found.unknown
        ],
    }


commands = [coverage, rulebook_schema]
