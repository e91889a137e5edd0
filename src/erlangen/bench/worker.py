"""One side of a benchmark: a process that makes the input, runs the side and reports its times (standard library and NumPy only).

Definition: reads one JSON command a line (``run``, ``stop``) and answers one JSON line; started by path in the peer's own environment.
Convention: processor time is that of the whole process and its children; memory is the peak resident set in bytes; what the side prints goes to stderr.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import sys
import time
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


def _round(side: ModuleType, data_module: ModuleType, data: Any, *, scored: bool) -> dict[str, Any]:
    """Run the side once and measure it; the score is computed outside the measured span."""
    cpu, wall = _processor_seconds(), time.perf_counter()
    result = side.run(data)
    cpu, wall = _processor_seconds() - cpu, time.perf_counter() - wall
    answer: dict[str, Any] = {
        "cpu": cpu,
        "wall": wall,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    if scored:
        answer["score"] = {key: float(value) for key, value in data_module.score(data, result).items()}
    return answer


def main(argv: list[str]) -> None:
    """Serve rounds until told to stop: ``worker.py FOLDER SIDE PARAMETERS_JSON``."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    folder, side_name, parameters = Path(argv[0]), argv[1], json.loads(argv[2])
    data_module, side = _load(folder / "data.py"), _load(folder / f"{side_name}.py")
    data = data_module.make(**parameters)
    for line in sys.stdin:
        command = json.loads(line)
        if command["op"] == "stop":
            break
        try:
            answer = _round(side, data_module, data, scored=bool(command.get("score")))
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
