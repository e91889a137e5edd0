"""The stop of a run on request: not an error of the run, which can be resumed.

Definition: raised when Ctrl-C or SIGTERM asked a run to stop and its current row was finished and stored.
Convention: exit code 130, as of a shell's interrupted command; the hint is the line that resumes.
"""

from __future__ import annotations

from erlangen.errors import ErlangenError

__all__ = ["RunInterrupted"]


class RunInterrupted(ErlangenError):  # noqa: N818 - an interruption is no error
    """A run was stopped; ``run_id`` names what can be resumed.

    Examples
    --------
    >>> RunInterrupted("6aa9a5fc8e5e", rows=12).message
    'run 6aa9a5fc8e5e was interrupted; its 12 rows are kept'
    """

    exit_code = 130

    def __init__(self, run_id: str, *, rows: int = 0) -> None:
        message = f"run {run_id} was interrupted; its {rows} rows are kept"
        super().__init__(message, hint=f"erlangen resume {run_id}")
        self.run_id = run_id
        self.rows = rows
