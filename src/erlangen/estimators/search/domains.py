"""Sessions of trials as a search is told of them: read, and asked for by metadata routing.

Definition: ``domains`` is one label a trial; steps that recentre ask for it in scikit-learn's metadata routing, and so does what holds them.
Convention: labels become numbers in the order of their values; ``None`` where nothing is recentred.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.validation import check_choice

__all__ = ["MODES", "ask_for_domains", "read_domains"]

MODES = ("transductive", "fitted", "running")
_ASKING = ("fit", "predict", "predict_proba", "decision_function")


def read_domains(domains: Any, count: int, recentre: str | None) -> NDArray[np.intp] | None:
    """Return a number for each of ``count`` trials, or ``None`` where nothing is recentred.

    Raises
    ------
    DomainError, ShapeError
        If the mode is unknown, domains are given though nothing is recentred, or there is not one a trial.

    Examples
    --------
    >>> read_domains(["b", "a", "b"], 3, "fitted").tolist(), read_domains(None, 2, None)
    ([1, 0, 1], None)
    """
    if recentre is None:
        if domains is not None:
            message = "domains are given, but recentre is None"
            raise DomainError(message, hint="pass recentre='transductive', or leave domains out")
        return None
    check_choice(recentre, "recentre", MODES)
    if domains is None:
        return np.zeros(count, dtype=np.intp)
    labels = np.asarray(domains)
    if labels.shape != (count,):
        message = f"domains must have shape ({count},), one label a trial, got {labels.shape}"
        raise ShapeError(message, hint="pass the session (or subject) of every trial")
    found: NDArray[np.intp] = np.unique(labels, return_inverse=True)[1]
    return found


def ask_for_domains(requests: Any) -> Any:
    """Return scikit-learn's metadata requests with ``domains`` among them, for fitting and predicting."""
    for method in _ASKING:
        getattr(requests, method).add_request(param="domains", alias=True)
    return requests
