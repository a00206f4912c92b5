"""From an empty installation to the first sign-in, as the administrator's guide says."""

import json
from pathlib import Path

import pytest

from tests.site.conftest import Installation

COMPANY = """
company: mingxing
name: {zh-hans: 明兴刀具有限公司, en: Mingxing Tools}
short_name: {zh-hans: 明兴, en: MX}
time_zone: Asia/Shanghai
calendar:
  public: cn
  week:
    mon: ["08:00-12:00", "13:30-17:30"]
departments:
  - {code: sales, name: {zh-hans: 销售部, en: Sales}}
  - {code: quality, name: {zh-hans: 品管部, en: Quality}}
positions:
  - {code: general_manager, name: {zh-hans: 总经理, en: General manager}}
"""
PROCEDURE = """
procedure: MX-QM-03
title: {zh-hans: 客户投诉处理程序}
edition: "1"
effective: 2026-01-01
prepared: {position: general_manager}
reviewed: {position: general_manager}
approved: {position: general_manager}
distribution: [sales, quality]
history:
  - {date: 2026-01-01, edition: "1", change: {zh-hans: 首版}}
clauses:
  - number: "1"
    text: {zh-hans: 投诉指客户以任何方式表示的不满。}
    text_only: {zh-hans: 定义}
"""
STANDS = """
from django.contrib.auth import authenticate
from luyue.organization.models import Employee
from luyue.rulebook.models import Edition
wei = Employee.objects.get()
print(wei.name, wei.department.code, wei.is_administrator, wei.account.password_is_initial)
print(wei.account.check_password(PASSWORD), *Edition.objects.values_list("procedure__code", "status"))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mingxing"
    folder.mkdir()
    (folder / "company.yaml").write_text(COMPANY, encoding="utf-8")
    (folder / "complaints.yaml").write_text(PROCEDURE, encoding="utf-8")
    return folder


def test_a_company_begins_with_an_administrator_and_its_procedures_to_be_signed(
    migrated: Installation, folder: Path
) -> None:
    who = ("--administrator", "zhang", "--name", "张伟", "--department", "quality")

    said = json.loads(migrated.say("found", str(folder), *who, "--json"))

    stands = migrated.say("manage", "shell", "--verbosity=0", "-c", f"PASSWORD = {said['password']!r}\n{STANDS}")
    assert stands.strip().split("\n") == ["张伟 quality True True", "True ('MX-QM-03', 'draft')"]
    again = migrated.run("found", str(folder), *who, LUYUE_LANGUAGE="en")
    assert (again.returncode, "mingxing is there already" in again.stderr) == (1, True)


def test_a_company_whose_files_are_wrong_is_not_begun(migrated: Installation, folder: Path) -> None:
    (folder / "complaints.yaml").write_text(PROCEDURE.replace("text_only", "text_onyl"), encoding="utf-8")

    done = migrated.run("found", str(folder), "--administrator", "zhang", "--name", "张伟", LUYUE_LANGUAGE="en")

    assert (done.returncode, "text_onyl" in done.stderr, "did you mean `text_only`" in done.stderr) == (1, True, True)
    nobody = "from luyue.organization.models import Company; print(Company.objects.count())"
    assert migrated.say("manage", "shell", "--verbosity=0", "-c", nobody).strip() == "0"


def test_a_department_that_is_not_there_is_named(migrated: Installation, folder: Path) -> None:
    who = ("--administrator", "zhang", "--name", "张伟", "--department", "stores")

    done = migrated.run("found", str(folder), *who, LUYUE_LANGUAGE="en")

    assert (done.returncode, done.stderr) == (
        1,
        "Error: There is no department stores; there are: sales, quality\n",
    )
