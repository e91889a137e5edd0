"""One side of a benchmark as a running process.

Definition: :mod:`erlangen.bench.worker` in the side's own environment, asked for one round after another.
Convention: ours sees this package and nothing else of the caller's path; what a side prints is dropped.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import erlangen
from erlangen.errors import ConvergenceError, DomainError

__all__ = ["SideProcess"]

_FAREWELL_SECONDS = 5
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class SideProcess:
    """A worker process that runs one side, a context manager.

    Parameters
    ----------
    name : str
        Of the side, for refusals.
    python, data, side : path
        Interpreter, and the files with ``make`` and ``score`` and with ``run``.
    package : str
        Whose version is reported; ``"erlangen"`` for ours.
    parameters : mapping
        Passed to ``make``.
    threads : int
        Threads of the side.

    Raises
    ------
    DomainError
        If the interpreter cannot be started.
    """

    def __init__(
        self,
        name: str,
        python: Path,
        data: Path,
        side: Path,
        package: str,
        parameters: Mapping[str, Any],
        threads: int,
    ) -> None:
        self.name = name
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        environment.update(dict.fromkeys(_THREAD_VARIABLES, str(threads)))
        environment.update(ERLANGEN_BENCH_THREADS=str(threads), PYTHONWARNINGS="ignore")
        if package == "erlangen":
            environment["PYTHONPATH"] = str(Path(erlangen.__file__).parents[1])
        command = [str(python), str(Path(__file__).with_name("worker.py")), str(data), str(side), package]
        try:
            self.process = subprocess.Popen(
                [*command, json.dumps(dict(parameters))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=environment,
            )
        except OSError as error:
            message = f"benchmark side {name!r}: the interpreter {python} cannot be started: {error.strerror or error}"
            raise DomainError(message, hint="build its environment anew: `erlangen bench peers`") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        try:
            self.process.wait(timeout=_FAREWELL_SECONDS)  # the end of its input ends it
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def run(self, *, score: bool = False) -> dict[str, Any]:
        """Ask for one round and wait for its figures.

        Raises
        ------
        ConvergenceError
            If the side fails; the message carries its error.
        """
        stdin, stdout = self.process.stdin, self.process.stdout
        line = ""
        if stdin is not None and stdout is not None:
            try:
                stdin.write(json.dumps({"score": score}) + "\n")
                stdin.flush()
                line = stdout.readline()
            except BrokenPipeError:
                line = ""
        answer = json.loads(line) if line else {"error": "the process ended before it answered"}
        if "error" in answer:
            message = f"benchmark side {self.name!r} failed: {answer['error']}"
            raise ConvergenceError(message, hint="run the side's file by hand in its environment to see why")
        return dict(answer)
