r"""Nearest neighbours along a trajectory that are not its neighbours in time.

Definition: :math:`j(i) = \arg\min_{|i - j| > w} \|Y_i - Y_j\|` (Euclidean), w the window of Theiler (1986).
Convention: indices are -1 and distances infinite where no point is far enough in time; w = 0 excludes the point alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

__all__ = ["nearest_in_series", "nearest_neighbours"]

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


def nearest_in_series(series: Array, window: int) -> tuple[Indices, Array]:
    """Return index and distance (n, N) of the nearest value in each of n series, by one sort of each.

    Examples
    --------
    >>> nearest_in_series(np.array([[0.0, 0.1, 5.0, 0.3]]), 1)
    (array([[3, 3, 0, 1]]), array([[0.3, 0.2, 5. , 0.2]]))
    """
    n, N = series.shape
    time = np.argsort(series, axis=1, kind="stable")
    value = np.take_along_axis(series, time, axis=1)
    flat_time, flat_value = time.ravel(), value.ravel()
    place, found, best = np.tile(np.arange(N), n), np.full(n * N, -1), np.full(n * N, np.inf)
    for step in (-1, 1):
        waiting, reach = np.arange(n * N), 0
        while len(waiting):
            reach += step
            inside = (place[waiting] + reach >= 0) & (place[waiting] + reach < N)
            waiting = waiting[inside]
            far = np.abs(flat_time[waiting] - flat_time[waiting + reach]) > window
            ready = waiting[far]
            distance = np.abs(flat_value[ready] - flat_value[ready + reach])
            closer = distance < best[ready]
            best[ready[closer]], found[ready[closer]] = distance[closer], flat_time[ready[closer] + reach]
            waiting = waiting[~far]
    indices, distances = np.empty_like(time), np.empty_like(value)
    np.put_along_axis(indices, time, found.reshape(n, N), axis=1)
    np.put_along_axis(distances, time, best.reshape(n, N), axis=1)
    return indices, distances


def nearest_neighbours(points: Array, window: int, count: int = 1) -> tuple[Indices, Array]:
    """Return indices and distances (N, count) of the nearest points (N, d) of a trajectory, nearest first.

    Examples
    --------
    >>> nearest_neighbours(np.array([[0.0, 0.0], [0.1, 0.0], [5.0, 0.0], [0.3, 0.0]]), 1)[0].ravel()
    array([3, 3, 0, 1])
    """
    N = len(points)
    tree, waiting = cKDTree(points), np.arange(N)
    found, best = np.full((N, count), -1), np.full((N, count), np.inf)
    most = min(N, count + 2 * window + 1)
    asked = min(most, count + 4)
    while len(waiting):
        distance, index = tree.query(points[waiting], k=asked)
        distance, index = distance.reshape(len(waiting), -1), index.reshape(len(waiting), -1)
        near = np.abs(index - waiting[:, None]) <= window
        rank = np.argsort(near, axis=1, kind="stable")[:, :count]
        enough = (~near).sum(axis=1) >= count
        done = enough | (asked == most)
        for k in range(rank.shape[1]):
            kept = done & ~np.take_along_axis(near, rank[:, k : k + 1], axis=1)[:, 0]
            rows = waiting[kept]
            found[rows, k], best[rows, k] = index[kept, rank[kept, k]], distance[kept, rank[kept, k]]
        waiting = waiting[~done]
        asked = min(most, 3 * asked)
    return found, best
