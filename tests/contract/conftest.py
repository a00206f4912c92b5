from __future__ import annotations

import pytest

from luyue.rulebook.loading import SHIPPED, read_profile
from tests.firms import Firm, FirmOf

COMPANIES = ["brush", "carbide", "cement", "mining", "scale"]


@pytest.fixture
def firm_of(db: None) -> FirmOf:
    """A company by the name of its profile."""
    return lambda name: Firm(read_profile(SHIPPED / name))


@pytest.fixture(params=COMPANIES)
def firm(request: pytest.FixtureRequest, firm_of: FirmOf) -> Firm:
    """Each of the five companies in turn."""
    return firm_of(request.param)
