r"""Glued discs with dots, rewritten as discs with dots.

Definition: surfaces modulo neck cutting over A = R[H][X]/(X^2 - H X), a dot = X, a handle = 2 X - H (math/0410495, section 11.2).
Convention: powers of H are not written, as degrees determine them; a term is the set of names of its dotted circles.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeAlias, final

from erlangen.topology.scanning.matching import Arcs, Pair, circle_names, components, glue_arcs

__all__ = ["Component", "Dots", "Name", "Surface", "composite", "glued", "spread"]

Name: TypeAlias = tuple[str, int]
Dots: TypeAlias = frozenset[Name]

DISC = "disc"  # a circle through open ends, named by the least
SOURCE_LOOP = "source"  # a closed circle at the bottom
TARGET_LOOP = "target"  # a closed circle at the top


@final
@dataclass(frozen=True)
class Component:
    """A connected surface: names of the discs it was glued from, its genus, and the names of its boundary circles."""

    pieces: frozenset[Name]
    genus: int
    circles: tuple[Name, ...]


@final
@dataclass(frozen=True)
class Surface:
    """A glued surface between two one-manifolds, as the list of its components."""

    components: tuple[Component, ...]

    def terms(self, dots: Iterable[Name], *, deformed: bool) -> list[tuple[Dots, int]]:
        """Rewrite the surface, the pieces ``dots`` being dotted, as a sum of dotted discs, one a boundary circle."""
        marked = list(dots)
        factors = []
        for part in self.components:
            number = sum(dot in part.pieces for dot in marked)
            factors.append(spread(number, part.genus, part.circles, deformed=deformed))
        total = []
        for choice in product(*factors):
            coefficient = 1
            for _, factor in choice:
                coefficient *= factor
            total.append((frozenset().union(*(dotted for dotted, _ in choice)), coefficient))
        return total


def spread(dots: int, genus: int, circles: tuple[Name, ...], *, deformed: bool) -> list[tuple[Dots, int]]:
    r"""Return ``X^dots (2X - H)^genus`` on a connected surface, as a sum of dotted discs bounding its circles.

    .. math:: X \mapsto X_{\text{all}}, \qquad 1 \mapsto \sum_{S \subsetneq \text{circles}} (-H)^{n - 1 - |S|} X_S

    Examples
    --------
    >>> circles = (("disc", 0), ("disc", 1))
    >>> [(len(dotted), c) for dotted, c in spread(0, 0, circles, deformed=True)]
    [(0, -1), (1, 1), (1, 1)]
    >>> [(len(dotted), c) for dotted, c in spread(0, 1, circles, deformed=False)]
    [(2, 2)]
    """
    if dots or genus % 2:  # X H^(dots - 1 + genus), or (2 X - H) H^(genus - 1)
        power = (dots - 1 if dots else -1) + genus
        factor = 1 if dots else 2
        dotted = [(frozenset(circles), factor)] if deformed or power == 0 else []
        return dotted if dots or not deformed else dotted + _unit(circles, -1, deformed=True)
    return _unit(circles, 1, deformed=deformed) if deformed or genus == 0 else []


def _unit(circles: tuple[Name, ...], factor: int, *, deformed: bool) -> list[tuple[Dots, int]]:
    """Return the surface without dots or handles."""
    n = len(circles)
    sizes = range(n) if deformed else range(n - 1, n)
    return [(frozenset(dotted), factor * (-1) ** (n - 1 - k)) for k in sizes for dotted in combinations(circles, k)]


def composite(a: Arcs, b: Arcs, c: Arcs) -> Surface:
    """Return the discs of ``a`` and ``b`` glued along ``b`` to those of ``b`` and ``c``.

    The discs below are named ``("disc", n)``, those above ``("above", n)``.
    """
    below, above, around = components(a, b), components(b, c), components(a, c)
    whole = components(a, b, c)
    parts = []
    for name in sorted(set(whole.values())):
        ends = [end for end, component in whole.items() if component == name]
        pieces = {(DISC, below[end]) for end in ends} | {("above", above[end]) for end in ends}
        circles = tuple(sorted({(DISC, around[end]) for end in ends}))
        euler = len(pieces) - len(ends) // 2
        parts.append(Component(frozenset(pieces), (2 - euler - len(circles)) // 2, circles))
    return Surface(tuple(parts))


def glued(a: Arcs, b: Arcs, pairs: tuple[Pair, ...]) -> Surface:
    """Return the discs of ``a`` and ``b`` glued to each other along the vertical lines over pairs of ends."""
    (bottom, source_loops), (top, target_loops) = glue_arcs(a, pairs), glue_arcs(b, pairs)
    discs, around, whole = components(a, b), components(bottom, top), components(a, b, pairs)
    parts = []
    for name in sorted(set(whole.values())):
        pieces = frozenset((DISC, disc) for disc in circle_names(a, b) if whole[disc] == name)
        circles = {(DISC, around[end]) for end in around if whole[end] == name}
        circles |= {(SOURCE_LOOP, loop) for loop in source_loops if whole[loop] == name}
        circles |= {(TARGET_LOOP, loop) for loop in target_loops if whole[loop] == name}
        euler = len(pieces) - sum(whole[end] == name for end, _ in pairs)
        parts.append(Component(pieces, (2 - euler - len(circles)) // 2, tuple(sorted(circles))))
    del discs
    return Surface(tuple(parts))
