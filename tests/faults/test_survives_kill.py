"""A server killed under load: every complaint that a clerk was told is registered is there when it starts again."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import signal
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.conftest import NEW_COMPLAINT, a_call
from tests.firms import PASSWORD
from tests.site.conftest import Installation, Running

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
CLERKS = 4
SECONDS_OF_LOAD = 4
FIT_OUT = "import sys; sys.path.insert(0, {root!r}); import tests.faults.fit_out"
COUNT = (
    "import json; from luyue.complaints.models import Complaint; from luyue.ledger.models import Entry;"
    "from luyue.records.models import Counter;"
    "print(json.dumps({'registered': list(Complaint.objects.order_by('pk').values_list('source_key', 'number')),"
    " 'entries': Entry.objects.filter(action='complaint.register').count(),"
    " 'last': sum(Counter.objects.values_list('last', flat=True))}))"
)


class Clerk:
    """Registers complaints one after the other until the server is gone, and notes each that was acknowledged."""

    def __init__(self, number: int, address: str) -> None:
        self.number, self.address = number, address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), StayHere())
        self.acknowledged: list[str] = []

    def sign_in(self) -> None:
        self._open("/account/sign-in/")
        self._open("/account/sign-in/", {"login": "carbide.sales_officer", "password": PASSWORD})

    def register_until_nobody_answers(self) -> None:
        for turn in range(10_000):
            submission = f"k{self.number}-{turn}"
            try:
                status, went_to = self._open(NEW_COMPLAINT, a_call() | {"party": "K1", "submission": submission})
            except OSError:
                return
            if status == 302 and re.fullmatch(r"/r/complaints/\d+/", went_to):
                self.acknowledged.append(f"page:{submission}")

    def _open(self, path: str, said: dict[str, str] | None = None) -> tuple[int, str]:
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "")
        data = urllib.parse.urlencode({**said, "csrfmiddlewaretoken": token}).encode() if said else None
        try:
            with self.opener.open(self.address + path, data, timeout=20) as answer:
                return answer.status, ""
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers.get("Location", "")


class StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect is the acknowledgement; where it leads is not asked for."""

    def redirect_request(self, *_about: object) -> None:
        return None


def family_of(process: int) -> list[int]:
    """The process and all that it has started, which die together when a machine loses its power."""
    children = []
    for task in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{task}/children", encoding="ascii") as listed:
            children += [int(child) for child in listed.read().split()]
    return [process, *(each for child in children for each in family_of(child))]


def test_every_acknowledged_complaint_survives_kill(
    elsewhere: tuple[Installation, dict[str, str]], pattern: Path, start: Callable[..., Running]
) -> None:
    empty, database = elsewhere
    shutil.copytree(pattern / "static", empty.home / "static")
    installation = replace(
        empty, program=("env", *(f"{key}={value}" for key, value in database.items()), *empty.program)
    )
    installation.say("migrate")
    installation.say("manage", "shell", "--verbosity=0", "-c", FIT_OUT.format(root=str(ROOT)))
    server = start(installation, "serve", "--workers", "2")
    server.wait_until_ready()
    clerks = [Clerk(number, f"http://127.0.0.1:{server.port}") for number in range(CLERKS)]
    for clerk in clerks:
        clerk.sign_in()
    at_work = [threading.Thread(target=clerk.register_until_nobody_answers) for clerk in clerks]
    for thread in at_work:
        thread.start()
    time.sleep(SECONDS_OF_LOAD)

    for process in family_of(server.process.pid):
        os.kill(process, signal.SIGKILL)
    server.process.wait(10)
    for thread in at_work:
        thread.join(30)
    again = start(installation, "serve")
    again.wait_until_ready()
    found = json.loads(installation.say("manage", "shell", "--verbosity=0", "-c", COUNT))

    acknowledged = {key for clerk in clerks for key in clerk.acknowledged}
    there = {key for key, _number in found["registered"]}
    numbers = sorted(number[-3:] for _key, number in found["registered"])
    assert len(acknowledged) >= CLERKS
    assert acknowledged - there == set()
    assert len(there - acknowledged) <= CLERKS
    assert numbers == [f"{place:03d}" for place in range(1, len(numbers) + 1)]
    assert found["entries"] == found["last"] == len(there)
    installation.say("verify")
