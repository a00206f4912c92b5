"""Lists by key: a page says where the next one begins, so that none costs more than the first."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, create_model

from luyue.api.problems import Problem, wrong_fields

MOST = 200
USUAL = 50


class PagingForm(forms.Form):
    """Which part of a list."""

    after = forms.CharField(
        label=gettext_lazy("from where on"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("What the page before gave as “next”."),
    )
    limit = forms.IntegerField(label=gettext_lazy("how many"), min_value=1, max_value=MOST, initial=USUAL)


def page_of(shape: type[BaseModel], name: str) -> type[BaseModel]:
    """A page of a list; `next` is what to send as `after` for the following one."""
    return create_model(name, items=(list[shape], ...), next=(str | None, ...))  # type: ignore[valid-type]


def key_of(*parts: str | int | None) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def parts_of(key: str, kinds: Sequence[tuple[type, ...]]) -> list[Any]:
    """The parts of a key, each of its kind. Raises Problem when this was never a key of this list."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
    except ValueError:
        parts = None
    if not isinstance(parts, list) or len(parts) != len(kinds):
        raise wrong_after()
    if any(type(part) not in kind for part, kind in zip(parts, kinds, strict=True)):
        raise wrong_after()
    return parts


def wrong_after() -> Problem:
    return wrong_fields([("after", _("This does not come from the page before."))])
