"""Lengths of time as people write them (“36 h”, “2 d”, “3 个工作日”) and as records keep them: as a span, `36h`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from luyue.rulebook.plain_words import span_in_plain_words
from luyue.worktime import Span, SpanError

_WRITTEN = re.compile(r"\s*([0-9]{1,9})\s*[个個]?\s*([^\W\d]+(?: [^\W\d]+)?)\s*(!?)\s*")
_WEEK = frozenset({"w", "week", "weeks", "周", "週", "星期"})
_UNITS: Mapping[str, frozenset[str]] = {
    "m": frozenset({"m", "min", "minute", "minutes", "分", "分钟", "分鐘"}),
    "h": frozenset({"h", "hour", "hours", "小时", "小時", "时", "時"}),
    "bh": frozenset({"bh", "business hour", "business hours", "工作小时", "工作小時", "工时", "工時"}),
    "d": frozenset({"d", "day", "days", "天", "日"}),
    "wd": frozenset({"wd", "working day", "working days", "工作日"}),
    "mo": frozenset({"mo", "month", "months", "月"}),
    "y": frozenset({"y", "year", "years", "年"}),
}


def read_length(written: str) -> str:
    """What somebody wrote, as a span; a week is seven days.

    Raises ValidationError with a sentence that says what would be accepted.
    """
    found = _WRITTEN.fullmatch(written)
    if found is not None:
        number, word, fixed = int(found[1]), found[2].lower(), found[3]
        unit = next((unit for unit, words in _UNITS.items() if word in words), None)
        amount, unit = (7 * number, "d") if word in _WEEK else (number, unit)
        if unit is not None:
            try:
                return str(Span.parse(f"{amount}{unit}{fixed}"))
            except SpanError:
                pass  # so long or so short that no clock counts it: the same sentence says what would be
    raise ValidationError(
        _("“%(said)s” is no length of time; write for example 36 h, 2 d, 3 wd (working days) or 1 mo (month)."),
        params={"said": written[:60]},
    )


class LengthField(models.CharField[str, str]):
    """How long something may take in this one case; a procedure's `within` may name the field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 12)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, f"get_{name}_display", lambda record: in_words(getattr(record, name)))


class HowLong(forms.CharField):
    """A length of time in plain writing; kept as a span."""

    default_error_messages = {"required": _("Write how long, for example 36 h or 2 d.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("For example 36 h, 2 d, 3 wd (working days) or 1 mo (month)."))
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> str:
        said = super().clean(value)
        return read_length(said) if said else ""


def in_words(span: str) -> str:
    """`36 hours` in the reader's language; empty when nothing is kept."""
    return span_in_plain_words(span) if span else ""
