"""The shipped procedures and the catalogue of duties that they carry out."""

import os
from pathlib import Path

import pytest

from luyue.rulebook.coverage import Duty, read_catalogue

BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def duties() -> list[Duty]:
    """Every duty found in the written sources, from the catalogue beside the real data."""
    data = Path(os.environ.get("LUYUE_DATA", BESIDE_THE_REPOSITORY))
    catalogue = data.parent / "requirements" / "clauses.yaml"
    if not catalogue.is_file():
        pytest.skip(f"no catalogue of duties in {catalogue}; set LUYUE_DATA to the folder of data beside it")
    return read_catalogue(catalogue)
