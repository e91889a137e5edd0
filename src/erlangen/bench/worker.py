"""One side of a benchmark: a process that makes the input, runs the side and reports its times (standard library and NumPy only).

Definition: reads one JSON command a line (``run``) and answers one JSON line, until the input ends; started by path in the peer's own environment.
Convention: processor time is that of the whole process, the children it waited for and the living child that the side names in ``child()``; memory
is the peak resident set during the round, in bytes, of the largest of them (of a child that has ended: of its life); what the side prints goes to stderr.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import json
import os
import resource
import sys
import time
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any


def _load(path: Path) -> ModuleType:
    """Load one file of the case as a module, without importing any package around it."""
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _child(side: ModuleType) -> int | None:
    """Return the identifier of the living process the side works in, or None."""
    return side.child() if hasattr(side, "child") else None


def _processor_seconds(child: int | None = None) -> float:
    """User and system seconds of this process, of the children it has waited for and of a living one."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    if child is not None:
        ticks = Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[11:13]
        seconds += sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return seconds


def _forget_peak(process: int | str = "self") -> None:
    """Let the peak of the resident set begin anew (Linux; elsewhere it is that of the process' life)."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")


def _peak(process: int | str = "self") -> int:
    """Return the peak resident set in bytes; ``ru_maxrss`` would count the process that started this one."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
        return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM:")))
    return _largest(resource.RUSAGE_SELF)


def _largest(who: int) -> int:
    """Return the peak resident set of a life, in bytes."""
    scale = 1 if sys.platform == "darwin" else 1024
    return scale * resource.getrusage(who).ru_maxrss


def _version(package: str) -> str:
    """Return the version of the package that is really installed here, or ``""``."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _round(side: ModuleType, data_module: ModuleType, data: Any, *, scored: bool) -> dict[str, Any]:
    """Run the side once and measure it; the score is computed outside the measured span."""
    gc.collect()
    child = _child(side)
    for process in ("self", *((child,) if child else ())):
        _forget_peak(process)
    cpu, wall = _processor_seconds(child), time.perf_counter()
    result = side.run(data)
    child = _child(side)
    cpu, wall = _processor_seconds(child) - cpu, time.perf_counter() - wall
    peaks = [_peak(), _largest(resource.RUSAGE_CHILDREN), _peak(child) if child else 0]
    answer: dict[str, Any] = {"cpu": cpu, "wall": wall, "peak": max(peaks)}
    if scored:
        answer["score"] = {key: float(value) for key, value in data_module.score(data, result).items()}
    return answer


def main(argv: list[str]) -> None:
    """Serve rounds until the input ends: ``worker.py DATA_FILE SIDE_FILE PACKAGE PARAMETERS_JSON``."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    made: tuple[ModuleType, ModuleType, Any] | None = None
    for line in sys.stdin:
        try:
            if made is None:
                data_module, side = _load(Path(argv[0])), _load(Path(argv[1]))
                made = data_module, side, data_module.make(**json.loads(argv[3]))
            data_module, side, data = made
            answer = _round(side, data_module, data, scored=bool(json.loads(line).get("score")))
            answer["version"] = _version(argv[2])
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
