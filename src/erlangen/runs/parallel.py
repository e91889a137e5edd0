"""Many independent rows: here, in processes of this machine, or on a Dask cluster; the same results whichever.

Definition: ``compute`` yields (key, canonical text) as rows are finished, in any order; each task runs with the same number of inner threads.
Convention: everything goes through joblib; ``cluster`` is the address of a Dask scheduler and takes the place of ``jobs``.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

from joblib import Parallel, delayed, parallel_config
from threadpoolctl import threadpool_limits

from erlangen.errors import BackendError, DomainError
from erlangen.runs.canonical_json import canonical
from erlangen.validation import require

__all__ = ["compute", "inner_threads"]

_CONNECT_SECONDS = 20
_WATCH_SECONDS = 0.5


class _Limits:
    """The thread limits in force: set by each that enters, given back by the last that leaves.

    Tasks in the threads of one Dask worker overlap; were each to give back what it found, one that ends would free the others.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._former: tuple[threadpool_limits, int | None] | None = None

    def enter(self, threads: int) -> None:
        torch = sys.modules.get("torch")
        with self._lock:
            former = threadpool_limits(limits=threads), None if torch is None else torch.get_num_threads()
            if torch is not None:
                torch.set_num_threads(threads)
            self._former = self._former if self._inside else former
            self._inside += 1

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0 and self._former is not None:
                limiter, torch_threads = self._former
                limiter.restore_original_limits()
                if torch_threads is not None:
                    sys.modules["torch"].set_num_threads(torch_threads)


_LIMITS = _Limits()


@contextmanager
def inner_threads(threads: int) -> Iterator[None]:
    """Limit BLAS, OpenMP and torch to ``threads`` threads inside the block; blocks of one process that overlap end together."""
    _LIMITS.enter(threads)
    try:
        yield
    finally:
        _LIMITS.leave()


@cache
def _end_with(parent: int) -> None:
    """Let this worker end soon after the process of the run, even one that was killed and could not tell."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_SECONDS)
        os._exit(1)

    if os.getppid() == parent:
        threading.Thread(target=watch, name="watch-parent", daemon=True).start()


def _task(
    function: Callable[..., Any], key: str, args: tuple[Any, ...], threads: int, parent: int | None
) -> tuple[str, str]:
    """Compute one row in a worker; a Ctrl-C meant for the run's own process does not end the row."""
    if parent is not None:
        _end_with(parent)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    with inner_threads(threads):
        return key, canonical(function(*args))


@contextmanager
def _dask(address: str) -> Iterator[None]:
    """Send joblib's work to a Dask scheduler."""
    distributed = require("distributed", extra="dask", purpose=f"cluster={address!r}")
    if not isinstance(address, str) or "://" not in address:
        message = f"cluster must be the address of a Dask scheduler, got {address!r}"
        raise DomainError(message, hint="for example tcp://127.0.0.1:8786")
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"no Dask scheduler answers at {address} within {_CONNECT_SECONDS} s: {error}"
        raise BackendError(
            message, hint="start one with `dask scheduler`, and workers with `dask worker ADDRESS`"
        ) from error
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            message = f"the Dask scheduler at {address} has no workers"
            raise BackendError(message, hint=f"start one with `dask worker {address}`")
        with parallel_config("dask", client=client):
            yield


def compute(
    function: Callable[..., Any],
    items: Mapping[str, tuple[Any, ...]],
    *,
    threads: int,
    jobs: int,
    cluster: str | None,
    stopped: Callable[[], bool],
) -> Iterator[tuple[str, str]]:
    """Yield (key, canonical text of ``function(*args)``) for each item; after ``stopped()`` no further one is begun.

    Raises
    ------
    BackendError
        If the cluster does not answer.
    """
    if cluster is None and (jobs == 1 or len(items) == 1):
        for key, args in items.items():
            if stopped():
                return
            yield key, canonical(function(*args))
        return
    parent = os.getpid() if cluster is None else None
    with ExitStack() as stack:
        if cluster is not None:
            stack.enter_context(_dask(cluster))
            pool = Parallel(return_as="generator_unordered")
        else:
            stack.enter_context(parallel_config("loky", inner_max_num_threads=threads))
            pool = Parallel(n_jobs=min(jobs, len(items)) if jobs > 0 else jobs, return_as="generator_unordered")
        yield from pool(_begin(function, items, threads, parent, stopped))


def _begin(
    function: Callable[..., Any],
    items: Mapping[str, tuple[Any, ...]],
    threads: int,
    parent: int | None,
    stopped: Callable[[], bool],
) -> Iterable[Any]:
    """Yield the tasks, none after a stop was asked for."""
    for key, args in items.items():
        if stopped():
            return
        yield delayed(_task)(function, key, args, threads, parent)
