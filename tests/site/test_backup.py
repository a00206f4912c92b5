import json
import zipfile
from pathlib import Path

import pytest

from tests.site.conftest import Installation

A_FIRM = """
from datetime import date
from django.utils import timezone
from luyue.organization.models import Company
from luyue.organization.staff import hire
from luyue.organization.structure import add_department
firm = Company.objects.create(name="渭衡衡器", code="scale", short_name="渭衡", settings={"一": [1, 2.5, None]})
now = timezone.now().replace(microsecond=123457)
office = add_department(firm, by=None, at=now, code="office", name="办公室")
hire(firm, by=None, at=now, user_name="wang", name="王芳", department=office, joined_on=date(2020, 2, 29),
     password="correct horse", password_is_initial=False)
"""
READ_BACK = """
from luyue.ledger.models import Entry
from luyue.organization.models import Company, Employee
wang = Employee.objects.get()
print(wang.name, wang.joined_on, wang.account.check_password("correct horse"), wang.company.settings)
print(Entry.objects.last().entered_at)
Company.objects.create(name="远山水泥", code="cement", short_name="远山")
"""

ENTERED_AT = "from luyue.ledger.models import Entry; print(Entry.objects.last().entered_at)"

AN_EARLIER_RELEASE = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from luyue.site.releases import bring_tables_to, known_migrations, models_after
graph = MigrationExecutor(connection).loader.graph
earlier = known_migrations() - set(graph.backwards_plan(("organization", "0002_names_in_traditional_chinese")))
bring_tables_to(earlier)
apps = models_after(earlier)
firm = apps.get_model("organization", "Company").objects.create(
    name="渭衡衡器", code="scale", short_name="渭衡", settings={"name_hant": "渭衡衡器廠"})
"""
A_FORGED_ENTRY = """
from django.utils import timezone
apps.get_model("ledger", "Entry").objects.create(company=firm, chain="organization", sequence=1,
    action="organization.hire", occurred_at=timezone.now(), entered_at=timezone.now(), hash="1" * 64)
