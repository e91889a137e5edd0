"""Shortest paths along the edges of a graph, the distance of Isomap.

Definition: the least sum of edge lengths over paths (Dijkstra 1959).
Convention: lengths, not weights: :func:`neighbour_lengths` makes them from points. Unreached pairs are at infinity.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen.operators.graph import Graph
from erlangen.operators.heat.choice import check_sources
from erlangen.operators.neighbours import nearest_neighbours
from erlangen.validation import check_memory

__all__ = ["graph_distance", "neighbour_lengths"]


def graph_distance(lengths: Any, sources: Any = None) -> NDArray[np.float64]:
    """Return shortest paths from some vertices to all.

    Parameters
    ----------
    lengths : sparse array, ndarray (n, n) or Graph
        Symmetric lengths of the edges; zero is no edge.
    sources : array_like (m,), optional
        Vertices (default: all).

    Returns
    -------
    ndarray (m, n)

    Raises
    ------
    DomainError
        If a length is negative, not finite or asymmetric, or a source is not a vertex.

    Examples
    --------
    >>> graph_distance([[0, 2.0, 0], [2.0, 0, 1.5], [0, 1.5, 0]], [0])
    array([[0. , 2. , 3.5]])
    """
    edges = Graph.coerce(lengths).weights
    n = edges.shape[0]
    vertices = check_sources(sources, n)
    check_memory(12.0 * len(vertices) * n, f"shortest paths ({len(vertices)}, {n})")
    matrix = sp.csr_matrix(edges)
    return np.asarray(sp.csgraph.dijkstra(matrix, directed=False, indices=vertices)).reshape(len(vertices), n)


def neighbour_lengths(X: Any, k: int = 10, *, metric: str = "euclidean", n_jobs: int | None = None) -> Any:
    """Return the edge lengths of the graph that joins each point to its k nearest, sparse and symmetric (n, n).

    Duplicates are joined by the smallest positive number, because zero is no edge.

    Parameters
    ----------
    X : array_like (n, p)
        Points.
    k : int
        Number of neighbours, k < n.
    metric, n_jobs
        See :func:`nearest_neighbours`.

    Raises
    ------
    DomainError
        If k >= n or ``X`` is not finite.

    Examples
    --------
    >>> neighbour_lengths([[0.0], [1.0], [3.0]], 1).toarray()
    array([[0., 1., 0.],
           [1., 0., 2.],
           [0., 2., 0.]])
    """
    distances, indices = nearest_neighbours(X, k, metric=metric, n_jobs=n_jobs)
    n, k = indices.shape
    values = np.maximum(distances.ravel(), np.finfo(np.float64).tiny)
    directed = sp.csr_array((values, indices.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    return sp.csr_array(directed.maximum(directed.T))
