"""Diffusion maps against closed forms and dense formulas."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.datasets import swiss_roll
from erlangen.errors import DomainError, DomainWarning
from erlangen.estimators import DiffusionMaps
from erlangen.operators import diffusion_distance, knn_graph, random_walk_kernel

ROLL = swiss_roll(140, noise=0.3, rng=0).X


def walk(X, k, anisotropy):
    """The walk (n, n) and its stationary measure, written plainly."""
    K = knn_graph(X, k).weights.toarray() + np.eye(len(X))
    q = K.sum(axis=1)
    K = K / np.outer(q, q) ** anisotropy
    d = K.sum(axis=1)
    return K / d[:, None], d / d.sum()


@pytest.mark.parametrize("anisotropy", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("t", [0, 1, 3.5])
def test_coordinates_are_scaled_eigenvectors_of_the_walk(anisotropy, t):
    P, pi = walk(ROLL, 8, anisotropy)
    fitted = DiffusionMaps(4, n_neighbors=8, anisotropy=anisotropy, t=t).fit(ROLL)
    mu, Z = fitted.eigenvalues_, fitted.embedding_
    assert np.allclose(P @ Z, Z * mu, atol=1e-8)
    assert np.allclose(mu, np.sort(np.linalg.eigvals(P).real)[::-1][1:5], atol=1e-10)
    assert np.allclose((Z * pi[:, None]).T @ Z, np.diag(mu ** (2.0 * t)), atol=1e-8)
    assert np.allclose(pi @ Z, 0, atol=1e-9)
    assert (Z[np.abs(Z).argmax(axis=0), np.arange(4)] > 0).all()


@pytest.mark.parametrize("anisotropy", [0.0, 1.0])
@pytest.mark.parametrize("t", [1, 4])
def test_all_coordinates_carry_the_diffusion_distance(anisotropy, t):
    """|p_t(i, .) - p_t(j, .)| in L2(1 / pi), the identity of Coifman and Lafon."""
    X = ROLL[:60]
    Z = DiffusionMaps(59, n_neighbors=6, anisotropy=anisotropy, t=t).fit_transform(X)
    P, pi = walk(X, 6, anisotropy)
    powers = np.linalg.matrix_power(P, t) / np.sqrt(pi)
    assert np.allclose(cdist(Z, Z), cdist(powers, powers), atol=1e-7)
    if anisotropy == 0:
        kernel = random_walk_kernel(knn_graph(X, 6), 2 * t, form="density", self_loops=1.0)
        density = np.linalg.matrix_power(P, 2 * t) / pi
        assert np.allclose(kernel / kernel[0, 0], density / density[0, 0])
        D = diffusion_distance(density, row_diagonal=density.diagonal(), column_diagonal=density.diagonal())
        assert np.allclose(cdist(Z, Z), D, atol=1e-6)


@pytest.mark.parametrize("n", [50, 101])
def test_the_circle_is_a_circle(n):
    """On a regular polygon the walk has the eigenvectors cos and sin."""
    x = 2 * np.pi * np.arange(n) / n
    fitted = DiffusionMaps(n_neighbors=4, t=0).fit(np.c_[np.cos(x), np.sin(x)])
    waves = np.sqrt(2) * np.c_[np.cos(x), np.sin(x)]
    rotation = waves.T @ fitted.embedding_ / n
    assert np.allclose(waves @ rotation, fitted.embedding_, atol=1e-6)
    assert np.allclose(rotation @ rotation.T, np.eye(2), atol=1e-6)
    assert np.ptp(fitted.eigenvalues_) < 1e-9


def test_nystrom_keeps_training_points_and_is_near_for_new_ones():
    roll = swiss_roll(700, noise=0.1, rng=0)
    fitted = DiffusionMaps(2).fit(roll.X[:600])
    assert np.array_equal(fitted.transform(roll.X[:600]), fitted.embedding_)
    new = fitted.transform(roll.X[600:])
    nearest = cdist(roll.coordinates[600:], roll.coordinates[:600]).argmin(axis=1)
    assert np.abs(new - fitted.embedding_[nearest]).max() < 0.15 * np.ptp(fitted.embedding_)


@pytest.mark.parametrize("anisotropy", [0.0, 0.7, 1.0])
def test_nystrom_solves_the_eigenvalue_equation_at_the_new_point(anisotropy):
    fitted = DiffusionMaps(3, n_neighbors=8, anisotropy=anisotropy, t=2).fit(ROLL)
    new = ROLL[:20] + 0.05
    Z = fitted.transform(new)
    D = cdist(new, ROLL)
    order = np.argsort(D, axis=1)[:, :8]
    near = np.take_along_axis(D, order, axis=1)
    a = np.exp(-((near / near[:, -1:]) ** 40))
    q = (knn_graph(ROLL, 8).weights.toarray() + np.eye(140)).sum(axis=1)
    mine = 1 + a.sum(axis=1)
    k = a / (mine[:, None] * q[order]) ** anisotropy
    loop = mine ** (-2 * anisotropy)
    mean = np.einsum("mk,mkd->md", k, fitted.embedding_[order]) + loop[:, None] * Z
    assert np.allclose(mean / (k.sum(axis=1) + loop)[:, None], Z * fitted.eigenvalues_, atol=1e-10)


def test_a_graph_in_two_parts_is_told():
    X = np.r_[ROLL, ROLL + 100]
    with pytest.warns(DomainWarning, match="2 components"):
        fitted = DiffusionMaps(n_neighbors=8).fit(X)
    assert np.isfinite(fitted.embedding_).all()
    assert not fitted.connected_
    assert fitted.n_connected_components_ == 2
    assert fitted.eigenvalues_[0] == pytest.approx(1.0)
    first = fitted.embedding_[:, 0]
    assert max(np.ptp(first[:140]), np.ptp(first[140:])) < 1e-6 * np.ptp(first)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"n_components": 0}, "n_components=0"),
        ({"n_components": 140}, "n_components = 140"),
        ({"n_neighbors": 0}, "n_neighbors=0"),
        ({"n_neighbors": 140}, "n_neighbors = 140"),
        ({"t": -1}, "t=-1"),
        ({"t": "knee"}, "t .*'knee'"),
        ({"anisotropy": 1.5}, "anisotropy=1.5"),
        ({"kernel": "box"}, "kernel .*'box'"),
        ({"metric": "precomputed"}, "metric .*'precomputed'"),
        ({"random_state": -1}, "-1"),
    ],
)
def test_refusals(parameters, words):
    with pytest.raises(DomainError, match=words):
        DiffusionMaps(**parameters).fit(ROLL)


@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_units_do_not_matter(scale):
    one, other = (DiffusionMaps(n_neighbors=8).fit_transform(s * ROLL) for s in (1.0, scale))
    assert np.allclose(one, other, atol=1e-6)


def test_duplicates_are_one_point():
    fitted = DiffusionMaps(n_neighbors=8).fit(np.r_[ROLL, ROLL[:5]])
    assert np.array_equal(fitted.embedding_[140:], fitted.embedding_[:5])
