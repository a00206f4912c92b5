"""Controlled forms as PDF on A4: the company's own paper, filled in, with unused fields struck through."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

FONTS = Path(__file__).parent / "fonts"
SHEET = Path(__file__).parent / "templates" / "desk" / "print" / "form.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedField:
    """A box of the form; a struck one carries the reason, if any, instead of a value."""

    label: str
    value: str = ""
    wide: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSignature:
    """A signature box: empty ones are signed by hand."""

    meaning: str
    name: str = ""
    at: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedForm:
    """What stands on the sheet, in the order of the paper."""

    company: str
    title: str
    code: str
    number: str
    state: str = ""
    subtitle: str = ""
    edition: str = ""
    printed: str = ""
    fields: Sequence[PrintedField]
    signatures: Sequence[PrintedSignature] = ()
    copies: str = ""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def laid_out(fields: Sequence[PrintedField]) -> list[PrintedField]:
    """Two narrow fields share a line; one that is left alone before a wide one takes the whole line."""
    lines: list[PrintedField] = []
    waits = False
    for field in fields:
        if field.wide and waits:
            lines[-1] = replace(lines[-1], wide=True)
        waits = not field.wide and not waits
        lines.append(field)
    if waits:
        lines[-1] = replace(lines[-1], wide=True)
    return lines


def render_form(form: PrintedForm) -> bytes:
    """The form as PDF/A-2b; the same input gives the same look on every machine, as only our own fonts are used."""
    language, _dash, script = (get_language() or "zh-hans").partition("-")
    said = {
        **asdict(replace(form, fields=laid_out(form.fields))),
        "language": language,
        "region": {"hans": "CN", "hant": "TW"}.get(script, "GB"),
        "words": {
            "number": _("No."),
            "page": _("page {here} of {all}"),
            "signature_and_date": _("signature / date"),
            "copies": _("Copies to:"),
        },
    }
    pdf = typst.compile(
        str(SHEET),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"form": json.dumps(said, ensure_ascii=False)},
        pdf_standards="a-2b",
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single PDF")
    return pdf
