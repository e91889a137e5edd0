"""Really kill runs, with SIGKILL, at random moments: nothing acknowledged is lost and the end is the same to the last bit."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from erlangen.runs import RunStatus, RunStore, canonical

CHILD = Path(__file__).with_name("killed_run.py")


def start(store, seed, jobs=1):
    command = [sys.executable, str(CHILD), str(store), str(seed), str(jobs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)


def acknowledged(output):
    """Return the complete lines of what the child told, key to text, and the final metrics if it came to them."""
    lines = [line.split(" ", 1) for line in output.decode().split("\n")[:-1]]
    rows = dict(lines)
    return rows, rows.pop("done", None)


def reference(folder, seed):
    child = start(folder / "reference.sqlite", seed)
    output, _ = child.communicate(timeout=120)
    return acknowledged(output)


def kill_once(store, seed, delay, jobs=1):
    """Start or resume the run, kill its process group ``delay`` seconds after its first row (``-delay`` after its start), unless None."""
    child = start(store, seed, jobs)
    first = b"" if delay is None or delay < 0 else os.read(child.stdout.fileno(), 65536)
    time.sleep(abs(delay or 0))
    killed = delay is not None and child.poll() is None
    if killed:
        os.killpg(child.pid, signal.SIGKILL)
    rest, _ = child.communicate(timeout=120)
    return (*acknowledged(first + rest), killed)


def survey(path, told):
    """Return how many told rows are lost, after the store was opened as the next process would."""
    with RunStore(path) as store:
        assert store.verify().problems == ()
        (run,) = store.runs()
        assert run.status in (RunStatus.INTERRUPTED, RunStatus.FINISHED)
        rows = store.rows(run.id)
        return run, sum(key not in rows or canonical(rows[key]) != text for key, text in told.items())


def content(path):
    """Return all that the one run of a store computed: metrics and rows as texts, arrays and figures as bytes."""
    with RunStore(path, read_only=True) as store:
        (run,) = store.runs()
        texts = [
            store.database.read(f"SELECT * FROM {table} WHERE run = ?", (run.id,)) for table in ("rows", "metrics")
        ]
        stored = [sorted(tuple(row) for row in rows) for rows in texts]
        return stored, store.array_bytes(run.id), store.figures(run.id)


def campaign(folder, kills, jobs=1):
    """Kill runs until ``kills`` kills have struck; return kills, lost rows and runs whose end was not identical."""
    generator = random.Random(20241)
    struck = lost = different = seed = 0
    while struck < kills:
        seed += 1
        path = folder / f"store-{seed}.sqlite"
        told = {}
        rows, metrics = reference(folder, seed)
        end = None
        while end is None:
            early = generator.random() < 0.25
            delay = -generator.uniform(0.0, 0.6) if early else generator.uniform(0.0, 0.12)
            new, end, killed = kill_once(path, seed, None if struck >= kills else delay, jobs)
            struck += killed
            told |= new
            if path.exists() and told:
                run, missing = survey(path, told)
                lost += missing
        different += end != metrics or told != rows or canonical(run.metrics) != metrics
        different += content(path) != content(folder / "reference.sqlite")
        (folder / "reference.sqlite").unlink()
    return struck, lost, different


def test_twenty_kills_lose_nothing(tmp_path):
    struck, lost, different = campaign(tmp_path, 20)
    assert struck >= 20
    assert (lost, different) == (0, 0)


def test_kills_of_a_parallel_run_lose_nothing(tmp_path):
    struck, lost, different = campaign(tmp_path, 3, jobs=2)
    assert struck >= 3
    assert (lost, different) == (0, 0)


@pytest.mark.slow
def test_two_hundred_kills_lose_nothing(tmp_path):
    struck, lost, different = campaign(tmp_path, 200)
    assert struck >= 200
    assert (lost, different) == (0, 0)
