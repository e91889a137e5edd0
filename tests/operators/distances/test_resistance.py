"""Oracles: networkx, pseudo-inverses, series and parallel laws, the formula of the correction."""

import networkx as nx
import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.operators import Graph, resistance_distance
from erlangen.operators.distances import resistance


def by_pseudo_inverse(W):
    G = np.linalg.pinv(np.diag(W.sum(axis=1)) - W)
    return G.diagonal()[:, None] + G.diagonal() - 2 * G


def test_weighted_graphs(small, cloud_graph, monkeypatch):
    monkeypatch.setattr(resistance, "_BLOCK_ENTRIES", 200)
    for graph in (small, cloud_graph):
        R = resistance_distance(graph)
        assert np.allclose(R, by_pseudo_inverse(graph.weights.toarray()), rtol=1e-8, atol=1e-12)
        assert np.array_equal(R.diagonal(), np.zeros(graph.n))


def test_networkx_agrees():
    graph = nx.karate_club_graph()
    theirs = nx.resistance_distance(graph, weight=None)
    R = resistance_distance(nx.to_numpy_array(graph, weight=None), [0, 5])
    assert np.allclose(R, [[theirs[i][j] for j in graph] for i in (0, 5)], rtol=1e-10)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e14])
def test_resistors_in_series_add_up(scale):
    w = scale * 10.0 ** np.arange(-6, 6)
    W = np.diag(w, 1) + np.diag(w, -1)
    expected = np.abs(
        np.subtract.outer(np.concatenate([[0], np.cumsum(1 / w)]), np.concatenate([[0], np.cumsum(1 / w)]))
    )
    assert np.allclose(resistance_distance(W), expected, rtol=1e-9, atol=1e-9 * expected.max() * 1e-3)


def test_cycles_are_two_paths_in_parallel(cycle):
    d = np.arange(12)
    assert np.allclose(resistance_distance(cycle(12), [0])[0], d * (12 - d) / 12, rtol=1e-12)


def test_the_correction(cloud_graph):
    W = cloud_graph.weights.toarray()
    d = W.sum(axis=1)
    expected = by_pseudo_inverse(W) - 1 / d[:, None] - 1 / d + 2 * W / np.outer(d, d)
    np.fill_diagonal(expected, 0)
    assert np.allclose(resistance_distance(cloud_graph, [4, 50], corrected=True), expected[[4, 50]], atol=1e-10)
    assert expected.min() > -1e-12


def test_components(pieces):
    label = pieces.components()
    for corrected in (False, True):
        R = resistance_distance(pieces, corrected=corrected)
        assert np.array_equal(np.isinf(R), label[:, None] != label)
    assert np.array_equal(np.isinf(resistance_distance(Graph(np.zeros((3, 3))))), ~np.eye(3, dtype=bool))


def test_refusals(small):
    with pytest.raises(DomainError, match="not a vertex"):
        resistance_distance(small, [10])
