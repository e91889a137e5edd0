"""Oracles: exact rational coefficients of a truncated exponential power, Bessel functions on a cycle."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from erlangen.errors import ResourceLimitError
from erlangen.operators import Graph, heat_kernel
from erlangen.operators.heat import squaring
from erlangen.operators.heat.squaring import Squaring, squaring_plan


@pytest.mark.parametrize(("K", "s", "k"), [(4, 1, 6), (5, 2, 9), (6, 3, 14)])
def test_the_binomial_bound_holds_for_the_coefficients_of_the_power(K, s, k):
    """The coefficient of y^k in (sum_{j<=K} y^j/j!)^(2^s) over 2^{sk}/k! lacks at most 2^s P(Bin(k, 2^-s) > K)."""
    series = [Fraction(1, math.factorial(j)) for j in range(K + 1)]
    power = series
    for _ in range(s):
        product = [Fraction(0)] * (2 * len(power) - 1)
        for i, a in enumerate(power):
            for j, b in enumerate(power):
                product[i + j] += a * b
        power = product
    boxes = 2**s
    lost = 1 - power[k] * math.factorial(k) / boxes**k
    tail = sum(
        Fraction(math.comb(k, j)) * Fraction(1, boxes) ** j * Fraction(boxes - 1, boxes) ** (k - j)
        for j in range(K + 1, k + 1)
    )
    assert 0 < lost <= boxes * tail


@pytest.mark.parametrize("x", [1e-4, 1.0, 37.0, 2500.0])
@pytest.mark.parametrize("density", [1e-3, 0.3])
def test_plans_keep_the_bound_and_reach_every_walk_that_matters(x, density):
    terms, squarings, error = squaring_plan(x, 1e-10, 50, density)
    assert error <= 1e-10
    assert terms * 2**squarings >= x


def test_far_entries_of_a_cycle(cycle):
    n, t = 700, 3.0
    H = Squaring(cycle(n), "combinatorial", t).rows(np.array([0]))[0]
    with mpmath.workdps(40):
        logs = np.array([float(mpmath.log(mpmath.besseli(d, 2 * t)) - 2 * t) for d in range(0, 150, 7)])
    found = np.log(H[:150:7])
    far = logs > math.log(1e-300)
    assert far.sum() > 15
    assert np.max(np.abs(found[far] - logs[far])) < 1e-9


def test_it_is_symmetric_to_the_last_bit_and_conserves_heat(cloud_graph):
    for t in (0.01, 1.0, 40.0):
        H = Squaring(cloud_graph, "combinatorial", t).kernel
        assert np.array_equal(H, H.T) or np.allclose(H, H.T, rtol=4e-16)
        assert np.max(np.abs(H.sum(axis=1) - 1)) < 1e-14


def test_no_edges_no_flow():
    assert np.array_equal(heat_kernel(Graph(np.zeros((3, 3))), 1.0, method="squaring"), np.eye(3))


def test_memory_is_asked_for_before(monkeypatch, cloud_graph):
    def refuse(estimate, what, **_):
        message = f"{what}: {estimate:.0f} bytes"
        raise ResourceLimitError(message)

    monkeypatch.setattr(squaring, "check_memory", refuse)
    with pytest.raises(ResourceLimitError, match="90 vertices: 259200 bytes"):
        Squaring(cloud_graph, "combinatorial", 1.0)
