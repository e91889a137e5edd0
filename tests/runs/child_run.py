"""A run in a process of its own, for tests of signals, owners and full disks: ``child_run.py STORE ROWS PAUSE JOBS``."""

import os
import sys
import time

from erlangen.errors import ErlangenError
from erlangen.runs import RunSpec, RunStore, execute


def slow(i, pause):
    """Return i squared after a pause, having told that it began."""
    os.write(1, f"begin {i}\n".encode())
    time.sleep(pause)
    return i * i


def spec(rows):
    return RunSpec("child", "quick", {"rows": rows}, code_version="test")


def run_rows(context, pause):
    rows = context.map(slow, {f"row {i}": (i, pause) for i in range(context.parameters["rows"])})
    context.metric("sum", sum(rows.values()))


if __name__ == "__main__":
    path, rows, pause, jobs = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    try:
        found = execute(lambda context: run_rows(context, pause), spec(rows), store=RunStore(path), jobs=jobs)
        os.write(1, f"end {found.metrics['sum']}\n".encode())
    except ErlangenError as error:
        os.write(1, f"{type(error).__name__} {error}\n".encode())
        sys.exit(error.exit_code)
