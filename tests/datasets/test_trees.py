"""Oracles: Floyd–Warshall on a brute-force neighbour graph; the law of the steps."""

import numpy as np
import pytest

from erlangen.datasets import tree
from erlangen.datasets.trees import neighbour_lengths
from erlangen.errors import DomainError


def brute_force(X, k):
    D = np.linalg.norm(X[:, None] - X, axis=2)
    G = np.full_like(D, np.inf)
    for i in range(len(X)):
        for j in np.argsort(D[i], kind="stable")[1 : k + 1]:
            G[i, j] = G[j, i] = D[i, j]
    np.fill_diagonal(G, 0)
    for m in range(len(X)):
        G = np.minimum(G, G[:, m : m + 1] + G[m : m + 1])
    return G


@pytest.mark.parametrize("attach", ["trunk", "anywhere"])
def test_geodesics_are_shortest_paths_of_the_ten_neighbour_graph(attach):
    sample = tree(4, 30, dim=3, noise=0.0, attach=attach, rng=0)
    assert np.allclose(sample.geodesics(), brute_force(sample.X, 10), rtol=1e-12)
    assert np.array_equal(sample.geodesics([5, 7]), sample.geodesics()[[5, 7]])


def test_noise_does_not_touch_the_truth():
    clean, noisy = (tree(3, 50, noise=s, rng=1) for s in (0.0, 5.0))
    assert np.array_equal(clean.geodesics(), noisy.geodesics())
    assert (noisy.X - clean.X).std() == pytest.approx(5.0, rel=0.08)


def test_branches_are_walks_of_uniform_steps_that_start_on_the_trunk():
    sample = tree(3, 400, dim=10, noise=0.0, rng=2)
    trunk, *others = np.split(sample.X, 3)
    for branch in (trunk, *others):
        steps = np.diff(branch, axis=0)
        assert np.abs(steps).max() <= 1
        assert steps.var() == pytest.approx(1 / 3, rel=0.05)
    for branch in others:
        assert np.abs(trunk - branch[0]).max(axis=1).min() <= 1
    assert np.bincount(sample.labels).tolist() == [400] * 3


def test_every_pair_is_connected():
    for seed in range(20):
        assert np.isfinite(tree(5, 40, dim=10, rng=seed).geodesics([0])).all()


def test_equal_points_are_neighbours_of_each_other():
    X = np.array([[0.0]] * 4 + [[1.0], [2.0], [4.0]])
    graph = neighbour_lengths(X, 2)
    assert graph.diagonal().max() == 0
    assert np.all(np.diff(graph.indptr) >= 2)
    assert graph[4, 5] == 1
    assert graph[5, 6] == 2
    assert graph.data[graph.data < 1].max() <= np.finfo(float).tiny


@pytest.mark.parametrize(
    "arguments", [{"branches": 0}, {"branch_length": 2}, {"dim": 0}, {"noise": -0.1}, {"attach": "leaf"}]
)
def test_bad_arguments_are_refused(arguments):
    with pytest.raises(DomainError, match=next(iter(arguments))):
        tree(**arguments)
