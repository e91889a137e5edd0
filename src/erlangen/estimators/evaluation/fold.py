"""One train–test split of an evaluation.

Definition: disjoint sets of trials, with the rows of the result table that the test trials belong to.
Convention: a row is named by subject and session; several folds may share one (their scores are averaged).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Fold"]


@dataclass(frozen=True)
class Fold:
    """Indices to train and to test on; ``rows`` are (subject, session, test indices); ``samples`` is what the table says."""

    train: NDArray[np.intp]
    rows: tuple[tuple[Any, Any, NDArray[np.intp]], ...]
    samples: int

    @property
    def test(self) -> NDArray[np.intp]:
        """All indices to test on."""
        return np.concatenate([row[2] for row in self.rows])
