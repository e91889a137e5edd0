"""The store as a reader sees it: runs by id and prefix, newest first, statuses, events, pins."""

import re

import pytest

from erlangen.errors import DomainError, StoreError
from erlangen.runs import RunSpec, RunStatus, RunStore, execute


def specs(count, slug="toy"):
    return [RunSpec(slug, "quick", {"n": i}) for i in range(count)]


def finish(store, spec, **metrics):
    def work(context):
        for name, value in metrics.items():
            context.metric(name, value)

    return execute(work, spec, store=store)


def fail(store, spec):
    with pytest.raises(ZeroDivisionError):
        execute(lambda context: 1 / 0, spec, store=store)


def test_runs_are_listed_newest_first_by_slug_and_status(store):
    a, b, c = specs(3)
    other = RunSpec("other", "quick", {})
    for spec in (a, b, other):
        finish(store, spec)
    fail(store, c)
    assert [run.id for run in store.runs()] == [c.id, other.id, b.id, a.id]
    assert [run.id for run in store.runs("toy")] == [c.id, b.id, a.id]
    assert [run.id for run in store.runs("toy", RunStatus.FINISHED)] == [b.id, a.id]
    assert [run.id for run in store.runs(status="failed")] == [c.id]
    assert [run.id for run in store.runs(limit=2)] == [c.id, other.id]
    assert store.runs(limit=0) == store.runs("nothing") == []


@pytest.mark.parametrize("limit", [-1, 1.5, True, "3"])
def test_a_bad_limit_is_refused(store, limit):
    with pytest.raises(DomainError, match="limit must be an integer >= 0"):
        store.runs(limit=limit)


def test_an_unknown_status_lists_the_known(store):
    with pytest.raises(DomainError, match="running, interrupted, finished, failed; got 'done'"):
        store.runs(status="done")


def test_a_run_is_found_by_a_prefix_that_only_it_has(store):
    runs = [finish(store, spec) for spec in specs(20)]
    for run in runs:
        assert store.run(run.id).spec == run.spec
        assert store.run(f" {run.id.upper()} ").id == run.id
        alike = [other.id for other in runs if other.id[0] == run.id[0]]
        if len(alike) == 1:
            assert store.run(run.id[0]).id == run.id
        else:
            with pytest.raises(DomainError, match=rf"not unique: .*{alike[0][:1]}.*give more digits"):
                store.run(run.id[0])


@pytest.mark.parametrize("wanted", ["", "zzzz", "%", "_", "' or 1 --"])
def test_what_is_no_run_is_refused(store, spec, wanted):
    finish(store, spec)
    with pytest.raises(DomainError, match=re.escape(f"there is no run {wanted!r}")):
        store.run(wanted)


def test_the_latest_is_the_one_that_finished_last(store):
    a, b = specs(2)
    assert store.latest("toy") is None
    finish(store, a)
    finish(store, b)
    assert store.latest("toy").id == b.id
    execute(lambda context: None, a, store=store, again=True)
    assert store.latest("toy").id == a.id
    assert store.latest("toy", "quick").id == a.id
    assert store.latest("toy", "full") is None
    fail(store, RunSpec("toy", "full", {}))
    assert store.latest("toy").id == a.id


def test_events_are_numbered_without_gaps_and_read_from_any_place(store, spec):
    execute(lambda context: [context.message(str(i)) for i in range(5)], spec, store=store)
    events = store.events(spec.id)
    assert [event.seq for event in events] == list(range(1, 8))
    assert [event.kind for event in events] == ["started", *["message"] * 5, "finished"]
    assert store.events(spec.id, after=5) == events[5:]
    assert store.events(spec.id, after=1, limit=2) == events[1:3]
    assert events[-1].data["metrics"] == {}


def test_pins_are_kept_in_their_order(store):
    for slug in ("b", "a", "b"):
        store.pin(slug)
    store.pin("c", pinned=False)
    assert set(store.pins()) == {"a", "b"}
    store.pin("b", pinned=False)
    assert RunStore(store.path).pins() == ("a",)


def test_a_closed_store_opens_again(store, spec):
    finish(store, spec, m=1)
    store.close()
    assert store.run(spec.id).metrics == {"m": 1}
    assert str(store.path) in repr(store)


def test_a_run_tells_all_of_itself_as_json(store, spec):
    told = finish(store, spec, m=0.5).to_json()
    assert told["slug"] == "toy"
    assert told["parameters"] == {"n": 5}
    assert (told["status"], told["metrics"], told["attempt"], told["error"]) == ("finished", {"m": 0.5}, 1, None)
    assert told["versions"]["python"]


@pytest.mark.parametrize(
    ("statement", "read", "part"),
    [
        ("UPDATE runs SET spec = '{'", lambda s, i: s.run(i), "the specification of run"),
        ('UPDATE runs SET spec = \'{"slug":"Big"}\'', lambda s, i: s.run(i), "the specification of run"),
        ("UPDATE metrics SET value = '1e'", lambda s, i: s.run(i), "metric 'm' of run"),
        ("UPDATE rows SET value = 'NaN'", lambda s, i: s.rows(i), "row 'a' of run"),
        ("UPDATE arrays SET data = x'00'", lambda s, i: s.arrays(i), "array 'x' is damaged"),
    ],
)
def test_a_damaged_record_is_named(store, spec, statement, read, part):
    def work(context):
        context.step("a", int)
        context.array("x", [1.0])
        context.metric("m", 1)

    execute(work, spec, store=store)
    with store.database.transaction() as connection:
        connection.execute(statement)
    with pytest.raises(StoreError, match=part) as caught:
        read(store, spec.id)
    assert "erlangen doctor" in caught.value.hint
