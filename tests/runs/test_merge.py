"""Two stores into one: by the hash of the specification, with nothing lost, mixed or changed on the other side."""

import sqlite3
from contextlib import closing

import pytest

from erlangen.errors import StoreError
from erlangen.runs import RunSpec, RunStatus, RunStore, canonical, execute
from erlangen.runs.attempt import Attempt


@pytest.fixture
def other(tmp_path):
    with RunStore(tmp_path / "other" / "theirs.sqlite") as opened:
        yield opened


def partial(store, spec, rows):
    """Leave an interrupted run with some rows."""
    attempt = Attempt.claim(store, spec, {})
    for key, value in rows.items():
        attempt.row(key, canonical(value))
    attempt.end(RunStatus.INTERRUPTED)


def finish(store, spec, metric=1.0):
    def work(context):
        context.step("a", lambda: metric)
        context.array("x", [metric])
        context.figure("f", b"svg")
        context.metric("m", metric)

    return execute(work, spec, store=store)


def test_runs_of_the_other_are_added_with_all_that_belongs_to_them(store, other, spec):
    finish(other, spec)
    other.pin("toy")
    before = other.path.read_bytes()
    report = store.merge(other.path)
    assert (report.added, report.updated, report.kept, report.conflicts) == ((spec.id,), (), (), ())
    assert store.run(spec.id) == other.run(spec.id)
    for read in (RunStore.rows, RunStore.figures, RunStore.array_bytes, RunStore.events):
        assert read(store, spec.id) == read(other, spec.id)
    assert store.pins() == ("toy",)
    assert store.verify().ok
    assert other.path.read_bytes() == before
    assert store.merge(other.path).kept == (spec.id,)


def test_a_finished_run_is_worth_more_than_an_unfinished_one(store, other, spec):
    partial(store, spec, {"a": 1.0, "b": 2})
    finish(other, spec)
    assert store.merge(other.path).updated == (spec.id,)
    assert store.run(spec.id).status is RunStatus.FINISHED
    assert store.rows(spec.id) == {"a": 1.0}
    assert store.verify().ok
    back = other.merge(store.path)
    assert back.kept == (spec.id,)


def test_rows_of_unfinished_runs_unite_and_the_run_goes_on_from_them(store, other, spec):
    partial(store, spec, {"a": 1, "b": 2})
    partial(other, spec, {"b": 2, "c": 3})
    assert store.merge(other.path).updated == (spec.id,)
    assert store.rows(spec.id) == {"a": 1, "b": 2, "c": 3}
    calls = []
    execute(lambda context: context.map(calls.append, {k: k for k in "abcd"}), spec, store=store)
    assert calls == ["d"]
    assert store.verify().ok


def test_unfinished_runs_whose_rows_differ_are_not_mixed(store, other, spec):
    partial(store, spec, {"a": 1})
    partial(other, spec, {"a": 1.5, "c": 3})
    assert store.merge(other.path).conflicts == (spec.id,)
    assert store.rows(spec.id) == {"a": 1}


def test_finished_runs_with_other_metrics_are_a_conflict(store, other, spec):
    finish(store, spec, 1.0)
    finish(other, spec, 2.0)
    assert store.merge(other.path).conflicts == (spec.id,)
    assert store.run(spec.id).metrics == {"m": 1.0}


def test_a_run_being_executed_here_is_left_alone_and_one_there_comes_as_interrupted(store, other, spec):
    second = RunSpec("toy", "other", {})
    mine, theirs = Attempt.claim(store, spec, {}), Attempt.claim(other, second, {})
    theirs.row("a", "1")
    finish(RunStore(other.path), spec)
    report = store.merge(other.path)
    assert (report.kept, report.added) == ((spec.id,), (second.id,))
    assert store.run(spec.id).status is RunStatus.RUNNING
    assert store.run(second.id).status is RunStatus.INTERRUPTED
    assert store.rows(second.id) == {"a": 1}
    mine.end(RunStatus.FINISHED)
    theirs.end(RunStatus.FINISHED)
    assert store.merge(store.path).added == ()


@pytest.mark.parametrize("content", [None, b"", b"text" * 500])
def test_what_is_no_store_is_refused_or_empty(store, tmp_path, content):
    path = tmp_path / "other file"
    if content is not None:
        path.write_bytes(content)
    if content == b"":
        assert store.merge(path).added == ()
    else:
        with pytest.raises(StoreError, match="other file"):
            store.merge(path)


def test_a_store_of_other_software_is_refused(store, tmp_path):
    with closing(sqlite3.connect(tmp_path / "theirs")) as connection:
        connection.execute("CREATE TABLE runs (id)")
        connection.commit()
    with pytest.raises(StoreError, match="other software"):
        store.merge(tmp_path / "theirs")


def test_a_damaged_store_is_refused_whole(store, other, spec):
    finish(other, spec)
    finish(other, RunSpec("toy", "second", {}))
    with other.database.transaction() as connection:
        connection.execute("UPDATE rows SET value = '99' WHERE run = ?", (spec.id,))
    with pytest.raises(StoreError, match=r"is damaged: run .*row 'a' does not match its hash"):
        store.merge(other.path)
    assert store.runs() == []
