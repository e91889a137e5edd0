"""Oracles: the formulas of potentials written out densely, the identity with triplet distances."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError
from erlangen.operators import heat_kernel, potential_distance, random_walk_kernel, triplet_distance, varadhan_distance


def test_the_triplet_distance_of_squared_varadhan_is_4t_potentials(cloud_graph):
    """With own distances kept: D^2 = -4t log H everywhere."""
    t = 0.8
    H = heat_kernel(cloud_graph, t)
    squared = varadhan_distance(np.vstack([H, H[:1]]), t)[:-1] ** 2
    assert np.allclose(triplet_distance(squared), 4 * t * potential_distance(H), rtol=1e-12, atol=1e-10)


@pytest.mark.parametrize("steps", [1, 3, 12])
def test_the_plain_dense_formula_with_a_floor(cloud_graph, steps):
    K = cloud_graph.weights.toarray() + np.eye(90)
    U = -np.log(np.linalg.matrix_power(K / K.sum(axis=1, keepdims=True), steps) + 1e-7)
    walk = random_walk_kernel(cloud_graph, steps, self_loops=1.0)
    assert np.allclose(potential_distance(walk, floor=1e-7), cdist(U, U), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("gamma", [-1.0, 0.0, 0.5])
def test_powers(cloud_graph, gamma):
    H = heat_kernel(cloud_graph, 0.8)
    U = 2 / (1 - gamma) * H ** ((1 - gamma) / 2)
    assert np.allclose(potential_distance(H, gamma=gamma), cdist(U, U), rtol=1e-10)


def test_without_a_floor_far_pairs_differ_where_a_floor_saturates(cycle):
    H = heat_kernel(cycle(200), 1.0)
    plain, floored = potential_distance(H), potential_distance(H, floor=1e-7)
    assert plain[0, 60] > 1.2 * plain[0, 30]
    assert floored[0, 60] == pytest.approx(floored[0, 30], rel=1e-6)


def test_components(pieces):
    D = potential_distance(heat_kernel(pieces, 0.4))
    label = pieces.components()
    assert np.array_equal(np.isinf(D), label[:, None] != label)


@pytest.mark.parametrize(
    ("H", "options", "words"),
    [([[-1.0]], {}, "negative"), ([[1.0]], {"gamma": 2.0}, "gamma"), ([[1.0]], {"floor": -1.0}, "floor")],
)
def test_refusals(H, options, words):
    with pytest.raises(DomainError, match=words):
        potential_distance(H, **options)
