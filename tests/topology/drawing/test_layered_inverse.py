"""Block elimination by layers against a dense solution, and drawings large enough to need it."""

import numpy as np
import pytest

from erlangen.topology import draw_link, torus_link
from erlangen.topology.diagrams.random_link import random_link
from erlangen.topology.drawing.layered_inverse import LayeredInverse


def laplacian(n, edges, rng):
    matrix = np.eye(n) * 0.1
    for a, b in edges:
        weight = rng.uniform(0.5, 2)
        matrix[[a, b], [a, b]] += weight
        matrix[[a, b], [b, a]] -= weight
    return matrix


@pytest.mark.parametrize("pieces", [1, 3])
def test_it_solves_what_a_dense_solver_solves(pieces):
    rng = np.random.default_rng(pieces)
    side = 12
    edges = [
        (p * side**2 + side * i + j, p * side**2 + side * k + m)
        for p in range(pieces)
        for i in range(side)
        for j in range(side)
        for k, m in ((i + 1, j), (i, j + 1))
        if k < side and m < side
    ]
    n = pieces * side**2
    matrix = laplacian(n, edges, rng)
    free = np.setdiff1d(np.arange(n), rng.choice(n, 9, replace=False))
    vector = rng.normal(size=(n, 2))
    found = LayeredInverse(matrix, free) @ vector
    expected = np.zeros((n, 2))
    expected[free] = np.linalg.solve(matrix[np.ix_(free, free)], vector[free])
    np.testing.assert_allclose(found, expected, atol=1e-10)
    np.testing.assert_allclose(LayeredInverse(matrix, free) @ vector[:, 0], expected[:, 0], atol=1e-10)


def test_a_long_torus_link_is_drawn():
    """T(3,40) has more nodes than the dense solver takes; ``draw_link`` refuses curves that meet elsewhere than at the crossings."""
    link = torus_link(3, 40)
    assert len(draw_link(link).strands) == 1


@pytest.mark.slow
def test_a_random_diagram_of_110_crossings_is_drawn():
    link = random_link(110, rng=3)
    assert len(draw_link(link).strands) == link.n_components
