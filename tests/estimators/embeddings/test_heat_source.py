"""Rows of distances read off heat: exact volumes where all rows are wanted, probed ones for landmarks, remarks."""

import warnings

import numpy as np
import pytest

from erlangen.datasets import swiss_roll
from erlangen.errors import DomainWarning
from erlangen.estimators.embeddings import heat_source
from erlangen.estimators.embeddings.heat_source import HeatSource, heat_way
from erlangen.operators import Graph, heat_diagonal, heat_kernel, knn_graph

GRAPH = knn_graph(swiss_roll(150, noise=0.2, rng=0).X, 8)
ALL = np.arange(150)


def euler(laplacian, t, steps):
    """The implicit kernel in its symmetric form, dense."""
    L = GRAPH.laplacian("symmetric" if laplacian == "random-walk" else laplacian).toarray()
    return np.linalg.matrix_power(np.linalg.inv(np.eye(150) + t / steps * L), steps)


def harnack(H, t, sigma):
    h = H.diagonal()
    D = np.sqrt(np.maximum(-4 * t * np.log(H) + 4 * t * sigma * np.log((h[:, None] + h) / 2), 0))
    np.fill_diagonal(D, 0)
    return D


@pytest.mark.parametrize("laplacian", ["combinatorial", "symmetric", "random-walk", "mass"])
@pytest.mark.parametrize("sigma", [0.0, 0.5, 1.0])
def test_all_rows_are_the_dense_formula(laplacian, sigma):
    source = HeatSource(
        GRAPH, 3.0, sigma=sigma, sources=ALL, rng=np.random.default_rng(0), laplacian=laplacian, steps=4
    )
    expected = harnack(euler(laplacian, 3.0, 4), 3.0, sigma)
    assert np.allclose(source.rows(ALL), expected, rtol=1e-7, atol=1e-7 * expected.max())


@pytest.mark.parametrize("t", [0.5, 20.0])
def test_landmarks_have_the_same_rows_up_to_the_probes(t):
    """The estimated volumes err by a third of what 64 probes do by themselves, and no pair falls together."""
    graph = knn_graph(swiss_roll(900, noise=0.1, rng=0).X, 10)
    chosen = np.sort(np.random.default_rng(1).permutation(900)[:150])
    full = HeatSource(graph, t, sigma=1.0, sources=np.arange(900), rng=np.random.default_rng(0)).rows(np.arange(900))
    some = HeatSource(graph, t, sigma=1.0, sources=chosen, rng=np.random.default_rng(0))
    D = some.rows(chosen)
    assert ((D == 0) == (chosen[:, None] == np.arange(900))).all()
    error = np.abs(np.log(some._volumes / heat_diagonal(graph, t, method="euler", steps=6)))
    assert np.median(error) < (0.15 if t < 1 else 0.06), "small times: the probes alone, sqrt(2 / 64) = 0.18"
    assert np.abs(D - full[chosen]).max() < 0.15 * full.max()
    assert np.median(np.abs(D - full[chosen])) < 0.005 * full.max()
    assert np.array_equal(some.rows(chosen[1:9]), D[1:9])


@pytest.mark.parametrize("method", ["euler", "squaring", "uniformisation"])
def test_every_method_comes_near_the_heat_kernel(method):
    H = heat_kernel(GRAPH, 2.0, method="eigh")
    source = HeatSource(GRAPH, 2.0, sigma=0.0, sources=ALL, rng=np.random.default_rng(0), method=method, steps=400)
    near = H > 1e-6
    assert np.allclose(source.rows(ALL)[near], harnack(np.maximum(H, 1e-300), 2.0, 0.0)[near], rtol=0.05)


def test_the_way(monkeypatch):
    assert heat_way(GRAPH, "squaring") == "squaring"
    assert heat_way(GRAPH, "auto") == "euler"
    monkeypatch.setattr(heat_source, "_SMALL", 100)
    assert heat_way(GRAPH, "auto") == "euler"
    monkeypatch.setattr(heat_source, "_LARGEST_FACTOR", 1000)
    monkeypatch.setattr(heat_source, "_ENTRIES_PER_VERTEX", 2)
    assert heat_way(GRAPH, "auto") == "uniformisation"


@pytest.mark.parametrize("laplacian", ["combinatorial", "symmetric", "random-walk", "mass"])
def test_a_time_at_which_all_is_mixed_is_told(laplacian):
    with pytest.warns(DomainWarning, match=r"t = 1e\+07 is too large") as caught:
        HeatSource(GRAPH, 1e7, sigma=1.0, sources=ALL, rng=np.random.default_rng(0), laplacian=laplacian)
    assert caught[0].filename == __file__, "the warning points at the caller"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        HeatSource(GRAPH, 30.0, sigma=1.0, sources=ALL, rng=np.random.default_rng(0), laplacian=laplacian)


def test_an_isolated_vertex_of_largest_degree_is_no_mixture():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        source = HeatSource(Graph(np.zeros((3, 3))), 1.0, sigma=1.0, sources=np.arange(3), rng=np.random.default_rng(0))
    assert np.array_equal(source.rows(np.arange(3)), np.where(np.eye(3) > 0, 0, np.inf))
