"""Inner folds of a search that keep groups together.

Definition: every estimator of a pipeline with a parameter ``cv`` is given explicit folds of the training trials, none of which divides a group.
Convention: with one group in the training set nothing can be mixed, and the estimator keeps its own folds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    LeaveOneGroupOut,
    LeavePGroupsOut,
    StratifiedGroupKFold,
    check_cv,
)

__all__ = ["group_inner_folds"]

_GROUPED = (GroupKFold, GroupShuffleSplit, LeaveOneGroupOut, LeavePGroupsOut, StratifiedGroupKFold)


def group_inner_folds(estimator: Any, y: NDArray[Any], groups: NDArray[np.intp]) -> Any:
    """Set the ``cv`` of every search inside an estimator (which is changed) to folds that keep groups together.

    Folds of a splitter by groups are its own; a number, or a splitter that would mix them, becomes stratified group folds of at
    most as many parts as there are groups.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.model_selection import GridSearchCV
    >>> search = GridSearchCV(LogisticRegression(), {"C": [1, 10]}, cv=3)
    >>> y, groups = np.tile([0, 1], 6), np.repeat([0, 1], 6)
    >>> [test.tolist() for _, test in group_inner_folds(search, y, groups).cv]
    [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
    """
    if len(np.unique(groups)) > 1:
        for name, part in _parts(estimator):
            if "cv" in part.get_params(deep=False):
                cv = part.get_params(deep=False)["cv"]
                if not _is_explicit(cv):
                    estimator.set_params(**{f"{name}cv": _folds(cv, y, groups)})
    return estimator


def _parts(estimator: Any) -> list[tuple[str, Any]]:
    """Return the estimator and the steps of a pipeline, with the prefixes of their parameters; rows are the same in all."""
    parts = [("", estimator)]
    for name, step in getattr(estimator, "steps", []):
        if hasattr(step, "get_params"):
            parts += [(f"{name}__{inner}", part) for inner, part in _parts(step)]
    return parts


def _is_explicit(cv: Any) -> bool:
    """Return whether folds are given as indices or by name, which are left as they are."""
    return isinstance(cv, str) or (hasattr(cv, "__iter__") and not hasattr(cv, "split"))


def _folds(cv: Any, y: NDArray[Any], groups: NDArray[np.intp]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return folds that keep groups together."""
    splitter: Any = check_cv(cv, y, classifier=True)
    place = np.zeros(len(y))
    if not isinstance(splitter, _GROUPED):
        count = min(int(splitter.get_n_splits(place, y, groups)), len(np.unique(groups)))
        splitter = StratifiedGroupKFold(max(count, 2))
    return list(splitter.split(place, y, groups))
