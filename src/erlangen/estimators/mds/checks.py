"""Checks of distances, weights and starts, in tiles, so that a large matrix is neither copied nor doubled.

Definition: distances are (n, n), symmetric, non-negative, zero on the diagonal; infinity marks a pair that is not known, where that is allowed.
Convention: float64 in rows; a matrix in columns is read through its transpose, which is the same matrix.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.validation import check_integer, check_matrix, check_shape, check_square

__all__ = [
    "check_components",
    "check_connected",
    "check_distances",
    "check_start",
    "check_weights",
    "real_matrix",
    "row_blocks",
]

_TILE = 512
_BLOCK = 2**18

Array = NDArray[np.float64]


def row_blocks(n: int, columns: int) -> Iterator[slice]:
    """Yield slices of consecutive rows of about 2^18 entries each (2 MiB)."""
    step = max(1, min(n, _BLOCK // max(columns, 1)))
    for start in range(0, n, step):
        yield slice(start, min(start + step, n))


def real_matrix(a: Any, name: str) -> tuple[Array, float]:
    """Return a matrix as float64 in rows, and the rounding unit of the numbers it was given in; infinities and NaN pass."""
    array = np.asarray(a)
    if array.dtype.kind not in "fiub":
        message = f"{name} has dtype {array.dtype}; real numbers are needed"
        raise DomainError(message, hint="convert to floats first")
    if array.ndim != 2:
        message = f"{name} must have two axes, got shape {array.shape}"
        raise ShapeError(message, hint="pass a matrix")
    unit = float(np.finfo(array.dtype).eps) if array.dtype.kind == "f" else float(np.finfo(np.float64).eps)
    return array.astype(np.float64, copy=False), unit


def _symmetric(a: Any, name: str) -> Array:
    """Return a square matrix after a symmetry check in tiles; equal infinities are symmetric."""
    array, unit = real_matrix(a, name)
    n = check_square(array, name)
    if array.flags.f_contiguous and not array.flags.c_contiguous:
        array = array.T
    array = np.ascontiguousarray(array)
    limit = 0.0
    for i in range(0, n, _TILE):
        for j in range(0, i + 1, _TILE):
            tile, mirror = array[i : i + _TILE, j : j + _TILE], array[j : j + _TILE, i : i + _TILE].T
            if np.array_equal(tile, mirror):
                continue
            _refuse_nan(tile, name, i, j)
            _refuse_nan(mirror, name, i, j)
            limit = limit or 100 * unit * float(np.max(np.abs(array), where=np.isfinite(array), initial=0.0))
            gap = np.abs(np.subtract(tile, mirror, out=np.zeros_like(tile), where=tile != mirror))
            if not gap.max() <= limit:
                r, c = (int(k) for k in np.unravel_index(int(gap.argmax()), gap.shape))
                first, second = f"{name}[{i + r}, {j + c}]", f"{name}[{j + c}, {i + r}]"
                message = f"{name} is not symmetric: |{first} - {second}| = {gap.max():.3g} > {limit:.2g}"
                raise DomainError(message, hint=f"symmetrise it, e.g. ({name} + {name}.T) / 2")
    return array


def _refuse_nan(tile: Array, name: str, row: int, column: int) -> None:
    """Refuse a tile with NaN in it."""
    if np.isnan(tile).any():
        r, c = (int(k) for k in np.argwhere(np.isnan(tile))[0])
        message = f"{name} is NaN at or opposite of [{row + r}, {column + c}]"
        raise DomainError(message, hint="remove the point, or mark an unknown distance by infinity or weight 0")


def _refuse_entry(array: Array, bad: NDArray[np.bool_], name: str, law: str, hint: str) -> None:
    """Refuse the first entry that is marked."""
    if bad.any():
        i, j = (int(k) for k in np.argwhere(bad)[0])
        message = f"{name}[{i}, {j}] = {array[i, j]:.6g}, but {law}; {int(bad.sum())} entries break this"
        raise DomainError(message, hint=hint)


def check_distances(D: Any, name: str = "D", *, infinite: bool = True) -> Array:
    """Return distances (n, n) as a float64 array in rows, the same memory where it was one.

    Raises
    ------
    ShapeError
        If it is not a square matrix of at least two points.
    DomainError
        If it is asymmetric, NaN, negative, not zero on the diagonal, zero everywhere, or infinite where that is not allowed.

    Examples
    --------
    >>> check_distances([[0, 2], [2, 0]])
    array([[0., 2.],
           [2., 0.]])
    """
    array = _symmetric(D, name)
    if len(array) < 2:
        message = f"{name} must be distances of at least two points, got shape {array.shape}"
        raise ShapeError(message, hint="more points are needed")
    low, high = float(array.min()), float(array.max())
    if np.isnan(low):
        _refuse_nan(array, name, 0, 0)
    if low < 0:
        _refuse_entry(
            array, array < 0, name, "distances are >= 0", "take absolute values, or check the kernel they come from"
        )
    diagonal = np.flatnonzero(array.diagonal())
    if diagonal.size:
        i = int(diagonal[0])
        message = f"{name}[{i}, {i}] = {array[i, i]:.6g}, but a point has distance 0 to itself; {diagonal.size} entries break this"
        raise DomainError(message, hint=f"numpy.fill_diagonal({name}, 0)")
    if high == np.inf and not infinite:
        _refuse_entry(
            array, np.isinf(array), name, "all distances are needed", "scale the components one by one, or bridge them"
        )
    if high == 0 or (high == np.inf and not (np.isfinite(array) & (array > 0)).any()):
        message = f"{name} has no finite distance above 0: all points coincide or know nothing of each other"
        raise DomainError(message, hint="check the distances")
    return array


def check_weights(weights: Any, D: Array, name: str = "weights") -> Array:
    """Return weights (n, n), symmetric, finite and >= 0, whose positive pairs connect all points.

    Raises
    ------
    ShapeError, DomainError
        If they do not fit ``D``, are asymmetric, negative or not finite, or leave the points disconnected.

    Examples
    --------
    >>> check_weights([[0, 1], [1, 0]], np.array([[0.0, 2.0], [2.0, 0.0]]))
    array([[0., 1.],
           [1., 0.]])
    """
    array = _symmetric(weights, name)
    check_shape(array, name, D.shape)
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high < np.inf):
        _refuse_nan(array, name, 0, 0)
        bad = (array < 0) | np.isinf(array)
        _refuse_entry(array, bad, name, "weights are finite and >= 0", "cap them; 0 passes a pair over")
    return array


def check_connected(D: Array, weights: Array | None) -> None:
    """Refuse pairs of positive weight and finite distance that do not connect all points: parts could drift apart freely.

    Examples
    --------
    >>> check_connected(np.array([[0.0, np.inf], [np.inf, 0.0]]), None)
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: the pairs of finite distance and positive weight reach 1 of 2 points from point 0; point 1 is not ...
    """
    n = len(D)
    unseen = np.ones(n, dtype=bool)
    unseen[0] = False
    waiting = [0]
    while waiting and unseen.any():
        i = waiting.pop()
        new = unseen & (D[i] < np.inf)
        if weights is not None:
            new &= weights[i] > 0
        unseen &= ~new
        waiting.extend(np.flatnonzero(new).tolist())
    if unseen.any():
        count, first = n - int(unseen.sum()), int(np.flatnonzero(unseen)[0])
        message = (
            f"the pairs of finite distance and positive weight reach {count} of {n} points from point 0; "
            f"point {first} is not reached"
        )
        raise DomainError(
            message, hint="scale the components one by one, or give bridging pairs a distance and a weight"
        )


def check_components(n_components: object, n: int) -> int:
    """Return the dimension of the embedding, between 1 and n - 1.

    Examples
    --------
    >>> check_components(2, 10)
    2
    """
    return check_integer(n_components, "n_components", low=1, high=n - 1)


def check_start(init: Any, n: int, d: int) -> Array:
    """Return a copy of the start (n, d), finite and of the right shape.

    Examples
    --------
    >>> check_start([[0], [1]], 2, 1)
    array([[0.],
           [1.]])
    """
    start = check_matrix(init, "init")
    check_shape(start, "init", (n, d))
    return np.array(start, dtype=np.float64, order="C")
