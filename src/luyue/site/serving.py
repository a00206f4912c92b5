"""The web server and the background work of one installation, started and stopped together."""

import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from types import FrameType

import click
from django.utils.translation import gettext as _
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from luyue.site.areas import areas_with
from luyue.site.database import disconnect
from luyue.site.faults import refuse_other_tables
from luyue.site.static import collect_when_changed
from luyue.site.supervision import LOOK_EVERY_SECONDS, SUPERVISOR, Supervised, end_with_supervisor

LOCAL = {"127.0.0.1", "::1", "localhost"}
PORTS = click.IntRange(1, 65535)
THREADS = 4
FAREWELL_SECONDS = 10


@click.command()
@click.option("--port", type=PORTS, default=8000, show_default=True, envvar="PORT", help="Port to listen on.")
@click.option("--bind", default="127.0.0.1", show_default=True, envvar="LUYUE_BIND", help="Address to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes.")
@click.option("--web-only", is_flag=True, help="Leave the background work to `luyue worker` elsewhere.")
def serve(port: int, bind: str, workers: int, web_only: bool) -> None:
    """Serve the pages and do the background work, until stopped."""
    refuse_other_tables()
    run_server(port=port, bind=bind, workers=workers, background=not web_only)


@click.command()
def worker() -> None:
    """Do the background work, until stopped: due times, reminders, sealing, mail. Any number may run."""
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, ask_to_stop)
    signal.signal(signal.SIGTERM, ask_to_stop)
    end_with_supervisor()
    refuse_other_tables()
    threads = [
        threading.Thread(target=import_module(f"luyue.{area}.worker").run, args=(stop,), name=area)
        for area in areas_with("worker")
    ]
    for thread in threads:
        thread.start()
    while not stop.wait(LOOK_EVERY_SECONDS):  # on Windows a wait without an end would not hear Ctrl+C
        pass
    for thread in threads:
        thread.join()


def run_server(
    *, port: int, bind: str, workers: int = 1, background: bool = True, announce: Callable[[], None] | None = None
) -> None:
    """Listen, with the background work beside, until SIGINT or SIGTERM; both end in good order."""
    refuse_a_taken_port(bind, port)
    _remark_on_unnamed_hosts(bind)
    collect_when_changed()
    disconnect()
    # A forked web process would share its parent's locks and connections.
    multiprocessing.set_start_method("spawn", force=True)
    os.environ[SUPERVISOR] = str(os.getpid())
    server = Granian(
        "luyue.site.wsgi:application",
        address=bind,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=FAREWELL_SECONDS,
        log_level=LogLevels.warning,
    )
    if background:
        beside = Supervised([sys.executable, "-m", "luyue", "worker"])
        server.on_startup(beside.start)
        server.on_shutdown(beside.stop)
    if announce:
        server.on_startup(announce)
    server.serve()


def _remark_on_unnamed_hosts(bind: str) -> None:
    if bind not in LOCAL and not os.environ.get("LUYUE_HOSTS"):
        click.echo(_("Others can reach this server only by the names in LUYUE_HOSTS, which is empty."), err=True)


def refuse_a_taken_port(bind: str, port: int) -> None:
    """Say so at once: the web server itself would share the port with another Luyue without a word."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise click.ClickException(
                _("cannot listen on %(address)s: %(reason)s; choose another PORT or LUYUE_BIND")
                % {"address": f"{bind}:{port}", "reason": error.strerror}
            ) from error
