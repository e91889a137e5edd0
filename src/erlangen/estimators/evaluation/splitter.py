"""What the splitters of an evaluation share: scikit-learn's interface on top of folds.

Definition: a splitter lists :class:`Fold` objects; ``split`` yields their (train, test) pairs.
Convention: folds come subject by subject and session by session, in sorted order, as MOABB's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.estimators.evaluation.fold import Fold
from erlangen.estimators.evaluation.metadata import Metadata, read_metadata

__all__ = ["Splitter"]


class Splitter(ABC):
    """A way to split trials by subject and session; ``inner_groups`` are what an inner search must not mix."""

    inner_groups = "session"

    @abstractmethod
    def folds(self, y: NDArray[Any], metadata: Metadata) -> list[Fold]:
        """Return the folds."""

    def split(self, X: Any, y: Any, metadata: Any) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Yield the indices (train, test) of each fold.

        Raises
        ------
        DomainError, ShapeError
            If the metadata do not fit, or leave a fold without trials or without a second class to train on.
        """
        labels = np.asarray(y)
        for fold in self.folds(labels, read_metadata(metadata, len(labels))):
            yield fold.train, fold.test

    def get_n_splits(self, X: Any, y: Any, metadata: Any) -> int:
        """Return the number of folds."""
        labels = np.asarray(y)
        return len(self.folds(labels, read_metadata(metadata, len(labels))))


def check_classes(y: NDArray[Any], train: NDArray[np.intp], place: str) -> None:
    """Refuse a fold whose training trials are of one class.

    Raises
    ------
    DomainError
        With the place and the class.
    """
    classes = np.unique(y[train]).tolist()
    if len(classes) < 2:
        message = (
            f"{place}: the training trials are all of class {classes[0]!r}" if len(classes) else f"{place}: no trials"
        )
        raise DomainError(message, hint="a classifier needs two classes; leave this subject or session out")
