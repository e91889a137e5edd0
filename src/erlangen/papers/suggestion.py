"""Did you mean …? The nearest of the names that exist.

Definition: the closest by ``difflib`` with similarity at least 0.5, else the whole list.
Convention: the text is a remedy, for the ``hint`` of a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["suggestion"]


def suggestion(name: object, options: Iterable[str]) -> str:
    """Return what was probably meant.

    Examples
    --------
    >>> suggestion("kknn", ["knn", "decay"])
    "did you mean 'knn'?"
    >>> suggestion("x", ["knn", "decay"])
    'choose one of knn, decay'
    """
    known = list(options)
    near = get_close_matches(str(name).lower(), known, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"choose one of {', '.join(known)}" if known else "there is none to choose from"
