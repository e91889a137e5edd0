"""An order of the crossings that keeps few edges open at a time.

Definition: the crossings so far and those to come are joined by the open edges; a state sum over the former has at most Catalan(open / 2) states.
Convention: the cost of an order is the sum of 2^open over its steps; the natural order, best for braids, is among those tried.
"""

from __future__ import annotations

from collections.abc import Iterable

from erlangen.topology.diagrams.link import Link

__all__ = ["scan_order"]

_SMALL, _FEW, _MANY = 16, 3, 12


def scan_order(link: Link) -> tuple[int, ...]:
    """Return the cheapest order found: greedy ones from several starts, and the natural one.

    Examples
    --------
    >>> scan_order(Link.from_braid([1, 1, 1]))
    (0, 1, 2)
    """
    n = link.n_crossings
    if n < 3:
        return tuple(range(n))
    neighbours = _neighbours(link)
    best, least = tuple(range(n)), _cost(link, range(n))
    for start in range(0, n, -(-n // (_FEW if n <= _SMALL else _MANY))):
        order = _greedy(neighbours, start)
        cost = _cost(link, order)
        if cost < least:
            best, least = order, cost
    return best


def _neighbours(link: Link) -> list[list[int]]:
    """Return the crossing at the other end of each edge of a crossing; kinks name the crossing itself."""
    ends: dict[int, list[int]] = {}
    for crossing, edges in enumerate(link.crossings):
        for edge in edges:
            ends.setdefault(edge, []).append(crossing)
    return [
        [ends[edge][0] if ends[edge][1] == crossing else ends[edge][1] for edge in edges]
        for crossing, edges in enumerate(link.crossings)
    ]


def _cost(link: Link, order: Iterable[int]) -> int:
    open_edges: set[int] = set()
    total = 0
    for crossing in order:
        for edge in link.crossings[crossing]:
            open_edges ^= {edge}
        total += 1 << len(open_edges)
    return total


def _greedy(neighbours: list[list[int]], start: int) -> tuple[int, ...]:
    """Return the order that always takes a crossing with most open edges, among equals the one whose neighbours have most, then the oldest."""
    n = len(neighbours)
    joined = [0] * n
    waiting: dict[int, None] = {start: None}
    done: set[int] = set()
    order: list[int] = []
    while len(order) < n:
        if not waiting:
            waiting[next(c for c in range(n) if c not in done)] = None
        most = max(joined[c] for c in waiting)
        tied = [c for c in waiting if joined[c] == most]
        crossing = (
            tied[0]
            if len(tied) == 1
            else max(tied, key=lambda c: sum(joined[d] for d in neighbours[c] if d not in done))
        )
        del waiting[crossing]
        done.add(crossing)
        order.append(crossing)
        for other in neighbours[crossing]:
            joined[other] += 1
            if other not in done:
                waiting[other] = None
    return tuple(order)
