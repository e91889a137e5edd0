r"""Effective resistance between vertices, and what is left of it without the part that degrees alone make.

Definition: :math:`R_{ij} = G_{ii} + G_{jj} - 2 G_{ij}`, G the inverse of the Laplacian with one vertex of each component grounded (Klein, Randić 1993).
Convention: weights are conductances; corrected: :math:`R_{ij} - 1/d_i - 1/d_j + 2 w_{ij} / d_i d_j` (von Luxburg, Radl, Hein 2010). Infinite across.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.linalg import MMatrixFactor
from erlangen.operators.distances.checks import zero_own
from erlangen.operators.graph import Graph
from erlangen.operators.heat.choice import check_sources
from erlangen.validation import check_memory

__all__ = ["resistance_distance"]

_BLOCK_ENTRIES = 2**23


def resistance_distance(
    graph: Any, sources: Any = None, *, corrected: bool = False, threads: int | None = None
) -> NDArray[np.float64]:
    r"""Return effective resistances from some vertices to all.

    G is computed without subtraction by :class:`erlangen.linalg.MMatrixFactor`; the diagonal of G takes one solve for each vertex.

    Parameters
    ----------
    graph : Graph or what :meth:`Graph.coerce` takes
        Weights are conductances.
    sources : array_like (m,), optional
        Vertices (default: all).
    corrected : bool
        Take off the part that the degrees make, which is all that is left of R on large dense graphs.
    threads : int, optional
        Threads of the solves.

    Returns
    -------
    ndarray (m, n)

    Raises
    ------
    DomainError
        If a source is not a vertex.
    ResourceLimitError
        If result or factor would not fit in memory.

    Examples
    --------
    Three equal resistors in a triangle: one beside two in series.

    >>> resistance_distance([[0, 1, 1], [1, 0, 1], [1, 1, 0]], [0]).round(12)
    array([[0.        , 0.66666667, 0.66666667]])
    """
    graph = Graph.coerce(graph)
    vertices = check_sources(sources, graph.n)
    check_memory(16.0 * len(vertices) * graph.n, f"resistances ({len(vertices)}, {graph.n})")
    diagonal, G = _grounded(graph, vertices, threads)
    R = diagonal[vertices][:, None] + diagonal - 2.0 * G
    components = graph.components()
    R[components[vertices][:, None] != components] = np.inf
    if corrected:
        with np.errstate(divide="ignore"):
            inverse = np.where(graph.degrees > 0, 1 / graph.degrees, 0.0)
        R -= inverse[vertices][:, None] + inverse
        links = graph.weights[vertices].tocoo()
        R[links.row, links.col] += 2 * links.data * inverse[vertices[links.row]] * inverse[links.col]
    return zero_own(np.maximum(R, 0.0, out=R), vertices)


def _grounded(
    graph: Graph, vertices: NDArray[np.int64], threads: int | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the diagonal (n,) and the rows (m, n) of G; the vertex of largest degree of each component is at potential zero."""
    n, components = graph.n, graph.components()
    order = np.lexsort((-graph.degrees, components))
    ground = order[np.searchsorted(components[order], np.arange(graph.n_components))]
    free = np.setdiff1d(np.arange(n), ground)
    diagonal, G = np.zeros(n), np.zeros((len(vertices), n))
    if free.size == 0:
        return diagonal, G
    slack = np.asarray(graph.weights[free][:, ground].sum(axis=1)).ravel()
    factor = MMatrixFactor(graph.weights[free][:, free], slack)
    place = np.full(n, -1)
    place[free] = np.arange(len(free))
    size = max(1, _BLOCK_ENTRIES // len(free))
    for start in range(0, len(free), size):
        block = np.arange(start, min(len(free), start + size))
        diagonal[free[block]] = factor.columns(block, threads=threads)[np.arange(len(block)), block]
    inside = np.flatnonzero(place[vertices] >= 0)
    if inside.size:
        G[np.ix_(inside, free)] = factor.columns(place[vertices[inside]], threads=threads)
    return diagonal, G
