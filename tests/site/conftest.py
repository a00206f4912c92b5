"""Starting `luyue` as an administrator does: a process, a home folder of its own, a port."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

PATIENCE_SECONDS = 600


OF_THE_TESTS_ALONE = {"DATABASE_URL", "PYTHONPATH", "DJANGO_ALLOW_ASYNC_UNSAFE"}


@dataclass(frozen=True)
class Installation:
    """One LUYUE_HOME on SQLite, and the program that works on it."""

    home: Path
    program: tuple[str, ...] = (sys.executable, "-m", "luyue")

    def environment(self, **more: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key not in OF_THE_TESTS_ALONE}
        return {**kept, "LUYUE_HOME": str(self.home), "PYTHONUTF8": "1", "TERM": "dumb", **more}

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.program, *arguments],
            cwd=self.home.parent,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    def say(self, *arguments: str, **environment: str) -> str:
        """Run a command that is expected to succeed, and return what it printed."""
        done = self.run(*arguments, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments: str, port: int) -> "Running":
        process = subprocess.Popen(
            [*self.program, *arguments],
            cwd=self.home.parent,
            env=self.environment(PORT=str(port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return Running(process, port)


@dataclass(frozen=True)
class Running:
    """A started server."""

    process: subprocess.Popen[str]
    port: int

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def wait_until_ready(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                pytest.fail(f"luyue ended with {self.process.returncode}:\n{self.process.stdout.read()}")
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.2)
        pytest.fail("luyue did not become ready")

    def stop(self) -> tuple[int, str]:
        """End it as Ctrl+C does; returns the exit code and all that was printed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            printed, _nothing = self.process.communicate(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return self.process.returncode, printed


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    home = tmp_path / "home"
    home.mkdir()
    return Installation(home)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that is ready to serve; tests work on copies of it."""
    home = tmp_path_factory.mktemp("pattern") / "home"
    home.mkdir()
    ready = Installation(home)
    ready.say("migrate")
    ready.say("manage", "shell", "--verbosity=0", "-c", "from luyue.site.static import *; collect_when_changed()")
    return home


@pytest.fixture
def migrated(pattern: Path, tmp_path: Path) -> Installation:
    """An installation whose tables are there and empty."""
    return Installation(Path(shutil.copytree(pattern, tmp_path / "migrated")))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Installation, dict[str, str]]]:
    """An empty installation on the kind of database that these tests run on."""
    home = tmp_path / "elsewhere"
    home.mkdir()
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("postgresql"):
        yield Installation(home), {}
        return
    name = f"luyue_elsewhere_{os.getpid()}"
    with psycopg.connect(dbname="postgres", user=database["USER"], host=database["HOST"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield Installation(home), {"DATABASE_URL": f"postgresql://{database['USER']}@/{name}?host={database['HOST']}"}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def free_port() -> int:
    return find_free_port()


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(free_port: int) -> Iterator[Callable[..., Running]]:
    """Start servers that are ended with the test, however it ends."""
    started: list[Running] = []

    def begin(installation: Installation, *arguments: str) -> Running:
        running = installation.start(*arguments, port=free_port)
        started.append(running)
        return running

    yield begin
    for running in started:
        running.stop()
