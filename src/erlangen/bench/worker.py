"""One side of a benchmark: a process that makes the input, runs the side and reports its times (standard library and NumPy only).

Definition: reads one JSON command a line (``run``) and answers one JSON line, until the input ends; started by path in the peer's own environment.
Convention: processor time is that of the whole process and the children it waited for; memory is the peak resident set of the process during
the round, in bytes; what the side prints goes to stderr.
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


def _processor_seconds() -> float:
    """User and system seconds of this process and of the children it has waited for."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _forget_peak() -> None:
    """Let the peak of the resident set begin anew (Linux; elsewhere it is that of the process' life)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    """Return the peak resident set in bytes; ``ru_maxrss`` would count the process that started this one."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM:")))
    scale = 1 if sys.platform == "darwin" else 1024
    return scale * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _version(package: str) -> str:
    """Return the version of the package that is really installed here, or ``""``."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _round(side: ModuleType, data_module: ModuleType, data: Any, *, scored: bool) -> dict[str, Any]:
    """Run the side once and measure it; the score is computed outside the measured span."""
    gc.collect()
    _forget_peak()
    cpu, wall = _processor_seconds(), time.perf_counter()
    result = side.run(data)
    cpu, wall = _processor_seconds() - cpu, time.perf_counter() - wall
    answer: dict[str, Any] = {
        "cpu": cpu,
        "wall": wall,
        "peak": _peak(),
    }
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
