from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

from erlangen.gallery.server.limits import Limits
from erlangen.runs import RunStatus


def _start(store, toys, **job):
    whole = {"store": str(store.path), "root": str(toys), "limits": Limits(nice=0).to_json(), **job}
    process = subprocess.Popen(
        [sys.executable, "-m", "erlangen.gallery.server.worker"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdin.write(json.dumps(whole))
    process.stdin.close()
    process.stdin = None
    return process


def _job(**parameters):
    return {"slug": "toy-roll", "preset": "quick", "seed": 0, "parameters": parameters}


def test_a_job_is_run_into_the_store(store, toys):
    process = _start(store, toys, **_job())
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert store.latest("toy-roll").metrics["sum"] == 30


def test_a_term_signal_keeps_the_rows_and_leaves_by_130(store, toys):
    process = _start(store, toys, **_job(n=200, pause=0.05))
    until = time.monotonic() + 60
    while not (store.runs() and store.rows(store.runs()[0].id)):
        assert time.monotonic() < until
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "was interrupted" in errors
    (run,) = store.runs()
    assert run.status is RunStatus.INTERRUPTED
    resumed = _start(store, toys, resume=run.id)
    resumed.send_signal(signal.SIGKILL)
    resumed.communicate(timeout=60)
    assert len(store.rows(run.id)) >= 1


@pytest.mark.parametrize(
    ("job", "code", "word"),
    [
        (_job(mode="raise"), 1, "told to raise"),
        (_job(n=0), 3, "n must be"),
        ({"resume": "0" * 12}, 3, "no run"),
        ({**_job(), "id": "0" * 12}, 3, "the code has changed since the page was started"),
    ],
)
def test_what_went_wrong_is_the_last_line(store, toys, job, code, word):
    process = _start(store, toys, **job)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert word in errors.strip().splitlines()[-1]
