from __future__ import annotations

from pathlib import Path

import pytest

import luyue
from luyue.rulebook.loading import read_profile
from tests.firms import Firm

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
