"""Codes of tangles: crossings whose edges may end on the border of a disc, in normal form, and how they are glued.

Definition: a tangle in a disc is a list of crossings X[i, j, k, l] and the edges at the points of its border, anticlockwise.
Convention: no orientation: i and k are the under edges; edges are numbered along the strands, those from the border first,
then the strands that they cross, and crossings are sorted; of a piece that does not touch the border the least code is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from erlangen.errors import DomainError
from erlangen.topology.diagrams.oriented_diagram import cycles

__all__ = ["Rows", "TangleCode", "contract", "normal_tangle"]

Rows = Sequence[Sequence[int]]
Row = tuple[int, int, int, int]
TangleCode = tuple[tuple[Row, ...], tuple[int, ...], int]


def normal_tangle(rows: Rows, border: Sequence[int], circles: int) -> TangleCode:
    """Return crossings, border and circles with normal labels.

    Raises
    ------
    DomainError
        If an edge does not have two ends, or the diagram does not lie in the disc.

    Examples
    --------
    >>> normal_tangle([[7, 3, 5, 4]], [7, 3, 5, 4], 0)
    (((0, 2, 1, 3),), (0, 2, 1, 3), 0)
    """
    flat = [*chain.from_iterable(rows), *border]
    first = 4 * len(rows)
    partner = _partners(flat, first)
    _check_disc(partner, first)
    label = [-1] * len(flat)
    arrivals: list[int] = []
    for end in range(first, len(flat)):
        _number(label, partner, first, end, arrivals)
    _number_crossed(label, partner, first, arrivals)
    touching = sorted(_row(label, c) for c in range(first // 4) if label[4 * c] >= 0)
    free = [c for c in range(first // 4) if label[4 * c] < 0]
    pieces = []
    while free:
        piece, code = _least(partner, first, free[0])
        pieces.append(code)
        free = [c for c in free if c not in piece]
    for code in sorted(pieces):
        base = 2 * len(touching) + len(border) // 2
        touching += [(i + base, j + base, k + base, l + base) for i, j, k, l in code]  # noqa: E741 - X[i, j, k, l]
    return tuple(touching), tuple(label[first:]), circles


def _least(partner: Sequence[int], first: int, crossing: int) -> tuple[set[int], list[Row]]:
    """Return the crossings of a piece that does not touch the border, and the least of its codes over all starts."""
    codes = []
    waiting = [4 * crossing]
    piece: set[int] = set()
    while waiting:
        start = waiting.pop()
        label = [-1] * first
        arrivals: list[int] = []
        _number(label, partner, first, start, arrivals)
        _number_crossed(label, partner, first, arrivals)
        if not piece:
            piece = {end >> 2 for end in arrivals}
            waiting = [end for end in range(first) if end >> 2 in piece and end != start]
        codes.append(sorted(_row(label, c) for c in piece))
    return piece, min(codes)


def _row(label: Sequence[int], c: int) -> Row:
    """Return the row of a crossing, from the lower under edge."""
    i, j, k, l = label[4 * c : 4 * c + 4]  # noqa: E741 - X[i, j, k, l]
    return (i, j, k, l) if (i, j) <= (k, l) else (k, l, i, j)


def _number(label: list[int], partner: Sequence[int], first: int, start: int, arrivals: list[int]) -> None:
    """Number the edges along the strand from an end, if they have no numbers yet, and note where each arrives."""
    end = start
    while label[end] < 0:
        label[end] = label[partner[end]] = len(arrivals)
        arrivals.append(partner[end])
        end = partner[end] ^ 2 if partner[end] < first else end


def _number_crossed(label: list[int], partner: Sequence[int], first: int, arrivals: list[int]) -> None:
    """Number the strands that cross the numbered ones, in the order in which they are crossed, to the right first."""
    place = 0
    while place < len(arrivals):
        end = arrivals[place]
        if end < first:
            _number(label, partner, first, end + 1 if end & 3 < 3 else end - 3, arrivals)
        place += 1


def _partners(flat: Sequence[int], first: int) -> list[int]:
    """Return the partner of every end."""
    waiting: dict[int, int] = {}
    partner = [-1] * len(flat)
    seen: dict[int, int] = {}
    for end, label in enumerate(flat):
        seen[label] = seen.get(label, 0) + 1
        if label in waiting:
            other = waiting.pop(label)
            partner[end], partner[other] = other, end
        else:
            waiting[label] = end
    for label, times in seen.items():
        if times != 2:
            place = flat.index(label)
            where = f"crossing {place // 4}" if place < first else f"border[{place - first}]"
            message = f"tangle: edge {label} has {times} ends, not 2 (first at {where})"
            raise DomainError(message, hint="an edge joins two ends of crossings or points of the border")
    return partner


def _check_disc(partner: Sequence[int], first: int) -> None:
    """Refuse a tangle that does not lie in a disc: with the outside as one more vertex the map must have genus 0."""
    m = len(partner) - first
    before = [end - 1 if end & 3 else end + 3 for end in range(first)]
    before += [first + (k + 1) % m for k in range(m)]  # seen from outside the border runs the other way
    faces = len(cycles([partner[end] for end in before]))
    vertices = first // 4 + (m > 0)
    home = [end >> 2 if end < first else first // 4 for end in range(len(partner))]
    pieces = _count_pieces(vertices, [(home[end], home[other]) for end, other in enumerate(partner)])
    genus = (2 * pieces - vertices + len(partner) // 2 - faces) // 2
    if genus:
        message = f"tangle: the diagram has genus {genus}, not 0"
        raise DomainError(message, hint="crossings and border are listed anticlockwise, crossings from an under edge")


def _count_pieces(vertices: int, edges: Sequence[tuple[int, int]]) -> int:
    """Return the number of connected pieces of a graph."""
    root = list(range(vertices))

    def find(v: int) -> int:
        while root[v] != v:
            v = root[v]
        return v

    for a, b in edges:
        root[find(a)] = find(b)
    return sum(root[v] == v for v in range(vertices))


def contract(
    rows: Rows, border: Sequence[int], joins: Sequence[tuple[int, int]]
) -> tuple[list[list[int]], list[int], int]:
    """Identify pairs of loose edges; return rows, border and the number of circles that closed.

    Examples
    --------
    >>> contract([], [0, 0], [(1, 1)])
    ([], [0, 0], 1)
    """
    name: dict[int, int] = {}

    def find(label: int) -> int:
        while label in name:
            label = name[label]
        return label

    circles = 0
    for a, b in joins:
        p, q = find(a), find(b)
        if p == q:
            circles += 1
        else:
            name[max(p, q)] = min(p, q)
    return [[find(label) for label in row] for row in rows], [find(label) for label in border], circles
