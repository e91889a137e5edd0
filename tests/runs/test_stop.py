"""Signals: the first finishes the row, the second strikes at once, the handlers come back."""

import os
import signal
import threading

import pytest

from erlangen.runs import RunInterrupted, RunStatus, RunStore
from erlangen.runs.stop import StopRequest, stop_on_signals


def await_row(process):
    """Read until the first row has begun."""
    for line in process.stdout:
        if line.startswith("begin"):
            return


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_finishes_the_row_and_keeps_it(tmp_path, child, number):
    process = child(tmp_path / "runs.sqlite", rows=9)
    await_row(process)
    process.send_signal(number)
    told = process.stdout.read()
    assert process.wait(60) == 130
    assert "RunInterrupted run" in told
    assert "its 1 rows are kept (erlangen resume " in told
    (run,) = RunStore(tmp_path / "runs.sqlite").runs()
    assert run.status is RunStatus.INTERRUPTED
    assert RunStore(tmp_path / "runs.sqlite").rows(run.id) == {"row 0": 0}


@pytest.mark.parametrize("jobs", [1, 2])
def test_two_signals_stop_at_once_and_the_run_resumes(tmp_path, child, jobs):
    path = tmp_path / "runs.sqlite"
    process = child(path, rows=4, pause=60, jobs=jobs)
    await_row(process)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    told = process.communicate(timeout=45)[0]  # less than the row's sixty seconds
    assert process.returncode == 130
    assert "its 0 rows are kept" in told
    (run,) = RunStore(path).runs()
    assert run.status is RunStatus.INTERRUPTED
    assert [e.data["reason"] for e in RunStore(path).events(run.id) if e.kind == "interrupted"] == ["stopped at once"]
    assert child(path, rows=4, pause=0).communicate(timeout=60)[0].endswith("end 14\n")


def test_a_signal_to_a_parallel_run_keeps_the_rows_that_were_begun(tmp_path, child):
    path = tmp_path / "runs.sqlite"
    process = child(path, rows=30, jobs=2)
    await_row(process)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=60)[0]
    assert (process.returncode, "RunInterrupted" in told) == (130, True)
    (run,) = RunStore(path).runs()
    rows = RunStore(path).rows(run.id)
    assert 1 <= len(rows) < 30
    assert all(rows[key] == int(key.split()[1]) ** 2 for key in rows)


def test_the_first_signal_asks_and_the_second_raises():
    request = StopRequest()
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    asked = []

    def work():
        for number in (signal.SIGTERM, signal.SIGINT):
            asked.append(request.asked)
            os.kill(os.getpid(), number)

    with pytest.raises(KeyboardInterrupt), stop_on_signals(request):
        work()
    assert asked == [False, True]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_outside_the_main_thread_signals_are_left_alone():
    found = []

    def work():
        with stop_on_signals(StopRequest()):
            found.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [signal.getsignal(signal.SIGTERM)]


def test_an_interruption_has_the_exit_code_of_the_shell_and_says_how_to_go_on():
    error = RunInterrupted("6aa9a5fc8e5e", rows=3)
    assert (error.exit_code, error.run_id, error.rows) == (130, "6aa9a5fc8e5e", 3)
    assert str(error) == "run 6aa9a5fc8e5e was interrupted; its 3 rows are kept (erlangen resume 6aa9a5fc8e5e)"
