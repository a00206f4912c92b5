"""Links between records."""

from __future__ import annotations

from luyue.records import clock
from luyue.records.models import Link, Record


def link(source: Record, target: Record, kind: Link.Kind) -> Link:
    """Say that the target came from the source, or repeats it; only within one company."""
    if source.company_id != target.company_id:
        raise ValueError(f"{source} and {target} belong to different companies")
    made, _created = Link.objects.get_or_create(
        company_id=source.company_id,
        source_id=source.pk,
        target_id=target.pk,
        kind=kind,
        defaults={"made_at": clock.now()},
    )
    return made
