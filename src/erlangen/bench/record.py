"""Benchmark records: the JSON files kept in the repository and shown by the page.

Definition: a record holds the ratio with its quartiles, both sides' times, memory and scores, the versions, the machine and the date.
Convention: times in seconds, memory in bytes, ratio = theirs / ours of what ``unit`` names (``cpu``, ``wall`` or ``memory``).
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from erlangen.errors import ParseError

__all__ = ["Record", "load", "machine", "read_records", "write_record"]


@dataclass(frozen=True)
class Record:
    """The outcome of one case: see the fields of the JSON; ``ratio`` has keys ``median``, ``low`` and ``high``.

    ``load`` is how many processes wanted a processor in the minute before the measurement: where it comes near the number of cores, times of the
    clock are those of a shared machine.
    """

    case: str
    title: str
    paper: str
    unit: str
    threads: int
    parameters: dict[str, Any]
    peer: dict[str, str]
    ratio: dict[str, float]
    goal: float | None
    ours: dict[str, Any]
    theirs: dict[str, Any]
    machine: dict[str, Any]
    date: str
    note: str = ""
    load: float | None = None
    schema: int = 1


def machine() -> dict[str, Any]:
    """Return the facts of this machine that a reader of a ratio needs.

    Examples
    --------
    >>> sorted(machine())
    ['cores', 'processor', 'python', 'system']
    """
    processor = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        processor = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def load() -> float | None:
    """Return how many processes wanted a processor in the last minute, or ``None`` where the system does not say.

    Examples
    --------
    >>> value = load()
    >>> value is None or value >= 0
    True
    """
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def write_record(record: Record, folder: Path | str) -> Path:
    """Write a record as ``folder/CASE.json``, atomically, and return the path."""
    target = Path(folder) / f"{record.case}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".record-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(record), file, indent=1, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).chmod(0o644)
    os.replace(temporary, target)
    return target


def read_records(folder: Path | str) -> list[Record]:
    """Read every record of a folder, by case name.

    Raises
    ------
    ParseError
        If a file is not a record; it names the file.
    """
    records = []
    for path in sorted(Path(folder).glob("*.json")):
        try:
            records.append(Record(**json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, TypeError) as error:
            message = f"{path.name} is not a benchmark record: {error}"
            raise ParseError(message, hint="measure the case again with `erlangen bench run`") from error
    return records
