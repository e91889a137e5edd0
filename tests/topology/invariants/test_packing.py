"""Packed polynomials."""

import random

import pytest

from erlangen.topology.invariants.packing import unpack


@pytest.mark.parametrize("bits", [4, 17, 64, 200])
def test_round_trip(bits):
    rng = random.Random(bits)
    limit = (1 << (bits - 1)) - 1
    for length in (1, 2, 9, 40):
        coefficients = [rng.randint(-limit, limit) for _ in range(length)]
        packed = sum(c << (bits * k) for k, c in enumerate(coefficients))
        found = unpack(packed, bits)
        assert found + [0] * (length - len(found)) == coefficients
    assert unpack(0, bits) == []
