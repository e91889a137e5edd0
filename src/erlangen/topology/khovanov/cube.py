"""The cube of resolutions: Khovanov's complex as it is defined, without any simplification.

Definition: a vertex for each choice of smoothings, A^(circles) at it, merges and splits along edges (Khovanov 2000; Bar-Natan 2002).
Convention: A = <1, X>, X^2 = H X with H = 0 or 1; 1 has degree +1, X has -1; 0 joins (i, j)(k, l), 1 joins (i, l)(j, k); signs count earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from erlangen.errors import DomainError
from erlangen.exact import ChainComplex, Ring, SparseMatrix
from erlangen.validation import check_memory

__all__ = ["Diagram", "cube_complex"]

Labels = tuple[int, ...]  # one a circle: 0 for 1, 1 for X
Circles = tuple[frozenset[int], ...]
_BYTES = 400  # a generator with its share of the differentials, as Python objects


class Diagram(Protocol):
    """What the cube needs of a link."""

    @property
    def crossings(self) -> tuple[tuple[int, int, int, int], ...]: ...  # noqa: D102
    @property
    def n_unknots(self) -> int: ...  # noqa: D102
    @property
    def signs(self) -> tuple[int, ...]: ...  # noqa: D102


def _circles(diagram: Diagram, vertex: tuple[int, ...]) -> Circles:
    """Return the circles of a smoothing as sets of edges; split unknots are the sets {-1}, {-2}, ..."""
    parent = {edge: edge for crossing in diagram.crossings for edge in crossing}

    def root(edge: int) -> int:
        while parent[edge] != edge:
            edge = parent[edge]
        return edge

    for (i, j, k, m), bit in zip(diagram.crossings, vertex, strict=True):
        for a, b in ((i, m), (j, k)) if bit else ((i, j), (k, m)):
            parent[root(a)] = root(b)
    groups: dict[int, set[int]] = {}
    for edge in parent:
        groups.setdefault(root(edge), set()).add(edge)
    loops = [frozenset([-1 - n]) for n in range(diagram.n_unknots)]
    return (*sorted(map(frozenset, groups.values()), key=min), *loops)


def _states(n: int) -> Iterator[Labels]:
    for number in range(2**n):
        yield tuple(number >> i & 1 for i in range(n))


def _merge(a: int, b: int, deformed: bool) -> list[int]:
    """Return the labels of the product of two labels."""
    if a and b:
        return [1] if deformed else []
    return [a | b]


def _split(a: int, deformed: bool) -> list[tuple[int, int, int]]:
    """Return the coproduct of a label as triples (label, label, sign)."""
    if a:
        return [(1, 1, 1)]
    return [(0, 1, 1), (1, 0, 1), *([(0, 0, -1)] if deformed else [])]


def _images(before: Circles, after: Circles, labels: Labels, deformed: bool) -> Iterator[tuple[Labels, int]]:
    """Yield labels and signs of the image of a state under the saddle between two smoothings."""
    old = [c for c in before if c not in after]
    new = [c for c in after if c not in before]
    value = dict(zip(before, labels, strict=True))
    if len(old) == 2:
        choices = [((product,), 1) for product in _merge(value[old[0]], value[old[1]], deformed)]
    else:
        choices = [((a, b), sign) for a, b, sign in _split(value[old[0]], deformed)]  # type: ignore[misc]
    for chosen, sign in choices:
        image = value | dict(zip(new, chosen, strict=True))
        yield tuple(image[c] for c in after), sign


def _vertices(diagram: Diagram, marked: int | None) -> dict[tuple[int, ...], tuple[Circles, list[Labels]]]:
    """Return circles and states of each vertex; in the reduced theory the circle of the marked edge carries 1."""
    table = {}
    for vertex in _states(len(diagram.crossings)):
        circles = _circles(diagram, vertex)
        place = next((n for n, circle in enumerate(circles) if marked in circle), None)
        table[vertex] = circles, [s for s in _states(len(circles)) if place is None or not s[place]]
    return table


def cube_complex(
    diagram: Diagram,
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
    n = len(diagram.crossings)
    check_memory(_BYTES * 3.0**n * 2.0**diagram.n_unknots, f"the cube of {n} crossings", limit=max_memory)
    marked = basepoint if n else -1
    if reduced and not (0 <= basepoint < 2 * n or (n == 0 and diagram.n_unknots)):
        message = f"basepoint={basepoint} is no edge of the diagram"
        raise DomainError(message, hint=f"choose an edge from 0 to {2 * n - 1}")
    table = _vertices(diagram, marked if reduced else None)
    n_minus = diagram.signs.count(-1)
    shift = n - 3 * n_minus - int(reduced)  # n_+ - 2 n_-, and the marked circle's degree
    place: dict[tuple[tuple[int, ...], Labels], int] = {}
    grades: dict[int, list[int]] = {}
    for vertex, (circles, states) in table.items():
        grade = grades.setdefault(sum(vertex) - n_minus, [])
        for labels in states:
            place[vertex, labels] = len(grade)
            grade.append(len(circles) - 2 * sum(labels) + sum(vertex) + shift)
    entries: dict[int, dict[tuple[int, int], int]] = {h: {} for h in grades if h + 1 in grades}
    for vertex, (circles, states) in table.items():
        for c in (c for c in range(n) if not vertex[c]):
            there = (*vertex[:c], 1, *vertex[c + 1 :])
            parity = (-1) ** sum(vertex[:c])
            for labels in states:
                for image, sign in _images(circles, table[there][0], labels, deformed):
                    if (there, image) in place:
                        key = place[there, image], place[vertex, labels]
                        entries[sum(vertex) - n_minus][key] = parity * sign
    matrices = {
        h: SparseMatrix(part, (len(grades[h + 1]), len(grades[h])), "Z").over(ring) for h, part in entries.items()
    }
    return ChainComplex(matrices, {h: grades[h] for h in sorted(grades)}, ring=ring, check=False)
