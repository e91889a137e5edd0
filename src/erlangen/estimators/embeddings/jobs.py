"""The number of threads that scikit-learn's ``n_jobs`` stands for.

Definition: ``None`` and -1 are all processors this process may use, a positive number is itself.
Convention: the refusal names ``n_jobs``, as the user does.
"""

from __future__ import annotations

from erlangen.native import default_threads
from erlangen.validation import check_integer

__all__ = ["thread_count"]


def thread_count(n_jobs: int | None) -> int:
    """Return the number of threads.

    Raises
    ------
    DomainError
        If ``n_jobs`` is neither ``None``, -1, nor between 1 and 1024.

    Examples
    --------
    >>> thread_count(2), thread_count(-1) == thread_count(None)
    (2, True)
    """
    if n_jobs is None or n_jobs == -1:
        return default_threads()
    return check_integer(n_jobs, "n_jobs", low=1, high=1024)
