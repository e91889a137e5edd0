"""Telling how far a long fit has come.

Definition: inside ``with reporting(callback):`` every embedding that is fitted calls ``callback(step, total, message)``.
Convention: the one protocol of the house for progress; a context variable, so that estimators carry no state and threads do not meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["report", "reporting"]

Callback = Callable[[int, int, str], None]

_CALLBACK: ContextVar[Callback | None] = ContextVar("erlangen_embedding_progress", default=None)


@contextmanager
def reporting(callback: Callback | None) -> Iterator[None]:
    """Have the embeddings fitted inside call ``callback(step, total, message)`` as they go; ``None`` is silence.

    Examples
    --------
    >>> from erlangen.estimators import ShortestPathEmbedding
    >>> with reporting(lambda step, total, message: print(f"{step}/{total} {message}")):
    ...     _ = ShortestPathEmbedding(1, n_neighbors=1).fit([[0.0], [1.0], [2.0], [3.0]])
    0/3 neighbour graph
    1/3 distances
    2/3 layout
    3/3 done
    """
    token = _CALLBACK.set(callback)
    try:
        yield
    finally:
        _CALLBACK.reset(token)


def report(step: int, total: int, message: str) -> None:
    """Tell whoever listens that ``step`` of ``total`` are done and what comes next."""
    callback = _CALLBACK.get()
    if callback is not None:
        callback(step, total, message)
