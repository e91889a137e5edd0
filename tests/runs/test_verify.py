"""Verification: every kind of damage is found and named, down to one flipped bit of a stored byte."""

import random
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from erlangen.errors import ErlangenError, StoreError
from erlangen.runs import RunSpec, RunStatus, RunStore, canonical, execute


@pytest.fixture
def filled(tmp_path):
    """The path of a store with two runs, closed, all of it in one file."""
    path = tmp_path / "runs.sqlite"
    with RunStore(path) as store:
        for n in range(2):
            execute(work, RunSpec("toy", "quick", {"n": n}), store=store)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return path


def work(context):
    for i in range(20):
        context.step(f"row {i}", lambda i=i: {"value": i / 7, "text": "ä" * i})
    context.array("x", np.arange(30.0))
    context.figure("f", b"<svg/>" * 20, caption="a figure")
    context.metric("m", 0.1)


def content(path):
    """Return everything a run computed, as one value."""
    with RunStore(path, read_only=True) as store:
        runs = store.runs(status=RunStatus.FINISHED)
        return [
            (
                canonical(run.spec.to_json()),
                canonical(run.metrics),
                canonical(store.rows(run.id)),
                store.array_bytes(run.id),
                store.figures(run.id),
            )
            for run in runs
        ]


def test_a_sound_store_is_counted(filled):
    with RunStore(filled) as store:
        found = store.verify()
    assert (found.ok, found.problems, found.runs, found.rows, found.path) == (True, (), 2, 40, filled)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE rows SET value = '1' WHERE key = 'row 3'", "row 'row 3' does not match its hash"),
        ("UPDATE rows SET key = 'row x' WHERE key = 'row 3'", "row 'row x' does not match its hash"),
        ("UPDATE figures SET data = x'00'", "figure 'f' does not match its hash"),
        ("UPDATE figures SET caption = 'another'", "figure 'f' does not match its hash"),
        ("UPDATE arrays SET data = x'00'", "array 'x' does not match its hash"),
        ("UPDATE metrics SET value = '0.2'", "its metrics differ from those declared"),
        ("DELETE FROM metrics", "its metrics differ from those declared"),
        ("UPDATE metrics SET value = '{'", "its metrics differ from those declared"),
        ("UPDATE runs SET spec = replace(spec, '\"seed\":0', '\"seed\":1')", "its specification has the id"),
        ("UPDATE runs SET slug = 'tax'", "its specification has the id"),
        ("UPDATE runs SET spec = '{'", "its specification is damaged"),
        ("DELETE FROM events WHERE seq = 4", "its log has 24 events numbered 1 to 25"),
        ("UPDATE rows SET value = CAST(x'ff' AS TEXT) WHERE key = 'row 3'", "Could not decode"),
    ],
)
def test_each_kind_of_damage_is_named(filled, statement, problem):
    with RunStore(filled) as store:
        with store.database.transaction() as connection:
            connection.execute("DROP TRIGGER events_are_kept")
            connection.execute(statement)
        found = store.verify()
    assert not found.ok
    assert any(problem in line for line in found.problems), found.problems


def test_flipped_bits_never_change_a_result_unseen(filled):
    """Flip single bits all over the file: the damage is found, or no result has changed."""
    sound, whole = content(filled), filled.read_bytes()
    generator = random.Random(7)
    found = 0
    for _ in range(150):
        data = bytearray(whole)
        data[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
        filled.write_bytes(data)
        try:
            with RunStore(filled) as store:
                ok = store.verify().ok
            seen = ok and content(filled)
        except ErlangenError:
            ok = False
        for rest in filled.parent.glob("runs.sqlite-*"):
            rest.unlink()
        found += not ok
        if ok:
            assert seen == sound
    assert found > 30


def test_a_file_that_cannot_be_read_at_all_is_a_refusal(filled):
    data = bytearray(filled.read_bytes())
    with RunStore(filled) as store:
        store.database.connection()
        data[100:4096] = bytes(3996)
        filled.write_bytes(data)
    with pytest.raises(StoreError):
        RunStore(filled).verify()
