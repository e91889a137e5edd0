"""Owners: who is at a run, whether it still lives, and that two never are."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from erlangen.errors import StoreError
from erlangen.runs import RunStatus, RunStore, execute
from erlangen.runs.owner import STALE_SECONDS, Owner


def dead_pid():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def session(pid):
    """Return the living processes of a session."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == pid and fields[0] not in "ZX":
            found.add(int(path.parent.name))
    return found


def test_this_process_lives_until_its_attempt_is_retired():
    owner = Owner.current()
    assert owner.alive(None)
    Owner.retire(owner.token)
    assert not owner.alive(time.time())


def test_a_process_that_ended_is_dead_whatever_its_heartbeat_says():
    assert not replace(Owner.current(), pid=dead_pid()).alive(time.time())


def test_a_reused_process_id_is_another_process():
    """The parent of this process lives, but it did not begin when the owner says."""
    assert not replace(Owner.current(), pid=os.getppid(), began="1").alive(time.time())


def test_a_machine_that_was_started_anew_runs_nothing():
    assert not replace(Owner.current(), boot="another").alive(time.time())


@pytest.mark.parametrize("change", [{"host": "elsewhere"}, {"space": "pid:[1]"}])
def test_where_it_cannot_be_looked_up_the_heartbeat_decides(change):
    owner = replace(Owner.current(), **change)
    assert owner.alive(time.time() - STALE_SECONDS / 2)
    assert not owner.alive(time.time() - 2 * STALE_SECONDS)
    assert not owner.alive(None)


def test_owners_are_read_back_and_anything_else_is_none():
    owner = Owner.current()
    assert Owner.from_json(owner.to_json()) == owner
    assert Owner.from_json({"pid": 3}) is None
    assert Owner.from_json(7) is None
    assert Owner.current().token != owner.token


def test_two_processes_cannot_execute_one_run(tmp_path, child):
    path = tmp_path / "runs.sqlite"
    first = child(path, rows=30, pause=0.2)
    first.stdout.readline()
    second = child(path, rows=30, pause=0.2)
    told = second.communicate(timeout=60)[0]
    assert second.returncode == 3
    assert f"is being executed by process {first.pid} (wait for it" in told
    with RunStore(path) as store:
        (run,) = store.runs()
        assert run.status is RunStatus.RUNNING
        assert store.owner(run.id).pid == first.pid


def test_the_run_of_a_killed_process_is_interrupted_and_goes_on(tmp_path, child):
    path = tmp_path / "runs.sqlite"
    first = child(path, rows=6, pause=0.1)
    for _ in range(3):  # the second row has begun, so the first is kept
        first.stdout.readline()
    first.kill()
    first.wait()
    with RunStore(path, read_only=True) as reader:
        assert reader.runs()[0].status is RunStatus.INTERRUPTED
    with RunStore(path) as store:
        (run,) = store.runs(status="interrupted")
        assert store.owner(run.id) is None
        assert store.events(run.id)[-1].data == {"reason": "its process is gone"}
        kept = len(store.rows(run.id))
    told = child(path, rows=6, pause=0).communicate(timeout=60)[0]
    assert told.count("begin") == 6 - kept < 6
    assert told.endswith("end 55\n")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc")
def test_the_workers_of_a_killed_run_end_too(tmp_path, child):
    first = child(tmp_path / "runs.sqlite", rows=99, pause=0.1, jobs=2)
    for _ in range(6):
        first.stdout.readline()
    assert session(first.pid) - {first.pid}
    first.kill()
    first.wait()
    deadline = time.monotonic() + 30
    while session(first.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert session(first.pid) == set()


def test_a_run_inside_itself_is_refused(store, spec):
    def work(context):
        execute(work, spec, store=store)

    with pytest.raises(StoreError, match=f"is being executed by process {os.getpid()}"):
        execute(work, spec, store=store)
    assert execute(lambda context: None, spec, store=store).status is RunStatus.FINISHED
