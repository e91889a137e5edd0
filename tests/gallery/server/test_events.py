from __future__ import annotations

import asyncio
import json
import threading
import time
from pathlib import Path

from erlangen.gallery.server.events import follow
from erlangen.papers import run_paper
from erlangen.runs import RunStore


class _Hand:
    """Stands for LiveRuns: what is in hand is told by the test."""

    def __init__(self, state=None, position=0, failure=None):
        self.now, self.place, self.reason = state, position, failure

    def state(self, _run_id):
        return self.now

    def position(self, _run_id):
        return self.place

    def failure(self, _run_id):
        return self.reason


def _collect(store, hand, run_id, after=0, *, closing=lambda: False, limit=10_000):
    async def collect():
        found = []
        async for line in follow(store, hand, run_id, after, closing):
            found.append(line)
            if len(found) >= limit:
                break
        return found

    result = []
    thread = threading.Thread(target=lambda: result.extend(asyncio.run(collect())))
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    return result


def _kinds(lines):
    return [line.split("event: ")[1].split("\n")[0] for line in lines if "event: " in line]


def test_a_finished_run_is_told_from_the_store_and_ends(store: RunStore, toys: Path):
    run = run_paper("toy-roll", store=store, root=toys)
    kinds = _kinds(_collect(store, _Hand(), run.id))
    assert kinds[0] == "started"
    assert kinds[-1] == "finished"
    assert kinds.count("finished") == 1
    assert "row" not in kinds


def test_after_an_id_only_what_came_later(store, toys):
    run = run_paper("toy-roll", store=store, root=toys)
    events = store.events(run.id)
    lines = _collect(store, _Hand(), run.id, after=events[-1].seq)
    assert _kinds(lines) == ["finished"]
    assert not any(line.startswith("id:") for line in lines)


def test_nan_is_null_on_the_line(store, toys):
    run = run_paper("toy-roll", store=store, root=toys)
    found = [json.loads(line.split("data: ")[1]) for line in _collect(store, _Hand(), run.id) if "strange" in line]
    assert {"name": "strange", "value": None} in found


def test_a_waiting_run_tells_its_place(store):
    lines = _collect(store, _Hand("queued", position=3), "0" * 12, limit=2)
    assert 'event: queued\ndata: {"position": 3}' in lines[-1]


def test_a_run_that_never_began_tells_why(store):
    lines = _collect(store, _Hand(failure="no such module"), "0" * 12)
    assert 'event: failed\ndata: {"error": "no such module"}' in lines[-1]


def test_taken_from_the_queue(store):
    assert _kinds(_collect(store, _Hand(), "0" * 12)) == ["interrupted"]


def test_it_ends_when_the_server_closes(store):
    began = time.monotonic()
    closing = iter([False, False, True, True])
    _collect(store, _Hand("running"), "0" * 12, closing=lambda: next(closing))
    assert time.monotonic() - began < 5
