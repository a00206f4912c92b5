"""What is wrong around Luyue is said in one sentence, in the language of the terminal, with an exit code."""

import json
import os
import resource
from pathlib import Path

import pytest

from luyue.site.environment import SettingError, host_names, log_level, spoken_language, yes
from tests.site.conftest import Installation

ROOM = 400_000
IN_ENGLISH = {"LUYUE_LANGUAGE": "en"}


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-hant"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LUYUE_LANGUAGE": "zh-Hant"}, "zh-hant"),
        ({"LUYUE_LANGUAGE": "zh"}, "zh-hans"),
    ],
)
def test_the_terminal_is_spoken_to_in_its_language(environment: dict[str, str], language: str) -> None:
    assert spoken_language(environment) == language


@pytest.mark.parametrize(
    ("name", "said", "read", "sentence"),
    [
        ("LUYUE_HTTPS", "perhaps", lambda: yes("LUYUE_HTTPS"), "LUYUE_HTTPS is “perhaps”"),
        ("LUYUE_LOG_LEVEL", "loud", log_level, "LUYUE_LOG_LEVEL is “LOUD”"),
        ("LUYUE_HOSTS", "a.example https://b.example", host_names, "LUYUE_HOSTS holds “https://b.example”"),
        ("LUYUE_HOSTS", "a.example:8443", host_names, "LUYUE_HOSTS holds “a.example:8443”"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    name: str, said: str, read: object, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, said)

    assert callable(read)
    with pytest.raises(SettingError, match=sentence):
        read()


def test_a_wrong_setting_is_explained_in_chinese_before_anything_is_loaded(installation: Installation) -> None:
    done = installation.run("serve", DATABASE_URL="mysql://db/firm", LUYUE_LANGUAGE="zh-hans")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "DATABASE_URL 以 “mysql” 开头" in done.stderr


@pytest.mark.parametrize(
    ("environment", "code", "sentence"),
    [
        ({"DATABASE_URL": "postgresql://li@127.0.0.1:1/firm"}, 3, "Connection refused"),
        ({"DATABASE_URL": "postgresql://li@/firm?host=/nowhere"}, 3, "No such file or directory"),
        ({"DATABASE_URL": "sqlite:////nowhere/firm.sqlite3"}, 3, "unable to open database file"),
        ({"LUYUE_HOME": "/dev/null/home"}, 2, "LUYUE_HOME cannot be made at /dev/null/home"),
        ({"LUYUE_MAIL_URL": "smtp://mail:port"}, 2, "LUYUE_MAIL_URL is no mail server"),
        ({}, 1, "run `luyue migrate` first"),
    ],
)
def test_what_is_wrong_around_it_is_one_sentence_without_a_traceback(
    environment: dict[str, str], code: int, sentence: str, installation: Installation
) -> None:
    done = installation.run("token", "list", **IN_ENGLISH, **environment)

    assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (code, True, False)


def test_a_file_that_is_no_database_is_named_as_such(installation: Installation) -> None:
    (installation.home / "luyue.sqlite3").write_text("dear sirs" * 100, encoding="utf-8")

    done = installation.run("verify", **IN_ENGLISH)

    assert (done.returncode, done.stderr) == (
        3,
        "Error: the database does not let it happen: file is not a database\n",
    )


def test_a_full_disk_is_one_sentence_and_leaves_no_half_backup(migrated: Installation, tmp_path: Path) -> None:
    (migrated.home / "attachments").mkdir()
    (migrated.home / "attachments" / "photo.jpg").write_bytes(os.urandom(ROOM * 2))
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, kept[1]))
    try:
        done = migrated.run("backup", str(tmp_path / "firm.luyue"), **IN_ENGLISH)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)

    assert (done.returncode, "there is no room left on the disk" in done.stderr) == (3, True), done.stderr
    assert [file.name for file in tmp_path.iterdir() if "firm" in file.name] == []


@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["worker"]])
def test_an_older_release_does_not_touch_the_tables_of_a_newer_one(command: list[str], migrated: Installation) -> None:
    newer = (
        "from django.db import connection; from django.db.migrations.recorder import MigrationRecorder;"
        "MigrationRecorder(connection).record_applied('organization', '0999_of_next_year')"
    )
    migrated.say("manage", "shell", "--verbosity=0", "-c", newer)

    done = migrated.run(*command, **IN_ENGLISH)

    assert done.returncode == 1
    assert "newer release than this one (it has organization.0999_of_next_year)" in done.stderr


def test_a_terminal_without_chinese_letters_does_not_stop_the_list(installation: Installation) -> None:
    listed = installation.run("demo", "--list", PYTHONUTF8="0", PYTHONIOENCODING="latin-1:strict", **IN_ENGLISH)

    assert (listed.returncode, "\\u" in listed.stdout) == (0, True)


def test_whoever_opens_the_server_to_others_is_told_in_luyues_own_settings(migrated: Installation) -> None:
    def codes(**environment: str) -> list[str]:
        said = json.loads(migrated.run("check", "--deploy", "--json", **environment).stdout)["findings"]
        return [finding["code"] for finding in said if not finding["code"].startswith("rulebook.")]

    assert codes() == ["luyue.https", "luyue.hosts"]
    assert codes(LUYUE_HTTPS="1", LUYUE_HOSTS="service.example.com") == []
