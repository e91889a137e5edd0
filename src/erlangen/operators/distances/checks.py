"""Checks that distances share: kernels must be rows of non-negative numbers, distances have no NaN.

Definition: a kernel is an array (m, n), row i that of vertex ``sources[i]``; a pair of entry zero is unreached and lies at infinity.
Convention: without ``sources`` a square array is that of all vertices in order; of another shape nothing is known of its diagonal.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.operators.heat.choice import check_sources

__all__ = ["check_distances", "check_kernel", "check_lengths", "own_vertices", "zero_own"]


def check_kernel(H: Any, name: str = "H") -> NDArray[np.float64]:
    """Return rows of a kernel (m, n) as floats; refuse negative entries and those that are not finite, naming the first.

    Examples
    --------
    >>> check_kernel([[0.5, -1e-17]])
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: H[0, 1] = -1e-17 is negative: it has no logarithm (take method='auto' or 'euler', ...)
    """
    rows = np.asarray(H, dtype=np.float64)
    if rows.ndim != 2:
        message = f"{name} must have shape (m, n), got {rows.shape}"
        raise ShapeError(message, hint="pass rows of a heat kernel")
    if rows.size and not (rows.min() >= 0 and rows.max() < np.inf):
        bad = ~((rows >= 0) & (rows < np.inf))
        i, j = (int(k) for k in np.argwhere(bad)[0])
        law = "is negative: it has no logarithm" if rows[i, j] < 0 else "is not finite"
        message = f"{name}[{i}, {j}] = {rows[i, j]:g} {law}"
        raise DomainError(
            message,
            hint="take method='auto' or 'euler', which keep heat positive, or np.maximum(H, 0) to count such pairs as unreached",
        )
    return rows


def check_distances(D: Any, *, square: bool = False) -> NDArray[np.float64]:
    """Return distances (m, n) as floats; infinity is allowed, NaN and negative numbers are not.

    Examples
    --------
    >>> check_distances([[0.0, np.inf]]).shape
    (1, 2)
    """
    values = np.asarray(D, dtype=np.float64)
    if values.ndim != 2 or (square and values.shape[0] != values.shape[1]):
        message = f"D must have shape {'(n, n)' if square else '(m, n)'}, got {values.shape}"
        raise ShapeError(message, hint="pass a matrix of distances")
    if values.size and not values.min() >= 0:
        i, j = (int(k) for k in np.argwhere(~(values >= 0))[0])
        message = f"D[{i}, {j}] = {values[i, j]:g} is no distance"
        raise DomainError(message, hint="distances are non-negative; inf marks unreached pairs")
    return values


def check_lengths(values: Any, name: str, length: int) -> NDArray[np.float64]:
    """Return a vector of positive finite numbers of the length given, or refuse it.

    Examples
    --------
    >>> check_lengths([1, 2], "row_diagonal", 2)
    array([1., 2.])
    """
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (length,):
        message = f"{name} must have shape ({length},), got {array.shape}"
        raise ShapeError(message, hint="one number per row or column of H")
    if not ((array > 0) & (array < np.inf)).all():
        i = int(np.argmax(~((array > 0) & (array < np.inf))))
        message = f"{name}[{i}] = {array[i]:g} is not a positive finite number"
        raise DomainError(message, hint="take heat_diagonal of the same method")
    return array


def zero_own(D: NDArray[np.float64], sources: Any) -> NDArray[np.float64]:
    """Set the distance of each row's vertex to itself to zero, in place, where it is known which one that is.

    Examples
    --------
    >>> zero_own(np.ones((1, 3)), [1])
    array([[1., 0., 1.]])
    """
    vertices = own_vertices(sources, *D.shape)
    if vertices is not None:
        D[np.arange(len(D)), vertices] = 0.0
    return D


def own_vertices(sources: Any, m: int, n: int) -> NDArray[np.int64] | None:
    """Return the vertices (m,) of rows of n entries, or ``None`` where they are not known.

    Examples
    --------
    >>> own_vertices(None, 2, 2), own_vertices(None, 1, 2)
    (array([0, 1]), None)
    """
    if sources is None and m != n:
        return None
    vertices = check_sources(sources, n)
    if len(vertices) != m:
        message = f"sources must name {m} vertices, one for each row, got {len(vertices)}"
        raise ShapeError(message, hint="pass the sources the rows were computed at")
    return vertices
