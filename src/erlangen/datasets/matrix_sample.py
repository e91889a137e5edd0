"""Labelled symmetric positive definite matrices, and what is known of the laws they were drawn from.

Definition: matrices X_i (n x n), a class each; of simulated ones the Fréchet mean and the dispersion of each class as well.
Convention: dispersion is the root mean square affine-invariant distance from the mean; arrays are read-only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import ShapeError

__all__ = ["MatrixSample"]


@dataclass(frozen=True, eq=False)
class MatrixSample:
    """Matrices and their ground truth.

    Parameters
    ----------
    X : ndarray (N, n, n)
        The matrices.
    y : ndarray (N,)
        Class of each, 0 … c - 1.
    name : str
        Which data set.
    label_names : tuple of str
        Names of the classes.
    groups : ndarray (N,), optional
        Who or what each matrix belongs to.
    means : ndarray (c, n, n), optional
        Affine-invariant Fréchet mean of each class' law.
    dispersion : ndarray (c,), optional
        Root mean square distance from it, under the law.
    source, licence : str
        Where the data come from, and under which terms.
    checksum : str, optional
        SHA-256 of the files that were read, joined by spaces.

    Examples
    --------
    >>> MatrixSample(np.eye(3)[None], np.zeros(1, dtype=int), "unit")
    MatrixSample('unit', N=1, n=3, classes=1)
    """

    X: NDArray[np.float64]
    y: NDArray[np.int64]
    name: str
    label_names: tuple[str, ...] = ()
    groups: NDArray[Any] | None = None
    means: NDArray[np.float64] | None = None
    dispersion: NDArray[np.float64] | None = None
    source: str = "simulated"
    licence: str = "none needed"
    checksum: str | None = None

    def __post_init__(self) -> None:
        for field in ("X", "y", "groups", "means", "dispersion"):
            array = getattr(self, field)
            if array is None:
                continue
            if field in ("y", "groups") and len(array) != len(self.X):
                message = f"{field} has {len(array)} entries, X has {len(self.X)} matrices"
                raise ShapeError(message, hint="one entry for each matrix")
            view = np.asarray(array).view()
            view.flags.writeable = False
            object.__setattr__(self, field, view)

    def __repr__(self) -> str:
        return f"MatrixSample({self.name!r}, N={len(self.X)}, n={self.X.shape[-1]}, classes={len(np.unique(self.y))})"

    def __len__(self) -> int:
        return len(self.X)
