"""Oracles: the eigenvalue formula of the scheme and its inverse powers with 60 digits."""

import math

import mpmath
import numpy as np
import pytest
import scipy.sparse as sp

from erlangen.operators import Graph, heat_kernel
from erlangen.operators.heat.implicit_euler import ImplicitEuler


def exact_euler(graph, kind, t, steps):
    """(I + t/S L)^{-S} with 60 digits, L built from the weights."""
    n, mu = graph.n, graph.measure(kind)
    with mpmath.workdps(60):
        W = graph.weights.toarray()
        root = [mpmath.sqrt(mpmath.mpf(float(m))) for m in mu]
        A = mpmath.eye(n)
        for i in range(n):
            A[i, i] += mpmath.mpf(t) / steps * mpmath.fsum(mpmath.mpf(x) for x in W[i]) / mpmath.mpf(float(mu[i]))
            for j in range(n):
                if i != j:
                    A[i, j] = -mpmath.mpf(t) / steps * mpmath.mpf(W[i, j]) / (root[i] * root[j])
        H = mpmath.inverse(A) ** steps
        return np.array([[float(H[i, j]) for j in range(n)] for i in range(n)])


@pytest.mark.parametrize("kind", ["combinatorial", "symmetric", "mass"])
@pytest.mark.parametrize(("t", "steps"), [(0.5, 1), (3.0, 5), (1e-6, 4), (1e8, 3)])
def test_every_entry_to_thirteen_digits(small, kind, t, steps):
    H = ImplicitEuler(small, kind, t, steps=steps).rows(np.arange(10))
    assert np.max(np.abs(H / exact_euler(small, kind, t, steps) - 1)) < 2e-13


def test_the_eigenvalue_formula_on_a_cycle(cycle):
    n, t, steps = 40, 2.0, 6
    row = heat_kernel(cycle(n), t, sources=[0], method="euler", steps=steps)[0]
    with mpmath.workdps(50):
        for j in range(n):
            terms = [
                mpmath.cos(2 * mpmath.pi * k * j / n)
                / (1 + mpmath.mpf(t) / steps * (2 - 2 * mpmath.cos(2 * mpmath.pi * k / n))) ** steps
                for k in range(n)
            ]
            assert abs(row[j] / float(mpmath.fsum(terms) / n) - 1) < 1e-13


def test_relative_accuracy_at_condition_1e12():
    """One step on a long path: far entries are exp(-r kappa) and keep their digits though A has condition 4e12."""
    n, t = 300, 1e12
    path = Graph(sp.diags_array([np.ones(n - 1)] * 2, offsets=[-1, 1], shape=(n, n)))
    row = ImplicitEuler(path, "combinatorial", t, steps=1).rows(np.array([0]))[0]
    with mpmath.workdps(60):
        phi = mpmath.acosh(1 + mpmath.mpf(1) / (2 * mpmath.mpf(t)))
        scale = mpmath.mpf(t) * 2 * mpmath.sinh(phi / 2) * mpmath.sinh(n * phi)
        exact = [float(mpmath.cosh((n - j - mpmath.mpf(1) / 2) * phi) / scale) for j in range(n)]
    assert np.max(np.abs(row / exact - 1)) < 1e-12
    assert abs(row.sum() - 1) < 1e-12


def test_far_entries_are_positive_and_follow_their_law(cycle):
    """On a long cycle the entries of one step are c q^r exactly."""
    row = heat_kernel(cycle(2000), 1e-2, sources=[0], method="euler", steps=1)[0]
    q = math.exp(-math.acosh(1 + 1 / (2 * 1e-2)))
    hops = np.arange(0, 140)
    assert row[hops[-1]] < 1e-270
    assert np.allclose(np.log(row[hops]), np.log(row[0]) + hops * math.log(q), rtol=1e-13)


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 20, 100])
def test_the_error_bound_holds_and_is_of_the_right_order(steps):
    x = np.linspace(0, 200, 400_001)
    gap = np.max(np.abs(np.exp(-x) - (1 + x / steps) ** -steps))
    bound = 2 * math.exp(-2) / steps
    assert 0.7 * bound <= gap <= bound


def test_it_tends_to_the_semigroup_as_one_over_steps(cloud_graph):
    exact = heat_kernel(cloud_graph, 1.0)
    errors = [np.max(np.abs(heat_kernel(cloud_graph, 1.0, method="euler", steps=s) - exact)) for s in (20, 40, 80, 160)]
    ratios = np.array(errors[:-1]) / errors[1:]
    assert np.all((ratios > 1.85) & (ratios < 2.15))


def test_parts_and_halves(small):
    method = ImplicitEuler(small, "symmetric", 2.0, steps=6)
    half = method.half().rows(np.arange(10))
    assert np.allclose(half @ half, method.rows(np.arange(10)), rtol=1e-13)
    assert ImplicitEuler(small, "symmetric", 2.0, steps=5).half() is None
    two, four = (method.part(s).rows(np.arange(10)) for s in (2, 4))
    assert np.allclose(two @ four, method.rows(np.arange(10)), rtol=1e-13)


def test_apply_is_rows(small):
    method = ImplicitEuler(small, "mass", 0.3, steps=2)
    B = np.random.default_rng(0).normal(size=(10, 3))
    assert np.allclose(method.apply(B), method.rows(np.arange(10)) @ B, rtol=1e-12, atol=1e-14)
