import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.site.conftest import Installation, Running

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([BIN / "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


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


def test_the_demonstration_starts_from_the_wheel_in_a_bare_environment(
    wheel: Path, tmp_path: Path, start: Callable[..., Running]
) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    subprocess.run(
        [BIN / "uv", "pip", "install", "--quiet", "--constraint", ROOT / "requirements.lock", wheel],
        env={**os.environ, "VIRTUAL_ENV": str(venv), "UV_SYSTEM_CERTS": "1"},
        check=True,
    )
    home = tmp_path / "home"
    home.mkdir()

    running = start(Installation(home, (str(venv / "bin" / "luyue"),)), "demo")
    running.wait_until_ready()
    status, page = running.get("/")

    assert status == 200
    assert "csrfmiddlewaretoken" in page
    assert "/static/vendor/tabler.min." in page
    code, printed = running.stop()
    assert (code, "Traceback" in printed) == (0, False)
