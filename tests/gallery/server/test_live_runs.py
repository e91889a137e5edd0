"""Queue, stop, kill, memory, close: with small processes in place of papers."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from erlangen.errors import ResourceLimitError
from erlangen.gallery.server.limits import Limits
from erlangen.gallery.server.live_runs import LiveRuns

_PROGRAM = """
import json, os, signal, subprocess, sys, time
job = json.loads(sys.stdin.read())
kind = job["kind"]
if kind == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open(job["file"], "w").write(f"{os.getpid()} {child.pid}")
if kind == "gentle":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
if kind == "fail":
    sys.stderr.write("noise\\nthe reason is this\\n"); sys.exit(3)
if kind == "large":
    block = bytearray(300 << 20)
    block[::4096] = b"x" * len(block[::4096])
if kind == "quick":
    open(job["file"], "a").write(job["name"]); sys.exit(0)
if "ready" in job:
    open(job["ready"], "w").write("ready")
time.sleep(600)
"""


def _live(**names):
    limits = names.pop("limits", Limits(resident=1 << 40))
    return LiveRuns(limits=limits, command=lambda: [sys.executable, "-c", _PROGRAM], **names)


def _until(condition, seconds=15.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def _alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def test_two_run_the_others_wait_in_order_and_a_stopped_one_leaves_the_queue(tmp_path):
    live = _live(waiting=2)
    try:
        assert [live.submit(name, {"kind": "sleep"}) for name in "abcd"] == ["running", "running", "queued", "queued"]
        assert live.submit("c", {"kind": "sleep"}) == "queued", "a run in hand is not taken twice"
        with pytest.raises(ResourceLimitError, match="2 runs are under way and 2 wait"):
            live.submit("e", {"kind": "sleep"})
        assert [live.position(name) for name in "abcd"] == [0, 0, 1, 2]
        assert live.stop("c")
        assert live.position("d") == 1
        assert live.stop("a")
        _until(lambda: live.state("d") == "running")
        assert live.counts() == (2, 0)
        assert not live.stop("zzz")
    finally:
        live.close()
    assert live.counts() == (0, 0)


def test_jobs_run_one_after_the_other(tmp_path):
    file = tmp_path / "order"
    live = _live(at_once=1)
    for name in "abc":
        live.submit(name, {"kind": "quick", "file": str(file), "name": name})
    _until(lambda: live.counts() == (0, 0))
    assert file.read_text() == "abc"
    assert [live.failure(name) for name in "abc"] == [None, None, None]


def test_a_run_asked_to_stop_is_given_time(tmp_path):
    live = _live(grace=30.0)
    ready = tmp_path / "ready"
    live.submit("a", {"kind": "gentle", "ready": str(ready)})
    _until(ready.exists)
    live.stop("a")
    _until(lambda: live.state("a") is None, seconds=5)
    assert live.failure("a") is None


def test_a_run_that_does_not_listen_is_killed_with_its_children(tmp_path):
    file, ready = tmp_path / "pids", tmp_path / "ready"
    live = _live(grace=0.5)
    live.submit("a", {"kind": "stubborn", "file": str(file), "ready": str(ready)})
    _until(ready.exists)
    own, child = map(int, file.read_text().split())
    assert os.getpgid(own) == own
    assert os.getpgid(child) == own
    live.stop("a")
    _until(lambda: live.state("a") is None)
    _until(lambda: not _alive(own) and not _alive(child))


def test_the_reason_of_a_failure_is_the_last_line_of_its_errors():
    live = _live()
    live.submit("a", {"kind": "fail"})
    _until(lambda: live.state("a") is None)
    assert live.failure("a") == "the reason is this"
    live.submit("a", {"kind": "sleep"})
    assert live.failure("a") is None, "a new attempt forgets it"
    live.close()


def test_too_much_memory_ends_a_run():
    live = _live(limits=Limits(resident=150 << 20))
    live.submit("a", {"kind": "large"})
    _until(lambda: live.state("a") is None)
    assert "150 MB" in live.failure("a")


def test_closing_stops_everything_even_the_stubborn(tmp_path):
    file, ready = tmp_path / "pids", tmp_path / "ready"
    live = _live()
    live.submit("a", {"kind": "stubborn", "file": str(file), "ready": str(ready)})
    live.submit("b", {"kind": "sleep"})
    live.submit("c", {"kind": "sleep"})
    _until(ready.exists)
    live.close(timeout=0.5)
    _until(lambda: live.counts() == (0, 0))
    assert not any(_alive(int(pid)) for pid in file.read_text().split())
    with pytest.raises(ResourceLimitError):
        live.submit("d", {"kind": "sleep"})


def test_the_job_carries_the_limits(tmp_path):
    file = tmp_path / "job"
    limits = Limits(cpu_seconds=7, resident=1 << 40)
    program = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"
    live = LiveRuns(limits=limits, command=lambda: [sys.executable, "-c", program, str(file)])
    live.submit("a", {"slug": "x"})
    _until(lambda: live.state("a") is None)
    assert json.loads(file.read_text()) == {"slug": "x", "limits": limits.to_json()}
