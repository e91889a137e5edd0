"""An order of the crossings in which the part taken stays a disc.

Definition: the open ends stand on the border of the disc in cyclic order; a crossing may come next if its old edges fold away one after the other.
Convention: borders run anticlockwise; the end of edge e is 2 e where the edge leaves the disc and 2 e + 1 where it enters; neighbours of one edge fold.
"""

from __future__ import annotations

from typing import NamedTuple

from erlangen.topology.diagrams.link import Link

__all__ = ["DiscStep", "disc_order"]

_Border = tuple[int, ...]
_STARTS = 6


class DiscStep(NamedTuple):
    """A crossing with the border before anything folds and the edges that fold, in order."""

    crossing: int
    border: _Border
    folds: tuple[int, ...]


def _ends(link: Link, crossing: int) -> _Border:
    """Return the four ends of a crossing alone."""
    i, j, k, l = link.crossings[crossing]  # noqa: E741 - X[i, j, k, l]
    left_in = link.signs[crossing] > 0
    return 2 * i + 1, 2 * j + (not left_in), 2 * k, 2 * l + left_in


def _joined(border: _Border, ends: _Border) -> _Border:
    """Put a crossing beside the disc so that a common edge faces itself."""
    partners = {end ^ 1: slot for slot, end in enumerate(ends)}
    for place, end in enumerate(border):
        if end in partners:
            slot = partners[end]
            return (*border[place + 1 :], *border[: place + 1], *ends[slot:], *ends[:slot])
    return (*border, *ends)


def _folded(border: _Border) -> tuple[_Border, tuple[int, ...]]:
    """Return the border with neighbours of one edge folded away, and the edges."""
    kept: list[int] = []
    folds: list[int] = []
    for end in border:
        if kept and kept[-1] ^ 1 == end:
            folds.append(kept.pop() >> 1)
        else:
            kept.append(end)
    while len(kept) > 1 and kept[0] ^ 1 == kept[-1]:
        folds.append(kept.pop() >> 1)
        kept.pop(0)
    return tuple(kept), tuple(folds)


def disc_order(link: Link, piece: tuple[int, ...]) -> list[DiscStep] | None:
    """Return the steps of the narrowest order found from several starts, or None if nugatory crossings stop each of them.

    Examples
    --------
    >>> [step.crossing for step in disc_order(Link.from_braid([1, 1, 1]), (0, 1, 2))]
    [0, 1, 2]
    """
    found = [_greedy(link, piece, start) for start in piece[:: -(-len(piece) // _STARTS)]]
    ways = [way for way in found if way is not None]
    return min(ways, key=lambda way: way[0])[1] if ways else None


def _greedy(link: Link, piece: tuple[int, ...], start: int) -> tuple[int, list[DiscStep]] | None:
    """Return cost and steps of the order that always takes the crossing which leaves fewest ends open."""
    waiting = set(piece)
    border: _Border = ()
    steps: list[DiscStep] = []
    cost = 0
    while waiting:
        ways = []
        for crossing in sorted(waiting) if steps else [start]:
            ends = _ends(link, crossing)
            if not steps or any(end ^ 1 in border for end in ends):
                joined = _joined(border, ends)
                folded, folds = _folded(joined)
                if len({end >> 1 for end in folded}) == len(folded):
                    ways.append((len(folded), crossing, joined, folded, folds))
        if not ways:
            return None
        size, crossing, joined, border, folds = min(ways)
        steps.append(DiscStep(crossing, joined, folds))
        waiting.remove(crossing)
        cost += 1 << size
    return cost, steps
