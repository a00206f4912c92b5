"""One database measured: filled to each size, served, asked in turn with the floor. Prints JSON lines."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

APP_PORT = int(os.environ.get("BENCH_PORT", "8191"))
FLOOR_PORT = APP_PORT + 1
CLERK = "gj-sales"


@dataclass(frozen=True)
class Figures:
    """Milliseconds of one path at one size: Luyue and the floor, asked in turn in the same run."""

    database: str
    size: int
    path: str
    median: float
    p95: float
    floor_median: float
    floor_p95: float
    cpu: float = 0.0
    floor_cpu: float = 0.0
    """Processor time that one request took of the web server, whatever else the machine was doing."""

    @property
    def ratio(self) -> float:
        return self.median / self.floor_median

    @property
    def cpu_ratio(self) -> float:
        return self.cpu / self.floor_cpu if self.floor_cpu else 0.0


def main(sizes: list[int], runs: int, sweep: int) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import filling

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    company = filling.prepare()
    for size in sizes:
        began = time.perf_counter()
        filling.fill(company, size)
        print(f"# {connection.vendor} {size}: filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        with _served(company.pk) as servers:
            for figures in _paths(company, connection.vendor, size, runs, servers):
                ratios = {"ratio": round(figures.ratio, 2), "cpu_ratio": round(figures.cpu_ratio, 2)}
                print(json.dumps({**asdict(figures), **ratios}), flush=True)
        if sweep and size == sizes[0]:  # among a million clones many a promise more would fall due
            print(json.dumps(_sweep(company, connection.vendor, sweep)), flush=True)


@contextmanager
def _served(company: int) -> Iterator[tuple[int, int]]:
    """Luyue and the floor under the same server: one worker, four threads each."""
    from django.db import connection

    database = os.environ.get("DATABASE_URL") or str(connection.settings_dict["NAME"])
    env = {**os.environ, "BENCH_DATABASE": database, "BENCH_COMPANY": str(company)}
    common = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--log-level", "error"]
    granian = str(Path(sys.executable).with_name("granian"))
    connection.close()
    servers = [
        subprocess.Popen([granian, *common, "--port", str(port), target], env=env)
        for port, target in ((APP_PORT, "luyue.site.wsgi:application"), (FLOOR_PORT, "bench.floor:application"))
    ]
    try:
        _wait(APP_PORT, "/healthz")
        _wait(FLOOR_PORT, "/conformity")
        yield servers[0].pid, servers[1].pid
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(timeout=30)


def _processor_ms(pid: int) -> float:
    """What a process, its threads and its children have run so far, as Linux counts it to the nanosecond."""
    tasks = list(Path(f"/proc/{pid}/task").iterdir())
    own = sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6
    children = {child for task in tasks for child in (task / "children").read_text().split()}
    return own + sum(_processor_ms(int(child)) for child in children)


def _wait(port: int, path: str) -> None:
    for _attempt in range(150):
        try:
            Asker(port).get(path)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"nothing answers on port {port}")


class Asker:
    """One client that keeps its connection and its sign-in: a person's session, or a program's token."""

    def __init__(self, port: int, session: str = "", token: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers: dict[str, str] = {}
        if session:
            self.headers = {"Cookie": f"sessionid={session}; csrftoken={'c' * 32}; django_language=zh-hans"}
        if token:
            self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": "zh-hans"}

    def get(self, path: str) -> int:
        self.connection.request("GET", path, headers=self.headers)
        return _status(self.connection.getresponse(), path)

    def post(self, path: str, said: dict[str, str]) -> int:
        """Send a form as a page does, with the mark by which it is known if it comes twice."""
        body = urlencode({**said, "csrfmiddlewaretoken": "c" * 32, "submission": uuid.uuid4().hex})
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, body=body, headers=headers)
        return _status(self.connection.getresponse(), path)

    def tell(self, path: str, said: dict[str, Any]) -> int:
        """Send JSON as a program does, with the key by which it is known if it comes twice."""
        headers = {**self.headers, "Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        self.connection.request("POST", path, body=json.dumps(said), headers=headers)
        return _status(self.connection.getresponse(), path)


def _status(answer: http.client.HTTPResponse, path: str) -> int:
    """The status of an answer that did what was asked; a redirect counts only when it leads to a record."""
    said = answer.read()
    if (
        answer.status == 302
        and "/r/complaints/" in (answer.headers["Location"] or "")
        and "?next" not in str(answer.headers["Location"])
    ):
        return 302
    if answer.status not in (200, 201):
        raise RuntimeError(
            f"{path}: {answer.status} {answer.headers['Location']} {said[-800:].decode(errors='replace')}"
        )
    return answer.status


def _paths(company: Any, database: str, size: int, runs: int, servers: tuple[int, int]) -> Iterator[Figures]:
    from bench import filling
    from luyue.api.addresses import opaque
    from luyue.complaints.models import Complaint
    from luyue.organization.authority import authority_of
    from luyue.parties.models import Party
    from luyue.records.models import Counter

    clerk = filling.employee_of(CLERK)
    keys = sorted(authority_of(clerk, clerk.company.created_at.date()).keys)
    app, floor = Asker(APP_PORT, filling.session_of(CLERK)), Asker(FLOOR_PORT)
    closed = Complaint.objects.filter(company=company, state="closed").order_by("pk")
    whole = list(closed.values_list("pk", flat=True)[:40])
    ours, theirs = itertools.cycle(whole), itertools.cycle(whole)
    opened = Complaint.objects.filter(company=company, is_open=True).order_by("pk").first()
    assert opened is not None
    party = Party.objects.filter(company=company).first()
    assert party is not None
    by_page, by_floor, by_program, by_floor_again = map(itertools.cycle, filling.little_told(company, pairs=4))
    series = Counter.objects.filter(company=company, series__startswith="complaint").order_by("-pk").first()
    assert series is not None
    intake = _intake(party.number)
    progress = {"progress": "正在检验。", "channel": "phone"}
    key_query = "&".join(f"key={key}" for key in keys)
    reads = {
        "open the register, filtered, first page": (
            "/r/complaints/?view=all&state=closed",
            "/register_page?state=closed",
        ),
        "my work": ("/", f"/my_work?{key_query}"),
        "conformity of a year": ("/conformity/", "/conformity"),
    }
    for name, (page, below) in reads.items():
        yield _measured(database, size, name, runs, servers, lambda p=page: app.get(p), lambda b=below: floor.get(b))
    yield _measured(
        database, size, "open a record", runs, servers,
        lambda: app.get(f"/r/complaints/{next(ours)}/"),
        lambda: floor.get(f"/record?id={next(theirs)}&employee={clerk.pk}"),
    )  # fmt: skip
    program = Asker(APP_PORT, token=filling.token_of(CLERK))
    yield _measured(
        database, size, "a program lists the register, filtered, first page", runs, servers,
        lambda: program.get("/api/v1/complaints?view=all&state=closed"),
        lambda: floor.get("/listed?state=closed"),
    )  # fmt: skip
    yield _measured(
        database, size, "a program reads a record", runs, servers,
        lambda: program.get(f"/api/v1/complaints/{opaque('complaint', next(ours))}"),
        lambda: floor.get(f"/told?id={next(theirs)}"),
    )  # fmt: skip
    yield _measured(
        database, size, "register a complaint", runs, servers,
        lambda: app.post("/r/complaints/new/", intake),
        lambda: floor.get(f"/register?id={opened.pk}&series={series.series}"),
    )  # fmt: skip
    yield _measured(
        database, size, "take one action", runs, servers,
        lambda: app.post(f"/r/complaints/{next(by_page)}/do/tell_progress/", progress),
        lambda: floor.get(f"/act?id={next(by_floor)}"),
    )  # fmt: skip
    yield _measured(
        database, size, "a program registers a complaint", runs, servers,
        lambda: program.tell("/api/v1/complaints", {**intake, "written": False}),
        lambda: floor.get(f"/register?id={opened.pk}&series={series.series}"),
    )  # fmt: skip
    yield _measured(
        database, size, "a program takes one action", runs, servers,
        lambda: program.tell(
            f"/api/v1/complaints/{opaque('complaint', next(by_program))}/actions/tell_progress", progress
        ),
        lambda: floor.get(f"/act?id={next(by_floor_again)}"),
    )  # fmt: skip


def _intake(party: str) -> dict[str, str]:
    return {
        "party": party, "channel": "phone", "written": "no", "kind": "complaint", "what_happened": "棒材端面崩刃",
        "contact_name": "周工", "demand": "换货", "complaint_reason": "裂纹", "product_name": "棒材",
        "specification": "YG8", "quantity": "12", "delivered_on": "2026-01-05",
    }  # fmt: skip


def _measured(
    database: str,
    size: int,
    path: str,
    runs: int,
    servers: tuple[int, int],
    app: Callable[[], int],
    floor: Callable[[], int],
) -> Figures:
    for _warm in range(8):
        app()
        floor()
    before = [_processor_ms(server) for server in servers]
    taken: list[tuple[float, float]] = []
    for _run in range(runs):
        taken.append((_time(app), _time(floor)))
    ran = [(_processor_ms(server) - then) / runs for server, then in zip(servers, before, strict=True)]
    ours, theirs = [each[0] for each in taken], [each[1] for each in taken]
    return Figures(
        database, size, path,
        statistics.median(ours), _p95(ours), statistics.median(theirs), _p95(theirs), *ran,
    )  # fmt: skip


def _time(ask: Callable[[], int]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95) - 1]


def _sweep(company: Any, database: str, number: int) -> dict[str, Any]:
    """A sweep in which one promise in a hundred has fallen due, against one UPDATE for the same rows."""
    from django.db import connection
    from django.utils import timezone

    from bench import filling
    from luyue.sweep.due import break_overdue

    falling = number // 100
    filling.run_promises(company, number, falling)
    due = "status = 'running' AND due_at < %s AND record_id IS NOT NULL"
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE records_obligation SET status = 'broken', settled_at = due_at WHERE {due}", [timezone.now()]
        )
    floor = (time.perf_counter() - began) * 1000
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_obligation SET status = 'running', settled_at = NULL WHERE settled_at = due_at")
        if connection.vendor == "postgresql":  # both sweep a table in which nothing lies about
            cursor.execute("VACUUM records_obligation")
    began = time.perf_counter()
    break_overdue(timezone.now())
    ours = (time.perf_counter() - began) * 1000
    filling.forget_promises()
    taken = [floor, ours]
    return {
        "database": database, "size": number, "path": f"sweep, {falling} of the running promises fall due",
        "median": taken[1], "p95": taken[1], "floor_median": taken[0], "floor_p95": taken[0],
        "ratio": round(taken[1] / taken[0], 2),
    }  # fmt: skip


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1].split(",") if each], int(sys.argv[2]), int(sys.argv[3]))
