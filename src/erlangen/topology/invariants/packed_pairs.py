"""Laurent polynomials in v and z packed into integers, with offsets and bounds.

Definition: v^a z^b p(v^2, z^2), p packed with ``bits`` for a coefficient and ``span`` places for the powers of z^2.
Convention: a value carries bounds for its powers of z and for the sum of its coefficients' sizes; both must fit when it is unpacked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, final

from erlangen.topology.invariants.packing import unpack

__all__ = ["PackedPair", "PairPacking"]


class PackedPair(NamedTuple):
    """v^v z^z times a packed polynomial with powers of z up to ``top``, the sizes of whose coefficients sum to at most ``norm``."""

    v: int
    z: int
    top: int
    norm: int
    packed: int

    def times(self, v: int, z: int, sign: int) -> PackedPair:
        """Return the product with a monomial of coefficient 1 or -1."""
        return PackedPair(self.v + v, self.z + z, self.top + z, self.norm, sign * self.packed)


@final
@dataclass(frozen=True)
class PairPacking:
    """Sums and products of packed polynomials of one shape.

    Examples
    --------
    >>> packing = PairPacking(bits=16, span=8)
    >>> one = PackedPair(0, 0, 0, 1, 1)
    >>> packing.terms(packing.times_loop(one))
    {(-1, -1): 1, (1, -1): -1}
    """

    bits: int
    span: int

    def plus(self, a: PackedPair, b: PackedPair) -> PackedPair:
        """Return the sum; powers of v, and of z, differ evenly."""
        v, z = min(a.v, b.v), min(a.z, b.z)
        left, right = (x.packed << ((x.v - v) // 2 * self.span + (x.z - z) // 2) * self.bits for x in (a, b))
        return PackedPair(v, z, max(a.top, b.top), a.norm + b.norm, left + right)

    def times_loop(self, a: PackedPair) -> PackedPair:
        """Return the product with (v^-1 - v) / z."""
        packed = a.packed - (a.packed << self.span * self.bits)
        return PackedPair(a.v - 1, a.z - 1, a.top - 1, 2 * a.norm, packed)

    def fits(self, a: PackedPair) -> bool:
        """Return whether no coefficient can have run into another."""
        return a.top - a.z < 2 * self.span and a.norm.bit_length() < self.bits

    def terms(self, a: PackedPair) -> dict[tuple[int, int], int]:
        """Return the coefficients by powers of v and z."""
        found = {}
        for place, c in enumerate(unpack(a.packed, self.bits)):
            if c:
                found[a.v + 2 * (place // self.span), a.z + 2 * (place % self.span)] = c
        return found
