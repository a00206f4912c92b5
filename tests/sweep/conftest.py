from __future__ import annotations

import pytest

from luyue.rulebook.loading import SHIPPED, read_profile
from tests.firms import Firm


@pytest.fixture
def carbide(db: None) -> Firm:
    return Firm(read_profile(SHIPPED / "carbide"))
