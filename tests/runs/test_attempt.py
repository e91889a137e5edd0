"""Attempts: the claim, its fence, the heartbeat, what the log says."""

import threading

import pytest

from erlangen.errors import StoreError
from erlangen.runs import RunStatus, execute
from erlangen.runs.attempt import Attempt


def heartbeat(store, run_id):
    return store.database.read("SELECT heartbeat, owner, token FROM runs WHERE id = ?", (run_id,))[0]


@pytest.fixture
def attempt(store, spec):
    made = Attempt.claim(store, spec, {"python": "1"})
    yield made
    made.release()


def test_whoever_lost_the_claim_cannot_write(store, spec, attempt):
    with store.database.transaction() as connection:
        connection.execute("UPDATE runs SET token = 'of another' WHERE id = ?", (spec.id,))
    for write in (
        lambda: attempt.row("a", "1"),
        lambda: attempt.metric("m", 1),
        lambda: attempt.event("message", {}),
        lambda: attempt.end(RunStatus.FINISHED),
    ):
        with pytest.raises(StoreError, match="taken over by another process"):
            write()
    assert store.rows(spec.id) == {}
    assert store.run(spec.id).status is RunStatus.RUNNING


def test_a_row_is_kept_once(store, spec, attempt):
    attempt.row("a", "1")
    with pytest.raises(StoreError, match="UNIQUE"):
        attempt.row("a", "2")
    assert store.rows(spec.id) == {"a": 1}
    assert attempt.rows() == {"a": "1"}


def test_the_heart_beats_without_rows(store, spec, monkeypatch):
    monkeypatch.setattr("erlangen.runs.attempt._HEARTBEAT_SECONDS", 0.02)
    attempt = Attempt.claim(store, spec, {})
    first = heartbeat(store, spec.id)["heartbeat"]
    beaten = threading.Event()
    for _ in range(500):
        if heartbeat(store, spec.id)["heartbeat"] > first:
            break
        beaten.wait(0.02)
    assert heartbeat(store, spec.id)["heartbeat"] > first
    attempt.end(RunStatus.INTERRUPTED)
    assert tuple(heartbeat(store, spec.id)) == (None, None, None)
    assert not attempt._heart.is_alive()


def test_a_store_that_could_not_be_told_of_the_end_does_not_lock_the_run(store, spec):
    """After ``release`` this process is no longer at the run, though the store still says so."""
    attempt = Attempt.claim(store, spec, {})
    attempt.row("a", "1")
    attempt.release()
    assert store.run(spec.id).status is RunStatus.INTERRUPTED
    assert execute(lambda context: context.step("a", lambda: 2), spec, store=store).attempt == 2
    assert store.rows(spec.id) == {"a": 1}


def test_the_log_tells_attempts_rows_and_changed_versions(store, spec):
    first = Attempt.claim(store, spec, {"python": "1", "numpy": "2"})
    first.row("a", "1")
    first.end(RunStatus.FAILED, error="it fell")
    assert (store.run(spec.id).error, store.run(spec.id).status) == ("it fell", RunStatus.FAILED)
    second = Attempt.claim(store, spec, {"python": "1", "numpy": "3"})
    second.end(RunStatus.FINISHED)
    started = [event.data for event in store.events(spec.id) if event.kind == "started"]
    assert started == [{"attempt": 1, "rows": 0}, {"attempt": 2, "rows": 1, "changed": {"numpy": "2 -> 3"}}]
    assert [event.seq for event in store.events(spec.id)] == [1, 2, 3, 4, 5]
    assert store.run(spec.id).versions == {"python": "1", "numpy": "3"}
    assert store.run(spec.id).seconds >= 0


def test_a_finished_run_is_not_claimed_unless_wanted_again(store, spec):
    first = Attempt.claim(store, spec, {})
    first.metric("m", 1)
    first.end(RunStatus.FINISHED)
    assert Attempt.claim(store, spec, {}) is None
    again = Attempt.claim(store, spec, {}, again=True)
    again.end(RunStatus.FINISHED)
    assert store.run(spec.id).metrics == {}
    assert [e.data.get("previous") for e in store.events(spec.id) if e.kind == "started"] == [None, {"m": 1}]
