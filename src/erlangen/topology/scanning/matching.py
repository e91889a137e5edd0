"""Crossingless matchings of the open ends of a tangle, and how two one-manifolds are glued at common ends.

Definition: an object without loops of Bar-Natan's category of cobordisms with given ends (math/0410495, section 3).
Convention: a matching is a sorted tuple of sorted pairs of ends; a circle or component is named by its least end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

__all__ = ["Arcs", "Pair", "circle_names", "components", "glue_arcs", "matching"]

Pair: TypeAlias = tuple[int, int]
Arcs: TypeAlias = tuple[Pair, ...]


def matching(pairs: Iterable[Pair]) -> Arcs:
    """Return pairs of ends as a matching in normal form.

    Examples
    --------
    >>> matching([(3, 2), (0, 5)])
    ((0, 5), (2, 3))
    """
    return tuple(sorted((min(pair), max(pair)) for pair in pairs))


def components(*families: Iterable[Pair]) -> dict[int, int]:
    """Return for each end the least end of its component in the union of some arcs.

    Examples
    --------
    >>> components([(0, 1), (2, 3)], [(1, 2)], [(4, 5)])
    {0: 0, 1: 0, 2: 0, 3: 0, 4: 4, 5: 4}
    """
    parent: dict[int, int] = {}

    def root(end: int) -> int:
        while parent.setdefault(end, end) != end:
            end = parent[end]
        return end

    for family in families:
        for a, b in family:
            low, high = sorted((root(a), root(b)))
            parent[high] = low
    return {end: root(end) for end in list(parent)}


def circle_names(a: Arcs, b: Arcs) -> tuple[int, ...]:
    """Return the names of the circles of the union of two matchings with the same ends."""
    return tuple(sorted(set(components(a, b).values())))


def glue_arcs(arcs: Arcs, pairs: tuple[Pair, ...]) -> tuple[Arcs, tuple[int, ...]]:
    """Glue the ends of some arcs in pairs; return the arcs that remain and the names of the loops that closed.

    Examples
    --------
    >>> glue_arcs(((0, 1), (2, 3)), ((1, 2),))
    (((0, 3),), ())
    >>> glue_arcs(((0, 1), (2, 3)), ((1, 2), (0, 3)))
    ((), (0,))
    """
    glued = {end for pair in pairs for end in pair}
    open_ends: dict[int, list[int]] = {}
    for end, name in components(arcs, pairs).items():
        open_ends.setdefault(name, [])
        if end not in glued:
            open_ends[name].append(end)
    rest = [(ends[0], ends[1]) for ends in open_ends.values() if ends]
    return matching(rest), tuple(sorted(name for name, ends in open_ends.items() if not ends))
