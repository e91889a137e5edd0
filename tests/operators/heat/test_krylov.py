"""Oracles: scipy's expm and expm_multiply, complete graphs in closed form, Chebyshev's degree."""

import math
import warnings

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse.linalg as spla

from erlangen.errors import ConvergenceWarning
from erlangen.operators import Graph, heat_action, heat_diagonal, heat_kernel
from erlangen.operators.heat import krylov
from erlangen.operators.heat.chebyshev import Chebyshev
from erlangen.operators.heat.krylov import Krylov


@pytest.mark.parametrize("kind", ["combinatorial", "symmetric", "random-walk", "mass"])
@pytest.mark.parametrize("rtol", [1e-3, 1e-8, 1e-13])
@pytest.mark.parametrize("t", [0.1, 2.0, 50.0])
def test_the_bound_holds_in_every_column(cloud_graph, kind, rtol, t):
    method = Krylov(cloud_graph, kind, t, rtol=rtol)
    exact = scipy.linalg.expm(-t * method.laplacian().toarray())
    B = np.random.default_rng(0).normal(size=(90, 3)) * [1e-9, 1.0, 1e9]
    for block in (np.eye(90), B):
        error = np.linalg.norm(method.apply(block) - exact @ block, axis=0) / np.linalg.norm(block, axis=0)
        assert error.max() <= method.absolute_error + 1e-13
        assert method.absolute_error < rtol + 1e-11
    assert method.relative_error == np.inf


def test_it_takes_at_most_the_products_of_a_series_and_far_fewer_for_long_times(cloud_graph):
    B = np.random.default_rng(0).normal(size=(90, 2))
    for t, share in ((0.5, 1.2), (30.0, 0.8), (1000.0, 0.15)):
        method = Krylov(cloud_graph, "combinatorial", t)
        method.apply(B)
        assert method.order <= share * Chebyshev(cloud_graph, "combinatorial", t).order


def test_a_smooth_function_takes_few(cycle):
    graph, mode = cycle(500), np.cos(2 * np.pi * 3 * np.arange(500) / 500)
    method = Krylov(graph, "combinatorial", 40.0)
    rate = 2 - 2 * math.cos(2 * np.pi * 3 / 500)
    assert np.allclose(method.apply(mode[:, None])[:, 0], math.exp(-40 * rate) * mode, atol=1e-12)
    assert method.order <= 3


def test_against_an_independent_action(cloud_graph):
    B = np.random.default_rng(1).normal(size=(90, 3))
    exact = spla.expm_multiply(-4.0 * cloud_graph.laplacian("symmetric"), B)
    out, bound = heat_action(cloud_graph, B, 4.0, laplacian="symmetric", method="krylov", certificate=True)
    assert np.all(np.linalg.norm(out - exact, axis=0) <= bound * np.linalg.norm(B, axis=0) + 1e-13)


def test_more_columns_than_a_block():
    graph = Graph(np.ones((300, 300)) - np.eye(300))
    H, proof = heat_kernel(graph, 1e-3, method="krylov", rtol=1e-13, certificate=True)
    same, other = (1 + 299 * np.exp(-0.3)) / 300, (1 - np.exp(-0.3)) / 300
    assert np.allclose(H, other + (same - other) * np.eye(300), atol=1e-14)
    assert (proof.method, proof.order) == ("krylov", 2)
    assert not proof.trusts_logarithms


@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_units_of_weight_and_time_cancel(small, scale):
    B = np.random.default_rng(0).normal(size=(10, 2))
    found = heat_action(Graph(small.weights * scale), B, 0.4 / scale, method="krylov", rtol=1e-12)
    assert np.allclose(found, heat_action(small, B, 0.4, method="eigh"), atol=1e-11)


def test_the_diagonal_of_half_the_time(cloud_graph):
    exact = scipy.linalg.expm(-0.7 * cloud_graph.laplacian().toarray()).diagonal()
    assert np.allclose(heat_diagonal(cloud_graph, 0.7, method="krylov"), exact, atol=1e-10)


def test_no_edges_no_flow_and_no_columns():
    empty = Graph(np.zeros((3, 3)))
    assert np.array_equal(heat_kernel(empty, 1.0, method="krylov"), np.eye(3))
    assert heat_action(empty, np.zeros((3, 0)), 1.0, method="krylov").shape == (3, 0)
    assert np.array_equal(heat_action(empty, np.zeros(3), 1.0, method="krylov"), np.zeros(3))


def test_too_few_products_warn_with_an_honest_bound(cycle, monkeypatch):
    graph, source = cycle(400), np.eye(400)[0]
    exact = heat_action(graph, source, 100.0, method="eigh")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        heat_action(graph, source, 100.0, method="krylov")
    monkeypatch.setattr(krylov, "_MOST", 25)
    with pytest.warns(ConvergenceWarning, match=r"heat by method='krylov': residual .* after 25 iterations"):
        out, bound = heat_action(graph, source, 100.0, method="krylov", certificate=True)
    assert 1e-10 < np.linalg.norm(out - exact) <= bound
