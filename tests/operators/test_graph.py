"""Oracles: Laplacians written out densely, scipy's csgraph, spectra of known graphs."""

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp

from erlangen.errors import DomainError, ShapeError
from erlangen.operators import Graph
from erlangen.operators.graph import LAPLACIANS


def weights(n=12, seed=0):
    rng = np.random.default_rng(seed)
    A = np.triu(rng.uniform(0.1, 3.0, (n, n)) * (rng.uniform(size=(n, n)) < 0.4), 1)
    return A + A.T


@pytest.mark.parametrize("kind", LAPLACIANS)
def test_laplacians_are_what_they_are_written_out(kind):
    W = weights()
    m = np.random.default_rng(1).uniform(0.5, 2.0, len(W))
    d = W.sum(axis=1)
    plain = np.diag(d) - W
    expected = {
        "combinatorial": plain,
        "symmetric": plain / np.sqrt(np.outer(d, d)),
        "random-walk": plain / d[:, None],
        "mass": plain / np.sqrt(np.outer(m, m)),
    }[kind]
    assert np.allclose(Graph(W, mass=m).laplacian(kind).toarray(), expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("kind", LAPLACIANS)
def test_laplacians_are_positive_with_one_zero_for_each_component(kind):
    W = sp.block_diag([weights(9, 3), weights(7, 4), np.zeros((1, 1))])
    graph = Graph(W)
    values = np.sort(np.linalg.eigvals(graph.laplacian(kind).toarray()).real)
    zeros = graph.n_components
    assert zeros == nx.number_connected_components(nx.from_numpy_array(W.toarray())) >= 3
    assert np.all(np.abs(values[:zeros]) < 1e-12)
    assert values[zeros] > 1e-3


def test_symmetric_spectrum_of_a_cycle():
    n = 12
    values = np.linalg.eigvalsh(Graph(nx.to_numpy_array(nx.cycle_graph(n))).laplacian("symmetric").toarray())
    assert np.allclose(values, np.sort(1 - np.cos(2 * np.pi * np.arange(n) / n)), atol=1e-14)


def test_isolated_vertices_have_zero_rows_and_no_nan():
    graph = Graph([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    for kind in LAPLACIANS:
        L = graph.laplacian(kind).toarray()
        assert np.isfinite(L).all()
        assert np.all(L[2] == 0)
    assert graph.components().tolist() == [0, 0, 1]
    assert not graph.is_connected


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda W: W.__setitem__((1, 2), -1.0), DomainError, r"weights\[1, 2\] = -1 is negative"),
        (lambda W: W.__setitem__((0, 1), np.nan), DomainError, r"weights\[0, 1\] = nan is not finite"),
        (lambda W: W.__setitem__((3, 0), np.inf), DomainError, r"weights\[3, 0\] = inf is not finite"),
        (lambda W: W.__setitem__((2, 2), 1.0), DomainError, r"weights\[2, 2\] = 1 lies on the diagonal"),
        (lambda W: W.__setitem__((0, 3), 9.0), DomainError, r"not symmetric: weights\[0, 3\] = 9"),
    ],
)
def test_refuses_bad_weights_naming_the_entry(change, error, words):
    W = weights(4, 5)
    change(W)
    for form in (np.asarray, sp.csr_array, sp.coo_array):
        with pytest.raises(error, match=words):
            Graph(form(W))


@pytest.mark.parametrize(
    ("bad", "error", "words"),
    [
        (np.zeros((2, 3)), ShapeError, "square"),
        (np.zeros((2, 2), complex), DomainError, "complex"),
        ("graph", ShapeError, "cannot be read"),
    ],
)
def test_refuses_what_is_no_matrix(bad, error, words):
    with pytest.raises(error, match=words):
        Graph(bad)


@pytest.mark.parametrize(
    ("mass", "error", "words"),
    [
        ([1.0], ShapeError, r"mass must have shape \(2,\)"),
        ([1.0, 0.0], DomainError, r"mass\[1\] = 0 is not positive"),
        ([np.nan, 1.0], DomainError, r"mass\[0\] = nan"),
    ],
)
def test_refuses_bad_masses(mass, error, words):
    with pytest.raises(error, match=words):
        Graph([[0, 1], [1, 0]], mass=mass)


def test_refuses_an_unknown_laplacian():
    with pytest.raises(DomainError, match="laplacian must be one of"):
        Graph([[0, 1], [1, 0]]).laplacian("normalized")


def test_rounding_asymmetry_is_averaged_away():
    W = weights(6, 7)
    W[0, 1] *= 1 + 1e-13
    kept = Graph(W).weights
    assert abs(kept - kept.T).max() == 0


def test_a_graph_is_a_value():
    W = weights()
    graph = Graph(W)
    W[:] = 0
    assert graph == Graph(weights())
    assert hash(graph) == hash(Graph(sp.coo_array(weights())))
    assert graph != Graph(weights(seed=9))
    assert graph != Graph(weights(), mass=np.full(12, 2.0))
    with pytest.raises(ValueError, match="read-only"):
        graph.weights.data[0] = 5.0


def test_stored_zeros_are_no_edges():
    W = sp.csr_array((np.array([0.0, 0.0, 1.0, 1.0]), ([0, 1, 1, 2], [1, 0, 2, 1])), shape=(3, 3))
    assert Graph(W).components().tolist() == [0, 1, 1]


def test_induced_graphs_keep_order_and_mass():
    W, m = weights(), np.arange(1.0, 13.0)
    part = Graph(W, mass=m).induced([5, 2, 7])
    assert np.array_equal(part.weights.toarray(), W[np.ix_([5, 2, 7], [5, 2, 7])])
    assert part.mass.tolist() == [6.0, 3.0, 8.0]
