r"""Distances from personalised page rank: one implicit step of the random walk.

Definition: :math:`Q = (I + aL)^{-1}` with rows of sum one; for the random walk the page rank with restart 1/(1 + a); :math:`d = -\tfrac12 \ln Q_{ij} Q_{ji}`.
Convention: symmetric for every Laplacian, zero for a vertex itself, infinite across components; no floor.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.operators.distances.checks import zero_own
from erlangen.operators.graph import Graph
from erlangen.operators.heat.choice import check_sources, heat_method
from erlangen.validation import check_memory, check_real

__all__ = ["pagerank_distance"]


def pagerank_distance(
    graph: Any, a: float, *, sources: Any = None, laplacian: str = "random-walk", threads: int | None = None
) -> NDArray[np.float64]:
    r"""Return :math:`-\tfrac12 \ln Q_{ij} Q_{ji}` from some vertices to all.

    Parameters
    ----------
    graph : Graph or what :meth:`Graph.coerce` takes
        The graph.
    a : float
        Mean length of a walk before it restarts, positive.
    sources : array_like (m,), optional
        Vertices (default: all).
    laplacian : str
        ``random-walk`` or ``combinatorial``, whose Q has rows of sum one; or another.
    threads : int, optional
        Threads of the solves.

    Returns
    -------
    ndarray (m, n)

    Raises
    ------
    DomainError
        If ``a`` is not positive or a source is not a vertex.

    Examples
    --------
    >>> np.allclose(pagerank_distance([[0, 1], [1, 0]], 1.0, sources=[0]), [[0.0, np.log(3)]])
    True
    """
    graph = Graph.coerce(graph)
    a = check_real(a, "a", low=0.0, open_low=True)
    vertices = check_sources(sources, graph.n)
    check_memory(8.0 * len(vertices) * graph.n, f"distances ({len(vertices)}, {graph.n})")
    D = heat_method(graph, a, laplacian=laplacian, method="euler", steps=1, threads=threads).rows(vertices)
    with np.errstate(divide="ignore"):
        np.log(D, out=D)
    np.negative(D, out=D)
    return zero_own(np.maximum(D, 0.0, out=D), vertices)
