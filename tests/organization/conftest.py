"""Two companies and the people in them; every change written down in a list instead of the ledger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from luyue.organization import changes
from tests.organization.companies import Book, Workforce


@pytest.fixture
def book() -> Iterator[Book]:
    """What has been written down; assigned as the product assigns the ledger."""
    written = Book()
    before, changes.enter = changes.enter, written
    yield written
    changes.enter = before


@pytest.fixture
def works(db: None, book: Book) -> Workforce:
    """The company in which most stories happen."""
    return Workforce("hengtai", "恒泰硬质合金")


@pytest.fixture
def others(db: None, book: Book) -> Workforce:
    """Another company in the same installation."""
    return Workforce("bolan", "博兰服装")


@pytest.fixture(autouse=True)
def no_attempts_counted_yet(request: pytest.FixtureRequest) -> None:
    """Failed sign-ins of another test do not count in this one."""
    if "db" in request.fixturenames or "client" in request.fixturenames:
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    """Sentences are compared in the language in which they are written."""
    settings.LANGUAGE_CODE = "en"
