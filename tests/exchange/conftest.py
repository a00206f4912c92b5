from __future__ import annotations

import csv
import gzip
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection, transaction
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from luyue.desk.listing import Listing
from luyue.exchange.commands import import_register
from luyue.organization.authority import authority_of
from luyue.records import registry
from luyue.rulebook.loading import read_profile
from tests.firms import Firm

HERE = Path(__file__).parent
CFPB = HERE / "cfpb"
CFPB_MAP = HERE / "maps" / "cfpb.yaml"
LEDGER_MAP = HERE / "maps" / "ledger.yaml"
BESIDE_THE_REPOSITORY = HERE.parents[2] / "shared" / "data"
LATE_ENOUGH = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def import_complaints(file: Path, *more: str, map_file: Path = CFPB_MAP, by: str = "intake_clerk") -> Result:
    arguments = ["complaints", str(file), "--company", "cfpb", "--map", str(map_file), "--by", f"cfpb.{by}", *more]
    return CliRunner().invoke(import_register, arguments)


@dataclass(frozen=True)
class OldRegister:
    """The real complaint list, read without any of our code."""

    file: Path
    rows: tuple[Mapping[str, str], ...]

    @staticmethod
    def days(row: Mapping[str, str]) -> int:
        """Days from the day received to the day sent on."""
        return (_day(row["Date sent to company"]) - _day(row["Date received"])).days

    @property
    def bad(self) -> list[Mapping[str, str]]:
        return [row for row in self.rows if self.days(row) < 0]

    @property
    def good(self) -> list[Mapping[str, str]]:
        return [row for row in self.rows if self.days(row) >= 0]


def _day(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


@pytest.fixture(scope="session")
def old_register() -> OldRegister:
    folder = Path(os.environ.get("LUYUE_DATA", BESIDE_THE_REPOSITORY))
    file = folder / "complaints_cfpb" / "consumer_complaints_3186.csv.gz"
    if not file.is_file():
        pytest.skip(f"no complaint list in {folder}; set LUYUE_DATA to the folder of real data")
    text = gzip.decompress(file.read_bytes()).decode("utf-8-sig")
    return OldRegister(file, tuple(csv.DictReader(io.StringIO(text))))


@dataclass(frozen=True)
class BroughtIn:
    """The registry after the import: what the command said, and the register as its pages ask it."""

    firm: Firm
    said: Mapping[str, Any]
    old: OldRegister

    def count(self, **filters: str) -> int:
        return self.listing(**filters).rows.count()

    def listing(self, **filters: str) -> Listing:
        clerk = self.firm["intake_clerk"]
        request: Any = RequestFactory().get("/")
        request.GET = QueryDict(mutable=True)
        request.GET.update({"view": "all", **filters})
        request.company, request.employee, request.now = self.firm.company, clerk, LATE_ENOUGH
        request.authority = authority_of(clerk, LATE_ENOUGH.date())
        listing = Listing(registry.record_type("complaint"), request)
        form = listing.filter_form.form()
        assert form.is_valid(), form.errors
        assert filters.keys() <= form.fields.keys() | {"q", "view"}
        return listing


@pytest.fixture(scope="module")
def brought_in(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, old_register: OldRegister
) -> Iterator[BroughtIn]:
    """The whole list, brought in once for all tests of a module, which must be marked with django_db."""
    with django_db_blocker.unblock(), translation.override("en"), transaction.atomic():
        assert "test" in str(connection.settings_dict["NAME"]), "mark the module with django_db"
        firm = Firm(read_profile(CFPB))
        result = import_complaints(old_register.file, "--skip-bad", "--json")
        assert result.exit_code == 0, result.output
        yield BroughtIn(firm, json.loads(result.stdout), old_register)
        transaction.set_rollback(True)


@pytest.fixture
def registry_office(db: None) -> Firm:
    return Firm(read_profile(CFPB))
