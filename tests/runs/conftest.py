"""A store in a temporary folder, the smallest specification, and runs in processes of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

from erlangen.runs import RunSpec, RunStore

CHILD = Path(__file__).with_name("child_run.py")


@pytest.fixture
def store(tmp_path):
    with RunStore(tmp_path / "runs.sqlite") as opened:
        yield opened


@pytest.fixture
def spec():
    return RunSpec("toy", "quick", {"n": 5}, seed=3, code_version="1", manifest_hash="m")


@pytest.fixture
def child():
    """Start ``child_run.py`` and, after the test, kill what is left of it."""
    started = []

    def start(path, *, rows=4, pause=0.3, jobs=1, **options):
        command = [sys.executable, str(CHILD), str(path), str(rows), str(pause), str(jobs)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True, text=True, **options)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()
