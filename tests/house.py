"""House rules: a small procedure that a firm of a story has beside those of its profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import yaml

from luyue.rulebook.loading import SHIPPED, Paper, read_document, read_profile
from tests.firms import Firm

Control = Mapping[str, Any]


def house_rules(
    *controls: Control, edition: str = "1", effective: str = "2024-01-01", migrates: Sequence[str] = ()
) -> Paper:
    """HOUSE-01 with one clause for each control, numbered 1, 2, 3; signed by carbide's people."""
    text = yaml.safe_dump(
        {
            "procedure": "HOUSE-01",
            "title": {"zh-hans": "本公司补充规定", "en": "Our own additions"},
            "edition": edition,
            "effective": effective,
            "prepared": {"position": "sales_officer"},
            "approved": {"position": "deputy_gm"},
            "migrates": list(migrates),
            "clauses": [
                {"number": str(number), "text": {"zh-hans": f"第{number}条"}, "controls": [deepcopy(control)]}
                for number, control in enumerate(controls, start=1)
            ],
        },
        allow_unicode=True,
    )
    return Paper("house.yaml", text, read_document(text))


def carbide_with(*controls: Control) -> Firm:
    """Carbide with these controls as its house rules."""
    profile = read_profile(SHIPPED / "carbide")
    return Firm(replace(profile, papers=(*profile.papers, house_rules(*controls))))
