"""Ranks of neighbours by distance, shared by the scores that compare neighbourhoods.

Definition: the rank of j from i counts the points nearer to i, itself left out, beginning with 1.
Convention: ties go to the smaller index; rows are sources, and a row leaves its own source out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.estimators.mds.checks import real_matrix
from erlangen.validation import check_shape

__all__ = ["checked_pair", "checked_rows", "neighbour_order", "own_columns", "ranks_of"]

Array = NDArray[np.float64]


def checked_rows(D: Any, name: str) -> Array:
    """Return rows of distances (m, n): not NaN, >= 0; infinity marks a pair not reached.

    Examples
    --------
    >>> checked_rows([[0, 1]], "D")
    array([[0., 1.]])
    """
    array, _ = real_matrix(D, name)
    bad = ~(array >= 0)
    if bad.any():
        i, j = (int(k) for k in np.argwhere(bad)[0])
        message = (
            f"{name}[{i}, {j}] = {array[i, j]:.6g} is not a distance; {int(bad.sum())} entries are NaN or negative"
        )
        raise DomainError(message, hint="mark a pair that is not reached by infinity")
    return array


def checked_pair(D: Any, G: Any) -> tuple[Array, Array]:
    """Return two arrays of distances of one shape.

    Examples
    --------
    >>> checked_pair([[0, 1]], [[0, 2]])[1]
    array([[0., 2.]])
    """
    a, b = checked_rows(D, "D"), checked_rows(G, "G")
    check_shape(b, "G", a.shape)
    return a, b


def own_columns(shape: tuple[int, ...], sources: Any = None) -> NDArray[np.intp]:
    """Return the column of each row's own point: the diagonal of a square array, else ``sources``.

    Examples
    --------
    >>> own_columns((2, 5), [4, 0])
    array([4, 0])
    """
    m, n = shape
    if sources is None:
        if m != n:
            message = f"rows of shape {shape} do not say which column is their own point"
            raise DomainError(message, hint="pass sources=, the index of each row's point")
        return np.arange(n)
    own = np.asarray(sources)
    if own.shape != (m,) or own.dtype.kind not in "iu" or (m and not (own.min() >= 0 and own.max() < n)):
        message = f"sources must be {m} indices in [0, {n - 1}], got shape {own.shape} of dtype {own.dtype}"
        raise DomainError(message, hint="one index for each row")
    return own.astype(np.intp)


def neighbour_order(D: Array, own: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the other points (m, n - 1) of each row, nearest first.

    Examples
    --------
    >>> neighbour_order(np.array([[0.0, 2.0, 1.0]]), np.array([0]))
    array([[2, 1]])
    """
    keyed = D.copy()
    keyed[np.arange(len(D)), own] = -1.0
    return np.argsort(keyed, axis=1, kind="stable")[:, 1:]


def ranks_of(order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the ranks (m, n), from 1; 0 for the own point.

    Examples
    --------
    >>> ranks_of(np.array([[2, 1]]))
    array([[0, 2, 1]])
    """
    ranks = np.zeros((len(order), order.shape[1] + 1), dtype=np.intp)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(1, order.shape[1] + 1), order.shape), axis=1)
    return ranks
