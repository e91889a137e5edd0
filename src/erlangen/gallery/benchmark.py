"""Benchmark records as the page shows them.

Definition: the JSON files of a folder (:func:`records_folder`); ratio = the peer's time over ours, above 1 we are faster.
Convention: lenient: a field that is missing or of another kind is left out, a file that is no record is passed over.
"""

from __future__ import annotations

import json
import math
import os
import re
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

__all__ = ["Benchmark", "read_benchmarks", "records_folder"]

_LIMIT = 1_000_000
_UNBROKEN = re.compile(r"(?<=\d) (?=\d{3}\b)")  # the blank of 100 000


@dataclass(frozen=True)
class Benchmark:
    """One case against one peer; ``low`` and ``high`` are the quartiles of the ratio."""

    case: str
    title: str
    paper: str | None
    peer: str
    version: str
    ratio: float
    low: float
    high: float
    goal: float | None = None
    unit: str = ""
    note: str = ""
    date: str = ""
    threads: int | None = None
    ours: dict[str, Any] = field(default_factory=dict)
    theirs: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)


def _positive(x: object) -> float | None:
    good = isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x) and x > 0
    return float(x) if good else None  # type: ignore[arg-type]


def _table(x: object) -> dict[str, Any]:
    """Return the plain entries of a table, names as texts."""
    if not isinstance(x, dict):
        return {}
    return {str(k): v for k, v in x.items() if isinstance(v, (str, int, float, bool)) or v is None}


def _read(path: Path) -> Benchmark | None:
    try:
        if path.stat().st_size > _LIMIT:
            return None
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    spread, peer = _table(record.get("ratio")), _table(record.get("peer"))
    ratio = _positive(spread.get("median")) or _positive(record.get("ratio"))
    if ratio is None:
        return None
    threads = record.get("threads")
    return Benchmark(
        case=str(record.get("case") or path.stem),
        title=_UNBROKEN.sub("\u202f", str(record.get("title") or record.get("case") or path.stem)),
        paper=record["paper"] if isinstance(record.get("paper"), str) and record["paper"] else None,
        peer=str(peer.get("name") or "peer"),
        version=str(peer.get("version") or ""),
        ratio=ratio,
        low=_positive(spread.get("low")) or ratio,
        high=_positive(spread.get("high")) or ratio,
        goal=_positive(record.get("goal")),
        unit=str(record.get("unit") or ""),
        note=str(record.get("note") or ""),
        date=str(record.get("date") or "")[:10],
        threads=threads if isinstance(threads, int) else None,
        ours=_table(record.get("ours")),
        theirs=_table(record.get("theirs")),
        machine=_table(record.get("machine")),
        parameters=_table(record.get("parameters")),
    )


def records_folder(folder: str | os.PathLike[str] | None = None) -> Path | None:
    """Return the folder whose records are shown: the one given, else ``benchmarks`` of the working folder, else those installed.

    Examples
    --------
    >>> records_folder("elsewhere").name
    'elsewhere'
    """
    if folder is not None:
        return Path(folder)
    installed = Path(str(files("erlangen"))) / "benchmarks"
    places = (Path("benchmarks"), installed)
    return next((place for place in places if any(place.glob("*.json"))), None)


def read_benchmarks(folder: str | os.PathLike[str] | None) -> tuple[Benchmark, ...]:
    """Return the records of a folder by paper and title; none where there is no folder.

    Examples
    --------
    >>> read_benchmarks(None)
    ()
    """
    if folder is None or not Path(folder).is_dir():
        return ()
    found = [record for path in sorted(Path(folder).glob("*.json")) if (record := _read(path)) is not None]
    return tuple(sorted(found, key=lambda record: (record.paper or "~", record.title)))
