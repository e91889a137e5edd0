"""How a crossing is glued to a tangle: names for its ends, and the pairs of ends that meet.

Definition: the planar product of a tangle and a crossing (math/0410495, section 5), at the labels they share.
Convention: an end of the crossing keeps its label if it stays open; otherwise slot s is called -1 - s.
"""

from __future__ import annotations

from collections.abc import Collection

from erlangen.topology.scanning.matching import Arcs, Pair, matching

__all__ = ["ONE_RESOLUTION", "ZERO_RESOLUTION", "glueing", "resolved"]

ZERO_RESOLUTION, ONE_RESOLUTION = ((0, 1), (2, 3)), ((0, 3), (1, 2))


def glueing(labels: tuple[int, ...], open_ends: Collection[int]) -> tuple[tuple[int, ...], tuple[Pair, ...]]:
    """Return names for the four ends of a crossing and the pairs of ends to glue.

    Examples
    --------
    >>> glueing((7, 2, 3, 4), {7})
    ((-1, 2, 3, 4), ((7, -1),))
    >>> glueing((5, 5, 1, 2), ())
    ((-1, -2, 1, 2), ((-1, -2),))
    """
    ends, pairs = [], []
    for slot, label in enumerate(labels):
        name = -1 - slot
        if label in open_ends:
            pairs.append((label, name))
        elif labels.count(label) == 2:
            if labels.index(label) == slot:
                pairs.append((name, -1 - labels.index(label, slot + 1)))
        else:
            name = label
        ends.append(name)
    return tuple(ends), tuple(pairs)


def resolved(ends: tuple[int, ...], arcs: Arcs) -> Arcs:
    """Return the arcs of a resolution between named ends."""
    return matching((ends[a], ends[b]) for a, b in arcs)
