r"""The order in which an odd scan adds crossings: the region scanned is a disc at every step.

Definition: minimise the sum of 2^girth as in :mod:`crossing_order`, among orders in which each crossing is glued along neighbouring ends.
Convention: pieces of a split diagram come one after the other, the one with the cut edge last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from erlangen.errors import DomainError
from erlangen.topology.scanning.planar_disc import attach

__all__ = ["disc_order"]

State: TypeAlias = tuple[int, tuple[int, ...], int, tuple[int, ...]]  # cost, order, crossings, ends around the disc


def disc_order(
    labels: Sequence[tuple[int, ...]], pieces: Sequence[Sequence[int]], *, width: int = 16
) -> tuple[int, ...]:
    """Return an order of small cost through discs, keeping the ``width`` cheapest sets of crossings of each size.

    Parameters
    ----------
    labels : sequence of (i, j, k, l)
        Labels of a diagram cut at one edge.
    pieces : sequence of sequence of int
        Its connected pieces, see :meth:`Link.pieces`.

    Raises
    ------
    DomainError
        If the diagram is not planar.

    Examples
    --------
    >>> disc_order([(3, 1, 6, 0), (1, 5, 2, 4), (5, 3, 0, 2)], [[0, 1, 2]])
    (0, 2, 1)
    """
    counts: dict[int, int] = {}
    for row in labels:
        for label in row:
            counts[label] = counts.get(label, 0) + 1
    closed = [all(counts[label] == 2 for crossing in piece for label in labels[crossing]) for piece in pieces]
    ranked = sorted(range(len(pieces)), key=lambda index: not closed[index])
    return tuple(crossing for index in ranked for crossing in _piece_order(labels, pieces[index], width))


def _piece_order(labels: Sequence[tuple[int, ...]], piece: Sequence[int], width: int) -> tuple[int, ...]:
    """Return an order of one connected piece."""
    beam: list[State] = [(0, (), 0, ())]
    for size in range(len(piece)):
        best: dict[int, State] = {}
        for cost, order, done, boundary in beam:
            for crossing in piece:
                added = done | 1 << crossing
                ends = attach(boundary, labels[crossing]) if added != done else None
                if ends is not None:
                    state = cost + (1 << len(ends)), (*order, crossing), added, ends
                    if added not in best or state < best[added]:
                        best[added] = state
        if not best:
            message = f"no crossing continues the disc of {size} crossings of the piece with crossing {piece[0]}"
            raise DomainError(message, hint="the diagram is not planar; build it with Link.from_pd, which checks")
        beam = sorted(best.values())[: width if size else None]
    return beam[0][1]
