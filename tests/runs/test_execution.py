"""Execution: idempotent; failures keep rows and say why; ``again`` computes anew; the exit of each path."""

import pytest

from erlangen.errors import DomainError
from erlangen.runs import RunInterrupted, RunStatus, execute
from erlangen.runs.stop import StopRequest


def test_a_finished_run_is_returned_and_nothing_is_computed(store, spec):
    calls = []

    def work(context):
        calls.append(context.run_id)
        context.metric("m", len(calls))

    first = execute(work, spec, store=store)
    assert execute(work, spec, store=store) == first
    assert calls == [spec.id]


def test_again_computes_everything_anew_and_the_log_keeps_the_old(store, spec):
    def work(value):
        def run(context):
            context.step("a", lambda: value)
            context.figure(f"f{value}", b"x")
            context.array(f"x{value}", [value])
            context.metric(f"m{value}", value)

        return run

    execute(work(1), spec, store=store)
    run = execute(work(2), spec, store=store, again=True)
    assert (run.metrics, run.attempt) == ({"m2": 2}, 2)
    assert store.rows(spec.id) == {"a": 2}
    assert [figure.name for figure in store.figures(spec.id)] == ["f2"]
    assert list(store.arrays(spec.id)) == ["x2"]
    (previous,) = [e.data["previous"] for e in store.events(spec.id) if "previous" in e.data]
    assert previous == {"m1": 1}
    assert store.verify().ok


@pytest.mark.parametrize(
    "error", [ValueError("no\nsecond line"), DomainError("bad", hint="mend it"), SystemExit(3), MemoryError()]
)
def test_a_run_that_raises_has_failed_and_keeps_its_rows(store, spec, error):
    def work(context):
        context.step("a", lambda: 1)
        raise error

    with pytest.raises(type(error)) as caught:
        execute(work, spec, store=store)
    assert caught.value is error
    run = store.run(spec.id)
    assert run.status is RunStatus.FAILED
    assert run.finished is not None
    assert run.error == f"{type(error).__name__}: {error}".splitlines()[0]
    assert store.rows(spec.id) == {"a": 1}
    (log,) = [event.data for event in store.events(spec.id) if event.kind == "failed"]
    assert "test_execution.py" in log["traceback"]


def test_a_keyboard_interrupt_is_a_stop_at_once(store, spec):
    def work(context):
        context.step("a", lambda: 1)
        raise KeyboardInterrupt

    with pytest.raises(RunInterrupted) as caught:
        execute(work, spec, store=store)
    assert isinstance(caught.value.__cause__, KeyboardInterrupt)
    run = store.run(spec.id)
    assert (run.status, run.finished, run.error) == (RunStatus.INTERRUPTED, None, None)


def test_what_breaks_after_a_stop_was_asked_for_is_no_failure(store, spec):
    """A helper process that shares the Ctrl-C dies of it: the run is interrupted, not wrong."""
    stop = StopRequest()

    def work(context):
        stop.ask()
        raise BrokenPipeError

    with pytest.raises(RunInterrupted):
        execute(work, spec, store=store, stop=stop)
    assert store.run(spec.id).status is RunStatus.INTERRUPTED


def test_seconds_add_up_over_the_attempts(store, spec, monkeypatch):
    clock = {"now": 100.0}
    monkeypatch.setattr("erlangen.runs.attempt.time.monotonic", lambda: clock["now"])

    def work(context, seconds, fail):
        clock["now"] += seconds
        if fail:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        execute(lambda context: work(context, 3.0, True), spec, store=store)
    assert store.run(spec.id).seconds == 3.0
    assert execute(lambda context: work(context, 4.0, False), spec, store=store).seconds == 7.0
    assert execute(lambda context: work(context, 1.0, False), spec, store=store, again=True).seconds == 1.0


def test_a_failing_progress_listener_fails_the_run_visibly(store, spec):
    with pytest.raises(ZeroDivisionError):
        execute(lambda c: c.progress(1, 2), spec, store=store, on_progress=lambda *_: 1 / 0)
    assert store.run(spec.id).status is RunStatus.FAILED
