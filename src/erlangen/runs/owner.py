"""Which process executes a run, and whether it still lives.

Definition: a process is named by host, boot of the machine, process-id space, process id and the moment it began, so that a reused id is no confusion.
Convention: where the process cannot be looked up (another host or container) a heartbeat younger than ``STALE_SECONDS`` counts as life.
"""

from __future__ import annotations

import os
import platform
import secrets
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["STALE_SECONDS", "Owner"]

STALE_SECONDS = 60.0

_LIVE: set[str] = set()
"""Tokens of the attempts this process is at: one that ended while the store could not be written is no longer alive."""


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


@cache
def _boot() -> str:
    return _read("/proc/sys/kernel/random/boot_id")


def _space() -> str:
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def _began(pid: int) -> str | None:
    """Return the start mark of a living process, ``""`` where it cannot be had, ``None`` if the process is gone."""
    if Path("/proc/self/stat").exists():
        fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
        return None if len(fields) < 20 or fields[0] in "ZX" else fields[19]
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except OSError:
        return ""
    return ""


@dataclass(frozen=True)
class Owner:
    """The process that executes a run; ``token`` is fresh for every attempt and fences off whoever lost the run.

    Examples
    --------
    >>> Owner.current().alive(heartbeat=None)
    True
    """

    host: str
    boot: str
    space: str
    pid: int
    began: str
    token: str

    @classmethod
    def current(cls) -> Owner:
        """Return this process as the owner of a new attempt."""
        pid = os.getpid()
        owner = cls(platform.node(), _boot(), _space(), pid, _began(pid) or "", secrets.token_hex(8))
        _LIVE.add(owner.token)
        return owner

    @staticmethod
    def retire(token: str) -> None:
        """Forget an attempt of this process that has ended, whether or not the store could be told."""
        _LIVE.discard(token)

    @classmethod
    def from_json(cls, fields: Any) -> Owner | None:
        """Return the owner written by :meth:`to_json`, ``None`` for anything else."""
        try:
            return cls(**fields)
        except TypeError:
            return None

    def to_json(self) -> dict[str, Any]:
        """Return the fields as a dictionary."""
        return asdict(self)

    def alive(self, heartbeat: float | None) -> bool:
        """Return whether the process lives; ``heartbeat`` is the Unix time of its last sign of life."""
        if self.host == platform.node() and self.boot != _boot():
            return False
        if self.host == platform.node() and self.space == _space():
            here = self.pid != os.getpid() or self.token in _LIVE
            return here and _began(self.pid) == self.began
        return heartbeat is not None and time.time() - heartbeat < STALE_SECONDS
