"""The one build that a test makes of the wheel and of the demonstration; both take their time."""

import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.site.conftest import Installation, find_free_port

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
RENAME = (
    "from luyue.organization.models import Company; Company.objects.filter(code='carbide').update(short_name='改名')"
)
NAMES = "from luyue.organization.models import Company; print(*Company.objects.values_list('short_name', flat=True))"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Start:
    """What one start of the demonstration showed."""

    installation: Installation
    page: str
    code: int
    printed: str


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([BIN / "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel in an environment that holds nothing else, before an empty home."""
    folder = tmp_path_factory.mktemp("bare")
    venv, home = folder / "venv", folder / "home"
    home.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    subprocess.run(
        [BIN / "uv", "pip", "install", "--quiet", "--constraint", ROOT / "requirements.lock", wheel],
        env={**os.environ, "VIRTUAL_ENV": str(venv), "UV_SYSTEM_CERTS": "1"},
        check=True,
    )
    return Installation(home, (str(venv / "bin" / "luyue"),))


@pytest.fixture(scope="module")
def first(bare: Installation) -> Start:
    return _start(bare)


def _start(installation: Installation) -> Start:
    running = installation.start("demo", port=find_free_port())
    try:
        running.wait_until_ready()
        page = running.get("/")[1]
    finally:
        code, printed = running.stop()
    return Start(installation, page, code, printed)


def test_the_wheel_holds_all_that_pages_and_papers_need(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {
        "luyue/desk/static/vendor/tabler.min.css",
        "luyue/desk/static/vendor/icons.svg",
        "luyue/desk/static/vendor/noto-sans-sc/index.css",
        "luyue/desk/fonts/NotoSansSC_400Regular.ttf",
        "luyue/desk/locale/zh_Hans/LC_MESSAGES/django.mo",
        "luyue/desk/locale/zh_Hant/LC_MESSAGES/django.mo",
        "luyue/rulebooks/carbide/company.yaml",
    } <= names
    assert not [name for name in names if name.endswith((".po", ".pyc", ".sqlite3"))]


def test_the_demonstration_starts_from_the_wheel_and_asks_for_sign_in(first: Start) -> None:
    assert "csrfmiddlewaretoken" in first.page
    assert "/static/vendor/tabler.min." in first.page
    assert (first.code, "Traceback" in first.printed) == (0, False)


def test_the_demonstration_says_who_can_sign_in(first: Start) -> None:
    assert "is ready: http://localhost:" in first.printed
    assert all(name in first.printed for name in ("岩河", "明辉", "赣江", "渭衡", "远山"))


def test_what_was_entered_in_the_demonstration_is_there_at_the_next_start(first: Start) -> None:
    first.installation.say("manage", "shell", "--verbosity=0", "-c", RENAME)

    second = _start(first.installation)

    assert "Building" not in second.printed
    assert "改名" in first.installation.say("manage", "shell", "--verbosity=0", "-c", NAMES)


def test_the_ledger_of_the_demonstration_proves_itself(first: Start) -> None:
    assert first.installation.run("verify", "--json").returncode == 0
