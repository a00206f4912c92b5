import os
import signal
import time
from collections.abc import Callable

import pytest

from tests.site.conftest import Installation, Running

pytestmark = pytest.mark.slow


def test_a_server_without_its_tables_says_what_to_do(installation: Installation, free_port: int) -> None:
    done = installation.run("serve", PORT=str(free_port))

    assert done.returncode == 1
    assert "run `luyue migrate` first" in done.stderr


def test_a_second_server_on_the_same_port_is_told(
    migrated: Installation, start: Callable[..., Running], free_port: int
) -> None:
    start(migrated, "serve").wait_until_ready()

    done = migrated.run("serve", PORT=str(free_port))

    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{free_port}" in done.stderr


def test_web_and_background_work_start_and_end_together(migrated: Installation, start: Callable[..., Running]) -> None:
    server = start(migrated, "serve")
    server.wait_until_ready()
    children = _children_of(server.process.pid)

    code, printed = server.stop()

    assert (code, "Traceback" in printed) == (0, False)
    assert len(children) >= 2
    _wait_for(lambda: not any(_lives(child) for child in children))


def test_a_killed_server_leaves_nobody_behind(migrated: Installation, start: Callable[..., Running]) -> None:
    server = start(migrated, "serve")
    server.wait_until_ready()
    children = _children_of(server.process.pid)

    server.process.kill()

    _wait_for(lambda: not any(_lives(child) for child in children))


def test_background_work_that_was_killed_is_started_again(
    migrated: Installation, start: Callable[..., Running]
) -> None:
    server = start(migrated, "serve")
    server.wait_until_ready()
    _wait_for(lambda: _worker_of(server.process.pid) is not None)
    worker = _worker_of(server.process.pid)
    assert worker

    os.kill(worker, signal.SIGKILL)

    _wait_for(lambda: _worker_of(server.process.pid) not in {worker, None})


def _wait_for(becomes_true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not becomes_true():
        assert time.monotonic() < end
        time.sleep(0.1)


def _children_of(process: int) -> list[int]:
    with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as listed:
        return [int(child) for child in listed.read().split()]


def _worker_of(process: int) -> int | None:
    for task in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{task}/children", encoding="ascii") as listed:
            children = [int(child) for child in listed.read().split()]
        for child in children:
            if _lives(child) and b"worker" in _command_of(child):
                return child
    return None


def _command_of(process: int) -> bytes:
    try:
        with open(f"/proc/{process}/cmdline", "rb") as command:
            return command.read()
    except FileNotFoundError:
        return b""


def _lives(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as line:
            return line.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
