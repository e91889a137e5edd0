"""Nearest neighbours, exactly, in few or many dimensions.

Definition: the k points nearest to each point, itself left out; ties are broken the same way in every run.
Convention: distances come sorted; a k-d tree where points are locally of low dimension, blocked matrix products with exact re-evaluation elsewhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError
from erlangen.validation import check_choice, check_integer, check_matrix

__all__ = ["cross_neighbours", "local_dimension", "merge_duplicates", "nearest_neighbours"]

_TREE_COLUMNS = 14
_TREE_DIMENSION = 13.0
_PROBES = 256
_BLOCK_BYTES = 2**27
_SPARE = 8
_STRIDE = 8
_RANGE = 1e140
_METRICS = ("euclidean", "cityblock", "chebyshev", "cosine", "correlation")

Neighbours = tuple[NDArray[np.float64], NDArray[np.int64]]


def nearest_neighbours(
    X: Any,
    k: int,
    *,
    metric: str = "euclidean",
    search: str = "auto",
    n_jobs: int | None = None,
) -> Neighbours:
    """Return distances and indices (n, k) of the k nearest other points of each point.

    Parameters
    ----------
    X : array_like (n, p)
        Points.
    k : int
        1 <= k < n.
    metric : {"euclidean", "cityblock", "chebyshev", "cosine", "correlation"}
        The distance.
    search : {"auto", "tree", "brute"}
        How to search; the answer is the same.
    n_jobs : int, optional
        Workers of the tree search (default 1; -1 = all processors).

    Raises
    ------
    DomainError
        If k >= n, or ``X`` is not finite.

    Examples
    --------
    >>> nearest_neighbours([[0.0], [1.0], [3.0]], 1)[1].ravel()
    array([1, 0, 1])
    """
    points = check_matrix(X, "X", min_rows=2).astype(np.float64, copy=False)
    k = _checked_count(k, len(points))
    distances, indices = cross_neighbours(points, points, k + 1, metric=metric, search=search, n_jobs=n_jobs)
    return _without_self(distances, indices)


def cross_neighbours(
    queries: Any, points: Any, k: int, *, metric: str = "euclidean", search: str = "auto", n_jobs: int | None = None
) -> Neighbours:
    """Return distances and indices (m, k) of the k points nearest to each query.

    Examples
    --------
    >>> cross_neighbours([[2.9]], [[0.0], [1.0], [3.0]], 1)[1]
    array([[2]])
    """
    check_choice(metric, "metric", _METRICS)
    check_choice(search, "search", ("auto", "tree", "brute"))
    a = check_matrix(queries, "queries").astype(np.float64, copy=False)
    b = check_matrix(points, "points").astype(np.float64, copy=False)
    k = check_integer(k, "k", low=1, high=len(b))
    if a.shape[1] != b.shape[1]:
        message = f"queries have {a.shape[1]} columns, points {b.shape[1]}"
        raise DomainError(message, hint="they live in one space")
    if metric == "euclidean":
        _check_range(a, b)
    order = {"euclidean": 2.0, "cityblock": 1.0, "chebyshev": np.inf}.get(metric)
    if search == "tree" and order is None:
        message = f"search='tree' needs a Minkowski distance, metric is {metric!r}"
        raise DomainError(message, hint="use search='brute' or 'auto'")
    if search == "tree" or (search == "auto" and order is not None and _tree_pays(b)):
        distances, indices = cKDTree(b).query(a, k=k, p=order, workers=n_jobs or 1)
        return distances.reshape(len(a), k), indices.reshape(len(a), k)
    return _brute(a, b, k, metric)


def _check_range(a: NDArray[np.float64], b: NDArray[np.float64]) -> None:
    """Refuse coordinates whose squares leave the range of numbers: distances between them would be infinite or zero."""
    largest = max(float(np.abs(a).max(initial=0.0)), float(np.abs(b).max(initial=0.0)))
    if largest and not 1 / _RANGE <= largest <= _RANGE:
        message = (
            f"the largest coordinate is {largest:.3g}; squares of distances leave the range of numbers beyond 1e±140"
        )
        raise DomainError(message, hint="divide the points by a typical length")


def _tree_pays(points: NDArray[np.float64]) -> bool:
    """Whether a k-d tree is the faster search: up to 14 columns, or where the local dimension of a sample is at most 13 (measured crossovers)."""
    n, p = points.shape
    if p <= _TREE_COLUMNS:
        return True
    count = min(10, n - 1)
    distances, _ = _brute(points[:: max(1, n // _PROBES)], points, count + 1, "euclidean")
    return local_dimension(distances[:, 1:]) <= _TREE_DIMENSION


def local_dimension(distances: NDArray[np.float64]) -> float:
    r"""Return Levina and Bickel's estimate of the dimension from sorted neighbour distances (m, k), averaged over inverses.

    .. math:: 1/\hat d = \frac{1}{m (k-1)} \sum_{i} \sum_{j < k} \ln \frac{r_k(i)}{r_j(i)}

    (MacKay and Ghahramani's form); rows with zero distances are left out. Infinite where nothing is left.

    Examples
    --------
    >>> round(local_dimension(np.sqrt(np.arange(1.0, 2001.0))[None, :]), 2)
    2.0
    """
    rows = distances[distances[:, 0] > 0]
    if rows.shape[0] == 0 or rows.shape[1] < 2:
        return float("inf")
    ratio = float(np.log(rows[:, -1:] / rows[:, :-1]).mean())
    return 1.0 / ratio if ratio > 0 else float("inf")


def _brute(a: NDArray[np.float64], b: NDArray[np.float64], k: int, metric: str) -> Neighbours:
    """Search by blocks of rows of about 128 MiB."""
    distances = np.empty((len(a), k))
    indices = np.empty((len(a), k), dtype=np.int64)
    block = max(1, _BLOCK_BYTES // (8 * len(b)))
    for start in range(0, len(a), block):
        rows = slice(start, start + block)
        if metric == "euclidean" and k + _SPARE < len(b):
            distances[rows], indices[rows] = _euclidean(a[rows], b, k)
        else:
            distances[rows], indices[rows] = _nearest(np.maximum(cdist(a[rows], b, metric=metric), 0.0), None, k)
    return distances, indices


def _nearest(exact: NDArray[np.float64], candidates: NDArray[np.int64] | None, k: int) -> Neighbours:
    """Return the k least of each row in order, ties by the index."""
    if candidates is None:
        candidates = np.broadcast_to(np.arange(exact.shape[1]), exact.shape)
        if k < exact.shape[1]:
            limit = np.partition(exact, k - 1, axis=1)[:, k - 1]
            exact = np.where(exact <= limit[:, None], exact, np.inf)
    best = np.lexsort((candidates, exact), axis=1)[:, :k]
    return np.take_along_axis(exact, best, axis=1), np.take_along_axis(candidates, best, axis=1)


def _least(rough: NDArray[np.float64], keep: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the columns (m, keep) of the least entries of each row, and the least entry left out (m,).

    The (keep + 1)-th least of every eighth column bounds that of all, so that few entries of a row need sorting.
    """
    sample = rough[:, ::_STRIDE]
    if keep >= sample.shape[1]:
        part = np.argpartition(rough, keep, axis=1)
        return part[:, :keep], np.take_along_axis(rough, part[:, keep : keep + 1], axis=1)[:, 0]
    limit = np.partition(sample, keep, axis=1)[:, keep]
    flat = np.flatnonzero(rough <= limit[:, None])
    rows, columns = np.divmod(flat, rough.shape[1])
    values = rough.ravel()[flat]
    order = np.lexsort((values, rows))
    starts = np.searchsorted(rows, np.arange(len(rough)))
    chosen = order[starts[:, None] + np.arange(keep + 1)]
    return columns[chosen[:, :keep]], values[chosen[:, keep]]


def _euclidean(a: NDArray[np.float64], b: NDArray[np.float64], k: int) -> Neighbours:
    """Search Euclidean neighbours by a matrix product; candidates are measured again exactly, rows it cannot decide are searched afresh.

    The product gives squared distances up to ``(p + 4) eps (|a| + |b|)^2``; a row is decided where the k-th exact distance is below every
    distance that was left out, less that bound.
    """
    centre = b.mean(axis=0)
    x, y = a - centre, b - centre
    squares, own = (y**2).sum(axis=1), (x**2).sum(axis=1)
    rough = squares - 2.0 * (x @ y.T)
    candidates, left_out = _least(rough, k + _SPARE)
    left_out += own
    bound = (a.shape[1] + 4) * np.finfo(np.float64).eps * (np.sqrt(own) + np.sqrt(squares.max())) ** 2
    exact = np.sqrt(((b[candidates] - a[:, None, :]) ** 2).sum(axis=2))
    distances, indices = _nearest(exact, candidates, k)
    unsure = np.flatnonzero(~(distances[:, -1] ** 2 < left_out - bound))
    if len(unsure):
        distances[unsure], indices[unsure] = _nearest(cdist(a[unsure], b), None, k)
    return distances, indices


def _without_self(distances: NDArray[np.float64], indices: NDArray[np.int64]) -> Neighbours:
    """Drop each point from its own list, or the farthest entry where duplicates have pushed it out."""
    n, k = indices.shape
    own = indices == np.arange(n)[:, None]
    own[~own.any(axis=1), k - 1] = True
    keep = ~own
    return distances[keep].reshape(n, k - 1), indices[keep].reshape(n, k - 1)


def _checked_count(k: Any, n: int) -> int:
    """Refuse k outside 1 … n - 1, saying what n is."""
    k = check_integer(k, "k", low=1)
    if k >= n:
        message = f"k = {k} neighbours were asked of {n} points; k must be < n"
        raise DomainError(message, hint=f"use k <= {n - 1}")
    return k


def merge_duplicates(X: Any) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct points in order of first appearance, their multiplicities, and the distinct point of each row.

    Examples
    --------
    >>> merge_duplicates([[1.0], [0.0], [1.0]])
    (array([[1.],
           [0.]]), array([2, 1]), array([0, 1, 0]))
    """
    points = check_matrix(X, "X")
    _, first, inverse, counts = np.unique(points, axis=0, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return points[first[order]], counts[order], rank[inverse.ravel()]
