"""What a live run may take of the machine.

Definition: limits of CPU seconds, file size and address space by ``setrlimit``, and lowered priority; all are set in the run's own process.
Convention: a CUDA build of torch reserves far more address space than it uses, so there no such limit is set and the resident memory is watched instead.
"""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["Limits", "lower", "resident_bytes"]

_GIB = 1 << 30


def _memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return 8 * _GIB


def _has_cuda() -> bool:
    """Return whether the torch installed here is a CUDA build, without importing it."""
    spec = find_spec("torch")
    places = spec.submodule_search_locations if spec is not None else None
    return any((Path(place) / "lib" / "libtorch_cuda.so").exists() for place in places or ())


@dataclass(frozen=True)
class Limits:
    """Limits of one run: bytes, seconds of CPU, steps of niceness; ``address`` None sets none.

    Examples
    --------
    >>> Limits(nice=5).to_json()["nice"]
    5
    """

    cpu_seconds: int = 4 * 3600
    file_bytes: int = 4 * _GIB
    address: int | None = None
    resident: int = 4 * _GIB
    nice: int = 10

    @classmethod
    def of_machine(cls) -> Limits:
        """Return the limits for this machine: 60 % of its memory, at least 2 GiB."""
        share = max(2 * _GIB, _memory() * 6 // 10)
        return cls(address=None if _has_cuda() else max(4 * _GIB, share), resident=share)

    def to_json(self) -> dict[str, Any]:
        """Return the fields as a dictionary."""
        return asdict(self)


def lower(limits: Limits) -> None:
    """Set the limits in this process; what the system refuses is left as it is."""
    wanted = [
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
    ]
    if limits.address is not None:
        wanted.append((resource.RLIMIT_AS, limits.address))
    for kind, value in wanted:
        with suppress(ValueError, OSError):
            hard = resource.getrlimit(kind)[1]
            top = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (top, top))
    with suppress(OSError):
        os.nice(limits.nice)


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process, 0 where it cannot be read.

    Examples
    --------
    >>> resident_bytes(0)
    0
    """
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
