"""`luyue anchor` and `luyue verify`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luyue.ledger.anchors import Anchor, AnchorError, newest_anchor
from luyue.ledger.verification import Extent, Report
from luyue.ledger.verification import verify as verify_company
from luyue.organization.models import Company


@click.command()
@click.argument("company")
def anchor(company: str) -> None:
    """Print the digest of COMPANY's last block, to be kept where nobody who keeps the ledger can change it."""
    exported = newest_anchor(_company(company))
    if exported is None:
        raise click.ClickException(_("Nothing has been sealed yet; there is nothing to anchor."))
    click.echo(exported.to_json())


@click.command()
@click.option("--company", "code", help="Only the company with this code.")
@click.option(
    "--anchor",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that `luyue anchor` wrote; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="For a machine to read.")
@click.pass_context
def verify(ctx: click.Context, code: str | None, files: tuple[Path, ...], as_json: bool) -> None:
    """Compute the whole ledger anew and name whatever does not fit; the exit code is 1 when there is anything."""
    companies = [_company(code)] if code else list(Company.objects.order_by("code"))
    anchors = [_read(file) for file in files]
    _refuse_strangers(companies, anchors)
    reports = [verify_company(each, [a for a in anchors if a.company == each.code]) for each in companies]
    if as_json:
        click.echo(json.dumps([_mapping(report) for report in reports], ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(map(_text, reports)) or _("There is no company yet."))
    ctx.exit(1 if any(report.found for report in reports) else 0)


commands = [anchor, verify]


def _company(code: str) -> Company:
    company = Company.objects.filter(code=code).first()
    if company is None:
        raise click.ClickException(_("There is no company with the code %(code)s.") % {"code": code})
    return company


def _read(file: Path) -> Anchor:
    try:
        return Anchor.from_json(file.read_bytes())
    except AnchorError as error:
        raise click.ClickException(f"{file}: {error}") from error


def _refuse_strangers(companies: list[Company], anchors: list[Anchor]) -> None:
    """An anchor that is compared with nothing must not look as if it had been."""
    codes = {company.code for company in companies}
    for each in anchors:
        if each.company not in codes:
            raise click.ClickException(
                _("An anchor is of the company %(code)s, which is not verified here.") % {"code": each.company}
            )


def _mapping(report: Report) -> dict[str, Any]:
    extent = asdict(report.extent)
    for name in ("oldest_unsealed", "anchored_at"):
        extent[name] = extent[name].isoformat() if extent[name] else None
    return {
        "company": report.company.code,
        **extent,
        "found": report.found,
        "findings": [asdict(finding) for finding in report.findings],
    }


def _text(report: Report) -> str:
    extent = report.extent
    lines = [
        _("%(company)s (%(code)s): %(entries)s entries in %(chains)s chains, %(blocks)s blocks.")
        % {
            "company": report.company,
            "code": report.company.code,
            "entries": extent.entries,
            "chains": extent.chains,
            "blocks": extent.blocks,
        },
        *(f"✗ {finding.sentence}" for finding in report.findings),
    ]
    if report.found > len(report.findings):
        lines.append(_("… and %(count)s findings more.") % {"count": report.found - len(report.findings)})
    if not report.found:
        lines.append(_("✓ Everything fits together."))
    return "\n  ".join([*lines, *_limits(report, extent)])


def _limits(report: Report, extent: Extent) -> list[str]:
    """What the result cannot say, in plain words."""
    lines = []
    if extent.unsealed:
        lines.append(
            ngettext("%(count)s entry is not sealed yet.", "%(count)s entries are not sealed yet.", extent.unsealed)
            % {"count": extent.unsealed}
        )
    if extent.anchored_block is None:
        lines.append(
            _(
                "No anchor confirms it: whoever could rewrite the whole ledger could do so unnoticed. "
                "Not proven: %(count)s entries."
            )
            % {"count": extent.after_anchor}
        )
    else:
        lines.append(
            _(
                "Anchored up to block %(block)s, sealed at %(sealed_at)s. Not yet proven: %(count)s entries; "
                "these could be rewritten or cut off unnoticed."
            )
            % {
                "block": extent.anchored_block,
                "sealed_at": extent.anchored_at and extent.anchored_at.astimezone(report.company.zone).isoformat(),
                "count": extent.after_anchor,
            }
        )
    return lines
