"""Oracles: the formulas of the affinities written out densely, UMAP's row sums, row sums of Sinkhorn scaling."""

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.spatial.distance import cdist

from erlangen.errors import ConvergenceError, DomainError, ShapeError
from erlangen.operators import bistochastic, knn_graph
from erlangen.operators.affinity import KERNELS, SYMMETRISATIONS, _fuzzy
from erlangen.operators.neighbours import nearest_neighbours

K = 6
JOIN = {
    "mean": lambda A: (A + A.T) / 2,
    "max": lambda A: np.maximum(A, A.T),
    "union": lambda A: A + A.T - A * A.T,
}


def cloud(n=80, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 3))


def directed(kernel, X, k, *, decay=40.0, threshold=1e-4):
    """The directed affinities, dense, from the formulas alone."""
    D = cdist(X, X)
    np.fill_diagonal(D, np.inf)
    epsilon = np.sort(D, axis=1)[:, k - 1]
    near = epsilon[:, None] >= D
    if kernel == "alpha-decay":
        A = np.exp(-((D / epsilon[:, None]) ** decay))
        return np.where(threshold <= A, A, 0.0)
    A = {
        "connectivity": np.ones_like(D),
        "gaussian": np.exp(-(D**2) / (2 * np.median(epsilon) ** 2)),
        "self-tuning": np.exp(-(D**2) / np.outer(epsilon, epsilon)),
    }[kernel]
    return np.where(near, A, 0.0)


@pytest.mark.parametrize("how", SYMMETRISATIONS)
@pytest.mark.parametrize("kernel", ["alpha-decay", "connectivity", "gaussian", "self-tuning"])
def test_kernels_are_their_formulas(kernel, how):
    X = cloud()
    W = knn_graph(X, K, kernel=kernel, symmetrisation=how).weights.toarray()
    assert np.allclose(W, JOIN[how](directed(kernel, X, K)), rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize(("decay", "threshold"), [(2.0, 1e-4), (10.0, 1e-2), (2.0, 1e-12)])
def test_alpha_decay_reaches_beyond_the_kth_neighbour(decay, threshold):
    X = cloud()
    expected = JOIN["mean"](directed("alpha-decay", X, K, decay=decay, threshold=threshold))
    W = knn_graph(X, K, decay=decay, threshold=threshold).weights.toarray()
    assert np.allclose(W, expected, rtol=1e-11, atol=1e-300)
    assert np.count_nonzero(W) > 2 * K * len(X)


def test_the_default_symmetrisations():
    X = cloud()
    for kernel, how in (("alpha-decay", "mean"), ("gaussian", "max"), ("umap", "union")):
        assert knn_graph(X, K, kernel=kernel) == knn_graph(X, K, kernel=kernel, symmetrisation=how)


@pytest.mark.parametrize("k", [5, 10, 30])
def test_umap_memberships_sum_to_log2_k_with_a_full_nearest_neighbour(k):
    distances, _ = nearest_neighbours(cloud(200), k)
    A = _fuzzy(distances)
    assert np.allclose(A.sum(axis=1), np.log2(k), rtol=1e-9)
    assert np.all(A[:, 0] == 1)


def test_umap_weights_are_the_fuzzy_union():
    X = cloud()
    distances, indices = nearest_neighbours(X, K)
    A = np.zeros((len(X), len(X)))
    np.put_along_axis(A, indices, _fuzzy(distances), axis=1)
    assert np.allclose(knn_graph(X, K, kernel="umap").weights.toarray(), A + A.T - A * A.T, rtol=1e-13)


@pytest.mark.parametrize("q", [0.5, 1.0])
def test_anisotropy_divides_by_the_degrees(q):
    X = cloud()
    plain = knn_graph(X, K, kernel="gaussian").weights.toarray()
    d = plain.sum(axis=1)
    expected = plain / np.outer(d, d) ** q
    assert np.allclose(knn_graph(X, K, kernel="gaussian", anisotropy=q).weights.toarray(), expected, rtol=1e-13)


def test_bistochastic_rows_with_their_diagonal_sum_to_one():
    X = cloud(60)
    A = JOIN["max"](directed("self-tuning", X, K)) + np.eye(60)
    scaled = bistochastic(sp.csr_array(A))
    assert np.allclose(scaled.sum(axis=1), 1, atol=1e-10)
    assert np.allclose(scaled.toarray(), scaled.toarray().T, rtol=1e-15)
    ratio = scaled.toarray()[A > 0] / A[A > 0]
    u = np.sqrt(scaled.diagonal())
    assert np.allclose(ratio, np.outer(u, u)[A > 0], rtol=1e-12)
    W = knn_graph(X, K, kernel="bistochastic").weights.toarray()
    assert np.allclose(W, scaled.toarray() - np.diag(scaled.diagonal()), atol=1e-14)


def test_bistochastic_says_where_no_scaling_exists():
    star = sp.csr_array([[0.0, 1, 1], [1, 0, 0], [1, 0, 0]])
    with pytest.raises(ConvergenceError, match="row sums are off by"):
        bistochastic(star, max_iter=200)


@pytest.mark.parametrize("kernel", KERNELS)
def test_duplicates_give_finite_weights(kernel):
    X = np.repeat(cloud(12), 10, axis=0)
    W = knn_graph(X, 4, kernel=kernel).weights
    assert np.isfinite(W.data).all()
    assert W.data.min() >= 0


@pytest.mark.parametrize("kernel", KERNELS)
def test_scale_does_not_matter(kernel):
    X = cloud()
    W = knn_graph(X, K, kernel=kernel).weights.toarray()
    for factor in (1e-12, 1e14):
        assert np.allclose(knn_graph(factor * X, K, kernel=kernel).weights.toarray(), W, rtol=1e-8, atol=1e-12)


def test_all_points_equal():
    W = knn_graph(np.ones((6, 2)), 2).weights
    assert np.isfinite(W.data).all()


@pytest.mark.parametrize(
    ("X", "options", "error", "words"),
    [
        (np.zeros((2, 2)), {"k": 1}, ShapeError, "at least 3"),
        (np.eye(4), {"k": 4}, DomainError, "k must be < n"),
        (np.full((4, 2), np.inf), {"k": 1}, DomainError, "is not finite"),
        (np.eye(4), {"k": 1, "kernel": "cubic"}, DomainError, "kernel must be one of"),
        (np.eye(4), {"k": 1, "symmetrisation": "min"}, DomainError, "symmetrisation must be one of"),
        (np.eye(4), {"k": 1, "decay": 0.0}, DomainError, "decay must be"),
        (np.eye(4), {"k": 1, "threshold": 1.0}, DomainError, "threshold must be"),
        (np.eye(4), {"k": 1, "anisotropy": 2.0}, DomainError, "anisotropy must be"),
    ],
)
def test_refusals(X, options, error, words):
    with pytest.raises(error, match=words):
        knn_graph(X, **options)
