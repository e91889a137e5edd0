"""Oracles: scipy's expm, known spectra."""

import networkx as nx
import numpy as np
import pytest
import scipy.linalg

from erlangen.errors import DomainError
from erlangen.operators import Graph, heat_kernel
from erlangen.operators.heat.eigenbasis import Eigenbasis


@pytest.mark.parametrize("kind", ["combinatorial", "symmetric", "mass"])
@pytest.mark.parametrize("rank", [None, 1, 12, 90])
@pytest.mark.parametrize("t", [0.1, 3.0])
def test_the_bound_holds(cloud_graph, kind, rank, t):
    method = Eigenbasis(cloud_graph, kind, t, rank=rank)
    exact = scipy.linalg.expm(-t * method.laplacian().toarray())
    H = method.rows(np.arange(90))
    assert np.linalg.norm(H - exact, 2) <= method.absolute_error
    if rank is None:
        assert method.absolute_error < 1e-9
        assert method.name == "eigh"
    else:
        assert (method.order, method.name) == (rank, "lowrank")


def test_repeated_eigenvalues():
    graph = Graph(nx.to_numpy_array(nx.hypercube_graph(6)))
    H = heat_kernel(graph, 0.4, method="eigh")
    exact = scipy.linalg.expm(-0.4 * graph.laplacian().toarray())
    assert np.allclose(H, exact, atol=1e-14)


def test_lowrank_becomes_exact_where_heat_has_smoothed(cycle):
    graph, t = cycle(50), 400.0
    exact = heat_kernel(graph, t)
    assert np.allclose(heat_kernel(graph, t, method="lowrank", rank=9), exact, atol=1e-14)


def test_diagonal_half_and_apply(small):
    method = Eigenbasis(small, "mass", 0.3)
    H = method.rows(np.arange(10))
    assert np.allclose(method.diagonal(), H.diagonal(), rtol=1e-13)
    half = method.half().rows(np.arange(10))
    assert np.allclose(half @ half, H, atol=1e-14)
    assert np.allclose(method.apply(np.eye(10)), H, atol=1e-14)


@pytest.mark.parametrize(("method", "rank"), [("lowrank", None), ("eigh", 3), ("euler", 3)])
def test_the_rank_belongs_to_lowrank(small, method, rank):
    with pytest.raises(DomainError, match="rank belongs to method='lowrank'"):
        heat_kernel(small, 1.0, method=method, rank=rank)
    with pytest.raises(DomainError, match="rank must be"):
        heat_kernel(small, 1.0, method="lowrank", rank=11)
