"""Processes that belong together: children that are started anew when they die, and do not outlive their parent."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

log = logging.getLogger(__name__)

SUPERVISOR = "LUYUE_SUPERVISOR"
LONGEST_PAUSE_SECONDS = 30.0
STEADY_AFTER_SECONDS = 60.0
FAREWELL_SECONDS = 15.0
LOOK_EVERY_SECONDS = 1.0


class Supervised:
    """A child process that runs until `stop`; when it dies it is started again, at growing intervals."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, name="supervisor", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask the child to end, and insist after a quarter of a minute."""
        self._stopping.set()
        child = self._child
        if child and child.poll() is None:
            child.terminate()
            try:
                child.wait(FAREWELL_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
        self._thread.join(FAREWELL_SECONDS)

    def _keep_running(self) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            self._child = subprocess.Popen(self._command, env={**os.environ, SUPERVISOR: str(os.getpid())})
            try:
                code = self._child.wait(STEADY_AFTER_SECONDS)
            except subprocess.TimeoutExpired:
                pause = 1.0
                code = self._child.wait()
            if self._stopping.is_set():
                return
            log.error("%s ended with %s; starting it again in %.0f s", self._command[-1], code, pause)
            self._stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def end_with_supervisor() -> None:
    """Watch for the end of the process that started this one, and then end too, as if asked politely."""
    supervisor = os.environ.get(SUPERVISOR)
    if supervisor and sys.platform != "win32":
        threading.Thread(target=_watch, args=(int(supervisor),), name="supervisor watch", daemon=True).start()


def _watch(supervisor: int) -> None:
    pause = threading.Event()
    while os.getppid() == supervisor:
        pause.wait(LOOK_EVERY_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
