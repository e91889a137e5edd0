"""The context: rows computed once, generators by name, progress, refusals."""

import math
from hashlib import sha256
from types import SimpleNamespace

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.runs import RunInterrupted, RunSpec, RunStatus, execute


def run_in(store, spec, function, **options):
    """Execute ``function`` and return what it returned together with the run."""
    kept = []
    return execute(lambda context: kept.append(function(context)), spec, store=store, **options), kept[0]


def test_a_row_is_json_from_the_first(store, spec):
    _, value = run_in(
        store, spec, lambda context: context.step("a", lambda: {"x": (1, np.float32(0.5)), "y": math.nan})
    )
    assert value["x"] == [1, 0.5]
    assert math.isnan(value["y"])
    assert store.rows(spec.id).keys() == {"a"}


def test_rows_are_not_computed_twice(store, spec):
    calls = []

    def work(context, fail):
        first = context.step("first", lambda: calls.append(1) or 0.1 + 0.2)
        if fail:
            raise RuntimeError("the disk fell down")
        context.metric("first", first)

    with pytest.raises(RuntimeError, match="fell down"):
        execute(lambda context: work(context, True), spec, store=store)
    failed = store.run(spec.id)
    assert (failed.status, failed.error, failed.attempt) == (RunStatus.FAILED, "RuntimeError: the disk fell down", 1)
    finished = execute(lambda context: work(context, False), spec, store=store)
    assert (finished.status, finished.attempt, finished.error) == (RunStatus.FINISHED, 2, None)
    assert finished.metrics == {"first": 0.30000000000000004}
    assert calls == [1]


def test_a_row_is_stored_before_step_returns(store, spec):
    def work(context):
        context.step("a", lambda: 1)
        assert store.rows(spec.id) == {"a": 1}
        context.map(abs, {"b": -2, "c": (-3,)})
        assert store.rows(spec.id) == {"a": 1, "b": 2, "c": 3}

    assert execute(work, spec, store=store).status is RunStatus.FINISHED


def test_generators_depend_on_seed_and_name_only(store, spec):
    def draw(context):
        context.rng("other").random(100)
        return context.rng("noise").random(4).tolist(), context.rng("noise").random(4).tolist()

    _, (first, again) = run_in(store, spec, draw)
    words = np.frombuffer(sha256(b"noise").digest(), "<u4").tolist()
    expected = np.random.default_rng(np.random.SeedSequence([3, *words])).random(4).tolist()
    assert first == again == expected
    _, (other_seed, _) = run_in(store, RunSpec("toy", "quick", {"n": 5}, seed=4), draw)
    assert other_seed != first


def test_names_that_a_short_checksum_confuses_have_generators_of_their_own(store, spec):
    """crc32 of the two words, and their lengths, are equal."""
    _, drawn = run_in(store, spec, lambda context: [context.child_seed(name) for name in ("plumless", "buckeroo")])
    assert drawn[0] != drawn[1]
    assert all(0 <= seed < 2**63 for seed in drawn)


def test_parameters_are_a_copy(store, spec):
    def work(context):
        context.parameters["n"] = 99
        return context.parameters, context.seed, context.threads, context.run_id

    _, found = run_in(store, spec, work)
    assert found == ({"n": 5}, 3, 1, spec.id)


def test_map_keeps_the_order_of_its_items(store, spec):
    items = {f"k{i}": (i, 3) for i in (5, 1, 4)}
    _, found = run_in(store, spec, lambda context: context.map(pow, items))
    assert list(found.items()) == [("k5", 125), ("k1", 1), ("k4", 64)]
    _, empty = run_in(store, RunSpec("toy", "empty", {}), lambda context: context.map(pow, {}))
    assert empty == {}


def test_progress_tells_rate_and_time_left(store, spec, monkeypatch):
    clock = map(float, range(1000))
    monkeypatch.setattr("erlangen.runs.context.time", SimpleNamespace(monotonic=lambda: next(clock)))
    told = []

    def work(context):
        for i in range(5):
            context.progress(i, 4, f"step {i}", {"loss": 1.0 / (i + 1)})

    execute(work, spec, store=store, on_progress=lambda *args: told.append(args))
    assert told[0] == (0, 4, "step 0", {"loss": 1.0})
    assert told[2] == (2, 4, "step 2", {"loss": 1 / 3, "rate": 1.0, "eta": 2.0})
    stored = [event.data for event in store.events(spec.id) if event.kind == "progress"]
    assert stored[-1] == {"step": 4, "total": 4, "message": "step 4", "metrics": {"loss": 0.2}, "rate": 1.0, "eta": 0.0}