"""
TRADITIONAL = """
from luyue.organization.models import Company
print(*Company.objects.values_list("name", "name_hant", "settings"))
"""
TABLES = "from django.db import connection; print(len(connection.introspection.table_names()))"


@pytest.fixture
def firm(migrated: Installation) -> Installation:
    migrated.say("manage", "shell", "--verbosity=0", "-c", A_FIRM)
    attachment = migrated.home / "attachments" / "2026" / "来件.txt"
    attachment.parent.mkdir(parents=True)
    attachment.write_text("轴承漏油", encoding="utf-8")
    return migrated


def _digests(backup: Path) -> dict[str, object]:
    manifest = json.loads(zipfile.ZipFile(backup).read("manifest.json"))
    return {"rows": manifest["rows"], "files": manifest["files"]}


def test_what_was_backed_up_is_there_again_and_work_goes_on(
    firm: Installation, elsewhere: tuple[Installation, dict[str, str]], tmp_path: Path
) -> None:
    restored, database = elsewhere
    entered_at = firm.say("manage", "shell", "--verbosity=0", "-c", ENTERED_AT).strip()
    firm.say("backup", str(tmp_path / "firm.luyue"))

    restored.say("restore", str(tmp_path / "firm.luyue"), **database)

    restored.say("backup", str(tmp_path / "again.luyue"), **database)
    assert _digests(tmp_path / "again.luyue") == _digests(tmp_path / "firm.luyue")
    assert (restored.home / "attachments" / "2026" / "来件.txt").read_text(encoding="utf-8") == "轴承漏油"
    assert (restored.home / "secret_key").read_bytes() == (firm.home / "secret_key").read_bytes()
    told = restored.say("manage", "shell", "--verbosity=0", "-c", READ_BACK, **database)
    assert told.split("\n")[:2] == ["王芳 2020-02-29 True {'一': [1, 2.5, None]}", entered_at]


def test_a_backup_is_for_its_owner_only_and_never_written_over(firm: Installation, tmp_path: Path) -> None:
    backup = tmp_path / "firm.luyue"
    firm.say("backup", str(backup))

    again = firm.run("backup", str(backup))

    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    assert backup.stat().st_mode & 0o077 == 0


def test_nothing_is_restored_over_companies_that_are_there(firm: Installation, tmp_path: Path) -> None:
    firm.say("backup", str(tmp_path / "firm.luyue"))

    done = firm.run("restore", str(tmp_path / "firm.luyue"))

    assert (done.returncode, "holds companies already" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("member", "sentence"),
    [
        ("rows/organization.Employee.jsonl", "the table organization.Employee is damaged"),
        ("files/attachments/2026/来件.txt", "the file attachments/2026/来件.txt is damaged"),
    ],
)
def test_a_backup_that_was_changed_is_refused_and_nothing_of_it_stays(
    member: str, sentence: str, firm: Installation, elsewhere: tuple[Installation, dict[str, str]], tmp_path: Path
) -> None:
    restored, database = elsewhere
    firm.say("backup", str(tmp_path / "firm.luyue"))
    with zipfile.ZipFile(tmp_path / "firm.luyue") as good, zipfile.ZipFile(tmp_path / "bad.luyue", "w") as bad:
        for name in good.namelist():
            data = good.read(name)
            bad.writestr(
                name,
                data.replace("王芳".encode(), "李芳".encode()).replace("轴".encode(), "泵".encode())
                if name == member
                else data,
            )

    done = restored.run("restore", str(tmp_path / "bad.luyue"), **database)

    assert (done.returncode, sentence in done.stderr) == (1, True)
    count = "from luyue.organization.models import Company; print(Company.objects.count())"
    assert restored.say("manage", "shell", "--verbosity=0", "-c", count, **database).strip() == "0"


def test_a_file_that_is_no_backup_is_refused(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear sirs", encoding="utf-8")

    done = installation.run("restore", str(tmp_path / "letter.txt"))

    assert (done.returncode, "is not a backup of Luyue" in done.stderr) == (1, True)


def _shell(installation: Installation, code: str, **database: str) -> str:
    return installation.say("manage", "shell", "--verbosity=0", "-c", code, **database).strip()


def test_a_backup_of_an_earlier_release_is_brought_forward(
    installation: Installation, elsewhere: tuple[Installation, dict[str, str]], tmp_path: Path
) -> None:
    restored, database = elsewhere
    _shell(installation, AN_EARLIER_RELEASE)
    installation.say("backup", str(tmp_path / "earlier.luyue"))

    restored.say("restore", str(tmp_path / "earlier.luyue"), **database)

    assert _shell(restored, TRADITIONAL, **database) == "('渭衡衡器', '渭衡衡器廠', {})"
    assert "up to date" in restored.say("migrate", **database)


def test_a_backup_of_an_earlier_release_whose_ledger_is_broken_leaves_nothing_behind(
    installation: Installation, elsewhere: tuple[Installation, dict[str, str]], tmp_path: Path
) -> None:
    restored, database = elsewhere
    _shell(installation, AN_EARLIER_RELEASE + A_FORGED_ENTRY)
    installation.say("backup", str(tmp_path / "earlier.luyue"))

    done = restored.run("restore", str(tmp_path / "earlier.luyue"), **database)

    assert (done.returncode, "does not prove itself for scale" in done.stderr) == (1, True)
    assert _shell(restored, TABLES, **database) == "0"
    restored.say("migrate", **database)


def test_a_backup_of_an_earlier_release_needs_a_place_without_tables(
    installation: Installation, migrated: Installation, tmp_path: Path
) -> None:
    _shell(installation, AN_EARLIER_RELEASE)
    installation.say("backup", str(tmp_path / "earlier.luyue"))

    done = migrated.run("restore", str(tmp_path / "earlier.luyue"))

    assert (done.returncode, "this database has tables already" in done.stderr) == (1, True)


def test_a_backup_of_a_newer_release_is_refused_by_name(firm: Installation, tmp_path: Path) -> None:
    firm.say("backup", str(tmp_path / "firm.luyue"))
    with zipfile.ZipFile(tmp_path / "firm.luyue") as good, zipfile.ZipFile(tmp_path / "newer.luyue", "w") as newer:
        for name in good.namelist():
            said = good.read(name)
            if name == "manifest.json":
                manifest = json.loads(said)
                manifest["migrations"].append(["organization", "0999_of_next_year"])
                said = json.dumps(manifest).encode()
            newer.writestr(name, said)

    done = firm.run("restore", str(tmp_path / "newer.luyue"))

    assert (done.returncode, "organization.0999_of_next_year" in done.stderr) == (1, True)
    assert "newer release" in done.stderr


def test_a_backup_into_a_folder_that_is_not_there_is_refused(firm: Installation, tmp_path: Path) -> None:
    done = firm.run("backup", str(tmp_path / "nowhere" / "firm.luyue"))

    assert (done.returncode, f"there is no folder {tmp_path / 'nowhere'}" in done.stderr) == (1, True)


def test_before_the_first_migration_there_is_nothing_to_keep(installation: Installation, tmp_path: Path) -> None:
    done = installation.run("backup", str(tmp_path / "firm.luyue"))

    assert (done.returncode, "has no tables yet" in done.stderr) == (1, True)
    assert not (tmp_path / "firm.luyue").exists()
