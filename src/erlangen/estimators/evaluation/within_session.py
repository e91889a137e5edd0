"""Cross-validation inside every session of every subject.

Definition: stratified folds of the trials of one session, shuffled with a seed; the session's score is the mean over its folds.
Convention: the same folds as MOABB's ``WithinSessionEvaluation`` for the same seed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from erlangen.errors import DomainError
from erlangen.estimators.evaluation.fold import Fold
from erlangen.estimators.evaluation.metadata import Metadata
from erlangen.estimators.evaluation.splitter import Splitter
from erlangen.validation import check_integer

__all__ = ["WithinSession"]


class WithinSession(Splitter):
    """Split every session into stratified folds.

    Parameters
    ----------
    n_splits : int
        Folds a session.
    random_state : int or RandomState, optional
        Seed of the shuffle.
    together : str, optional
        Column of the metadata (``"run"``, or the stretch of recording that windows were cut from) whose trials stay in one fold:
        neighbouring windows of one recording would leak.

    Examples
    --------
    >>> y = np.tile([0, 1], 10)
    >>> metadata = {"subject": np.ones(20), "session": np.repeat(["a", "b"], 10)}
    >>> [len(test) for _, test in WithinSession(5).split(None, y, metadata)]
    [2, 2, 2, 2, 2, 2, 2, 2, 2, 2]
    """

    def __init__(self, n_splits: int = 5, random_state: Any = 42, together: str | None = None) -> None:
        self.n_splits = n_splits
        self.random_state = random_state
        self.together = together

    def __repr__(self) -> str:
        together = "" if self.together is None else f", together={self.together!r}"
        return f"WithinSession(n_splits={self.n_splits}, random_state={self.random_state}{together})"

    def folds(self, y: NDArray[Any], metadata: Metadata) -> list[Fold]:
        """Return the folds of every session."""
        n_splits = check_integer(self.n_splits, "n_splits", low=2)
        found = []
        for subject in metadata.subjects():
            for session in metadata.sessions(subject):
                members = np.flatnonzero((metadata.subject == subject) & (metadata.session == session))
                _check_counts(y[members], n_splits, f"subject {subject}, session {session}")
                for train, test in self._splits(n_splits, y[members], metadata, members):
                    row = (subject, session, members[test])
                    found.append(Fold(members[train], (row,), len(members)))
        return found

    def _splits(self, n_splits: int, y: NDArray[Any], metadata: Metadata, members: NDArray[np.intp]) -> Any:
        """Return the folds of one session, which keep together what belongs together."""
        place = np.zeros(len(y))
        if self.together is None:
            return StratifiedKFold(n_splits, shuffle=True, random_state=self.random_state).split(place, y)
        groups = metadata.column(self.together)[members]
        count = len(np.unique(groups))
        if count < n_splits:
            message = f"{self.together!r} has {count} values in a session, fewer than n_splits = {n_splits}"
            raise DomainError(message, hint="use fewer folds, or another column")
        return StratifiedGroupKFold(n_splits, shuffle=True, random_state=self.random_state).split(place, y, groups)


def _check_counts(y: NDArray[Any], n_splits: int, place: str) -> None:
    """Refuse a session with one class, or with a class of fewer trials than folds."""
    classes, counts = np.unique(y, return_counts=True)
    if len(classes) < 2:
        message = f"{place}: all {len(y)} trials are of class {classes.tolist()[0]!r}"
        raise DomainError(message, hint="a classifier needs two classes; leave this session out")
    if counts.min() < n_splits:
        rare = classes.tolist()[np.argmin(counts)]
        message = f"{place}: class {rare!r} has {counts.min()} trials, fewer than n_splits = {n_splits}"
        raise DomainError(
            message, hint=f"use n_splits <= {counts.min()}" if counts.min() > 1 else "leave the session out"
        )
