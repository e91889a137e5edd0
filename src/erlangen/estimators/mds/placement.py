r"""Placing single points against fixed landmarks, each by majorisation of its own stress.

Definition: :math:`z \leftarrow \sum_l w_l (y_l + d_l (z - y_l) / |z - y_l|) / \sum_l w_l`, the minimiser of the majorant with one free point.
Convention: points are independent, so blocks and threads do not change the result; an infinite distance or a zero weight is passed over.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen import native
from erlangen.errors import DomainError
from erlangen.estimators.mds.checks import check_start, real_matrix, row_blocks
from erlangen.estimators.mds.landmarks import check_point_distances
from erlangen.validation import check_integer, check_matrix, check_shape

__all__ = ["place_points", "place_sweep", "placement_start", "placement_stress"]

_MOST_COMPONENTS = 64

Array = NDArray[np.float64]


def place_points(
    landmarks: Any,
    D: Any,
    *,
    init: Any = None,
    weights: Any = None,
    max_iter: int = 50,
    threads: int | None = None,
    backend: str = "auto",
    level: str = "auto",
) -> Array:
    r"""Return points (n, d) whose distances to fixed landmarks come near those asked for.

    .. math:: \min_{z_i} \sum_l w_{il} (d_{il} - |z_i - y_l|)^2

    Parameters
    ----------
    landmarks : array_like (m, d)
        Fixed points y, d <= 64.
    D : array_like (n, m)
        Distances; infinite ones are passed over.
    init : array_like (n, d), optional
        The start; by default the better of linear least squares and a weighted mean of near landmarks, point by point.
    weights : array_like (n, m), optional
        >= 0 and finite. By default 1 / d²; a point at distance 0 from a landmark is then put there.
    max_iter : int
        Steps of majorisation; the stress of no point rises.
    threads : int, optional
        Threads of the kernel (default: all processors).
    backend : {"auto", "native", "python"}
        The compiled kernel or its twin.
    level : str
        Instruction set of the kernel.

    Raises
    ------
    ShapeError, DomainError
        If the arrays do not fit, are not distances or weights, or a point counts no landmark.

    Examples
    --------
    >>> place_points([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]], [[5.0, 3.0, 4.0]]).round(6)
    array([[4., 3.]])
    """
    Y = np.ascontiguousarray(check_matrix(landmarks, "landmarks"), dtype=np.float64)
    m, d = Y.shape
    if d > _MOST_COMPONENTS:
        message = f"landmarks have {d} components, the placement holds at most {_MOST_COMPONENTS}"
        raise DomainError(message, hint="use landmark_scaling")
    D = check_point_distances(D, m)
    W = None if weights is None else _checked_weights(weights, D)
    max_iter = check_integer(max_iter, "max_iter", low=0)
    module, threads = native.kernels(backend), native.default_threads(threads)
    Z = placement_start(Y, D, W) if init is None else check_start(init, len(D), d)
    place_sweep(Z, Y, D, W, max_iter, module=module, threads=threads, level=level)
    if W is None:
        nearest = D.argmin(axis=1)
        on = np.flatnonzero(D[np.arange(len(D)), nearest] == 0)
        Z[on] = Y[nearest[on]]
    return Z


def _checked_weights(weights: Any, D: Array) -> Array:
    """Return weights (n, m), finite and >= 0, of which every point has one on a finite distance."""
    W = np.ascontiguousarray(real_matrix(weights, "weights")[0])
    check_shape(W, "weights", D.shape)
    good = (W >= 0) & np.isfinite(W)
    if not good.all():
        i, j = (int(k) for k in np.argwhere(~good)[0])
        message = f"weights[{i}, {j}] = {W[i, j]:.6g}, but weights are finite and >= 0"
        raise DomainError(message, hint="cap them; 0 passes a pair over")
    lost = np.flatnonzero(~((W > 0) & np.isfinite(D)).any(axis=1))
    if lost.size:
        message = f"weights[{int(lost[0])}]: the point counts no landmark of finite distance ({lost.size} points)"
        raise DomainError(message, hint="give every point a positive weight on a finite distance")
    return W


def _usable(D: Array, W: Array | None) -> tuple[Array, Array]:
    """Return finite distances, and weights that are zero where a pair is passed over."""
    finite = np.isfinite(D)
    distance = np.where(finite, D, 0.0)
    if W is not None:
        return distance, np.where(finite, W, 0.0)
    with np.errstate(divide="ignore", over="ignore"):
        weight = 1.0 / np.square(distance)
    return distance, np.where(weight < np.inf, weight, 0.0)


def placement_stress(Z: Array, Y: Array, D: Array, W: Array | None) -> Array:
    """Return the stress (n,) of each point: sum of w (d - |z - y|)^2 over the landmarks.

    Examples
    --------
    >>> placement_stress(np.array([[1.0]]), np.array([[0.0], [4.0]]), np.array([[2.0, 3.0]]), None)
    array([0.25])
    """
    distance, weight = _usable(D, W)
    reached = np.sqrt(np.square(Z[:, None, :] - Y).sum(axis=2))
    return np.asarray((weight * np.square(distance - reached)).sum(axis=1))


def placement_start(Y: Array, D: Array, W: Array | None = None) -> Array:
    r"""Return for each point the better of two starts, by its stress.

    Linear least squares solves :math:`2 (y_l - \bar y) \cdot z = |y_l|^2 - d_l^2` less its mean, exact for Euclidean distances;
    the other is the mean of the d + 1 landmarks of least distance, weighted by 1 / d².

    Examples
    --------
    >>> placement_start(np.array([[0.0], [4.0]]), np.array([[1.0, 3.0]])).round(12)
    array([[1.]])
    """
    m, d = Y.shape
    centre = Y.mean(axis=0)
    inverse = np.linalg.pinv(Y - centre)
    own = np.square(Y - centre).sum(axis=1)
    Z = np.empty((len(D), d))
    for rows in row_blocks(len(D), m * (d + 2)):
        near = _near_mean(Y, D[rows], min(m, d + 1))
        square = own - np.square(D[rows])
        whole = np.isfinite(square).all(axis=1)
        line = near.copy()
        line[whole] = 0.5 * (square[whole] - square[whole].mean(axis=1, keepdims=True)) @ inverse.T + centre
        weight = None if W is None else W[rows]
        better = placement_stress(line, Y, D[rows], weight) < placement_stress(near, Y, D[rows], weight)
        Z[rows] = np.where(better[:, None], line, near)
    return Z


def _near_mean(Y: Array, D: Array, k: int) -> Array:
    """Return the mean of the k nearest landmarks weighted by 1 / d^2, the nearest itself where it is at distance 0."""
    chosen = np.argpartition(D, k - 1, axis=1)[:, :k] if k < len(Y) else np.broadcast_to(np.arange(k), D.shape)
    distance = np.take_along_axis(D, chosen, axis=1)
    least = distance.min(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(distance > least, np.square(least / distance), 1.0)
    share /= share.sum(axis=1, keepdims=True)
    return np.asarray((share[:, :, None] * Y[chosen]).sum(axis=1))


def place_sweep(
    Z: Array,
    Y: Array,
    D: Array,
    W: Array | None,
    iterations: int,
    *,
    module: ModuleType | None,
    threads: int = 1,
    level: str = "auto",
) -> None:
    """Take majorisation steps in place, by the kernel or, where ``module`` is None, by its twin.

    Examples
    --------
    >>> Z = np.array([[3.0]])
    >>> place_sweep(Z, np.array([[0.0], [4.0]]), np.array([[1.0, 3.0]]), None, 40, module=None)
    >>> Z.round(9)
    array([[1.]])
    """
    if module is not None:
        module.place_points_sweep(Z, Y, D, W, iterations, threads, level)
        return
    for rows in row_blocks(len(Z), len(Y) * (Z.shape[1] + 2)):
        Z[rows] = _majorise(Z[rows], Y, *_usable(D[rows], None if W is None else W[rows]), iterations)


def _majorise(Z: Array, Y: Array, distance: Array, weight: Array, iterations: int) -> Array:
    """Return the points after some steps; a point that counts nothing stays."""
    total = weight.sum(axis=1)
    free = total > 0
    for _ in range(iterations):
        gap = Z[:, None, :] - Y
        length = np.sqrt(np.square(gap).sum(axis=2))
        ratio = np.divide(distance, length, out=np.zeros_like(length), where=length > 0)
        moved = weight @ Y + np.einsum("il,ilc->ic", weight * ratio, gap)
        Z = np.divide(moved, total[:, None], out=Z.copy(), where=free[:, None])
    return Z
