"""Oracles: networkx's own adjacency matrices."""

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp

from erlangen.errors import DomainError, ShapeError
from erlangen.operators import Graph
from erlangen.operators.graph_reading import read_weights


def test_networkx_graphs_keep_the_order_of_their_nodes():
    graph = nx.relabel_nodes(nx.karate_club_graph(), lambda i: f"member {33 - i}")
    expected = nx.to_numpy_array(graph, weight="weight")
    assert np.array_equal(read_weights(graph).toarray(), expected)


def test_parallel_edges_add_up_and_loops_are_dropped():
    graph = nx.MultiGraph([(0, 1, {"weight": 2.0}), (1, 0, {"weight": 3.0}), (1, 1)])
    assert np.array_equal(read_weights(graph).toarray(), [[0, 5], [5, 0]])


def test_empty_networkx_graphs():
    assert read_weights(nx.empty_graph(3)).shape == (3, 3)


def test_directed_networkx_graphs_are_refused():
    with pytest.raises(DomainError, match="directed"):
        Graph.coerce(nx.DiGraph([(0, 1)]))


@pytest.mark.parametrize("edges", [[[0, 1, 2], [1, 2, 0]], [[0, 1, 2, 1, 2, 0], [1, 2, 0, 0, 1, 2]]])
def test_an_edge_index_names_edges_once_or_twice(edges):
    assert np.array_equal(Graph.coerce(np.array(edges)).weights.toarray(), 1 - np.eye(3))


def test_two_by_two_integers_are_weights_where_they_can_be():
    assert np.array_equal(Graph.coerce(np.array([[0, 2], [2, 0]])).weights.toarray(), [[0, 2], [2, 0]])
    assert Graph.coerce(np.array([[0, 1], [1, 2]])).n == 3


def test_negative_vertices_and_ragged_lists_are_refused():
    with pytest.raises(DomainError, match=r"edge_index\[1, 0\] = -1"):
        Graph.coerce(np.array([[0, 1, 2], [-1, 2, 0]]))
    with pytest.raises(ShapeError, match="rectangular"):
        Graph.coerce([[0, 1], [1]])


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array, sp.csc_matrix, sp.coo_array, sp.dok_array, list])
def test_every_form_of_weights_gives_the_same_graph(form):
    W = np.array([[0.0, 1.5, 0.0], [1.5, 0.0, 2.0], [0.0, 2.0, 0.0]])
    assert Graph.coerce(form(W) if form is not list else W.tolist()) == Graph(W)
