r"""Bridges between the components of a graph, over which unreached pairs get a finite distance.

Definition: components are joined by a shortest tree of Euclidean nearest pairs; a path goes inside components by D and over bridges by scaled length.
Convention: the scale brings Euclidean lengths to the units of D: the median of D over length, over each row's nearest finite pair.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.operators.distances.checks import check_distances
from erlangen.operators.heat.choice import check_sources
from erlangen.operators.neighbours import cross_neighbours
from erlangen.validation import check_matrix, check_real

__all__ = ["bridge_components"]

Bridge = tuple[int, int, float]


def bridge_components(
    D: Any, X: Any, labels: Any, *, sources: Any = None, scale: float | None = None
) -> NDArray[np.float64]:
    r"""Return distances in which pairs of different components are joined over bridges.

    .. math:: D_{ij} = \min_{p, q} \big( D_{ip} + S_{pq} + D_{jq} \big)

    over the ends p of bridges in the component of i and q in that of j, S the way from p to q. Pairs of one component stay as they are.

    Parameters
    ----------
    D : array_like (m, n)
        Distances, finite inside components.
    X : array_like (n, p)
        Points.
    labels : array_like (n,)
        Component of each point, see :meth:`Graph.components`.
    sources : array_like (m,), optional
        Vertices of the rows (default: all, D square); bridges end at them, and each component must hold one.
    scale : float, optional
        Units of D per unit of X; 1 where D is a length already. Measured where it is left away.

    Returns
    -------
    ndarray (m, n)
        Finite; of all vertices and symmetric D, symmetric between components to the last bit.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    DomainError
        If a component holds no source.

    Examples
    --------
    >>> inf = np.inf
    >>> D = [[0, 1, inf], [1, 0, inf], [inf, inf, 0]]
    >>> bridge_components(D, [[0.0], [1.0], [4.0]], [0, 0, 1])
    array([[0., 1., 4.],
           [1., 0., 3.],
           [4., 3., 0.]])
    """
    rows = check_distances(D)
    m, n = rows.shape
    points = check_matrix(X, "X").astype(np.float64, copy=False)
    _, label = np.unique(np.asarray(labels), return_inverse=True)
    vertices = check_sources(sources, n)
    if len(points) != n or label.shape != (n,) or len(vertices) != m:
        message = f"D {rows.shape}, X {points.shape}, labels {label.shape} and {len(vertices)} sources do not fit"
        raise ShapeError(message, hint="D is (m, n), X (n, p), labels (n,), sources (m,)")
    count = int(label.max(initial=0)) + 1
    own = label[vertices]
    missing = np.setdiff1d(np.arange(count), own)
    if missing.size:
        where = int(np.argmax(label == missing[0]))
        message = f"the component of vertex {where} holds none of the {m} sources, so that no bridge can end there"
        raise DomainError(message, hint="take at least one source in each component")
    if count == 1:
        return rows.copy()
    unit = _units(rows, points, vertices) if scale is None else check_real(scale, "scale", low=0.0, open_low=True)
    bridges = _shortest_tree(points[vertices], own, count, unit)
    return _joined(rows, vertices, own, label, bridges)


def _units(D: NDArray[np.float64], points: NDArray[np.float64], vertices: NDArray[np.int64]) -> float:
    """Return the median of D over Euclidean length, over each row's nearest pair of positive finite distance; 1 where there is none."""
    usable = np.where((D > 0) & np.isfinite(D), D, np.inf)
    nearest = usable.argmin(axis=1)
    value = usable[np.arange(len(D)), nearest]
    length = np.linalg.norm(points[vertices] - points[nearest], axis=1)
    good = np.isfinite(value) & (length > 0)
    return float(np.median(value[good] / length[good])) if good.any() else 1.0


def _shortest_tree(points: NDArray[np.float64], own: NDArray[Any], count: int, unit: float) -> list[Bridge]:
    """Return bridges (row, row, length) that join all components, shortest first (Borůvka's rounds on nearest pairs)."""
    group = own.copy()
    bridges: list[Bridge] = []
    while len(bridges) < count - 1:
        candidates: list[tuple[float, int, int]] = []
        for name in np.unique(group):
            inside, outside = np.flatnonzero(group == name), np.flatnonzero(group != name)
            lengths, nearest = cross_neighbours(points[inside], points[outside], 1)
            i = int(lengths[:, 0].argmin())
            a, b = int(inside[i]), int(outside[nearest[i, 0]])
            candidates.append((float(lengths[i, 0]), min(a, b), max(a, b)))
        for length, a, b in sorted(set(candidates)):
            if group[a] != group[b]:
                group[group == group[b]] = group[a]
                bridges.append((a, b, unit * length))
    return bridges


def _joined(
    D: NDArray[np.float64],
    vertices: NDArray[np.int64],
    own: NDArray[Any],
    label: NDArray[Any],
    bridges: list[Bridge],
) -> NDArray[np.float64]:
    """Fill pairs of different components by the shortest way over the bridges."""
    ends = np.unique([end for a, b, _ in bridges for end in (a, b)])
    place = {int(end): i for i, end in enumerate(ends)}
    inside = D[np.ix_(ends, vertices[ends])]
    inside = np.minimum(inside, inside.T)
    for a, b, length in bridges:
        i, j = place[a], place[b]
        inside[i, j] = inside[j, i] = min(length, inside[i, j])
    ways = _all_ways(inside)
    out = D.copy()
    mirrored = np.array_equal(vertices, np.arange(D.shape[1])) and np.allclose(D, D.T, rtol=1e-9)
    for here in np.unique(own):
        mine = np.flatnonzero(own == here)
        near = np.flatnonzero(own[ends] == here)
        start = D[np.ix_(mine, vertices[ends[near]])]
        for there in np.unique(own):
            if there == here or (mirrored and there < here):
                continue
            theirs = np.flatnonzero(label == there)
            far = np.flatnonzero(own[ends] == there)
            between = _min_plus(start, ways[np.ix_(near, far)])
            block = _min_plus(between, D[np.ix_(ends[far], theirs)])
            out[np.ix_(mine, theirs)] = block
            if mirrored:
                out[np.ix_(theirs, mine)] = block.T
    return out


def _all_ways(lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shortest ways between all ends of bridges (Floyd, Warshall; lengths of zero are lengths)."""
    ways = lengths.copy()
    for k in range(len(ways)):
        np.minimum(ways, ways[:, k, None] + ways[k], out=ways)
    return ways


def _min_plus(A: NDArray[np.float64], B: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the product in which sums are minima and products are sums."""
    out = np.full((A.shape[0], B.shape[1]), np.inf)
    for k in range(A.shape[1]):
        np.minimum(out, A[:, k, None] + B[k], out=out)
    return out
