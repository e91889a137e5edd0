"""The log of a run as server-sent events.

Definition: the stored events after ``Last-Event-ID``, then new ones as they come, until the run has ended; the id of an event is its number in the log.
Convention: a comment every ten seconds shows that the line is alive; the ends of earlier attempts are left out, the last event says how the run stands.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable

from erlangen.errors import DomainError
from erlangen.gallery.downloads import clean
from erlangen.gallery.server.live_runs import LiveRuns
from erlangen.runs import Run, RunStatus, RunStore

__all__ = ["follow", "frame"]

_POLL, _HEARTBEAT = 0.2, 10.0
_FORWARDED = ("started", "progress", "metric", "message")
_BATCH = 500


def frame(kind: str, data: object, seq: int | None = None) -> str:
    r"""Return one event as text.

    Examples
    --------
    >>> frame("progress", {"step": 1}, 7)
    'id: 7\nevent: progress\ndata: {"step": 1}\n\n'
    """
    number = "" if seq is None else f"id: {seq}\n"
    return f"{number}event: {kind}\ndata: {json.dumps(clean(data))}\n\n"


def _run(store: RunStore, run_id: str) -> Run | None:
    try:
        return store.run(run_id)
    except DomainError:
        return None


def _end(run: Run | None, failure: str | None) -> str | None:
    """Return the event that ends the line of a run that is not in hand here; None while another process executes it."""
    if run is None:
        return frame("failed" if failure else "interrupted", {"error": failure or "it was taken from the queue"})
    if run.status is RunStatus.RUNNING:
        return None
    if failure and run.status is not RunStatus.FINISHED:
        return frame("failed", {"error": run.error or failure})
    return frame(str(run.status), {"error": run.error, "seconds": run.seconds})


async def follow(
    store: RunStore, live: LiveRuns, run_id: str, after: int, closing: Callable[[], bool]
) -> AsyncIterator[str]:
    """Yield the events of a run after number ``after`` until it has ended or the server closes."""
    yield "retry: 1000\n\n"
    told = time.monotonic()
    place = -1
    while not closing():
        held = live.state(run_id)
        run = _run(store, run_id)
        found = store.events(run_id, after=after, limit=_BATCH) if run is not None else []
        for event in found:
            after = event.seq
            if event.kind in _FORWARDED:
                told = time.monotonic()
                yield frame(event.kind, event.data, event.seq)
        if held == "queued" and live.position(run_id) != place:
            place = live.position(run_id)
            yield frame("queued", {"position": place})
        end = _end(run, live.failure(run_id)) if held is None and len(found) < _BATCH else None
        if end is not None:
            yield end
            return
        if time.monotonic() - told > _HEARTBEAT:
            told = time.monotonic()
            yield ": alive\n\n"
        if len(found) < _BATCH:
            await asyncio.sleep(_POLL)
