r"""Stress: how far the distances of points are from the distances asked for.

Definition: :math:`\sigma = \sum_{i<j} w_{ij} (d_{ij} - |z_i - z_j|)^2`, divided by :math:`\sum w d^2`, or under a root by :math:`\sum |z|^2` (Kruskal).
Convention: pairs of infinite distance or zero weight are passed over.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError
from erlangen.estimators.mds.checks import check_distances, check_weights, row_blocks
from erlangen.validation import check_matrix, check_shape

__all__ = ["kruskal_stress", "pair_sums", "stress"]

Array = NDArray[np.float64]


def pair_sums(D: Array, Z: Array, weights: Array | None, *, inverse_square: bool = False) -> tuple[float, float, float]:
    r"""Return :math:`\sum w (d - |z|)^2`, :math:`\sum w d^2` and :math:`\sum w |z|^2` over the pairs that count.

    With ``inverse_square`` the weight is :math:`d^{-2}`, formed as it is needed; coincident pairs are then passed over.

    Examples
    --------
    >>> pair_sums(np.array([[0.0, 2.0], [2.0, 0.0]]), np.array([[0.0], [3.0]]), None)
    (1.0, 4.0, 9.0)
    """
    totals = np.zeros(3)
    for rows in row_blocks(len(D), len(D)):
        reached = cdist(Z[rows], Z)
        target = D[rows]
        if not np.isfinite(target.max()):
            reached = np.where(np.isfinite(target), reached, 0.0)
            target = np.where(np.isfinite(target), target, 0.0)
        if inverse_square:
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = reached / target
            ratio[target == 0] = 1.0
            counted = float(np.count_nonzero(target))
            totals += (
                float(np.square(ratio - 1.0).sum()),
                counted,
                float(np.square(ratio).sum()) - (ratio.size - counted),
            )
        else:
            terms = (np.square(target - reached), np.square(target), np.square(reached))
            totals += [float((t if weights is None else t * weights[rows]).sum()) for t in terms]
    raw, known, own = (float(total) / 2 for total in totals)
    return raw, known, own


def stress(D: Any, Z: Any, weights: Any = None) -> float:
    r"""Return the normalised stress of points.

    .. math:: \frac{\sum_{i<j} w_{ij} (d_{ij} - |z_i - z_j|)^2}{\sum_{i<j} w_{ij} d_{ij}^2}

    Parameters
    ----------
    D : array_like (n, n)
        Distances; infinite pairs are passed over.
    Z : array_like (n, d)
        Points.
    weights : array_like (n, n), optional
        Weights, 1 by default.

    Raises
    ------
    ShapeError, DomainError
        If the arrays do not fit or break the laws of distances and weights.

    Examples
    --------
    >>> stress([[0, 2], [2, 0]], [[0.0], [1.0]])
    0.25
    """
    raw, known, _ = _checked_sums(D, Z, weights)
    if known == 0:
        message = "no pair of positive distance has a positive weight: the stress has no scale"
        raise DomainError(message, hint="give weights to pairs of finite distance")
    return raw / known


def kruskal_stress(D: Any, Z: Any, weights: Any = None) -> float:
    r"""Return Kruskal's stress-1 of points, with the distances themselves as disparities.

    .. math:: \sqrt{\sum_{i<j} w_{ij} (d_{ij} - |z_i - z_j|)^2 \Big/ \sum_{i<j} w_{ij} |z_i - z_j|^2}

    Raises
    ------
    ShapeError, DomainError
        As :func:`stress`, and where all points coincide.

    References
    ----------
    J. B. Kruskal, Psychometrika 29 (1964) 1, section 2.

    Examples
    --------
    >>> kruskal_stress([[0, 2], [2, 0]], [[0.0], [1.0]])
    1.0
    """
    raw, _, own = _checked_sums(D, Z, weights)
    if own == 0:
        message = "all points of Z coincide: Kruskal's stress divides by their distances"
        raise DomainError(message, hint="use stress, which divides by the distances asked for")
    return float(np.sqrt(raw / own))


def _checked_sums(D: Any, Z: Any, weights: Any) -> tuple[float, float, float]:
    """Check the arguments of a public stress and return its sums."""
    D = check_distances(D)
    points = check_matrix(Z, "Z").astype(np.float64, copy=False)
    check_shape(points, "Z", (len(D), None))
    return pair_sums(D, points, None if weights is None else check_weights(weights, D))
