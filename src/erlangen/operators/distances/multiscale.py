r"""Distances of several times joined into one.

Definition: :math:`D = \sum_k w_k D_k`, :math:`w_k \propto 1 - t_k / \sum_l t_l`.
Convention: weights sum to one; a single time has weight one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.operators.distances.checks import check_distances, check_lengths

__all__ = ["multiscale_distance", "multiscale_weights"]


def multiscale_weights(times: Any) -> NDArray[np.float64]:
    """Return the weights (k,) of several times.

    Raises
    ------
    DomainError
        If a time is not positive.

    Examples
    --------
    >>> multiscale_weights([1.0, 3.0])
    array([0.75, 0.25])
    """
    t = check_lengths(times, "times", len(times))
    if len(t) == 0:
        message = "times is empty"
        raise DomainError(message, hint="pass at least one time")
    weights = 1 - t / t.sum()
    return np.ones(1) if len(t) == 1 else weights / weights.sum()


def multiscale_distance(distances: Sequence[Any], times: Any) -> NDArray[np.float64]:
    """Return the weighted mean of distances at several times; a pair unreached at one of them is unreached.

    Parameters
    ----------
    distances : sequence of array_like (m, n)
        One for each time.
    times : array_like (k,)
        Positive.

    Raises
    ------
    ShapeError
        If shapes or numbers differ.
    DomainError
        If a time is not positive or an entry is no distance.

    Examples
    --------
    >>> multiscale_distance([[[0.0, 1.0]], [[0.0, 5.0]]], [1.0, 3.0])
    array([[0., 2.]])
    """
    weights = multiscale_weights(times)
    if len(distances) != len(weights):
        message = f"{len(distances)} distances, {len(weights)} times"
        raise ShapeError(message, hint="one matrix of distances for each time")
    total = weights[0] * check_distances(distances[0])
    for weight, D in zip(weights[1:], distances[1:], strict=True):
        values = check_distances(D)
        if values.shape != total.shape:
            message = f"distances have shapes {total.shape} and {values.shape}"
            raise ShapeError(message, hint="take the same rows at each time")
        total += weight * values
    return total
