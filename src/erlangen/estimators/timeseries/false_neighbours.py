r"""How many dimensions unfold a series at a given lag: Cao's averages and Kennel's false neighbours.

Definition: :math:`E_1(d) = E(d + 1) / E(d)`, E(d) the mean of :math:`\|Y_i^{d+1} - Y_j^{d+1}\|_\infty / \|Y_i^d - Y_j^d\|_\infty`, j the nearest neighbour in d
dimensions (Cao 1997); Kennel: share of i with :math:`|\Delta_{d+1}| > r \|\Delta_d\|` or :math:`\|\Delta_{d+1}\| > a \sigma` (Kennel et al. 1992).
Convention: pairs with distance zero are left out; each statistic is given for d = 1 … D.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.estimators.timeseries.theiler_neighbours import nearest_neighbours

__all__ = ["cao_averages", "false_neighbours", "saturation"]

_TINY = 1e-12

Array = NDArray[np.float64]


def _unfolding(s: Array, lag: int, dimension: int, window: int) -> tuple[Array, Array, Array]:
    """Return for each usable pair of neighbours in d dimensions the rows' differences (m, d) and what dimension d + 1 adds, and the indices' count."""
    length = len(s) - dimension * lag
    path = np.column_stack([s[q * lag : q * lag + length] for q in range(dimension)])
    index, distance = nearest_neighbours(path, window)
    held = np.flatnonzero((index[:, 0] >= 0) & (distance[:, 0] > _TINY * s.std()))
    partner = index[held, 0]
    ahead = np.abs(s[held + dimension * lag] - s[partner + dimension * lag])
    return np.abs(path[held] - path[partner]), distance[held, 0], ahead


def cao_averages(s: Array, lag: int, most: int, window: int = 0) -> tuple[Array, Array]:
    """Return E_1 and E_2 for d = 1 … ``most``; E_1 saturates near one, E_2 is one throughout for noise.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(size=1500)
    >>> bool(np.abs(cao_averages(noise, 1, 4)[1] - 1).max() < 0.2)
    True
    """
    means, steps = np.full(most + 1, np.nan), np.full(most + 1, np.nan)
    for d in range(1, most + 2):
        gaps, _, ahead = _unfolding(s, lag, d, window)
        if len(ahead):
            near = gaps.max(axis=1)
            means[d - 1] = np.mean(np.maximum(near, ahead) / near)
            steps[d - 1] = np.mean(ahead)
    return means[1:] / means[:-1], steps[1:] / steps[:-1]


def false_neighbours(
    s: Array, lag: int, most: int, window: int = 0, *, ratio: float = 10.0, size: float = 2.0
) -> Array:
    """Return the share of false neighbours for d = 1 … ``most``.

    Examples
    --------
    >>> s = np.sin(np.arange(2000) * 0.1234)
    >>> shares = false_neighbours(s, 12, 3, 5)
    >>> bool(shares[0] > 0.3 and shares[1] == 0)
    True
    """
    shares = np.full(most, np.nan)
    for d in range(1, most + 1):
        _, distance, ahead = _unfolding(s, lag, d, window)
        if len(ahead):
            apart = np.hypot(distance, ahead) > size * s.std()
            shares[d - 1] = np.mean((ahead > ratio * distance) | apart)
    return shares


def saturation(values: Array, tolerance: float, rule: str) -> int:
    """Return the dimension (from 1) at which E_1 saturates, or its first local maximum ("first-maximum", as the ACM release has it).

    Examples
    --------
    >>> E = np.array([0.3, 0.8, 0.97, 0.96, 0.99])
    >>> saturation(E, 0.1, "saturation"), saturation(E, 0.1, "first-maximum")
    (3, 3)
    """
    if rule == "first-maximum":
        inner = np.flatnonzero((values[1:-1] > values[:-2]) & (values[1:-1] > values[2:])) + 1
        return int(inner[0]) + 1 if len(inner) else int(np.nanargmax(values)) + 1
    level = np.flatnonzero(values >= 1 - tolerance)
    return int(level[0]) + 1 if len(level) else int(np.nanargmax(values)) + 1
