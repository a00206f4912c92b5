"""Rows as an Excel workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from unicodedata import east_asian_width

from luyue.desk.presenting import said

WIDEST = 60
"""Latin letters; longer texts run over the cell."""


def workbook(title: str, heads: Sequence[str], lines: Sequence[Sequence[Any]]) -> bytes:
    """One sheet with a fixed head; every value is text as the page shows it, and none is read as a formula."""
    import xlsxwriter  # a tenth of the time it takes to start; most days nobody asks for a workbook

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        bold = book.add_format({"bold": True})
        for place, head in enumerate(heads):
            sheet.write_string(0, place, head, bold)
        for row, line in enumerate(lines, start=1):
            for place, value in enumerate(line):
                text = said(value) if isinstance(value, datetime) else str(value or "")
                sheet.write_string(row, place, text[:32_000])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(lines), max(len(heads) - 1, 0))
        for place, width in enumerate(_widths([heads, *lines])):
            sheet.set_column(place, place, width)
    return made.getvalue()


def _widths(lines: Sequence[Sequence[Any]]) -> list[int]:
    """What the longest text of each column takes up, in Latin letters."""
    return [min(WIDEST, 2 + max(_width(str(text or "")) for text in column)) for column in zip(*lines, strict=True)]


def _width(text: str) -> int:
    """A Han character is as wide as two Latin letters; of several lines the longest counts."""
    return max(sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line) for line in text.split("\n"))


def _sheet_name(title: str) -> str:
    return "".join(letter for letter in title if letter not in "[]:*?/\\")[:31] or "Luyue"
