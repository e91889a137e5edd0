"""Means and distances of divergences: figures of pyriemann 0.12, closed forms, what a mean minimises, close matrices, invariance."""

import numpy as np
import pytest

from erlangen.errors import ConvergenceWarning, DomainError
from erlangen.estimators.covariances import MDM, TangentSpace
from erlangen.estimators.covariances.geometries import geometry_of
from erlangen.estimators.covariances.geometries.log_det_geometry import LogDetGeometry
from erlangen.manifolds import SPD, distance, divergence_named

P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
R = np.array([[1, 0.5, 0], [0.5, 2, 0.25], [0, 0.25, 0.5]])
W = np.array([1.0, 2, 3]) / 6


@pytest.mark.parametrize(
    ("name", "distance"),  # pyriemann.geometry.distance 0.12
    [
        ("logdet", 0.47843470139828137),
        ("kullback", 0.5796651895825062),
        ("kullback_right", 0.4451886115870842),
        ("harmonic", 0.568215254059707),
    ],
)
def test_distances_are_those_of_pyriemann(name, distance):
    found = geometry_of(name).distances(np.stack([P, Q]), np.stack([Q, P]))
    np.testing.assert_allclose(found[0, 0], distance, rtol=1e-13)
    np.testing.assert_allclose(np.diag(found[:, ::-1]), 0, atol=1e-7)


@pytest.mark.parametrize(
    ("name", "mean"),  # pyriemann.geometry.mean 0.12 with tol=1e-14
    [
        ("logdet", [[1.47413791, 0.21551337, 0.01476288], [2.66925862, 0.64653957], [1.13829467]]),
        ("harmonic", [[1.27125677, 0.31998092, 0.01389977], [2.37389023, 0.4514019], [0.83575784]]),
    ],
)
def test_means_are_those_of_pyriemann(name, mean):
    K = geometry_of(name).mean(np.stack([P, Q, R]), W)
    np.testing.assert_allclose(K[np.triu_indices(3)], np.concatenate(mean), rtol=0, atol=1e-8)
    np.testing.assert_array_equal(K, K.T)


def test_the_log_det_mean_of_two_commuting_matrices_is_geometric():
    """1 / (a + k) + 1 / (b + k) = 1 / k is solved by the root of a b."""
    a, b = np.exp(np.random.default_rng(0).normal(size=(2, 5)))
    K = geometry_of("logdet").mean(np.stack([np.diag(a), np.diag(b)]))
    np.testing.assert_allclose(K, np.diag(np.sqrt(a * b)), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("name", "power"), [("logdet", 2), ("kullback", 1), ("kullback_right", 1), ("harmonic", 2)])
def test_no_neighbour_of_a_mean_is_nearer(name, power):
    geometry, X = geometry_of(name), SPD(4).random(9, rng=3, condition=40.0).numpy()
    w = np.arange(1.0, 10)
    K = geometry.mean(X, w)

    def loss(M):
        return w @ geometry.distances(X, M[None])[:, 0] ** power

    rng = np.random.default_rng(4)
    for _ in range(20):
        V = rng.normal(size=(4, 4))
        step = 1e-3 * (V + V.T)
        L = np.linalg.cholesky(K)
        ahead, behind = (loss(L @ (np.eye(4) + sign * step) @ L.T) for sign in (1, -1))
        assert ahead > loss(K) < behind
        assert abs(ahead - behind) < 0.05 * (ahead + behind - 2 * loss(K))


@pytest.mark.parametrize("name", ["logdet", "kullback", "kullback_right"])
def test_close_matrices_keep_their_digits(name):
    """log cosh(x / 2) is x^2 / 8 for small x, and exp(x) - 1 - x is x^2 / 2."""
    n, small = 6, 1e-6
    A = SPD(n).random(1, rng=1, condition=100.0).numpy()
    found = geometry_of(name).distances(A * np.exp(small), A)[0, 0]
    np.testing.assert_allclose(found, np.sqrt(n / 8) * small if name == "logdet" else n / 4 * small**2, rtol=1e-4)


@pytest.mark.parametrize("name", ["logdet", "kullback", "kullback_right"])
def test_channels_may_be_mixed(name):
    geometry, X = geometry_of(name), SPD(3).random(7, rng=5, condition=20.0).numpy()
    A = np.random.default_rng(6).normal(size=(3, 3))
    mixed = A @ X @ A.T
    np.testing.assert_allclose(geometry.mean(mixed), A @ geometry.mean(X) @ A.T, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(geometry.distances(mixed, mixed[:2]), geometry.distances(X, X[:2]), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("name", ["logdet", "kullback", "kullback_right", "harmonic"])
def test_classes_of_far_apart_scale_are_told_apart(name):
    X = np.concatenate([SPD(3).random(6, rng=k, condition=5.0).numpy() * 10.0**k for k in range(2)])
    y = np.repeat([0, 1], 6)
    for unit in (1.0, 1e-12):
        assert (MDM(name).fit(unit * X, y).predict(unit * X) == y).mean() >= 0.9


def test_harmonic_coordinates_go_there_and_back():
    geometry, X = geometry_of("harmonic"), SPD(4).random(5, rng=2, condition=10.0).numpy()
    T = geometry.tangent(X, X[0])
    np.testing.assert_allclose(geometry.untangent(T, X[0]), X, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(T, axis=1), geometry.distances(X, X[:1])[:, 0], rtol=1e-10, atol=1e-12)
    with pytest.raises(DomainError, match="tangent vector 2 leads to"):
        geometry.untangent(np.stack([T[0], T[0], 100 * np.abs(T[1]) + 100]), X[0])


def test_divergences_have_no_tangent_space():
    with pytest.raises(DomainError, match="has no tangent space"):
        TangentSpace("kullback").fit(np.stack([P, Q, R])).transform(np.stack([P]))


def test_a_mean_that_is_cut_short_says_so():
    with pytest.warns(ConvergenceWarning, match="stopped after 2 steps"):
        LogDetGeometry(max_iter=2).mean(np.stack([P, Q, R]))


@pytest.mark.parametrize(
    "name",
    [
        "riemann",
        "logeuclid",
        "logchol",
        "wasserstein",
        "euclid",
        "harmonic",
        "logdet",
        "kullback",
        "kullback_right",
        "kullback_sym",
    ],
)
def test_a_name_means_the_same_here_and_in_manifolds(name):
    """In NumPy for classifiers, and in torch with derivatives: the same distance from matrix to mean, and the same mean."""
    X = np.stack([P, Q, R])
    here, there = geometry_of(name), divergence_named(name)
    np.testing.assert_allclose(here.distances(X, X[:1])[:, 0], distance(X, P, name), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(here.mean(X, W), there.mean(X, weights=W), rtol=1e-8, atol=1e-9)
