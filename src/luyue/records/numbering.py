"""Numbers of records: by the pattern of the edition, from a counter row inside the action's transaction."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from luyue.organization.models import Company, Department
from luyue.records.models import Counter
from luyue.rulebook.controls import Numbering

_SEQUENCE = re.compile(r"\{sequence:(\d+)\}")
_DEFAULT = "{record}-{year}-{sequence:4}"


def next_number(
    company: Company, record_type: str, numbering: Numbering | None, opened_at: datetime, department: Department | None
) -> str:
    """The next number of the series to which the pattern and the day of opening lead, in the company's time zone."""
    pattern = numbering.pattern if numbering else _DEFAULT
    reset = numbering.reset if numbering else "year"
    day = opened_at.astimezone(company.zone)
    stem = pattern.format_map(
        _Words(
            company=company.short_name,
            department=department.abbreviation if department else "",
            record=record_type.upper(),
            year=f"{day:%Y}",
            yy=f"{day:%y}",
            month=f"{day:%m}",
            day=f"{day:%d}",
        )
    )
    period = {"never": "", "year": f"{day:%Y}", "month": f"{day:%Y%m}", "day": f"{day:%Y%m%d}"}[reset]
    number = take(company, f"{record_type}/{period}/{_SEQUENCE.sub('', stem)}")
    return _SEQUENCE.sub(lambda width: f"{number:0{width.group(1)}d}", stem)


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"

    def __getitem__(self, key: str) -> str:
        return _KeptSequence() if key == "sequence" else super().__getitem__(key)  # type: ignore[return-value]


class _KeptSequence:
    def __format__(self, width: str) -> str:
        return f"{{sequence:{width or 1}}}"


def take(company: Company, series: str) -> int:
    """The next number of a series; the counter row stays locked until the transaction ends."""
    if (taken := _counted_on(company, series)) is not None:
        return taken
    try:
        with transaction.atomic():
            return Counter.objects.create(company=company, series=series, last=1).last
    except IntegrityError:
        return take(company, series)


def _counted_on(company: Company, series: str) -> int | None:
    """Written out, since every opening passes here; None when the series has no row yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_counter SET last = last + 1 WHERE company_id = %s AND series = %s", [company.pk, series]
        )
        if not cursor.rowcount:
            return None
        cursor.execute("SELECT last FROM records_counter WHERE company_id = %s AND series = %s", [company.pk, series])
        return int(cursor.fetchone()[0])
