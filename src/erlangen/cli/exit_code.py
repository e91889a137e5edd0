"""The closed list of exit codes.

Definition: an :class:`ExitCode` is what the shell sees in ``$?`` after ``erlangen``.
Convention: 0–4 follow the design of the house, 70 is ``EX_SOFTWARE`` of ``sysexits.h``, 130 and 141 are ``128 + SIGINT`` and ``128 + SIGPIPE``.
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """What the shell sees after ``erlangen``.

    Examples
    --------
    >>> int(ExitCode.INTERRUPTED)
    130
    """

    OK = 0
    REPRODUCTION = 1
    """A run failed, or a claim of a paper came out as failed (also: a self-test of ``doctor``)."""
    USAGE = 2
    """The command line itself is wrong."""
    BAD_INPUT = 3
    """A file, a value or the store is not what it has to be."""
    RESOURCE_LIMIT = 4
    """Not enough memory or disk; refused before the work where it could be estimated."""
    INTERNAL = 70
    """An unexpected error: ours; ``--debug`` prints the traceback."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C or SIGTERM; finished rows of a run are kept."""
    OUTPUT_CLOSED = 141
    """The reader of our output went away (``erlangen papers | head -1``)."""
