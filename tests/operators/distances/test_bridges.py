"""Oracles: shortest paths by networkx in the graph with its bridges put in by hand."""

import networkx as nx
import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError, ShapeError
from erlangen.operators import bridge_components, graph_distance, neighbour_lengths


def islands(seed=0, count=4):
    """Points on a line of islands far from one another, their paths and components."""
    rng = np.random.default_rng(seed)
    X = np.vstack([rng.normal(size=(12, 2)) + np.array([20.0 * i, 3.0 * i]) for i in range(count)])
    return X, graph_distance(neighbour_lengths(X, 5)), np.repeat(np.arange(count), 12)


def test_paths_over_the_shortest_bridges():
    X, D, labels = islands()
    D = np.minimum(D, D.T)
    assert np.array_equal(np.isinf(D), labels[:, None] != labels)
    graph = nx.from_numpy_array(neighbour_lengths(X, 5).toarray())
    E = cdist(X, X)
    for a in range(3):
        p, q = np.unravel_index(E[12 * a : 12 * a + 12, 12 * a + 12 : 12 * a + 24].argmin(), (12, 12))
        graph.add_edge(12 * a + p, 12 * a + 12 + q, weight=E[12 * a + p, 12 * a + 12 + q])
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph))
    expected = np.array([[lengths[i][j] for j in range(48)] for i in range(48)])
    found = bridge_components(D, X, labels, scale=1.0)
    assert np.allclose(found, expected, rtol=1e-12)
    assert np.array_equal(found, found.T)


def test_pairs_of_one_component_stay():
    X, D, labels = islands()
    same = labels[:, None] == labels
    assert np.array_equal(bridge_components(D, X, labels)[same], D[same])


def test_units_follow_the_distances():
    X, D, labels = islands()
    plain = bridge_components(D, X, labels)
    assert np.allclose(bridge_components(1e3 * D, X, labels), 1e3 * plain, rtol=1e-12)
    assert np.allclose(bridge_components(D, 1e-6 * X, labels), plain, rtol=1e-9)
    assert np.allclose(plain, bridge_components(D, X, labels, scale=1.0), rtol=1e-12)


def test_landmark_rows():
    X, D, labels = islands()
    s = np.array([30, 1, 14, 40, 9, 20, 47])
    rows = bridge_components(D[s], X, labels, sources=s, scale=1.0)
    graph = nx.from_numpy_array(neighbour_lengths(X, 5).toarray())
    for a in range(3):
        left, right = s[labels[s] == a], s[labels[s] == a + 1]
        E = cdist(X[left], X[right])
        p, q = np.unravel_index(E.argmin(), E.shape)
        graph.add_edge(left[p], right[q], weight=E[p, q])
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph))
    assert np.allclose(rows, [[lengths[i][j] for j in range(48)] for i in s], rtol=1e-12)


def test_single_vertices_and_one_component():
    inf = np.inf
    D = np.where(np.eye(3, dtype=bool), 0.0, inf)
    X = np.array([[0.0], [1.0], [3.0]])
    assert np.array_equal(bridge_components(D, X, [5, 3, 8]), cdist(X, X))
    assert np.array_equal(bridge_components(np.zeros((2, 2)), X[:2], [1, 1]), np.zeros((2, 2)))


def test_duplicated_ends_cost_nothing():
    inf = np.inf
    D = np.array([[0, 0, inf, inf], [0, 0, inf, inf], [inf, inf, 0, inf], [inf, inf, inf, 0.0]])
    X = np.array([[0.0, 0], [0, 0], [1, 0], [-2, 0]])
    found = bridge_components(D, X, [0, 0, 1, 2], scale=1.0)
    assert np.array_equal(found, [[0, 0, 1, 2], [0, 0, 1, 2], [1, 1, 0, 3], [2, 2, 3, 0]])


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"labels": [0]}, ShapeError, "do not fit"),
        ({"sources": [0, 1]}, ShapeError, "do not fit"),
        ({"scale": 0.0}, DomainError, "scale must be"),
    ],
)
def test_refusals(change, error, words):
    X, D, labels = islands()
    with pytest.raises(error, match=words):
        bridge_components(D, X, change.pop("labels", labels), **change)
    with pytest.raises(DomainError, match="component of vertex 12 holds none of the 3 sources"):
        bridge_components(D[[0, 30, 40]], X, labels, sources=[0, 30, 40])
