"""The planar side of an odd scan: the region scanned so far is a disc, whose open ends have an order and directions.

Definition: checkerboard orientation: every edge and every circle runs with a black region on its left.
Convention: ends are listed anticlockwise around the disc; the closure joins them outside by 0-resolutions of what is not yet scanned.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import final

from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning.closed_state import Partners, Saddle, saddle_path
from erlangen.topology.scanning.cut import cut_labels
from erlangen.topology.scanning.glueing import ZERO_RESOLUTION
from erlangen.topology.scanning.matching import Arcs, components, matching

__all__ = ["CutDiagram", "PlanarDisc", "attach", "checkerboard"]


@final
@dataclass(frozen=True)
class PlanarDisc:
    """Open ends of a disc anticlockwise, whether each runs into the disc, and how 0-resolutions outside join them."""

    boundary: tuple[int, ...]
    starts: Mapping[int, bool]
    closure: Arcs

    def path(self, start: Partners, stop: Partners, *, outer: bool) -> list[Saddle]:
        """Return saddles in or outside the disc from one matching to another."""
        return saddle_path(self.boundary, self.starts, start, stop, outer=outer)


@final
class CutDiagram:
    """A diagram cut at one edge, with the parity of each crossing: 0 if slot 0 runs into it.

    Parameters
    ----------
    link : Link
    basepoint : int
        The edge that is cut.
    """

    def __init__(self, link: Link, basepoint: int = 0) -> None:
        self.labels = cut_labels(link, basepoint)
        self.parity = checkerboard(link)
        self.cut = basepoint, 2 * link.n_crossings

    def incoming(self, crossing: int, slot: int) -> bool:
        """Return whether the edge at a slot runs into its crossing."""
        return (self.parity[crossing] + slot) % 2 == 0

    def disc(self, boundary: tuple[int, ...], done: Collection[int]) -> PlanarDisc:
        """Return the disc with these ends after scanning some crossings."""
        starts, outside = {}, [self.cut]
        for crossing, labels in enumerate(self.labels):
            if crossing in done:
                starts.update({label: self.incoming(crossing, slot) for slot, label in enumerate(labels)})
            else:
                outside += [(labels[a], labels[b]) for a, b in ZERO_RESOLUTION]
        names = components(outside)
        ends: dict[int, list[int]] = {}
        for end in boundary:
            ends.setdefault(names[end], []).append(end)
        closure = matching((pair[0], pair[1]) for pair in ends.values())
        return PlanarDisc(boundary, {end: starts[end] for end in boundary}, closure)


def checkerboard(link: Link) -> tuple[int, ...]:
    """Return for each crossing 0 if its slots 0 and 2 run into it when all edges have black on their left, else 1.

    Examples
    --------
    >>> checkerboard(Link.from_braid([1, 1, 1])), checkerboard(Link.from_braid([1, 2, 1, 2]))
    ((0, 0, 0), (0, 1, 0, 1))
    """
    parity: dict[int, int] = {}
    for piece in link.pieces():
        parity[piece[0]] = 0
        waiting = [piece[0]]
        while waiting:
            crossing = waiting.pop()
            for slot in range(4):
                other, place = divmod(link.partners[4 * crossing + slot], 4)
                if other not in parity:
                    parity[other] = (parity[crossing] + slot + 1 + place) % 2
                    waiting.append(other)
    return tuple(parity[crossing] for crossing in range(link.n_crossings))


def attach(boundary: tuple[int, ...], labels: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the ends around a disc after gluing a crossing to it, or ``None`` if the result is no disc.

    The common labels must be neighbours around both, in opposite order. An empty disc takes any crossing.

    Examples
    --------
    >>> attach((0, 1, 2, 3), (2, 1, 8, 9))
    (3, 0, 8, 9)
    >>> attach((0, 1, 2, 3), (1, 8, 3, 9)) is None
    True
    """
    slots = tuple(label for label in labels if labels.count(label) == 1)
    if not boundary:
        return slots
    m, n = sum(label in boundary for label in slots), len(boundary)
    for j in range(len(slots) if m else 0):
        turned = slots[j:] + slots[:j]
        if turned[m - 1] in boundary:
            start = boundary.index(turned[m - 1])
            if all(boundary[(start + k) % n] == turned[m - 1 - k] for k in range(m)):
                return (boundary[start:] + boundary[:start])[m:] + turned[m:]
    return None
