from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import luyue
from luyue.records.registry import vocabulary
from luyue.rulebook.checking import actions_nobody_may_take
from luyue.rulebook.loading import Paper, Profile, read_document, read_profile
from tests.firms import Firm, FirmOf

RULEBOOKS = Path(luyue.__file__).parent / "rulebooks"


@pytest.fixture
def carbide(db: None) -> Firm:
    return Firm(read_profile(RULEBOOKS / "carbide"))


@pytest.fixture
def mining(db: None) -> Firm:
    return Firm(read_profile(RULEBOOKS / "mining"))


@pytest.fixture
def cement(db: None) -> Firm:
    return Firm(read_profile(RULEBOOKS / "cement"))


@pytest.fixture
def brush(db: None) -> Firm:
    return Firm(read_profile(RULEBOOKS / "brush"))


@pytest.fixture
def scale(db: None) -> Firm:
    return Firm(read_profile(RULEBOOKS / "scale"))


@pytest.fixture
def adopting(db: None) -> FirmOf:
    """A firm that has adopted a procedure of the library, and leaves to its general manager what that is silent on."""

    def adopt(name: str) -> Firm:
        profile = read_profile(RULEBOOKS / "library" / name)
        return Firm(replace(profile, papers=(*profile.papers, _house_rules(profile))))

    return adopt


def _house_rules(profile: Profile) -> Paper:
    nobodys = [
        action
        for action in actions_nobody_may_take(profile.documents, vocabulary())
        if action.startswith(("complaint.", "improvement."))
    ]
    others = [position.code for position in profile.company.positions if position.code != "general_manager"]
    text = yaml.safe_dump(
        {
            "procedure": "HOUSE-01",
            "title": {"zh-hans": "本公司补充规定", "en": "Our own additions"},
            "edition": "1",
            "effective": "2024-01-01",
            "prepared": {"position": others[0]},
            "approved": {"position": "general_manager"},
            "distribution": [],
            "history": [
                {"date": "2024-01-01", "edition": "1", "change": {"zh-hans": "首次发布", "en": "First issue"}},
            ],
            "clauses": [
                {
                    "number": "1",
                    "text": {"zh-hans": "其他步骤由总经理办理。", "en": "Other steps are the general manager's."},
                    "sources": [],
                    "controls": [{"role": {"actions": nobodys, "may": [{"position": "general_manager"}]}}],
                }
            ],
        },
        allow_unicode=True,
    )
    return Paper("house.yaml", text, read_document(text))
