"""Block-Toeplitz covariances in their own geometry: the sum of cone and disks, classification, what has not this form."""

import numpy as np
import pytest

from erlangen.datasets import reversed_var_pair
from erlangen.errors import DomainError
from erlangen.estimators import MDM, ACMSearchCV, AugmentedCovariance, KNearestNeighbour, TangentSpace
from erlangen.estimators.covariances.geometries import geometry_of
from erlangen.estimators.covariances.geometries.block_toeplitz_geometry import block_size
from erlangen.linalg import block_toeplitz
from erlangen.manifolds import BlockToeplitzSPD

GEOMETRY = geometry_of("block_toeplitz")


def matrices(count=6, n=3, p=4):
    X = np.random.default_rng(0).normal(size=(count, n, 80)).cumsum(axis=-1)
    return AugmentedCovariance(p, 2, structure="block_toeplitz").fit_transform(X)


def test_two_scalars_in_closed_form():
    a, b = (np.array([[s, s * r], [s * r, s]]) for s, r in ((1.0, 0.0), (np.e, np.tanh(1.0))))
    assert GEOMETRY.distances(a[None], b[None])[0, 0] == pytest.approx(np.sqrt(2 * 1 + 1 * 1))
    middle = GEOMETRY.mean(np.stack([a, b]))
    scale, ratio = np.exp(0.5), np.tanh(0.5)
    assert np.allclose(middle, scale * np.array([[1, ratio], [ratio, 1]]), rtol=1e-10)


def test_of_one_block_it_is_the_affine_invariant_geometry():
    C = matrices(p=1)
    plain = geometry_of("riemann")
    assert np.allclose(GEOMETRY.distances(C, C[:2]), plain.distances(C, C[:2]), rtol=1e-9, atol=1e-7)
    assert np.allclose(GEOMETRY.mean(C), plain.mean(C), rtol=1e-7)


def test_the_mean_has_the_form_and_no_neighbour_is_nearer():
    C = matrices()
    mean = GEOMETRY.mean(C)
    assert block_size(C) == block_size(mean[None]) == 3
    least = np.sum(GEOMETRY.distances(C, mean[None]) ** 2)
    space = BlockToeplitzSPD(3, 4)
    centre = np.asarray(space.from_matrix(mean))
    rng = np.random.default_rng(1)
    for _ in range(5):
        v = np.asarray(space.to_tangent(centre, 1e-3 * np.abs(centre).max() * rng.normal(size=centre.shape)))
        moved = np.asarray(space.to_matrix(np.asarray(space.metric.exp(centre, v))))
        assert np.sum(GEOMETRY.distances(C, moved[None]) ** 2) > least


def test_reversed_processes_are_told_apart():
    pair = reversed_var_pair(40, 4, 200, rng=0)
    C = AugmentedCovariance(3, 1, structure="block_toeplitz").fit_transform(pair.X)
    for model in (MDM("block_toeplitz"), KNearestNeighbour(3, "block_toeplitz")):
        assert model.fit(C[:24], pair.y[:24]).score(C[24:], pair.y[24:]) >= 0.9
    search = ACMSearchCV([1, 2], [1], classifier="mdm", covariance="block_toeplitz", metric="block_toeplitz", cv=3).fit(
        pair.X, pair.y
    )
    assert search.best_params_["order"] == 2
    assert search.best_score_ >= 0.9


@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_units_do_not_matter(scale):
    C = matrices()
    assert np.allclose(GEOMETRY.distances(scale * C, scale * C[:2]), GEOMETRY.distances(C, C[:2]), rtol=1e-8, atol=1e-7)


def test_the_form_is_read_off():
    gammas = np.array([[[2.0, 0.1], [0.1, 3.0]], [[0.5, 0.2], [-0.1, 0.4]], [[0.1, 0.0], [0.3, 0.2]]])
    assert block_size(np.asarray(block_toeplitz(gammas))[None]) == 2
    assert block_size(np.diag([1.0, 2.0, 3.0])[None]) == 3
    with pytest.raises(DomainError, match="no coordinates"):
        TangentSpace("block_toeplitz").fit_transform(matrices())
