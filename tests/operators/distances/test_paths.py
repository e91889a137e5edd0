"""Oracles: networkx's Dijkstra, sorted distances."""

import networkx as nx
import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError
from erlangen.operators import graph_distance, neighbour_lengths


def test_networkx_agrees(small):
    lengths = dict(nx.all_pairs_dijkstra_path_length(nx.from_numpy_array(small.weights.toarray())))
    D = graph_distance(small.weights)
    assert np.allclose(D, [[lengths[i][j] for j in range(10)] for i in range(10)], rtol=1e-14)
    assert np.allclose(graph_distance(small, [3]), D[[3]])


def test_lengths_are_those_of_the_nearest():
    X = np.random.default_rng(0).normal(size=(50, 3))
    D = cdist(X, X)
    near = np.sort(D, axis=1)[:, 4, None] >= D
    np.fill_diagonal(near, False)
    assert np.allclose(neighbour_lengths(X, 4).toarray(), np.where(near | near.T, D, 0), rtol=1e-14)


def test_duplicates_stay_joined():
    X = np.repeat(np.array([[0.0], [1.0], [5.0]]), 2, axis=0)
    D = graph_distance(neighbour_lengths(X, 2))
    assert np.allclose(D, cdist(X, X), atol=1e-300)


def test_unreached_pairs_are_at_infinity(pieces):
    label = pieces.components()
    assert np.array_equal(np.isinf(graph_distance(pieces)), label[:, None] != label)


def test_refusals(small):
    with pytest.raises(DomainError, match="negative"):
        graph_distance([[0.0, -1.0], [-1.0, 0.0]])
    with pytest.raises(DomainError, match="not a vertex"):
        graph_distance(small, [10])
    with pytest.raises(DomainError, match="k must be < n"):
        neighbour_lengths(np.eye(3), 3)
