"""Neighbours among matrices: those of logarithms on the line, scikit-learn's classifier on flat coordinates, the contract."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from erlangen.errors import DomainError
from erlangen.estimators.covariances import KNearestNeighbour, TangentSpace
from erlangen.testing import check_estimator_3d

RNG = np.random.default_rng(2)
Y = np.arange(45) % 3
S = RNG.standard_normal((45, 3, 20)) * (1 + 0.4 * Y)[:, None, None]
X = S @ S.transpose(0, 2, 1) / 20


@pytest.mark.parametrize("metric", ["riemann", "logeuclid"])
def test_scikit_learns_contract(metric):
    report = check_estimator_3d(KNearestNeighbour(3, metric), kind="spd")
    assert report.passed, report.failed


@pytest.mark.parametrize("metric", ["logeuclid", "logchol", "euclid"])
@pytest.mark.parametrize("k", [1, 5])
def test_in_flat_geometries_it_is_scikit_learns(metric, k):
    train, test = slice(0, 30), slice(30, None)
    vectors = TangentSpace(metric).fit_transform(X)
    expected = KNeighborsClassifier(k).fit(vectors[train], Y[train]).predict_proba(vectors[test])
    found = KNearestNeighbour(k, metric).fit(X[train], Y[train]).predict_proba(X[test])
    np.testing.assert_allclose(found, expected)


def test_a_change_of_basis_changes_nothing():
    A = RNG.standard_normal((3, 3))
    here = KNearestNeighbour(4).fit(X[:30], Y[:30]).predict_proba(X[30:])
    there = KNearestNeighbour(4).fit(A @ X[:30] @ A.T, Y[:30]).predict_proba(A @ X[30:] @ A.T)
    np.testing.assert_array_equal(here, there)


@pytest.mark.parametrize("k", [0, 46, 2.5])
def test_impossible_numbers_of_neighbours(k):
    with pytest.raises(DomainError, match="n_neighbors"):
        KNearestNeighbour(k).fit(X, Y)
