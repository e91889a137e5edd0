"""Execute a run: new, resumed, or already there.

Definition: ``execute(function, spec)`` is idempotent: a finished run of the same id is returned, an interrupted or failed one goes on from its rows.
Convention: the first Ctrl-C or SIGTERM finishes the current row and raises RunInterrupted; the second stops at once; either way the run can be resumed.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import suppress

from erlangen.errors import ErlangenError, StoreError
from erlangen.runs.attempt import Attempt
from erlangen.runs.context import Progress, RunContext
from erlangen.runs.parallel import inner_threads
from erlangen.runs.provenance import environment
from erlangen.runs.run import Run
from erlangen.runs.run_interrupted import RunInterrupted
from erlangen.runs.run_spec import RunSpec
from erlangen.runs.run_status import RunStatus
from erlangen.runs.stop import StopRequest, stop_on_signals
from erlangen.runs.store import RunStore
from erlangen.validation import check_integer

__all__ = ["execute"]


def execute(
    function: Callable[[RunContext], None],
    spec: RunSpec,
    *,
    store: RunStore,
    jobs: int = 1,
    cluster: str | None = None,
    on_progress: Progress | None = None,
    again: bool = False,
    stop: StopRequest | None = None,
) -> Run:
    """Execute ``function(context)`` as the run of ``spec`` and return it, finished.

    Parameters
    ----------
    function : callable
        Deterministic given the context: everything random from ``context.rng``.
    spec : RunSpec
    store : RunStore
    jobs : int
        Processes of ``context.map``; the results do not depend on it. -1 takes all processors.
    cluster : str, optional
        Address of a Dask scheduler (``tcp://HOST:PORT``) that takes the place of ``jobs``.
    on_progress : callable, optional
        ``on_progress(step, total, message, metrics)``.
    again : bool
        Discard the rows and results of an earlier run of the same id and compute everything anew (the log keeps the old metrics).
    stop : StopRequest, optional
        Asked from another thread, it stops the run after the current row.

    Raises
    ------
    RunInterrupted
        If the run was stopped; it can be resumed by the same call.
    StoreError
        If the run is being executed elsewhere, or the store cannot be written.
    Exception
        Whatever ``function`` raised; the run is then FAILED and keeps its rows.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> store = RunStore(pathlib.Path(tempfile.mkdtemp()) / "runs.sqlite")
    >>> def squares(context):
    ...     rows = context.map(pow, {str(i): (i, 2) for i in range(context.parameters["n"])})
    ...     context.metric("sum", sum(rows.values()))
    >>> execute(squares, RunSpec("toy", "quick", {"n": 4}), store=store).metrics
    {'sum': 14}
    """
    check_integer(jobs, "jobs", low=-1)
    if jobs == 0:
        check_integer(jobs, "jobs", low=1)
    attempt = Attempt.claim(store, spec, environment(), again=again)
    if attempt is None:
        return store.run(spec.id)
    request = StopRequest() if stop is None else stop
    try:
        with stop_on_signals(request), inner_threads(spec.threads):
            context = RunContext(spec, attempt, request, jobs=jobs, cluster=cluster, on_progress=on_progress)
            function(context)
            attempt.end(RunStatus.FINISHED)
    except (RunInterrupted, KeyboardInterrupt) as error:
        raise _interrupted(attempt, error) from error
    except StoreError:
        with suppress(StoreError):
            attempt.end(RunStatus.INTERRUPTED, data={"reason": "the store could not be written"})
        attempt.release()
        raise
    except BaseException as error:
        if request.asked and not isinstance(error, ErlangenError):
            raise _interrupted(attempt, error) from error
        _failed(attempt, error)
        raise
    return store.run(spec.id)


def _interrupted(attempt: Attempt, error: BaseException) -> RunInterrupted:
    """Mark the run as interrupted and return what to raise."""
    at_once = not isinstance(error, RunInterrupted)
    with suppress(StoreError):
        attempt.end(RunStatus.INTERRUPTED, data={"reason": "stopped at once" if at_once else "stopped after a row"})
    attempt.release()
    return RunInterrupted(attempt.run_id, rows=len(attempt.rows()))


def _failed(attempt: Attempt, error: BaseException) -> None:
    """Mark the run as failed, with the traceback in its log."""
    line = f"{type(error).__name__}: {error}".splitlines()[0][:500]
    log = "".join(traceback.format_exception(error))[-20000:]
    with suppress(StoreError):
        attempt.end(RunStatus.FAILED, error=line, data={"error": line, "traceback": log})
    attempt.release()
