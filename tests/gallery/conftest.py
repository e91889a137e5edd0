"""Toy papers, a store with runs of them, and servers over both."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from erlangen.gallery import Catalogue, Site
from erlangen.papers import run_paper
from erlangen.runs import Run, RunStore

TOYS = Path(__file__).parent / "toys"
TOKEN = "a-token-for-the-tests-only"

_SERVER = """
import sys
from erlangen.gallery import serve
from erlangen.runs import RunStore
serve(0, store=RunStore(sys.argv[1]), root=sys.argv[2] or None, benchmarks=sys.argv[3], token=sys.argv[4],
      on_ready=lambda address: print(address, flush=True))
"""


@pytest.fixture
def finish() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine to its end in a thread of its own: the browser's tests leave a loop that runs in this one."""

    def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, coroutine).result()

    return run


@pytest.fixture(scope="session")
def toys() -> Path:
    return TOYS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    with RunStore(tmp_path / "store" / "runs.sqlite") as found:
        yield found


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunStore, list[Run]]]:
    """A store with two finished runs of the toy paper; tests only read it."""
    with RunStore(tmp_path_factory.mktemp("ran") / "runs.sqlite") as found:
        runs = [run_paper("toy-roll", store=found, root=TOYS, seed=seed) for seed in (0, 1)]
        yield found, runs


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmarks")
    (folder / "roll.json").write_text(
        '{"case": "roll", "title": "Toy roll", "paper": "toy-roll", "unit": "cpu_seconds", "threads": 1,'
        ' "peer": {"name": "rival", "version": "2.1"}, "ratio": {"median": 4.0, "low": 3.0, "high": 5.0}, "goal": 2.0,'
        ' "ours": {"cpu_seconds": 1.0}, "theirs": {"cpu_seconds": 4.0}, "machine": {"cores": 2}, "date": "2026-01-02",'
        ' "parameters": {"n": 5}, "note": "", "schema": 1}',
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def site(ran: tuple[RunStore, list[Run]], records: Path) -> Site:
    return Site(Catalogue(ran[0], benchmarks=records, root=TOYS))


@pytest.fixture(scope="session")
def serve_process() -> Iterator[Callable[..., tuple[str, subprocess.Popen[str]]]]:
    """Start real servers; returns address (without token) and process."""
    started: list[subprocess.Popen[str]] = []

    def start(
        path: Path, *, root: Path | None = TOYS, benchmarks: Path | str = ""
    ) -> tuple[str, subprocess.Popen[str]]:
        command = [sys.executable, "-c", _SERVER, str(path), str(root or ""), str(benchmarks), TOKEN]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
        )
        started.append(process)
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.endswith(f"#token={TOKEN}"), address
        return address.split("#")[0], process

    yield start
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
