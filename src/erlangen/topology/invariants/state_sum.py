"""Kauffman's state sum by scanning: crossing after crossing, on the crossingless matchings of the open edges.

Definition: <X> = A <0-smoothing> + A^-1 <1-smoothing>, <loop> = -A^2 - A^-2; a state is how the open edges are joined so far.
Convention: 0-smoothing of X[i, j, k, l] joins (i, j) and (k, l); polynomials are packed integers in A^4, shifted by an exponent of A.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from erlangen.topology.diagrams.link import Link
from erlangen.topology.invariants.packing import unpack
from erlangen.topology.invariants.scan_order import scan_order

__all__ = ["state_sum"]

_Matching = tuple[int, ...]  # partner of each slot; a slot not in use is its own partner
_Value = tuple[int, int]  # exponent of A, packed polynomial in A^4


@final
@dataclass(frozen=True)
class _Smoothing:
    """What one smoothing of a crossing does to a matching, in this order."""

    loops: int
    closings: tuple[tuple[int, int], ...]  # two open slots are joined to each other
    swap: tuple[int, int] | None  # two open slots exchange their places
    moves: tuple[tuple[int, int], ...]  # an open slot moves to a free one
    openings: tuple[tuple[int, int], ...]  # two free slots are joined

    def __call__(self, matching: _Matching) -> tuple[_Matching, int]:
        """Return the new matching and the number of loops closed."""
        loops = self.loops
        if not (self.closings or self.swap or self.moves or self.openings):
            return matching, loops
        partner = list(matching)
        for a, b in self.closings:
            p, q = partner[a], partner[b]
            if p == b:
                loops += 1
            partner[p], partner[q] = q, p
            partner[a], partner[b] = a, b
        if self.swap:
            a, b = self.swap
            p, q = partner[a], partner[b]
            if p != b:
                partner[a], partner[q], partner[b], partner[p] = q, a, p, b
        for a, b in self.moves:
            p = partner[a]
            partner[a], partner[b], partner[p] = a, p, b
        for a, b in self.openings:
            partner[a], partner[b] = b, a
        return tuple(partner), loops


def _contract(pairs: Sequence[tuple[int, int]]) -> tuple[list[tuple[int, int]], int]:
    """Join the arcs of a crossing along edges that have both ends there; return what is left and the loops."""
    arcs: list[tuple[int, int]] = []
    loops = 0
    for a, b in pairs:
        if a == b:
            loops += 1
            continue
        x, y = a, b
        for arc in list(arcs):
            if {x, y} == set(arc):
                loops += 1
                arcs.remove(arc)
                break
            for mine, rest in ((x, y), (y, x)):
                if mine in arc:
                    arcs.remove(arc)
                    x, y = rest, arc[0] if arc[1] == mine else arc[1]
                    break
        else:
            arcs.append((x, y))
    return arcs, loops


class _Frontier:
    """The open edges and the slots they have in the matchings."""

    def __init__(self) -> None:
        self.slots: dict[int, int] = {}
        self.free: list[int] = []
        self.size = 0

    def take(self) -> int:
        """Return a free slot, making one if there is none."""
        if self.free:
            return self.free.pop()
        self.size += 1
        return self.size - 1

    def add(self, edges: tuple[int, int, int, int]) -> tuple[_Smoothing, _Smoothing]:
        """Add a crossing and return its two smoothings."""
        i, j, k, l = edges  # noqa: E741 - X[i, j, k, l]
        zero, one = _contract([(i, j), (k, l)]), _contract([(i, l), (j, k)])
        distinct = [edge for edge in dict.fromkeys(edges) if edges.count(edge) == 1]
        old = {edge: self.slots.pop(edge) for edge in distinct if edge in self.slots}
        fresh = [edge for edge in distinct if edge not in old]
        new = self._places(
            fresh, old, max((zero[0], one[0]), key=lambda arcs: sum((a in old) != (b in old) for a, b in arcs))
        )
        self.free += [slot for slot in old.values() if slot not in new.values()]
        self.slots.update(new)
        first, second = (self._smoothing(arcs, loops, old, new) for arcs, loops in (zero, one))
        return first, second

    def _places(self, fresh: list[int], old: dict[int, int], arcs: list[tuple[int, int]]) -> dict[int, int]:
        """Give each new edge the slot of the old one it continues in ``arcs``, or a free one."""
        new: dict[int, int] = {}
        for a, b in arcs:
            if (a in old) != (b in old):
                new[b if a in old else a] = old[a if a in old else b]
        for edge in fresh:
            if edge not in new:
                new[edge] = self.take()
        return new

    @staticmethod
    def _smoothing(arcs: list[tuple[int, int]], loops: int, old: dict[int, int], new: dict[int, int]) -> _Smoothing:
        closings, moves, openings = [], [], []
        for a, b in arcs:
            if a in old and b in old:
                closings.append((old[a], old[b]))
            elif a in new and b in new:
                openings.append((new[a], new[b]))
            else:
                start, end = (old[a], new[b]) if a in old else (old[b], new[a])
                if start != end:
                    moves.append((start, end))
        if len(moves) == 2:
            return _Smoothing(loops, (), moves[0], (), ())
        return _Smoothing(loops, tuple(closings), None, tuple(moves), tuple(openings))


def _bits(link: Link, order: Sequence[int]) -> int:
    """Return a number of bits that no coefficient exceeds: each crossing multiplies the sum of absolute values by 2, 3 or at most 6."""
    seen: set[int] = set()
    factor = 1
    for crossing in order:
        edges = link.crossings[crossing]
        shared = len(seen.intersection(edges)) + 2 * (4 - len(set(edges)))
        factor *= (2, 2, 3, 3, 6)[min(shared, 4)]
        seen.update(edges)
    return factor.bit_length() + link.n_unknots + 2


def _times_loops(value: _Value, loops: int, bits: int) -> _Value:
    exponent, packed = value
    for _ in range(loops):
        exponent, packed = exponent - 2, -packed - (packed << bits)
    return exponent, packed


def _plus(a: _Value, b: _Value, bits: int) -> _Value:
    if a[0] == b[0]:
        return a[0], a[1] + b[1]
    if a[0] > b[0]:
        a, b = b, a
    return a[0], a[1] + (b[1] << ((b[0] - a[0]) // 4 * bits))


def _step(
    states: dict[_Matching, _Value], smoothings: tuple[_Smoothing, _Smoothing], bits: int, spare: int
) -> dict[_Matching, _Value]:
    """Return the states with one more crossing; ``spare`` loops of each are not counted."""
    new: dict[_Matching, _Value] = {}
    for smoothing, sign in zip(smoothings, (1, -1), strict=True):
        for matching, (exponent, packed) in states.items():
            key, loops = smoothing(matching)
            value = (exponent + sign, packed)
            if loops > spare:
                value = _times_loops(value, loops - spare, bits)
            found = new.get(key)
            new[key] = value if found is None else _plus(found, value, bits)
    return new


def state_sum(link: Link) -> dict[int, int]:
    """Return the bracket polynomial, 1 on one loop, as coefficients by exponents of A; the diagram has at least one component.

    Examples
    --------
    >>> state_sum(Link.from_braid([1, 1]))
    {-4: -1, 4: -1}
    """
    order = scan_order(link)
    bits = _bits(link, order)
    frontier = _Frontier()
    programme = [frontier.add(link.crossings[crossing]) for crossing in order]
    states: dict[_Matching, _Value] = {tuple(range(frontier.size)): (0, 1)}
    for left, smoothings in zip(range(len(order) - 1, -1, -1), programme, strict=True):
        states = _step(states, smoothings, bits, spare=int(not left))
    (value,) = states.values()
    exponent, packed = _times_loops(value, link.n_unknots - (not order), bits)
    return {exponent + 4 * k: c for k, c in enumerate(unpack(packed, bits)) if c}
