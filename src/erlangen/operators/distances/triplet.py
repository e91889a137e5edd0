r"""Distances between rows, and the denoising of distances by them.

Definition: :math:`d_T(i, j) = \|D(i, \cdot) - D(j, \cdot)\|_2` (triplet distance); denoised: :math:`(1 - \rho) D + \rho\, d_T`.
Convention: where both rows are infinite they agree; where one is, the distance is infinite. Pairs that cancel in the product are measured again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.operators.distances.checks import check_distances
from erlangen.validation import check_memory, check_real

__all__ = ["denoise", "row_distances", "triplet_distance"]

_CANCELS = 1e-4
_PAIR_ENTRIES = 2**22


def triplet_distance(D: Any) -> NDArray[np.float64]:
    r"""Return the Euclidean distances between the rows of a matrix of distances.

    Parameters
    ----------
    D : array_like (m, n)
        Distances; infinite for unreached pairs.

    Returns
    -------
    ndarray (m, m)
        Symmetric, zero diagonal.

    Raises
    ------
    DomainError
        If an entry is negative or NaN.
    ResourceLimitError
        If the result would not fit in memory.

    Examples
    --------
    >>> triplet_distance([[0.0, 3.0], [4.0, 0.0]])
    array([[0., 5.],
           [5., 0.]])
    """
    return row_distances(check_distances(D))


def denoise(D: Any, rho: float) -> NDArray[np.float64]:
    r"""Return :math:`(1 - \rho) D + \rho\, d_T` for a square matrix of distances.

    Raises
    ------
    DomainError
        If rho is outside [0, 1], or an entry is negative or NaN.

    Examples
    --------
    >>> denoise([[0.0, 1.0], [1.0, 0.0]], 0.5).round(6)
    array([[0.      , 1.207107],
           [1.207107, 0.      ]])
    """
    values = check_distances(D, square=True)
    rho = check_real(rho, "rho", low=0.0, high=1.0)
    if rho == 0:
        return values.copy()
    triplet = row_distances(values)
    if rho == 1:
        return triplet
    triplet *= rho
    triplet += (1 - rho) * values
    return triplet


def row_distances(A: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Euclidean distances (m, m) between rows (m, n) that may hold infinities of one sign.

    Examples
    --------
    >>> row_distances(np.array([[1.0, np.inf], [2.0, np.inf], [1.0, 0.0]]))
    array([[ 0.,  1., inf],
           [ 1.,  0., inf],
           [inf, inf,  0.]])
    """
    m, n = A.shape
    check_memory(8.0 * (4 * m * m + 2 * m * n), f"distances between {m} rows of {n} entries")
    infinite = ~np.isfinite(A)
    rows = np.where(infinite, 0.0, A)
    reached = np.maximum((~infinite).sum(axis=0), 1)
    centred = np.where(infinite, 0.0, rows - rows.sum(axis=0) / reached)
    squares = np.einsum("ij,ij->i", centred, centred)
    gram = centred @ centred.T
    sums = squares[:, None] + squares
    gram *= -2.0
    gram += sums
    np.maximum(gram, 0.0, out=gram)
    _measure_again(rows, gram, sums)
    np.sqrt(gram, out=gram)
    if infinite.any():
        marks = infinite.astype(np.float32)
        counts = marks.sum(axis=1)
        gram[counts[:, None] + counts - 2 * (marks @ marks.T) > 0.5] = np.inf
    np.fill_diagonal(gram, 0.0)
    return gram


def _measure_again(rows: NDArray[np.float64], squared: NDArray[np.float64], sums: NDArray[np.float64]) -> None:
    """Replace the squared distances of near pairs, where the product cancels, by sums of squared differences."""
    left, right = np.nonzero(np.triu(squared < _CANCELS * sums, 1))
    size = max(1, _PAIR_ENTRIES // max(1, rows.shape[1]))
    for start in range(0, len(left), size):
        i, j = left[start : start + size], right[start : start + size]
        gap = rows[i] - rows[j]
        squared[i, j] = squared[j, i] = np.einsum("ij,ij->i", gap, gap)
