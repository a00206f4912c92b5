"""Asked at start-up: is every icon there that a template or a declaration names?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error

from luyue.desk.templatetags.desk import SPRITE, drawings

PACKAGE = Path(__file__).parents[1]
NAMED = re.compile(r"{%\s*icon\s+[\"']([a-z0-9-]+)[\"']")


def every_icon_is_there(**_kwargs: Any) -> list[CheckMessage]:
    """E001 for each name without a drawing, E002 when there is none at all; scripts/assets.py draws what is named."""
    if not SPRITE.is_file():
        return [Error("The icons are not there.", hint="Run scripts/assets.py.", id="desk.E002")]
    return [
        Error(
            f"There is no icon named {name}.",
            hint="Write its name into scripts/icons.txt or correct it, then run scripts/assets.py.",
            obj=place,
            id="desk.E001",
        )
        for place, name in _named()
        if name not in drawings()
    ]


def _named() -> Iterator[tuple[str, str]]:
    for template in sorted(PACKAGE.glob("*/templates/**/*.html")):
        for name in NAMED.findall(template.read_text(encoding="utf-8")):
            yield str(template.relative_to(PACKAGE)), name
