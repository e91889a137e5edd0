"""Graphs that the tests of operators share, as plain builders behind fixtures."""

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp

from erlangen.operators import Graph, knn_graph


@pytest.fixture(scope="session")
def cycle():
    """n -> the cycle of n vertices."""

    def build(n):
        i = np.arange(n)
        half = sp.coo_array((np.ones(n), (i, (i + 1) % n)), shape=(n, n))
        return Graph(half + half.T)

    return build


@pytest.fixture(scope="session")
def small():
    """A weighted graph of ten vertices, weights over four decades, with masses."""
    rng = np.random.default_rng(3)
    A = np.triu(10.0 ** rng.uniform(-3, 1, (10, 10)) * (rng.uniform(size=(10, 10)) < 0.35), 1)
    A += np.diag(np.full(9, 0.5), 1)
    return Graph(A + A.T, mass=rng.uniform(0.5, 2.0, 10))


@pytest.fixture(scope="session")
def cloud_graph():
    """The alpha-decay graph of 90 points in space, with masses."""
    rng = np.random.default_rng(4)
    return Graph(knn_graph(rng.normal(size=(90, 3)), 7).weights, mass=rng.uniform(0.5, 2.0, 90))


@pytest.fixture(scope="session")
def pieces():
    """Two components and an isolated vertex: 0-3 a cycle, 4-8 a path, 9 alone."""
    graph = nx.disjoint_union_all([nx.cycle_graph(4), nx.path_graph(5), nx.empty_graph(1)])
    return Graph(nx.to_numpy_array(graph))
