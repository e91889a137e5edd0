"""The automatic time: reach, its bounds, and that it follows the data."""

import numpy as np
import pytest
from scipy.linalg import expm

from erlangen.datasets import swiss_roll, tree
from erlangen.estimators.embeddings.heat_time import REACH, automatic_time, covered_share, reach, time_bounds
from erlangen.operators import Graph, knn_graph


def rows_of(graph):
    values, vectors = np.linalg.eigh(graph.laplacian().toarray())
    return lambda t, sources: np.maximum((vectors[sources] * np.exp(-t * values)) @ vectors.T, 0.0)


def found(graph, seed=0):
    return automatic_time(graph, "combinatorial", rows_of(graph), np.random.default_rng(seed))


@pytest.mark.parametrize("m", [1, 2, 5, 40])
@pytest.mark.parametrize("mass", [1.0, 1e-3, 7.0])
def test_a_uniform_row_covers_as_many_as_it_has_whatever_its_sum(m, mass):
    row = np.zeros(50)
    row[:m] = mass / m
    assert reach(row[None, :])[0] == pytest.approx(m)


def test_heat_covers_more_with_time_and_at_last_everything():
    graph = knn_graph(swiss_roll(200, rng=0).X, 8)
    L = graph.laplacian().toarray()
    covered = np.array([reach(expm(-t * L)) for t in (0.0, 0.1, 1.0, 10.0, 1e3, 1e6)])
    assert np.allclose(covered[0], 1)
    assert (np.diff(covered, axis=0) > 0).all()
    assert np.allclose(covered[-1], 200)


def test_shares_are_of_the_component():
    two = Graph(np.kron(np.eye(2), np.ones((3, 3)) - np.eye(3)))
    H = np.kron(np.eye(2), np.full((3, 3), 1 / 3))[[0, 5]]
    assert covered_share(two, H, np.array([0, 5])) == pytest.approx(1.0)


@pytest.mark.parametrize("laplacian", ["combinatorial", "symmetric", "random-walk", "mass"])
def test_bounds_are_numbers_of_jumps(laplacian):
    graph = knn_graph(swiss_roll(800, rng=0).X, 8)
    low, high = time_bounds(graph, laplacian)
    jumps = graph.laplacian(laplacian).diagonal().mean()
    assert low * jumps == pytest.approx(60.0)
    assert high * jumps == pytest.approx(300.0)
    assert time_bounds(Graph(np.zeros((4, 4))), laplacian) == (1.0, 1.0)


def test_the_shortest_time_that_covers_enough():
    graph = knn_graph(swiss_roll(700, noise=0.1, width=20, rng=0).X, 10)
    low, high = time_bounds(graph, "combinatorial")
    t = found(graph)
    sources = np.sort(np.random.default_rng(0).permutation(700)[:64])
    share = [covered_share(graph, rows_of(graph)(s, sources), sources) for s in (t / 1.05, t)]
    assert low < t < high
    assert share[0] < REACH <= share[1]


def test_the_time_follows_the_data():
    """Noise joins the sheets of the roll, so that heat mixes earlier; a cleaner roll needs more jumps, a tree the most that is given."""
    jumps = {}
    for noise in (0.1, 1.0, 2.0):
        graph = knn_graph(swiss_roll(600, noise=noise, dim=10, rng=0).X, 10)
        jumps[noise] = found(graph) * graph.degrees.mean()
    assert jumps[0.1] > 1.5 * jumps[1.0] >= 1.5 * jumps[2.0]
    assert jumps[0.1] <= 300 * (1 + 1e-12)
    assert jumps[2.0] >= 60 * (1 - 1e-12)
    graph = knn_graph(tree(5, 150, noise=0.1, rng=0).X, 10)
    assert found(graph) * graph.degrees.mean() == pytest.approx(300)


@pytest.mark.parametrize("n", [3000, 6000])
def test_both_orders_of_asking_agree(n, monkeypatch):
    """Large graphs are first asked at the upper bound, small ones at the lower: the answer is the same."""
    calls = []

    def rows(t, sources):
        calls.append(t)
        flat = np.zeros((len(sources), n))
        flat[:, : max(1, int(n * min(1.0, t / 25)))] = 1.0
        return flat / flat.sum(axis=1, keepdims=True)

    ring = np.arange(n)
    graph = Graph.coerce(np.stack([ring, (ring + 1) % n]))
    t = automatic_time(graph, "combinatorial", rows, np.random.default_rng(0))
    low, high = time_bounds(graph, "combinatorial")
    assert calls[0] == (high if n > 5000 else low)
    assert t == low == 30.0


def test_a_graph_without_edges():
    graph = Graph(np.zeros((5, 5)))
    assert found(graph) == 1.0
