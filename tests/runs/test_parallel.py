"""Parallel rows: one process, two processes and a Dask cluster over TCP give the same bits."""

import os
import socket

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from erlangen.errors import BackendError, DomainError
from erlangen.runs import RunSpec, RunStatus, execute
from erlangen.runs.parallel import compute, inner_threads


def chaotic(seed, i):
    """Return numbers any change of order, rounding or precision would alter."""
    x = np.random.default_rng([seed, i]).random(200)
    for _ in range(50):
        x = 3.999 * x * (1 - x)
    matrix = np.outer(x, x) + np.diag(x)
    return {"sum": float(np.linalg.slogdet(matrix)[1]), "x": x[:5], "nan": float("nan")}


def where(_):
    return os.getpid()


def broken(i):
    if i == 2:
        raise ZeroDivisionError("row two")
    return i


def work(context):
    rows = context.map(chaotic, {f"row {i}": (context.seed, i) for i in range(12)}, message="rows")
    context.metric("sum", sum(row["sum"] for row in rows.values()))


def texts(store, spec):
    """Return the stored texts of the rows and metrics, as they are in the file."""
    rows = store.database.read("SELECT key, value FROM rows WHERE run = ? ORDER BY key", (spec.id,))
    metrics = store.database.read("SELECT name, value FROM metrics WHERE run = ?", (spec.id,))
    return [tuple(row) for row in rows], [tuple(row) for row in metrics]


@pytest.fixture
def serial(store, spec):
    execute(work, spec, store=store)
    return texts(store, spec)


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": ":0"}
    with distributed.LocalCluster(protocol="tcp://", host="127.0.0.1", **options) as opened:
        yield opened.scheduler_address


@pytest.mark.parametrize("jobs", [2, -1])
def test_processes_change_nothing(store, spec, serial, jobs):
    execute(work, spec, store=store, jobs=jobs, again=True)
    assert texts(store, spec) == serial


def test_a_cluster_over_tcp_changes_nothing(store, spec, serial, cluster):
    assert cluster.startswith("tcp://127.0.0.1:")
    told = []
    run = execute(work, spec, store=store, cluster=cluster, again=True, on_progress=lambda *args: told.append(args[:2]))
    assert run.status is RunStatus.FINISHED
    assert texts(store, spec) == serial
    assert told == [(i, 12) for i in range(13)]


def test_a_cluster_takes_up_a_run_that_one_process_began(store, spec, serial, cluster):
    def half(context):
        context.map(chaotic, {f"row {i}": (context.seed, i) for i in range(5)})
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        execute(half, spec, store=store, again=True)
    run = execute(work, spec, store=store, cluster=cluster)
    assert (run.attempt, texts(store, spec)) == (3, serial)


def test_a_row_that_raises_on_the_cluster_raises_here_and_keeps_the_others(store, spec, cluster):
    with pytest.raises(ZeroDivisionError, match="row two"):
        execute(lambda c: c.map(broken, {str(i): i for i in range(3)}), spec, store=store, cluster=cluster)
    assert store.run(spec.id).error == "ZeroDivisionError: row two"
    assert execute(lambda c: c.map(abs, {str(i): i for i in range(3)}), spec, store=store).status is RunStatus.FINISHED


def test_a_scheduler_without_workers_is_told(store, spec):
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 0, "processes": False, "dashboard_address": ":0"}
    with (
        distributed.LocalCluster(protocol="tcp://", host="127.0.0.1", **options) as empty,
        pytest.raises(BackendError, match="has no workers") as caught,
    ):
        execute(work, spec, store=store, cluster=empty.scheduler_address)
    assert "dask worker tcp://127.0.0.1" in caught.value.hint


def test_a_scheduler_that_does_not_answer_is_told(store, spec, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("erlangen.runs.parallel._CONNECT_SECONDS", 0.5)
    with socket.socket() as taken:  # bound, never listening: a port at which nobody answers
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(BackendError, match=f"no Dask scheduler answers at {address}") as caught:
            execute(work, spec, store=store, cluster=address)
    assert "dask scheduler" in caught.value.hint


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "", "scheduler"])
def test_what_is_no_address_is_refused(store, spec, address):
    with pytest.raises(DomainError, match="address of a Dask scheduler"):
        execute(work, spec, store=store, cluster=address)


@pytest.mark.parametrize("jobs", [0, -2, 1.5, True])
def test_a_bad_number_of_jobs_is_refused(store, spec, jobs):
    with pytest.raises((DomainError, TypeError), match="jobs"):
        execute(work, spec, store=store, jobs=jobs)


def test_two_jobs_are_other_processes_and_one_is_this():
    options = {"threads": 1, "cluster": None, "stopped": lambda: False}
    items = {str(i): (i,) for i in range(4)}
    assert {text for _, text in compute(where, items, jobs=1, **options)} == {str(os.getpid())}
    assert str(os.getpid()) not in {text for _, text in compute(where, items, jobs=2, **options)}


@pytest.mark.parametrize("jobs", [1, 2])
def test_after_a_stop_no_further_row_is_begun(jobs):
    done = []
    items = {str(i): (i,) for i in range(40)}
    for key, _ in compute(where, items, threads=1, jobs=jobs, cluster=None, stopped=lambda: len(done) >= 3):
        done.append(key)
    assert 3 <= len(done) < 40


def test_inner_threads_are_limited_inside_and_given_back():
    before = [pool["num_threads"] for pool in threadpool_info()]
    with inner_threads(1):
        assert {pool["num_threads"] for pool in threadpool_info()} <= {1}
    assert [pool["num_threads"] for pool in threadpool_info()] == before


def test_a_block_that_ends_does_not_free_one_that_overlaps_it():
    before = [pool["num_threads"] for pool in threadpool_info()]
    first, second = inner_threads(1), inner_threads(1)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert {pool["num_threads"] for pool in threadpool_info()} <= {1}
    second.__exit__(None, None, None)
    assert [pool["num_threads"] for pool in threadpool_info()] == before


def test_a_single_row_needs_no_pool(store):
    spec = RunSpec("toy", "single", {})
    execute(lambda c: c.metric("pid", next(iter(c.map(where, {"a": 1}).values()))), spec, store=store, jobs=2)
    assert store.run(spec.id).metrics == {"pid": os.getpid()}
