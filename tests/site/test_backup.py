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
