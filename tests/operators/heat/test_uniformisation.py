"""Oracles: Bessel functions by mpmath, closed forms, dense exponentials with 60 digits."""

import math

import mpmath
import numpy as np
import pytest

from erlangen.operators import Graph, heat_kernel
from erlangen.operators.heat.uniformisation import Uniformisation, jump_matrix


def log_bessel(t, hop):
    with mpmath.workdps(50):
        return float(mpmath.log(mpmath.besseli(hop, 2 * mpmath.mpf(t))) - 2 * mpmath.mpf(t))


@pytest.mark.parametrize("kind", ["combinatorial", "symmetric", "mass"])
def test_jumps_are_non_negative_and_mean_the_laplacian(small, kind):
    P, c = jump_matrix(small, kind)
    assert P.data.min() >= 0
    assert np.allclose(c * (np.eye(10) - P.toarray()), small.laplacian(kind).toarray(), atol=1e-13 * c)


@pytest.mark.parametrize(("t", "hop", "value"), [(1.0, 50, -150.458162804), (10.0, 100, -152.495512108)])
def test_published_logarithms_on_a_cycle(cycle, t, hop, value):
    H = heat_kernel(cycle(400), t, sources=[7], method="uniformisation")
    assert math.log(H[0, 7 + hop]) == pytest.approx(value, abs=5e-10)
    assert log_bessel(t, hop) == pytest.approx(value, abs=5e-10)


@pytest.mark.parametrize("t", [0.01, 0.3, 5.0, 60.0])
def test_logarithms_are_right_to_ten_digits_down_to_1e_minus_300(cycle, t):
    n = 1200
    row = heat_kernel(cycle(n), t, sources=[0], method="uniformisation", rtol=1e-11)[0]
    hops = [d for d in range(0, 590, 13) if row[d] >= 1e-300]
    assert row[hops[-1]] < 1e-180
    exact = np.array([log_bessel(t, d) for d in hops])
    found = np.log(row[hops])
    assert np.max(np.abs(found - exact) / np.maximum(np.abs(exact), 1)) < 1e-10
    assert np.max(np.abs(np.expm1(found - exact))) < 1e-10


def test_the_certificate_bounds_the_relative_error_of_every_entry(small):
    t = 0.7
    with mpmath.workdps(60):
        L = mpmath.matrix(small.laplacian("mass").toarray().tolist())
        exact = mpmath.expm(-t * L, method="taylor")
        exact = np.array([[float(exact[i, j]) for j in range(10)] for i in range(10)])
    method = Uniformisation(small, "mass", t)
    H = method.rows(np.arange(10))
    assert np.max(np.abs(H / exact - 1)) <= method.relative_error < 2e-10
    assert np.max(np.abs(H - exact)) <= method.absolute_error


def test_rtol_is_what_the_truncation_obeys(cycle):
    """A loose rtol takes fewer terms, and the certificate still holds."""
    t, n = 4.0, 120
    exact = np.exp([log_bessel(t, min(d, n - d)) for d in range(n)])
    orders = []
    for rtol in (1e-2, 1e-6, 1e-12):
        method = Uniformisation(cycle(n), "combinatorial", t, rtol=rtol)
        row = method.rows(np.array([0]))[0]
        near = np.arange(n)[exact > 1e-25]
        assert np.max(np.abs(row[near] / exact[near] - 1)) <= method.relative_error
        orders.append(method.order)
    assert orders == sorted(orders)


def test_blocks_of_sources_do_not_change_rows(cloud_graph):
    whole = heat_kernel(cloud_graph, 2.0, method="uniformisation")
    part = heat_kernel(cloud_graph, 2.0, sources=[80, 3], method="uniformisation")
    assert np.allclose(part, whole[[80, 3]], rtol=1e-10)


def test_no_edges_no_flow():
    assert np.array_equal(heat_kernel(Graph(np.zeros((3, 3))), 1.0, method="uniformisation"), np.eye(3))
