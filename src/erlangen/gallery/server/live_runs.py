"""Live runs: a queue, at most two at once, each in its own process group.

Definition: a run waits, runs, is asked to stop (SIGTERM: it keeps its rows), and is killed with its group if it does not within the grace.
Convention: the run store is the truth about a run; this object only knows which runs it has in hand, and why one that never began did not.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from erlangen.errors import ResourceLimitError
from erlangen.gallery.server.limits import Limits, resident_bytes

__all__ = ["LiveRuns"]

_POLL = 0.1
_REMEMBERED = 200


@dataclass
class _Live:
    """A run in hand."""

    run_id: str
    job: dict[str, Any]
    process: subprocess.Popen[bytes] | None = None
    errors: BinaryIO | None = None
    kill_at: float | None = None
    finished: threading.Event = field(default_factory=threading.Event)


def _command() -> list[str]:
    return [sys.executable, "-m", "erlangen.gallery.server.worker"]


class LiveRuns:
    """Start, queue and stop runs.

    Parameters
    ----------
    limits : Limits, optional
        Of each run; default: those of the machine.
    at_once, waiting : int
        How many run, and how many more may wait.
    grace : float
        Seconds between the request to stop and the kill.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        at_once: int = 2,
        waiting: int = 16,
        grace: float = 20.0,
        command: Callable[[], list[str]] = _command,
    ) -> None:
        self.limits = Limits.of_machine() if limits is None else limits
        self.at_once = at_once
        self.waiting = waiting
        self.grace = grace
        self._command = command
        self._lock = threading.Lock()
        self._queue: OrderedDict[str, _Live] = OrderedDict()
        self._running: dict[str, _Live] = {}
        self._failures: OrderedDict[str, str] = OrderedDict()
        self._closing = False

    def state(self, run_id: str) -> str | None:
        """Return ``queued``, ``running`` or None for a run that is not in hand."""
        with self._lock:
            if run_id in self._running:
                return "running"
            return "queued" if run_id in self._queue else None

    def position(self, run_id: str) -> int:
        """Return the place in the queue, 1 for the next, 0 if it does not wait."""
        with self._lock:
            return list(self._queue).index(run_id) + 1 if run_id in self._queue else 0

    def failure(self, run_id: str) -> str | None:
        """Return why a run's process ended in an error, None if it did not."""
        with self._lock:
            return self._failures.get(run_id)

    def counts(self) -> tuple[int, int]:
        """Return how many run and how many wait."""
        with self._lock:
            return len(self._running), len(self._queue)

    def queued(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the waiting runs and their jobs, in order."""
        with self._lock:
            return [(live.run_id, live.job) for live in self._queue.values()]

    def submit(self, run_id: str, job: dict[str, Any]) -> str:
        """Put a run in hand and return its state; one that is in hand already stays as it is.

        Raises
        ------
        ResourceLimitError
            If the queue is full.
        """
        with self._lock:
            if run_id in self._running or run_id in self._queue:
                return "running" if run_id in self._running else "queued"
            if self._closing or (len(self._running) >= self.at_once and len(self._queue) >= self.waiting):
                message = f"{len(self._running)} runs are under way and {len(self._queue)} wait"
                raise ResourceLimitError(message, hint="wait until one has finished, or stop one")
            self._failures.pop(run_id, None)
            self._queue[run_id] = _Live(run_id, job)
            self._fill()
            return "running" if run_id in self._running else "queued"

    def stop(self, run_id: str) -> bool:
        """Ask a run to stop; return whether it was in hand."""
        with self._lock:
            waiting = self._queue.pop(run_id, None)
            if waiting is not None:
                waiting.finished.set()
                return True
            live = self._running.get(run_id)
            if live is None:
                return False
            self._ask(live)
            return True

    def close(self, timeout: float = 10.0) -> None:
        """Stop everything, and kill what has not stopped within ``timeout``."""
        with self._lock:
            self._closing = True
            self._queue.clear()
            left = list(self._running.values())
            for live in left:
                self._ask(live)
        until = time.monotonic() + timeout
        for live in left:
            if not live.finished.wait(max(0.0, until - time.monotonic())):
                self._kill(live)
                live.finished.wait(5.0)

    def _ask(self, live: _Live) -> None:
        """Send SIGTERM to the run itself, once."""
        if live.kill_at is None and live.process is not None:
            live.kill_at = time.monotonic() + self.grace
            with suppress(ProcessLookupError):
                live.process.terminate()

    @staticmethod
    def _kill(live: _Live) -> None:
        """Kill the whole group of a run (its id is that of its leader, which has not been waited for)."""
        if live.process is not None and live.process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(live.process.pid, signal.SIGKILL)

    def _fill(self) -> None:
        """Start waiting runs while there is room; the lock is held."""
        while self._queue and len(self._running) < self.at_once and not self._closing:
            run_id, live = self._queue.popitem(last=False)
            live.errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed when its last line is read
            live.process = subprocess.Popen(
                self._command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=live.errors,
                start_new_session=True,
                close_fds=True,
            )
            self._running[run_id] = live
            threading.Thread(target=self._watch, args=(live,), name=f"live-{run_id}", daemon=True).start()

    def _watch(self, live: _Live) -> None:
        """Hand the job over, wait for the end, keep limits, start what waits."""
        process = live.process
        if process is None or process.stdin is None:
            return
        with suppress(OSError):
            process.stdin.write(json.dumps({**live.job, "limits": self.limits.to_json()}).encode("utf-8"))
            process.stdin.close()
        too_large = False
        while process.poll() is None:
            time.sleep(_POLL)
            if resident_bytes(process.pid) > self.limits.resident:
                too_large = True
                self._kill(live)
            if live.kill_at is not None and time.monotonic() > live.kill_at:
                self._kill(live)
        self._end(live, process.returncode, too_large)

    def _end(self, live: _Live, code: int, too_large: bool) -> None:
        reason = self._last_line(live)
        if too_large:
            reason = f"the run took more than {self.limits.resident >> 20} MB of memory and was ended"
        with self._lock:
            if too_large or (code not in (0, 130) and live.kill_at is None):
                self._failures[live.run_id] = reason or f"its process ended with code {code}"
                while len(self._failures) > _REMEMBERED:
                    self._failures.popitem(last=False)
            self._running.pop(live.run_id, None)
            self._fill()
        live.finished.set()

    @staticmethod
    def _last_line(live: _Live) -> str:
        if live.errors is None:
            return ""
        with live.errors as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 2000))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:500] if lines else ""
