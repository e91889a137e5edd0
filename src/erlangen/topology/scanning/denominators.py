"""Read a scanned complex: generators sorted by degree, entries as integers.

Definition: over Q the generators are scaled, from low h to high, so that the entries into each are integers without common divisor.
Convention: other rings keep their coefficients, residues as 0 to p - 1.
"""

from __future__ import annotations

import math
from fractions import Fraction

from erlangen.topology.scanning.cobordism_complex import CobordismComplex, Dots

__all__ = ["integral_entries"]


def integral_entries(
    state: CobordismComplex[Dots], h_shift: int, q_shift: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int, Dots, int]]]:
    """Return shifted degrees ``(h, q)`` and sorted entries ``(source, target, dots, coefficient)``."""
    order = sorted(state.generators, key=lambda g: (*state.generators[g][:2], g))
    place = {g: index for index, g in enumerate(order)}
    scale = _scales(state, order)
    degrees = [(state.generators[g][0] + h_shift, state.generators[g][1] + q_shift) for g in order]
    entries = [
        (place[s], place[t], dots, int(value * scale[s] / scale[t]))
        for s in order
        for t, entry in state.out[s].items()
        for dots, value in entry.items()
    ]
    return degrees, sorted(entries, key=lambda entry: entry[:2])


def _scales(state: CobordismComplex[Dots], order: list[int]) -> dict[int, Fraction]:
    """Return factors, for generators sorted by degree, after which the entries over Q are integers; elsewhere ones."""
    scale = dict.fromkeys(order, Fraction(1))
    if state.ring.is_field and not state.ring.characteristic:
        for t in order:
            arriving = [Fraction(v) * scale[s] for s in state.into[t] for v in state.out[s][t].values()]
            if arriving:
                numerator = math.gcd(*(value.numerator for value in arriving))
                scale[t] = Fraction(numerator, math.lcm(*(value.denominator for value in arriving)))
    return scale
