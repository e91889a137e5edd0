r"""Diffusion distances: how differently heat spreads from two vertices.

Definition: :math:`DM_t^2(i, j) = \|H_t e_i - H_t e_j\|^2 = H_{2t}(i, i) + H_{2t}(j, j) - 2 H_{2t}(i, j)` (Coifman, Lafon 2006).
Convention: for the symmetric form of a Laplacian the two sides are equal; near pairs lose digits on the right side, not on the left.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.operators.distances.checks import check_lengths, zero_own
from erlangen.operators.distances.triplet import row_distances
from erlangen.validation import check_matrix, check_memory

__all__ = ["diffusion_distance"]


def diffusion_distance(
    H: Any, *, row_diagonal: Any = None, column_diagonal: Any = None, sources: Any = None
) -> NDArray[np.float64]:
    r"""Return diffusion distances: between the rows given, or from rows at twice the time and its diagonal.

    Parameters
    ----------
    H : array_like (m, n)
        Rows of :math:`H_t` without diagonals, or rows of :math:`H_{2t}` with both of them.
    row_diagonal, column_diagonal : array_like (m,), (n,), optional
        The diagonal of :math:`H_{2t}` at rows and columns: both or neither.
    sources : array_like (m,), optional
        Vertices of the rows, see :func:`varadhan_distance`; without diagonals not needed.

    Returns
    -------
    ndarray (m, m) between rows, or (m, n) with diagonals

    Raises
    ------
    DomainError
        If an entry is not finite, or one diagonal is given without the other.

    Examples
    --------
    >>> diffusion_distance([[1.0, 0.0], [0.0, 1.0]]).round(6)
    array([[0.      , 1.414214],
           [1.414214, 0.      ]])
    """
    rows = check_matrix(H, "H").astype(np.float64, copy=False)
    if (row_diagonal is None) != (column_diagonal is None):
        message = "row_diagonal and column_diagonal go together: one is missing"
        raise DomainError(message, hint="pass both, for rows of H at twice the time, or neither")
    if row_diagonal is None:
        return row_distances(rows)
    left = check_lengths(row_diagonal, "row_diagonal", rows.shape[0])
    right = check_lengths(column_diagonal, "column_diagonal", rows.shape[1])
    check_memory(8.0 * rows.size, f"distances {rows.shape}")
    D = rows * -2.0
    D += left[:, None]
    D += right
    np.maximum(D, 0.0, out=D)
    np.sqrt(D, out=D)
    return zero_own(D, sources)