def test_rows_read_back_do_not_count_for_the_rate(store, spec):
    told = []

    def work(context, last):
        context.map(abs, {f"k{i}": -i for i in range(last)})
        if last < 8:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        execute(lambda context: work(context, 6), spec, store=store)
    execute(lambda context: work(context, 8), spec, store=store, on_progress=lambda *args: told.append(args))
    assert [args[:2] for args in told] == [(6, 8), (7, 8), (8, 8)]
    assert told[0][3] is None


def test_metrics_figures_and_arrays_are_kept(store, spec):
    def work(context):
        context.metric("a", 1)
        context.metric("b", math.inf)
        context.metric("a", "two")
        context.metric("c", np.float64(0.1))
        context.metric("d", None)
        context.figure("f", b"one", "image/png", "first")
        context.figure("f", b"two", "image/png", "second")
        context.array("x", np.array([[1, 2], [3, 4]], dtype=np.int16)[:, ::-1])
        context.array("y", np.array(2.5, dtype=">f8"))
        context.message("half way")

    run = execute(work, spec, store=store)
    assert run.metrics == {"a": "two", "b": math.inf, "c": 0.1, "d": None}
    assert [(f.name, f.data, f.caption) for f in store.figures(run.id)] == [("f", b"two", "second")]
    arrays = store.arrays(run.id)
    assert arrays["x"].dtype == np.int16
    assert arrays["x"].tolist() == [[2, 1], [4, 3]]
    assert arrays["y"] == 2.5
    assert arrays["y"].shape == ()
    assert store.verify().ok


@pytest.mark.parametrize(
    ("work", "part"),
    [
        (lambda c: c.step("", int), "key of a row"),
        (lambda c: c.step("a\nb", int), "key of a row"),
        (lambda c: c.step(7, int), "key of a row"),
        (lambda c: (c.step("a", int), c.step("a", int)), "'a' was asked for twice"),
        (lambda c: c.step("a", object), "is a object"),
        (lambda c: c.metric("m", [1]), "metric 'm' must be a number"),
        (lambda c: c.metric("m", {"a": 1}), "metric 'm' must be a number"),
        (lambda c: c.metric(" ", 1j), "complex"),
        (lambda c: c.figure("f", "text"), "figure 'f' must be bytes"),
        (lambda c: c.figure("f", b"", "png"), "media_type"),
        (lambda c: c.array("a", ["x"]), "array 'a' cannot be kept"),
        (lambda c: c.array("a", [1j]), "array 'a' cannot be kept"),
        (lambda c: c.array("a", [[1], [1, 2]]), "array 'a' cannot be kept"),
        (lambda c: c.map(abs, {"k": "text"}), "bad operand"),
    ],
)
def test_bad_use_is_refused_and_fails_the_run(store, spec, work, part):
    with pytest.raises((DomainError, TypeError)) as caught:
        execute(work, spec, store=store)
    assert part in str(caught.value)
    assert store.run(spec.id).status is RunStatus.FAILED


def test_a_stop_between_rows_keeps_the_rows(store, spec):
    from erlangen.runs.stop import StopRequest

    stop = StopRequest()

    def work(context):
        for i in range(10):
            context.step(f"row {i}", lambda i=i: stop.ask() if i == 3 else i)
        context.metric("end", True)

    with pytest.raises(RunInterrupted) as caught:
        execute(work, spec, store=store, stop=stop)
    assert (caught.value.exit_code, caught.value.run_id, caught.value.rows) == (130, spec.id, 4)
    assert f"erlangen resume {spec.id}" in str(caught.value)
    assert store.run(spec.id).status is RunStatus.INTERRUPTED
    assert len(store.rows(spec.id)) == 4
    assert execute(work, spec, store=store).metrics == {"end": True}


def test_progress_stops_only_outside_rows(store, spec):
    from erlangen.runs.stop import StopRequest

    stop = StopRequest()

    def row(context):
        stop.ask()
        context.progress(1, 2)
        return "finished"

    def work(context):
        context.step("a", row, context)
        context.progress(2, 2)

    with pytest.raises(RunInterrupted):
        execute(work, spec, store=store, stop=stop)
    assert store.rows(spec.id) == {"a": "finished"}
