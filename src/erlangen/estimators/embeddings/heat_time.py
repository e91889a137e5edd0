r"""The diffusion time of a graph, from how far heat reaches.

Definition: the reach of a row is the exponential of its entropy, :math:`\exp(-\sum_j H_{ij} \ln H_{ij})`: the number of vertices that heat covers.
Convention: times are given through :math:`t\bar d`, the number of jumps a walker makes, :math:`\bar d` the mean diagonal entry of the Laplacian.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from erlangen.operators import Graph

__all__ = ["REACH", "automatic_time", "covered_share", "reach", "some_vertices", "time_bounds"]

REACH = 0.7
_JUMPS = (60.0, 300.0)
_JUMPS_PER_VERTEX = 0.18
_SOURCES = 64
_FEWER_SOURCES = 16
_HALVINGS = 5
_MANY = 5000


def reach(H: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Return the number of vertices (m,) that each row (m, n) of a kernel covers.

    Examples
    --------
    >>> reach(np.array([[0.5, 0.5, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25]]))
    array([2., 4.])
    """
    total = H.sum(axis=1)
    entropy = -np.einsum("ij,ij->i", H, np.log(np.maximum(H, np.finfo(np.float64).tiny)))
    return np.asarray(np.exp(entropy / total + np.log(total)))


def time_bounds(graph: Graph, laplacian: str) -> tuple[float, float]:
    """Return the times of 60 jumps (of a small graph 0.18 a vertex) and of 300; ones for a graph without edges.

    Examples
    --------
    >>> time_bounds(Graph([[0, 1], [1, 0]]), "combinatorial")
    (0.36, 300.0)
    """
    jumps = float((graph.degrees / graph.measure(laplacian)).mean())
    if jumps == 0:
        return 1.0, 1.0
    return min(_JUMPS[0], _JUMPS_PER_VERTEX * graph.n) / jumps, _JUMPS[1] / jumps


def covered_share(graph: Graph, H: NDArray[np.float64], sources: NDArray[np.int64]) -> float:
    """Return the mean share of its own component that heat from each source (m,) covers, from rows H (m, n).

    Examples
    --------
    >>> covered_share(Graph([[0, 1], [1, 0]]), np.array([[0.5, 0.5]]), np.array([0]))
    1.0
    """
    components = graph.components()
    sizes = np.bincount(components)[components[sources]]
    return float((reach(H) / sizes).mean())


def some_vertices(n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return 64 vertices of n at random, ascending; 16 of more than 5,000, all of fewer than 64.

    Examples
    --------
    >>> [len(some_vertices(n, np.random.default_rng(0))) for n in (10, 5000, 5001)]
    [10, 64, 16]
    """
    return np.sort(rng.permutation(n)[: _SOURCES if n <= _MANY else _FEWER_SOURCES])


def automatic_time(
    graph: Graph,
    laplacian: str,
    rows: Callable[[float, NDArray[np.int64]], NDArray[np.float64]],
    rng: np.random.Generator,
) -> float:
    r"""Return the shortest time at which heat covers 70 % of a component, between 60 and 300 jumps.

    Where noise has joined distant parts of the data, heat mixes early and stays at the lower bound; a clean manifold needs more.
    Small graphs may take less, 0.18 jumps a vertex.

    Parameters
    ----------
    graph : Graph
        The graph.
    laplacian : str
        Its Laplacian.
    rows : callable
        ``rows(t, sources)`` -> rows (m, n) of the heat kernel.
    rng : Generator
        Chooses the sources, :func:`some_vertices`.

    Examples
    --------
    >>> from erlangen.operators import heat_kernel
    >>> square = Graph([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]])
    >>> t = automatic_time(square, "combinatorial", lambda t, i: heat_kernel(square, t, sources=i), np.random.default_rng(0))
    >>> round(t, 3)
    0.36
    """
    low, high = time_bounds(graph, laplacian)
    sources = some_vertices(graph.n, rng)

    def covered(t: float) -> float:
        return covered_share(graph, rows(t, sources), sources)

    # Many vertices are mostly not covered, few are mostly covered: ask first what is likely to end the search.
    ends = ((high, False), (low, True)) if graph.n > _MANY else ((low, True), (high, False))
    for t, enough in ends:
        if (covered(t) >= REACH) is enough:
            return t
    for _ in range(_HALVINGS):
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if covered(middle) >= REACH else (middle, high)
    return high
