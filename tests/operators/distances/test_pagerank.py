"""Oracles: networkx's personalised page rank, dense resolvents."""

import networkx as nx
import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.operators import pagerank_distance


@pytest.mark.parametrize("a", [0.3, 5.0])
def test_page_rank_by_networkx(a):
    graph = nx.karate_club_graph()
    n = len(graph)
    Q = np.empty((n, n))
    for i in range(n):
        ranks = nx.pagerank(graph, alpha=a / (1 + a), personalization={i: 1.0}, weight=None, tol=1e-14, max_iter=5000)
        Q[i] = [ranks[j] for j in range(n)]
    expected = -0.5 * (np.log(Q) + np.log(Q.T))
    np.fill_diagonal(expected, 0)
    assert np.allclose(pagerank_distance(nx.to_numpy_array(graph, weight=None), a), expected, atol=1e-8)


def test_the_resolvent_of_the_combinatorial_laplacian(cloud_graph):
    Q = np.linalg.inv(np.eye(90) + 2.0 * cloud_graph.laplacian().toarray())
    D = pagerank_distance(cloud_graph, 2.0, laplacian="combinatorial")
    off = ~np.eye(90, dtype=bool)
    assert np.allclose(D[off], -np.log(Q[off]), rtol=1e-9)


def test_symmetry_chunks_and_components(cloud_graph, pieces):
    D = pagerank_distance(cloud_graph, 1.0)
    assert np.allclose(D, D.T, rtol=1e-12)
    assert np.allclose(pagerank_distance(cloud_graph, 1.0, sources=[9, 2]), D[[9, 2]], rtol=1e-13)
    label = pieces.components()
    assert np.array_equal(np.isinf(pagerank_distance(pieces, 1.0)), label[:, None] != label)


def test_refusals(cloud_graph):
    for a in (0.0, -1.0, np.nan):
        with pytest.raises(DomainError, match="a must be"):
            pagerank_distance(cloud_graph, a)
