r"""The filtration degree of the canonical class of an orientation in reduced Bar-Natan homology.

Definition: Lee's generators (math/0210213, theorem 4.2) in the form of Bar-Natan's algebra at H = 1, where X and 1 - X are idempotents.
Convention: at an edge the generator of an orientation has X = 1 or 0 by the colour of the face on the edge's left; the basepoint has X = 0.

At H = 1 multiplication by X at an edge e is an idempotent chain map X_e, and two edges of one component that meet at a crossing have
X_e + X_e' homotopic to 1. So homology is the sum of the common eigenspaces of one X_e a component, lines indexed by the 2^c orientations:
along an oriented component X_e changes exactly when the colour of the face on its left does. A link cut at an edge of each of some
components is a complex over F[H] on which these X_e act strictly. The projector P to the eigenvalues of an orientation is a chain map; if
no other orientation in h = 0 shares them, the homology of its image in h = 0 is the line of the canonical class. The class has
filtration degree q if it is the class of a cycle in degrees q and above: a cycle of the image of P is reduced modulo all boundaries, those
with the lowest leading terms first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product
from typing import Any, TypeAlias

import numpy as np

from erlangen.errors import LawError
from erlangen.exact.ring import Ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning.dotted_surface import DISC, SOURCE_LOOP, TARGET_LOOP, Dots, Surface, glued
from erlangen.topology.scanning.matching import Arcs, components, glue_arcs
from erlangen.topology.scanning.opened_scan import OpenedComplex
from erlangen.topology.scanning.planar_disc import checkerboard

__all__ = ["class_degree", "eigenvalues", "separating_components"]

Key: TypeAlias = tuple[int, ...]
Row: TypeAlias = dict[Key, Any]
Circles: TypeAlias = dict[int, int]  # least end of a circle through cut edges -> eigenvalue of X there


def separating_components(linking: Any) -> tuple[int, ...]:
    """Return the fewest components on which every orientation of the same h differs from the given one and its reverse.

    Parameters
    ----------
    linking : (c, c) array of int
        Linking numbers. Reversing the components in a set changes h by twice the linking number of the set and the others.

    Examples
    --------
    >>> separating_components(np.array([[0, 1], [1, 0]])), separating_components(np.zeros((3, 3), dtype=int))
    ((0,), (0, 1, 2))
    """
    c = len(linking)
    choices = np.arange(1, 1 << (c - 1))
    sides = (choices[:, None] >> np.arange(c)) & 1  # the last component is not reversed
    crossing = np.einsum("si,ij,sj->s", sides, np.asarray(linking), 1 - sides)
    rivals = sides[crossing == 0]
    if not len(rivals):
        return (0,)
    for size in range(2, c + 1):
        for chosen in combinations(range(c), size):
            some = rivals[:, chosen].sum(axis=1)
            if ((some > 0) & (some < size)).all():
                return chosen
    message = "no set of components separates the orientations"  # all of them do
    raise LawError(message, hint="this is a defect, please report the link")


def eigenvalues(link: Link, edges: Iterable[int]) -> tuple[int, ...]:
    """Return X on the canonical generator at some edges, so chosen that it is 0 at the first.

    Examples
    --------
    >>> eigenvalues(Link.from_braid([1, 1]), (0, 1, 2, 3))
    (0, 1, 1, 0)
    """
    colour = checkerboard(link)
    heads = {}
    for c, (crossing, sign) in enumerate(zip(link.crossings, link.signs, strict=True)):
        for slot in (0, 3 if sign > 0 else 1):
            heads[crossing[slot]] = (slot + colour[c]) % 2
    found = [heads[edge] for edge in edges]
    return tuple(value ^ found[0] for value in found)


def class_degree(opened: OpenedComplex, values: tuple[int, ...], ring: Ring) -> int:
    """Return the filtration degree q of the class in h = 0 on which X has the given values at the edges that were cut.

    Raises
    ------
    LawError
        If these values do not belong to one class.
    """
    closure = _Closure(opened, dict(zip(opened.edges, values, strict=True)), ring)
    cycles = _kernel(closure.projected(), ring)
    pivots = _echelon(closure.boundaries(), ring)
    found = [degree for cycle in cycles if (degree := _insert(pivots, closure.expanded(cycle), ring)) is not None]
    if len(found) != 1:
        message = f"{len(found)} classes in h = 0 have the eigenvalues {values}"
        raise LawError(message, hint="this is a defect of the engine, please report the diagram")
    return found[0]


class _Closure:
    """A complex whose cut strands are closed again, at H = 1, with the action of X on the circles through them."""

    def __init__(self, opened: OpenedComplex, values: dict[int, int], ring: Ring) -> None:
        self.opened, self.ring = opened, ring
        self._values = values
        self._loops: dict[Arcs, tuple[int, ...]] = {}
        self._circles: dict[Arcs, Circles | None] = {}
        self._surfaces: dict[tuple[Arcs, Arcs], Surface] = {}
        for _, _, arcs in opened.generators:
            if arcs not in self._loops:
                self._loops[arcs] = glue_arcs(arcs, opened.pairs)[1]
                self._circles[arcs] = self._eigenvalues(arcs)

    def _eigenvalues(self, arcs: Arcs) -> Circles | None:
        """Return the eigenvalue of X on each loop, or None where the projector is 0."""
        names = components(arcs, self.opened.pairs)
        found: Circles = {}
        for (end, _), edge in zip(self.opened.pairs, self.opened.edges[1:], strict=True):
            loop = names[end]
            expected = found.setdefault(loop, self._values[edge]) if loop in self._loops[arcs] else 0
            if expected != self._values[edge]:
                return None
        return found

    def _terms(self, s: int, t: int) -> Iterator[tuple[Dots, Any]]:
        """Yield the entry after closing, as dots on loops."""
        below, above = self.opened.generators[s][2], self.opened.generators[t][2]
        surface = self._surfaces.get((below, above))
        if surface is None:
            surface = self._surfaces[below, above] = glued(below, above, self.opened.pairs)
        for dots, coefficient in self.opened.entries[s, t]:
            for dotted, factor in surface.terms(dots, deformed=True):
                if all(kind != DISC for kind, _ in dotted):
                    yield dotted, factor * coefficient

    def projected(self) -> list[tuple[int, Row]]:
        """Return the image of each generator in h = 0 under the differential of the image of the projector."""
        rows: list[tuple[int, Row]] = []
        for s, (h, _, arcs) in enumerate(self.opened.generators):
            if h == 0 and self._circles[arcs] is not None:
                rows.append((s, {}))
        places = dict(rows)
        for s, t in self.opened.entries:
            above = self._circles[self.opened.generators[t][2]]
            if s in places and above is not None:
                value = self._between(s, t, above)
                if value:
                    places[s][(t,)] = value
        return rows

    def _between(self, s: int, t: int, above: Circles) -> Any:
        """Return the entry between the eigenvectors: a cap takes X to 1 and 1 - X to -1, with a dot to 1 and 0."""
        below = self._circles[self.opened.generators[s][2]] or {}
        total: Any = 0
        for dots, coefficient in self._terms(s, t):
            factor = 1
            for loop, value in below.items():
                dotted = (SOURCE_LOOP, loop) in dots
                factor *= 1 if value else 0 if dotted else -1
            for loop, value in above.items():
                factor *= 0 if (TARGET_LOOP, loop) in dots and not value else 1
            total += factor * coefficient
        return self.ring.element(total)

    def expanded(self, cycle: Mapping[int, Any]) -> Row:
        """Return a combination of eigenvectors in the basis (q, generator, labels); 1 - X on a loop is 1 minus X."""
        out: Row = {}
        for g, coefficient in cycle.items():
            _, q, arcs = self.opened.generators[g]
            circles = self._circles[arcs] or {}
            loops = self._loops[arcs]
            for labels in product((0, 1), repeat=len(loops)):
                sign = 1
                for loop, label in zip(loops, labels, strict=True):
                    sign *= label if circles[loop] else 1 - 2 * label
                if sign:
                    out[_basis(q, g, labels)] = self.ring.element(sign * coefficient)
        return out

    def boundaries(self) -> Iterator[Row]:
        """Yield the images of the generators in h = -1."""
        into: dict[int, list[int]] = {}
        for s, t in self.opened.entries:
            if self.opened.generators[s][0] == -1:
                into.setdefault(s, []).append(t)
        for s, targets in into.items():
            loops = self._loops[self.opened.generators[s][2]]
            rows: dict[Key, Row] = {labels: {} for labels in product((0, 1), repeat=len(loops))}
            for t in targets:
                self._add_images(rows, s, t, loops)
            yield from rows.values()

    def _add_images(self, rows: dict[Key, Row], s: int, t: int, loops: tuple[int, ...]) -> None:
        """Add an entry to the images of 1 and X on the loops: an undotted cap takes X to 1, a dotted one 1 and X."""
        _, q, arcs = self.opened.generators[t]
        for dots, coefficient in self._terms(s, t):
            key = _basis(q, t, tuple(int((TARGET_LOOP, loop) in dots) for loop in self._loops[arcs]))
            for labels, row in rows.items():
                if all(label or (SOURCE_LOOP, loop) in dots for label, loop in zip(labels, loops, strict=True)):
                    row[key] = self.ring.element(row.get(key, 0) + coefficient)


def _basis(q: int, g: int, labels: Key) -> Key:
    """Return a basis element, by degree first."""
    return (q + len(labels) - 2 * sum(labels), g, *labels)


def _subtract(row: Row, other: Row, factor: Any, ring: Ring) -> None:
    for key, value in other.items():
        rest = ring.element(row.get(key, 0) - factor * value)
        if rest:
            row[key] = rest
        else:
            row.pop(key, None)


def _reduced(row: Row, pivots: dict[Key, Row], ring: Ring) -> Row:
    """Return a row modulo others whose least terms are 1, as far as its least term can be raised."""
    row = {key: value for key, value in row.items() if value}
    while row and (least := min(row)) in pivots:
        _subtract(row, pivots[least], row[least], ring)
    return row


def _echelon(rows: Iterator[Row], ring: Ring) -> dict[Key, Row]:
    """Return rows with different least terms of coefficient 1 that span the same space, by their least terms."""
    pivots: dict[Key, Row] = {}
    for row in sorted(rows, key=len):
        _insert(pivots, row, ring)
    return pivots


def _insert(pivots: dict[Key, Row], row: Row, ring: Ring) -> int | None:
    """Add a row to an echelon form; return the first part of its least term, or None if it was spanned."""
    rest = _reduced(row, pivots, ring)
    if not rest:
        return None
    least = min(rest)
    unit = ring.inverse(rest[least])
    pivots[least] = {key: ring.element(unit * value) for key, value in rest.items()}
    return least[0]


def _kernel(rows: list[tuple[int, Row]], ring: Ring) -> list[dict[int, Any]]:
    """Return a basis of the combinations of generators whose images vanish."""
    marked = [{**{(0, *key): value for key, value in row.items()}, (1, g): 1} for g, row in rows]
    found = _echelon(iter(marked), ring)
    return [{key[1]: value for key, value in row.items()} for least, row in found.items() if least[0] == 1]
