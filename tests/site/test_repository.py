"""What must never stand in a tracked file."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REGISTRIES = re.compile(
    rb"(registry\.npmjs|registry\.yarnpkg|registry\.npmmirror|pypi\.org|pythonhosted|pypi\.tuna|mirrors\.aliyun"
    rb"|mirrors\.cloud\.tencent|deb\.debian|archive\.ubuntu|(?m:^--(extra-)?index-url|^--find-links)|\"resolved\":\s*\"http)"
)


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    files = [ROOT / name.decode() for name in listed.split(b"\0") if name]
    return [file for file in files if file.is_file() and file != Path(__file__).resolve()]


def test_no_file_names_the_host_of_a_registry() -> None:
    named = [str(file.relative_to(ROOT)) for file in _tracked() if REGISTRIES.search(file.read_bytes())]

    assert named == []


def test_every_locked_package_carries_its_digest() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        packages = re.split(r"\n(?=[a-zA-Z0-9])", (ROOT / lock).read_text(encoding="utf-8"))[1:]

        assert packages
        assert [package.split("==")[0] for package in packages if "--hash=sha256:" not in package] == []
