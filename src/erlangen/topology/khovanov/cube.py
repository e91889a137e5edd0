"""The cube of resolutions: Khovanov's complex as it is defined, without any simplification.

Definition: a vertex for each choice of smoothings, A^(circles) at it, merges and splits along edges (Khovanov 2000; Bar-Natan 2002).
Convention: A = <1, X>, X^2 = H X with H = 0 or 1; 1 has degree +1, X has -1; 0 joins (i, j)(k, l), 1 joins (i, l)(j, k); signs count earlier ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import product

from erlangen.errors import DomainError
from erlangen.exact import ChainComplex, Ring, SparseMatrix, Z
from erlangen.topology.diagrams.link import Link
from erlangen.validation import check_memory

__all__ = ["Cube", "Labels", "Vertex", "cube_complex", "cube_memory", "surgery"]

Labels = tuple[int, ...]  # one a circle: 0 for 1, 1 for X
Vertex = tuple[int, ...]
Circles = tuple[frozenset[int], ...]
_BYTES = 400  # a generator with its share of the differentials, as Python objects


def _merge(a: int, b: int, deformed: bool) -> list[tuple[Labels, int]]:
    """Return the product of two labels."""
    if a and b:
        return [((1,), 1)] if deformed else []
    return [((a | b,), 1)]


def _split(a: int, deformed: bool) -> list[tuple[Labels, int]]:
    """Return the coproduct of a label, as pairs of labels with signs."""
    if a:
        return [((1, 1), 1)]
    return [((0, 1), 1), ((1, 0), 1), *([((0, 0), -1)] if deformed else [])]


def surgery(
    before: Circles, after: Circles, labels: Labels, touched: Collection[int], deformed: bool
) -> Iterator[tuple[Labels, int]]:
    """Yield labels and signs of the image of a state under a saddle; circles that meet ``touched`` edges take part."""
    value = dict(zip(before, labels, strict=True))
    old = [c for c in before if not c.isdisjoint(touched)]
    new = [c for c in after if not c.isdisjoint(touched)]
    choices = _merge(value[old[0]], value[old[1]], deformed) if len(old) == 2 else _split(value[old[0]], deformed)
    for chosen, sign in choices:
        image = value | dict(zip(new, chosen, strict=True))
        yield tuple(image[c] for c in after), sign


class Cube:
    """The states of all smoothings of a diagram, and their degrees.

    Parameters
    ----------
    crossings : sequence of (i, j, k, l)
    loops : sequence of int
        Labels of circles that meet no crossing.
    n_minus : int
        Number of negative crossings.
    marked : int, optional
        An edge or loop on which X = 0.
    """

    def __init__(
        self,
        crossings: Sequence[tuple[int, int, int, int]],
        loops: Sequence[int],
        n_minus: int,
        marked: int | None = None,
    ) -> None:
        self.crossings, self.loops, self.n_minus = tuple(crossings), tuple(loops), n_minus
        self.circles: dict[Vertex, Circles] = {}
        self.states: dict[Vertex, list[Labels]] = {}
        self.place: dict[tuple[Vertex, Labels], int] = {}
        self.labels: dict[int, list[int]] = {}
        shift = len(crossings) - 3 * n_minus - (marked is not None)  # n_+ - 2 n_-, and the marked circle's degree
        for vertex in product((0, 1), repeat=len(crossings)):
            circles = self._circles(vertex)
            kept = next((n for n, circle in enumerate(circles) if marked in circle), None)
            states = [s for s in product((0, 1), repeat=len(circles)) if kept is None or not s[kept]]
            self.circles[vertex], self.states[vertex] = circles, states
            grades = self.labels.setdefault(sum(vertex) - n_minus, [])
            for labels in states:
                self.place[vertex, labels] = len(grades)
                grades.append(len(circles) - 2 * sum(labels) + sum(vertex) + shift)

    def _circles(self, vertex: Vertex) -> Circles:
        """Return the circles of a smoothing as sets of edges."""
        parent = {edge: edge for crossing in self.crossings for edge in crossing}

        def root(edge: int) -> int:
            while parent[edge] != edge:
                edge = parent[edge]
            return edge

        for (i, j, k, m), bit in zip(self.crossings, vertex, strict=True):
            for a, b in ((i, m), (j, k)) if bit else ((i, j), (k, m)):
                parent[root(a)] = root(b)
        groups: dict[int, set[int]] = {}
        for edge in parent:
            groups.setdefault(root(edge), set()).add(edge)
        return (*sorted(map(frozenset, groups.values()), key=min), *(frozenset([loop]) for loop in self.loops))

    def degree(self, vertex: Vertex) -> int:
        """Return the homological degree of a vertex."""
        return sum(vertex) - self.n_minus

    def complex(self, ring: Ring, deformed: bool) -> ChainComplex:
        """Return the complex, at H = 1 where it is ``deformed``."""
        entries: dict[int, dict[tuple[int, int], int]] = {h: {} for h in self.labels if h + 1 in self.labels}
        for vertex, states in self.states.items():
            for c, crossing in enumerate(self.crossings):
                if vertex[c]:
                    continue
                there = (*vertex[:c], 1, *vertex[c + 1 :])
                parity = -1 if sum(vertex[:c]) % 2 else 1
                ends = self.circles[vertex], self.circles[there]
                for labels in states:
                    for image, sign in surgery(*ends, labels, crossing, deformed):
                        if (there, image) in self.place:
                            key = self.place[there, image], self.place[vertex, labels]
                            entries[self.degree(vertex)][key] = parity * sign
        shapes = {h: (len(self.labels[h + 1]), len(self.labels[h])) for h in entries}
        matrices = {h: SparseMatrix(part, shapes[h], Z).over(ring) for h, part in entries.items()}
        return ChainComplex(matrices, {h: self.labels[h] for h in sorted(self.labels)}, ring=ring, check=False)


def cube_memory(n_crossings: int, n_loops: int, limit: float | None) -> None:
    """Refuse a cube that memory does not hold.

    Raises
    ------
    ResourceLimitError
        With the estimate.
    """
    estimate = _BYTES * 3.0**n_crossings * 2.0**n_loops
    check_memory(estimate, f"the cube of {n_crossings} crossings", limit=limit, hint="use the simplified complex")


def cube_complex(
    link: Link,
    ring: Ring,
    *,
    reduced: bool = False,
    basepoint: int = 0,
    deformed: bool = False,
    max_memory: float | None = None,
) -> ChainComplex:
    """Return the whole Khovanov complex of a diagram; with ``deformed`` Bar-Natan's at H = 1, filtered by q.

    Raises
    ------
    ResourceLimitError
        If the 2^n smoothings are more than memory holds.
    DomainError
        If the basepoint is no edge.
    """
    n = link.n_crossings
    cube_memory(n, link.n_unknots, max_memory)
    if reduced and not (0 <= basepoint < 2 * n or (n == 0 and link.n_unknots)):
        message = f"basepoint={basepoint} is no edge of the diagram"
        raise DomainError(message, hint=f"choose an edge from 0 to {2 * n - 1}")
    loops = range(2 * n, 2 * n + link.n_unknots)
    marked = basepoint if reduced else None
    return Cube(link.crossings, loops, link.signs.count(-1), marked).complex(ring, deformed)
