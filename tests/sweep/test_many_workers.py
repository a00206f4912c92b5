"""Several workers on one database after months of being off, one of them killed at its work."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.conftest import Installation, elsewhere

__all__ = ["elsewhere"]

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 3
COMPLAINTS = int(os.environ.get("LUYUE_TEST_COMPLAINTS", "40"))

MONTHS_AGO = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from django.db import transaction
from luyue.rulebook.loading import SHIPPED, read_profile
from tests.firms import Firm
from tests.sweep.cases import registered
firm = Firm(read_profile(SHIPPED / "carbide"))
with firm.at("2026-03-02 10:00"), transaction.atomic():
    for number in range({COMPLAINTS}):
        registered(firm, what_happened=f"端面崩刃 {{number}}")
"""
"""All that is owed fell due long before anybody looked."""

KILL_ONE_AND_WAIT = """
import json, os, signal, time
from collections import Counter
from django.utils import timezone
from luyue.ledger.models import Block, Entry
from luyue.messaging.models import Notice
from luyue.records.models import Obligation, Tally
from luyue.sweep.due import _overdue
end, alive = time.monotonic() + 300, True
while True:
    overdue = _overdue(timezone.now()).count()
    unheard = Obligation.objects.filter(next_alarm_at__lte=timezone.now()).count()
    unsealed = Entry.objects.count() - sum(Block.objects.values_list("count", flat=True))
    begun = Obligation.objects.filter(status="broken", record__isnull=False).exists()
    if begun and alive:
        os.kill(KILLED, signal.SIGKILL)
        alive = False
    if not (overdue or unheard or unsealed or alive) or time.monotonic() > end:
        break
    time.sleep(0.05)
of_records = Obligation.objects.filter(record__isnull=False)
told = {}
for notice in Notice.objects.filter(obligation__record__isnull=False, kind__in=["reminder", "overdue"]):
    told.setdefault(notice.record_id, []).append([notice.obligation.control, notice.kind, notice.employee_id])
print(json.dumps({
    "left": [overdue, unheard, unsealed],
    "broken": sorted(Counter(of_records.filter(status="broken").values_list("record_id", flat=True)).values()),
    "told": [sorted(each) for each in told.values()],
    "counted": sum(Tally.objects.filter(standing="broken").values_list("number", flat=True)),
    "broken_of_records": of_records.filter(status="broken").count(),
}))
"""


@pytest.fixture
def workers(elsewhere: tuple[Installation, dict[str, str]]) -> Iterator[list[subprocess.Popen[bytes]]]:
    installation, database = elsewhere
    installation.say("migrate", **database)
    installation.say("manage", "shell", "--verbosity=0", "-c", MONTHS_AGO, **database)
    started = [
        subprocess.Popen([*installation.program, "worker"], env=installation.environment(**database))
        for _number in range(WORKERS)
    ]
    yield started
    for worker in started:
        worker.terminate()
    for worker in started:
        worker.wait(60)


def test_after_months_of_being_off_everybody_is_told_once_though_a_worker_is_killed(
    elsewhere: tuple[Installation, dict[str, str]], workers: list[subprocess.Popen[bytes]]
) -> None:
    installation, database = elsewhere

    script = f"KILLED = {workers[0].pid}\n{KILL_ONE_AND_WAIT}"
    found = json.loads(installation.say("manage", "shell", "--verbosity=0", "-c", script, **database))

    assert found["left"] == [0, 0, 0]
    assert len(found["broken"]) == len(found["told"]) == COMPLAINTS
    assert len(set(found["broken"])) == 1
    assert found["told"] == [found["told"][0]] * COMPLAINTS
    assert len({(control, employee) for control, _kind, employee in found["told"][0]}) == len(found["told"][0])
    assert found["counted"] == found["broken_of_records"]
    assert [worker.poll() for worker in workers] == [-9, None, None]
    installation.say("verify", **database)
