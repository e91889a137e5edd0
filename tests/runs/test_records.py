"""Records: what the table says and whether its process lives, read together."""

import pytest

from erlangen.errors import StoreError
from erlangen.runs import RunStatus, RunStore, execute
from erlangen.runs.attempt import Attempt
from erlangen.runs.records import is_orphan, read_json


def line(store, spec):
    return store.database.read("SELECT * FROM runs WHERE id = ?", (spec.id,))[0]


def change(store, statement):
    with store.database.transaction() as connection:
        connection.execute(statement)


def test_only_a_running_run_can_be_an_orphan(store, spec):
    execute(lambda context: None, spec, store=store)
    assert not is_orphan(line(store, spec))


@pytest.mark.parametrize("owner", ["NULL", "'{\"pid\":1}'", "'[]'"])
def test_a_running_run_without_a_readable_owner_is_one(store, spec, owner):
    attempt = Attempt.claim(store, spec, {})
    assert not is_orphan(line(store, spec))
    change(store, f"UPDATE runs SET owner = {owner}")
    assert is_orphan(line(store, spec))
    assert store.run(spec.id).status is RunStatus.INTERRUPTED
    attempt.release()


def test_opening_for_writing_recovers_and_reading_does_not(store, spec):
    attempt = Attempt.claim(store, spec, {})
    attempt.release()
    with RunStore(store.path, read_only=True) as reader:
        assert reader.runs()[0].status is RunStatus.INTERRUPTED
        assert line(reader, spec)["status"] == "running"
    with RunStore(store.path):
        assert line(store, spec)["status"] == "interrupted"
        assert [event.kind for event in store.events(spec.id)] == ["started", "interrupted"]


@pytest.mark.parametrize("text", ["", "{", "NaN", '{"$float": "many"}', "[" * 100_000])
def test_a_damaged_text_is_a_store_error_that_names_the_record(text):
    with pytest.raises(StoreError, match=r"row 'a' is damaged: .*erlangen doctor"):
        read_json(text, "row 'a'")
