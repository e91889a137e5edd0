"""Oracles: diagonals of dense exponentials, closed forms, the law of the estimator."""

import networkx as nx
import numpy as np
import pytest
import scipy.linalg

from erlangen.errors import DomainError
from erlangen.operators import HeatOperator, heat_diagonal, heat_kernel
from erlangen.operators.heat import method as method_module


@pytest.mark.parametrize("kind", ["combinatorial", "symmetric", "random-walk", "mass"])
@pytest.mark.parametrize("method", ["auto", "uniformisation", "squaring", "chebyshev", "eigh"])
def test_exact(cloud_graph, kind, method):
    exact = scipy.linalg.expm(-0.7 * cloud_graph.laplacian(kind).toarray()).diagonal()
    assert np.allclose(heat_diagonal(cloud_graph, 0.7, laplacian=kind, method=method), exact, rtol=1e-9)


@pytest.mark.parametrize("steps", [1, 4, 5])
def test_exact_for_implicit_steps(cloud_graph, steps):
    expected = heat_kernel(cloud_graph, 0.7, method="euler", steps=steps).diagonal()
    assert np.allclose(heat_diagonal(cloud_graph, 0.7, method="euler", steps=steps), expected, rtol=1e-13)


def test_blocks_do_not_matter(cloud_graph, monkeypatch):
    whole = heat_diagonal(cloud_graph, 0.7, method="uniformisation")
    monkeypatch.setattr(method_module, "_BLOCK_ENTRIES", 90 * 7)
    assert np.allclose(heat_diagonal(cloud_graph, 0.7, method="uniformisation"), whole, rtol=1e-10)


def test_hypercube():
    d, t = 7, 0.3
    assert np.allclose(heat_diagonal(nx.hypercube_graph(d), t), ((1 + np.exp(-2 * t)) / 2) ** d, rtol=1e-10)


@pytest.mark.parametrize(("method", "steps"), [("chebyshev", 1), ("eigh", 1), ("euler", 4), ("euler", 5), ("euler", 1)])
def test_probes_are_unbiased_with_the_stated_spread(cloud_graph, method, steps):
    """The mean of many estimates approaches the diagonal as their standard error says; sqrt(2/m) bounds the spread of squares."""
    exact = heat_diagonal(cloud_graph, 0.7, method=method, steps=steps)
    probes, repeats = 8, 150
    estimates = np.array(
        [heat_diagonal(cloud_graph, 0.7, method=method, steps=steps, probes=probes, rng=s) for s in range(repeats)]
    )
    assert estimates.min() > 0
    relative = estimates / exact
    error = relative.mean(axis=0) - 1
    assert np.sqrt(np.mean(error**2)) < 1.5 * np.sqrt(2 / (probes * repeats))
    if method != "euler" or steps % 2 == 0:
        assert relative.std(axis=0).max() < 1.25 * np.sqrt(2 / probes)


def test_one_probe_of_odd_steps_is_positive_though_its_product_is_not(cloud_graph):
    for seed in range(20):
        assert heat_diagonal(cloud_graph, 20.0, method="euler", steps=1, probes=1, rng=seed).min() > 0


def test_probes_repeat_with_their_seed(cloud_graph):
    one, two, other = (heat_diagonal(cloud_graph, 1.0, probes=4, rng=s) for s in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)
    heat = HeatOperator(cloud_graph, 1.0, method="auto")
    assert np.allclose(heat.diagonal(probes=4, rng=1), one, rtol=1e-12)


def test_refusals(cloud_graph):
    with pytest.raises(DomainError, match="probes must be"):
        heat_diagonal(cloud_graph, 1.0, probes=0)
    with pytest.raises(DomainError, match="t must be"):
        heat_diagonal(cloud_graph, -1.0)
