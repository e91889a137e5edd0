"""The four states of a run.

Definition: RUNNING has a living process; INTERRUPTED can be resumed; FINISHED is final; FAILED ended in an error and can be tried again.
Convention: a run whose process is gone is INTERRUPTED, whatever was written last.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["RunStatus"]


class RunStatus(StrEnum):
    """Where a run stands.

    Examples
    --------
    >>> RunStatus("finished") is RunStatus.FINISHED
    True
    """

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    FINISHED = "finished"
    FAILED = "failed"
