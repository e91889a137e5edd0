"""Seifert circles, the surface they bound, and its Seifert matrix.

Definition: smooth every crossing along the orientation, fill the circles with discs, join them by half-twisted bands; V[a, b] = lk(a, b+) (Seifert).
Convention: b+ is pushed to the side from which the boundary runs anticlockwise; KnotInfo's sign: -1 is the matrix of the positive Hopf link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from erlangen.topology.diagrams.link import Link

__all__ = ["seifert_circles", "seifert_genus", "seifert_matrix"]

_LEFT, _RIGHT = -1, 1


@final
@dataclass(frozen=True)
class _Step:
    """Passage of a Seifert circle along one side of a crossing: the band gives ``side`` times its flow to the circle."""

    crossing: int
    side: int
    following: int


def _steps(link: Link) -> list[_Step]:
    """Return what follows each edge on its Seifert circle.

    Seen with both strands upwards, the left arc of a positive crossing X[i, j, k, l] is l -> k and the right one i -> j; of a
    negative crossing they are i -> l and j -> k.
    """
    steps: dict[int, _Step] = {}
    for crossing, ((i, j, k, l), sign) in enumerate(zip(link.crossings, link.signs, strict=True)):  # noqa: E741 - X[i, j, k, l]
        left, right = ((l, k), (i, j)) if sign > 0 else ((i, l), (j, k))
        steps[left[0]] = _Step(crossing, _LEFT, left[1])
        steps[right[0]] = _Step(crossing, _RIGHT, right[1])
    return [steps[edge] for edge in range(2 * link.n_crossings)]


def seifert_circles(link: Link) -> tuple[tuple[int, ...], ...]:
    """Return the Seifert circles as cycles of edges, each from its least edge; components without crossings are not among them.

    Examples
    --------
    >>> seifert_circles(Link.from_braid([1, 1, 1]))
    ((0, 4, 2), (1, 5, 3))
    """
    steps = _steps(link)
    circles: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for start in range(len(steps)):
        if start in seen:
            continue
        circle = [start]
        while (edge := steps[circle[-1]].following) != start:
            circle.append(edge)
        seen.update(circle)
        circles.append(tuple(circle))
    return tuple(circles)


def _flows(link: Link, circles: tuple[tuple[int, ...], ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the flow ``(n, n)`` along edge l of each crossing for unit flow through each band, and the circles ``(n, 2)`` left and right."""
    n = link.n_crossings
    steps = _steps(link)
    along = np.zeros((2 * n, n), dtype=np.int64)
    sides = np.zeros((n, 2), dtype=np.int64)
    for index, circle in enumerate(circles):
        flow = np.zeros(n, dtype=np.int64)
        for edge in circle:
            along[edge] = flow
            step = steps[edge]
            flow[step.crossing] += step.side
            sides[step.crossing, int(step.side > 0)] = index
    return along[link.array()[:, 3]], sides


def _cycles(sides: NDArray[np.int64], n_circles: int) -> tuple[NDArray[np.int64], int]:
    """Return a basis ``(m, n)`` of the cycles of the graph of circles and bands, and its number of components."""
    n = len(sides)
    bands: list[list[tuple[int, int, int]]] = [[] for _ in range(n_circles)]
    for crossing, (left, right) in enumerate(sides.tolist()):
        bands[left].append((crossing, right, 1))
        bands[right].append((crossing, left, -1))
    path: dict[int, NDArray[np.int64]] = {}
    tree: set[int] = set()
    roots = 0
    for root in range(n_circles):
        if root in path:
            continue
        roots += 1
        path[root] = np.zeros(n, dtype=np.int64)
        waiting = [root]
        while waiting:
            here = waiting.pop()
            for crossing, there, direction in bands[here]:
                if there not in path:
                    path[there] = path[here].copy()
                    path[there][crossing] += direction
                    tree.add(crossing)
                    waiting.append(there)
    rest = [crossing for crossing in range(n) if crossing not in tree]
    cycles = np.zeros((len(rest), n), dtype=np.int64)
    for row, crossing in enumerate(rest):
        left, right = sides[crossing].tolist()
        cycles[row] = path[left] - path[right]
        cycles[row, crossing] += 1
    return cycles, roots


def seifert_matrix(link: Link) -> NDArray[np.int64]:
    r"""Return the Seifert matrix of the surface that Seifert's algorithm gives, joined by tubes into one piece.

    Let a cycle of the surface cross the band of crossing c from the left circle to the right one :math:`a_c` times, and run :math:`b_e`
    times along edge e of a Seifert circle. With the circles as vertical walls that face right, all crossings of a cycle with a pushed-off
    one lie at the left ends of the bands, and

    .. math:: V(a, b) = \operatorname{lk}(a, b^+) = -\sum_c a_c \, b_{l(c)},

    where l(c) is the last edge of X[i, j, k, l]. Each further piece of the diagram, and each component without crossings, adds a tube
    and with it a row and a column of zeros.

    Parameters
    ----------
    link : Link
        Any diagram.

    Returns
    -------
    ndarray of int64, shape (m, m)
        m = twice the genus of the surface plus the number of components minus one.

    References
    ----------
    Seifert, Math. Ann. 110 (1935); J. Collins, J. Knot Theory Ramifications 25 (2016) for braids.

    Examples
    --------
    >>> V = seifert_matrix(Link.from_braid([1, 1, 1]))
    >>> V.shape, (V + V.T).diagonal().tolist(), int(round(np.linalg.det(V - V.T)))
    ((2, 2), [-2, -2], 1)
    """
    circles = seifert_circles(link)
    flows, sides = _flows(link, circles)
    cycles, pieces = _cycles(sides, len(circles))
    inner = -(cycles @ flows @ cycles.T)
    tubes = max(pieces + link.n_unknots - 1, 0)
    matrix = np.zeros((len(inner) + tubes, len(inner) + tubes), dtype=np.int64)
    matrix[: len(inner), : len(inner)] = inner
    return matrix


def seifert_genus(link: Link) -> int:
    """Return the genus of the surface of :func:`seifert_matrix`: an upper bound for the genus of the link, attained by alternating diagrams.

    Examples
    --------
    >>> seifert_genus(Link.from_braid([1, 1, 1])), seifert_genus(Link.from_braid([1, -2, 1, -2]))
    (1, 1)
    """
    return (len(seifert_matrix(link)) + 1 - link.n_components) // 2 if link.n_components else 0
