"""Oracles: scipy's expm, the certificate."""

import numpy as np
import pytest
import scipy.linalg

from erlangen.operators import Graph, heat_action, heat_kernel
from erlangen.operators.heat.chebyshev import Chebyshev


@pytest.mark.parametrize("kind", ["combinatorial", "symmetric", "random-walk", "mass"])
@pytest.mark.parametrize("rtol", [1e-3, 1e-8, 1e-13])
@pytest.mark.parametrize("t", [0.1, 2.0, 50.0])
def test_the_bound_holds(cloud_graph, kind, rtol, t):
    method = Chebyshev(cloud_graph, kind, t, rtol=rtol)
    exact = scipy.linalg.expm(-t * method.laplacian().toarray())
    error = np.linalg.norm(method.rows(np.arange(90)) - exact, 2)
    assert error <= method.absolute_error + 1e-13
    assert method.absolute_error < rtol + 1e-11
    assert method.relative_error == np.inf


def test_a_large_time_needs_the_square_root_of_it(cloud_graph):
    orders = [Chebyshev(cloud_graph, "combinatorial", t).order for t in (10.0, 1000.0)]
    assert 8 < orders[1] / orders[0] < 12


def test_more_columns_than_a_block():
    graph = Graph(np.ones((300, 300)) - np.eye(300))
    H = heat_kernel(graph, 1e-3, method="chebyshev", rtol=1e-13)
    same = (1 + 299 * np.exp(-0.3)) / 300
    other = (1 - np.exp(-0.3)) / 300
    assert np.allclose(H, other + (same - other) * np.eye(300), atol=1e-12)


def test_no_edges_no_flow():
    assert np.array_equal(heat_kernel(Graph(np.zeros((3, 3))), 1.0, method="chebyshev"), np.eye(3))
    assert np.array_equal(heat_action(Graph(np.zeros((3, 3))), [1.0, 2, 3], 1.0), [1, 2, 3])
