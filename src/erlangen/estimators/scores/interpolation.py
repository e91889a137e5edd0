"""Interpolation of a withheld time: how near the transport between its neighbours comes to what was measured then.

Definition: for each inner time, a McCann sample between the clouds before and after is compared with the cloud itself (Huguet et al. 2023, section 5).
Convention: the embedding is standardised first; ``squared_cost`` is the optimal squared cost, without a root (the tables call it W2).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from erlangen.errors import DomainError
from erlangen.estimators.scores.clustering import standardise
from erlangen.estimators.scores.discrepancy import mmd
from erlangen.estimators.scores.transport import mccann_interpolation, wasserstein
from erlangen.random import RngLike, spawn
from erlangen.validation import check_finite

__all__ = ["InterpolationScores", "interpolation_scores"]


class InterpolationScores(NamedTuple):
    """Distances of an interpolated cloud from the measured one at one inner time."""

    time: float
    w1: float
    squared_cost: float
    mmd_rbf: float
    mmd_linear: float


def interpolation_scores(
    Z: Any, times: Any, *, share: float = 0.5, reg: float = 0.1, n: int | None = None, rng: RngLike = 0
) -> list[InterpolationScores]:
    r"""Return the scores of each inner time, in the order of time.

    .. math:: \hat Z_b \sim (1 - s)\, a + s\, c, \quad (a, c) \sim P_{ac}; \qquad W_1(\hat Z_b, Z_b), \; W_2^2(\hat Z_b, Z_b), \; \mathrm{MMD}^2

    Parameters
    ----------
    Z : array_like (n, d)
        The embedding of all points.
    times : array_like (n,)
        The time, or bin, of each point; at least three different ones.
    share : float
        Place of the inner time between its neighbours.
    reg : float
        Entropy of the plan, relative to the largest cost.
    n : int, optional
        Points of each interpolated cloud, by default the mean of the neighbours' numbers.
    rng : seed or Generator
        Of the samples.

    Raises
    ------
    ShapeError, DomainError
        If the arrays do not fit or there are fewer than three times.

    References
    ----------
    Huguet et al., NeurIPS 2023, section 5; A. Tong et al., ICML 2020.

    Examples
    --------
    >>> scores = interpolation_scores([[0.0], [0.0], [1.0], [1.0], [2.0], [2.0]], [0, 0, 1, 1, 2, 2])
    >>> [(s.time, round(s.w1, 12)) for s in scores]
    [(1.0, 0.0)]
    """
    points = standardise(Z)
    moments = np.asarray(times)
    if moments.shape != (len(points),) or moments.dtype.kind not in "fiub":
        message = f"times must be {len(points)} numbers, got shape {moments.shape} of dtype {moments.dtype}"
        raise DomainError(message, hint="one time for each point")
    check_finite(moments, "times")
    bins = np.unique(moments)
    if len(bins) < 3:
        message = f"times has {len(bins)} different values; an inner time needs 3"
        raise DomainError(message, hint="bin the times more finely")
    clouds = [points[moments == moment] for moment in bins]
    scores = []
    for k, generator in enumerate(spawn(rng, len(bins) - 2), start=1):
        guess = mccann_interpolation(clouds[k - 1], clouds[k + 1], share, n, reg=reg, rng=generator)
        truth = clouds[k]
        distances = (wasserstein(guess, truth), wasserstein(guess, truth, 2.0) ** 2)
        scores.append(InterpolationScores(float(bins[k]), *distances, mmd(guess, truth), mmd(guess, truth, "linear")))
    return scores
