"""The number of steps from the von Neumann entropy."""

import numpy as np
import pytest

from erlangen.datasets import swiss_roll
from erlangen.estimators.embeddings import walk_time
from erlangen.estimators.embeddings.walk_time import entropy_of_powers, walk_steps
from erlangen.operators import Graph, knee, knn_graph, random_walk_kernel


def test_the_published_knee():
    """exp(-x / 10) on 0 … 19 has its knee at 8 (Satopää et al. 2011)."""
    x = np.arange(20)
    assert knee(x, np.exp(-x / 10)) == 8


def test_entropies():
    moduli = np.array([1.0, 0.5, 0.25])
    for t in (1, 2, 7):
        p = moduli**t / (moduli**t).sum()
        assert entropy_of_powers(moduli, np.array([t]))[0] == pytest.approx(-(p * np.log(p)).sum(), rel=1e-13)
    assert entropy_of_powers(np.ones(8), np.array([1, 50])) == pytest.approx(np.log(8))
    assert entropy_of_powers(np.array([1.0, 1e-300, 0.0]), np.array([100]))[0] == 0.0


def circle(n):
    ring = np.arange(n)
    return Graph.coerce(np.stack([ring, (ring + 1) % n]))


@pytest.mark.parametrize("n", [20, 75])
def test_the_circle(n):
    """The lazy walk with loop one has the eigenvalues (1 + 2 cos(2 pi k / n)) / 3."""
    moduli = np.abs(1 + 2 * np.cos(2 * np.pi * np.arange(n) / n)) / 3
    steps = np.arange(1, 101)
    entropies = []
    for t in steps:
        p = moduli**t / (moduli**t).sum()
        entropies.append(-(p[p > 0] * np.log(p[p > 0])).sum())
    assert walk_steps(circle(n)) == steps[knee(steps, np.array(entropies))]


def test_it_is_that_of_the_dense_walk():
    graph = knn_graph(swiss_roll(150, noise=0.5, rng=0).X, 8)
    moduli = np.abs(np.linalg.eigvals(random_walk_kernel(graph, 1, self_loops=1.0)))
    steps = np.arange(1, 101)
    assert walk_steps(graph) == steps[knee(steps, entropy_of_powers(moduli, steps))]


def test_the_leading_eigenvalues_stand_for_all(monkeypatch):
    graph = knn_graph(swiss_roll(900, noise=0.1, rng=0).X, 8)
    every = walk_steps(graph)
    monkeypatch.setattr(walk_time, "_DENSE", 100)
    assert abs(walk_steps(graph) - every) <= 12


def test_it_follows_the_data():
    few = [walk_steps(knn_graph(swiss_roll(500, noise=s, dim=10, rng=0).X, 10)) for s in (0.1, 3.0)]
    assert few[0] != few[1]
    assert all(1 < t < 100 for t in few)


def test_a_graph_without_edges():
    assert walk_steps(Graph(np.zeros((5, 5)))) == 1
