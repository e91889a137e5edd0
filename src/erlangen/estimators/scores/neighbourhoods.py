r"""Scores of an embedding: which neighbourhoods it keeps, and whether its distances follow the geodesics.

Definition: trustworthiness and continuity of Venna and Kaski (2001); DEMaP of Moon et al. (2019).
Convention: X are points (n, p) of the data, Z of the embedding; ``metric="precomputed"`` takes distances in place of X.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import shortest_path
from scipy.spatial.distance import cdist, pdist, squareform
from scipy.stats import spearmanr

from erlangen.errors import DomainError
from erlangen.estimators.mds.checks import check_distances
from erlangen.estimators.scores.rankings import neighbour_order, own_columns, ranks_of
from erlangen.operators.neighbours import nearest_neighbours
from erlangen.validation import check_choice, check_integer, check_matrix, check_memory, check_shape

__all__ = ["continuity", "demap", "trustworthiness"]

Array = NDArray[np.float64]


def trustworthiness(X: Any, Z: Any, k: int = 5, *, metric: str = "euclidean") -> float:
    r"""Return how far neighbours in the embedding are neighbours in the data: 1 if all are.

    .. math:: T(k) = 1 - \frac{2}{nk(2n - 3k - 1)} \sum_i \sum_{j \in N_k^Z(i)} \max(0, r^X(i, j) - k)

    Parameters
    ----------
    X : array_like (n, p), or (n, n) distances
        The data.
    Z : array_like (n, d)
        The embedding.
    k : int
        1 <= k < n / 2.
    metric : {"euclidean", "precomputed"}
        What X is.

    Raises
    ------
    ShapeError, DomainError
        If the arrays do not fit or k is out of range.

    References
    ----------
    J. Venna, S. Kaski, ICANN 2001, LNCS 2130, 485.

    Examples
    --------
    >>> X = np.arange(6.0)[:, None] ** 2
    >>> trustworthiness(X, 2 * X, 2)
    1.0
    """
    data, embedding = _both(X, Z, metric)
    return _kept(data, embedding, k)


def continuity(X: Any, Z: Any, k: int = 5, *, metric: str = "euclidean") -> float:
    r"""Return how far neighbours in the data stay neighbours in the embedding: trustworthiness with the spaces exchanged.

    .. math:: C(k) = 1 - \frac{2}{nk(2n - 3k - 1)} \sum_i \sum_{j \in N_k^X(i)} \max(0, r^Z(i, j) - k)

    Parameters, errors and reference as :func:`trustworthiness`.

    Examples
    --------
    >>> X = np.arange(6.0)[:, None] ** 2
    >>> continuity(X, -X, 2)
    1.0
    """
    data, embedding = _both(X, Z, metric)
    return _kept(embedding, data, k)


def _both(X: Any, Z: Any, metric: str) -> tuple[Array, Array]:
    """Return the distances of data and embedding."""
    check_choice(metric, "metric", ("euclidean", "precomputed"))
    points = check_matrix(Z, "Z", min_rows=3).astype(np.float64, copy=False)
    check_memory(40.0 * len(points) ** 2, f"ranks of {len(points)} points", hint="score a sample of the points")
    if metric == "precomputed":
        data = check_distances(X, "X")
    else:
        cloud = check_matrix(X, "X").astype(np.float64, copy=False)
        data = cdist(cloud, cloud)
    check_shape(data, "X", (len(points), len(points)) if metric == "precomputed" else (len(points), None))
    return data, cdist(points, points)


def _kept(ranked: Array, chosen: Array, k: int) -> float:
    """Return 1 less the scaled excess ranks, in the first space, of the k nearest in the second."""
    n = len(ranked)
    k = check_integer(k, "k", low=1, high=(n - 1) // 2)
    own = own_columns(ranked.shape)
    ranks = ranks_of(neighbour_order(ranked, own))
    near = neighbour_order(chosen, own)[:, :k]
    excess = np.maximum(np.take_along_axis(ranks, near, axis=1) - k, 0).sum()
    return 1.0 - 2.0 * float(excess) / (n * k * (2.0 * n - 3.0 * k - 1.0))


def demap(X: Any, Z: Any, k: int = 10) -> float:
    r"""Return Spearman's correlation of geodesic distances of noise-free data with distances of the embedding, over all pairs.

    .. math:: \rho\big( (G_{ij})_{i<j}, (|z_i - z_j|)_{i<j} \big)

    with G the shortest paths on the k-nearest-neighbour graph of X, its edges weighted by distance and taken both ways.

    Parameters
    ----------
    X : array_like (n, p)
        The data without noise.
    Z : array_like (n, d)
        The embedding of the noisy data.
    k : int
        1 <= k < n.

    Raises
    ------
    ShapeError, DomainError
        If the arrays do not fit, k is out of range, the graph is not connected, or all distances are equal.

    References
    ----------
    K. R. Moon et al., Nature Biotechnology 37 (2019) 1482, Methods.

    Examples
    --------
    >>> t = np.linspace(0, 3, 30)
    >>> round(demap(np.c_[np.cos(t), np.sin(t)], t[:, None], 2), 2)
    1.0
    """
    data = check_matrix(X, "X").astype(np.float64, copy=False)
    points = check_matrix(Z, "Z").astype(np.float64, copy=False)
    check_shape(points, "Z", (len(data), None))
    n = len(data)
    check_memory(40.0 * n**2, f"geodesics among {n} points", hint="score a sample of the points")
    distances, indices = nearest_neighbours(data, k)
    # An edge of length 0 would read as no edge: duplicates are joined by the smallest number there is.
    lengths = np.maximum(distances, np.finfo(np.float64).tiny).ravel()
    edges = sp.csr_array((lengths, (np.repeat(np.arange(n), k), indices.ravel())), shape=(n, n))
    geodesics = shortest_path(edges.maximum(edges.T), method="D", directed=False)
    lost = np.isinf(geodesics)
    if lost.any():
        i, j = (int(index) for index in np.argwhere(lost)[0])
        message = f"the graph of {k} neighbours is not connected: no path from point {i} to point {j}"
        raise DomainError(message, hint="raise k, or score the components one by one")
    return _spearman(squareform(geodesics, checks=False), pdist(points))


def _spearman(a: Array, b: Array) -> float:
    """Return Spearman's correlation, refusing constant distances."""
    for values, name in ((a, "the geodesics"), (b, "the embedding")):
        if values.min() == values.max():
            message = f"all distances of {name} equal {values.min():.6g}: there is nothing to correlate"
            raise DomainError(message, hint="check for collapsed points")
    return float(spearmanr(a, b).statistic)
