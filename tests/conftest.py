"""What all tests share: a database of their own, fast but real hashing, files that go away."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

WITH_A_DATABASE = {"db", "transactional_db", "elsewhere"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="Leave out what never asks a database.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pure arithmetic gives the same answer on every database; a second run need not ask it again."""
    if not config.getoption("--database-only"):
        return
    asking = [item for item in items if item.get_closest_marker("django_db") or _asks_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in asking])
    items[:] = asking


def _asks_a_database(item: pytest.Item) -> bool:
    return bool(WITH_A_DATABASE & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Each test process has a database of its own; SQLite's is a real file, so that several connections meet."""
    # Settings exist only after pytest-django has configured them.
    from django.conf import settings

    database = settings.DATABASES["default"]
    process = f"{os.getpid()}{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(Path(tempfile.gettempdir()) / f"luyue-test-{process}.sqlite3")
        database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    else:
        database["TEST"]["NAME"] = f"test_luyue_{process}"
        database["OPTIONS"].pop("pool", None)


@pytest.fixture(autouse=True)
def nothing_kept_from_another_test() -> None:
    """Tables are rolled back between tests and numbers come again, so what a process keeps of them must go too."""
    from luyue.records import rules  # needs the settings that pytest-django configures first

    rules.forget()


@pytest.fixture(autouse=True)
def the_language_of_the_installation(settings: Settings) -> Iterator[None]:
    """A page that was answered in another language leaves it switched on in its thread."""
    from django.utils import translation  # needs the settings that pytest-django configures first

    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def light_surroundings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Real Argon2 with small parameters, plain static files, and a folder for attachments that goes away."""
    settings.PASSWORD_HASHERS = ["luyue.site.hashers.QuickArgon2PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "attachments"
