"""The number of steps from the von Neumann entropy."""

import numpy as np
import pytest
import scipy.sparse as sp

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


def spread_of_probes(entropy):
    """Four standard deviations of the trace of exp(entropy) equal eigenvalues from 32 probes."""
    return 4 * np.sqrt(2 / (32 * np.exp(entropy)))


@pytest.mark.parametrize(("k", "noise"), [(5, 0.1), (8, 0.1), (10, 1.0)])
def test_the_quadrature_has_the_density_of_the_largest_eigenvalues(monkeypatch, k, noise):
    graph = knn_graph(swiss_roll(900, noise=noise, rng=0).X, k)
    steps = np.arange(1, 101)
    exact = entropy_of_powers(np.sort(walk_time._spectrum(graph, 1.0)[0])[-256:], steps)
    monkeypatch.setattr(walk_time, "_DENSE", 100)
    moduli, counts = walk_time._spectrum(graph, 1.0)
    assert counts.sum() == pytest.approx(256, rel=1e-12)
    assert (np.abs(entropy_of_powers(moduli, steps, counts) - exact) < spread_of_probes(exact)).all()
    assert abs(walk_steps(graph) - steps[knee(steps, exact)]) <= 3


def test_the_largest_are_kept():
    moduli, counts = walk_time._leading(np.array([0.2, 0.9, 0.5]), np.array([4.0, 1.5, 2.0]), 3)
    assert moduli.tolist() == [0.9, 0.5]
    assert counts.tolist() == [1.5, 1.5]


def test_the_quadrature_of_a_graph_in_parts(monkeypatch):
    """Copies of one graph have its spectrum as often: the entropy grows by the logarithm of their number."""
    W = knn_graph(swiss_roll(80, noise=0.1, rng=0).X, 6).weights
    graph = Graph(sp.block_diag([W] * 5, format="csr"))
    steps = np.arange(1, 101)
    one = entropy_of_powers(walk_time._spectrum(Graph(W), 1.0)[0], steps)
    monkeypatch.setattr(walk_time, "_DENSE", 100)
    monkeypatch.setattr(walk_time, "_EIGENVALUES", 400)
    moduli, counts = walk_time._spectrum(graph, 1.0)
    exact = one + np.log(5)
    assert (np.abs(entropy_of_powers(moduli, steps, counts) - exact) < spread_of_probes(exact)).all()


def test_it_follows_the_data():
    few = [walk_steps(knn_graph(swiss_roll(500, noise=s, dim=10, rng=0).X, 10)) for s in (0.1, 3.0)]
    assert few[0] != few[1]
    assert all(1 < t < 100 for t in few)


def test_a_graph_without_edges():
    assert walk_steps(Graph(np.zeros((5, 5)))) == 1
