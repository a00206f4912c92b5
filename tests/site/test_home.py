import stat
from pathlib import Path

import pytest

from luyue.site.database import DatabaseAddressError, database_settings
from luyue.site.home import luyue_home, secret_key


def test_the_home_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LUYUE_HOME", str(tmp_path / "here"))

    assert luyue_home() == tmp_path / "here"


def test_a_checkout_keeps_its_data_beside_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LUYUE_HOME", raising=False)

    assert luyue_home() == Path(__file__).resolve().parents[2] / "var"


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "home")

    assert secret_key(tmp_path / "home") == first
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "home" / "secret_key").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["secret_key"]


def test_without_an_address_the_data_is_a_file_in_the_home(tmp_path: Path) -> None:
    database = database_settings("", home=tmp_path)

    assert database["NAME"] == str(tmp_path / "luyue.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in database["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    ("url", "name"),
    [("sqlite:///firm.sqlite3", "firm.sqlite3"), ("sqlite:////srv/luyue/firm.sqlite3", "/srv/luyue/firm.sqlite3")],
)
def test_a_sqlite_address_names_a_file(url: str, name: str, tmp_path: Path) -> None:
    assert database_settings(url, home=tmp_path)["NAME"] == str(tmp_path / name)


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "name"),
    [
        ("postgresql://li:s%40crt@db.example:5433/firm", "db.example", "5433", "li", "s@crt", "firm"),
        ("postgresql://li@/firm?host=/run/postgresql", "/run/postgresql", "", "li", "", "firm"),
        ("postgres://db.example/firm", "db.example", "", "", "", "firm"),
    ],
)
def test_a_postgresql_address_is_taken_apart(
    url: str, host: str, port: str, user: str, password: str, name: str, tmp_path: Path
) -> None:
    database = database_settings(url, home=tmp_path)

    found = tuple(database[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME"))
    assert found == (host, port, user, password, name)


def test_what_postgresql_understands_besides_is_handed_on(tmp_path: Path) -> None:
    database = database_settings("postgresql://db.example/firm?sslmode=verify-full", home=tmp_path)

    assert database["OPTIONS"]["sslmode"] == "verify-full"


@pytest.mark.parametrize("url", ["mysql://db/firm", "sqlite://", "postgresql://db/firm?nonsense=1", "firm.sqlite3"])
def test_an_address_of_no_use_is_refused_with_a_sentence(url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseAddressError, match="DATABASE_URL"):
        database_settings(url, home=tmp_path)
