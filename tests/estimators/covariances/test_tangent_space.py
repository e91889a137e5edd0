"""Tangent vectors: isometry at the mean, exact round trips, equality with pyriemann, invariance of their Gram matrix."""

from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import solve_continuous_lyapunov
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.covariances import FgMDM, TangentSpace
from erlangen.manifolds import AffineInvariant, BuresWasserstein, LogCholesky, LogEuclidean

RECORDED = np.load(Path(__file__).parent / "pyriemann_0_12.npz")
X, Y = RECORDED["X"], RECORDED["y"]
NAMES = ["riemann", "logeuclid", "logchol", "wasserstein", "euclid"]
RNG = np.random.default_rng(6)


def test_vectors_are_pyriemanns():
    np.testing.assert_allclose(TangentSpace().fit_transform(X), RECORDED["tangent riemann"], atol=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_there_and_back(name):
    model = TangentSpace(name)
    np.testing.assert_allclose(model.inverse_transform(model.fit_transform(X)), X, rtol=1e-9, atol=1e-10)
    with pytest.raises(ShapeError, match="rows of length 9"):
        model.inverse_transform(np.zeros((2, 9)))


@pytest.mark.parametrize("name", ["logeuclid", "logchol", "euclid"])
def test_in_flat_geometries_distances_are_those_of_vectors(name):
    from erlangen.estimators.covariances import MDM

    vectors = TangentSpace(name).fit_transform(X)
    gap = np.linalg.norm(vectors[:, None] - vectors, axis=-1)
    distances = MDM(name).fit(np.repeat(X[:2], 2, axis=0), [0, 0, 1, 1]).transform(X)
    np.testing.assert_allclose(distances, gap[:, :2], rtol=1e-8, atol=1e-9)


def test_lengths_of_bures_wasserstein_vectors_are_half_the_lyapunov_trace():
    model = TangentSpace("wasserstein").fit(X)
    P = model.reference_
    for matrix, vector in zip(X[:4], model.transform(X[:4]), strict=True):
        values, U = np.linalg.eigh(P)
        root = (U * np.sqrt(values)) @ U.T
        lam, V = np.linalg.eigh(root @ matrix @ root)
        product = root @ ((V * np.sqrt(lam)) @ V.T) @ np.linalg.inv(root)
        log = product + product.T - 2 * P
        assert vector @ vector == pytest.approx(0.5 * np.trace(solve_continuous_lyapunov(P, log) @ log), rel=1e-9)


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        (AffineInvariant(), "riemann"),
        (LogEuclidean(), "logeuclid"),
        (LogCholesky(), "logchol"),
        (BuresWasserstein(), "wasserstein"),
    ],
    ids=lambda value: str(value),
)
def test_metric_objects_give_the_same_gram_matrix(metric, name):
    found, expected = TangentSpace(metric).fit_transform(X), TangentSpace(name).fit_transform(X)
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, rtol=1e-6, atol=1e-8)
    model = TangentSpace(metric)
    np.testing.assert_allclose(model.inverse_transform(model.fit_transform(X)), X, rtol=1e-8, atol=1e-9)


def test_the_gram_matrix_does_not_see_a_change_of_basis():
    A = RNG.standard_normal((4, 4))
    here, there = TangentSpace().fit_transform(X), TangentSpace().fit_transform(A @ X @ A.T)
    np.testing.assert_allclose(there @ there.T, here @ here.T, rtol=1e-6, atol=1e-8)
    machine = make_pipeline(TangentSpace(), SVC(kernel="linear"))
    np.testing.assert_array_equal(machine.fit(X, Y).predict(X), machine.fit(A @ X @ A.T, Y).predict(A @ X @ A.T))


def test_with_updates_the_mean_of_what_is_at_hand_goes_to_zero():
    model = TangentSpace(tsupdate=True).fit(X[Y == 0])
    np.testing.assert_allclose(model.transform(X).mean(0), 0.0, atol=1e-9)
    assert np.abs(TangentSpace().fit(X[Y == 0]).transform(X).mean(0)).max() > 1e-3


def test_weights_are_repetitions():
    weight = np.where(np.arange(24) < 6, 3.0, 1.0)
    model = TangentSpace().fit(X, sample_weight=weight)
    repeated = np.repeat(X, weight.astype(int), axis=0)
    np.testing.assert_allclose(model.reference_, TangentSpace().fit(repeated).reference_, rtol=1e-9)


def test_the_filter_keeps_what_a_discriminant_sees():
    model = FgMDM().fit(X, Y)
    vectors = TangentSpace().fit_transform(X)
    analysis = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(vectors, Y)
    np.testing.assert_allclose(vectors @ model.filter_ @ analysis.coef_.T, vectors @ analysis.coef_.T, atol=1e-9)


def test_what_has_no_tangent_space_is_refused():
    with pytest.raises(DomainError, match="'kullback_sym' has no tangent space"):
        TangentSpace("kullback_sym").fit_transform(X)
    model = TangentSpace("euclid").fit(X)
    with pytest.raises(DomainError, match="row 0 leads out of the cone"):
        model.inverse_transform(np.full((1, 10), -100.0))


@pytest.mark.parametrize("spread", [0.01, 0.1, 0.5, 1.0, 2.0])
def test_at_the_mean_the_vectors_sum_to_zero_within_the_tolerance(spread):
    rng = np.random.default_rng(int(100 * spread))
    for n, count in ((2, 40), (7, 5), (14, 30)):
        S = spread / np.sqrt(n) * rng.normal(size=(count, n, n))
        values, V = np.linalg.eigh((S + S.transpose(0, 2, 1)) / 2)
        C = (V * np.exp(values)[:, None, :]) @ V.transpose(0, 2, 1)
        A = np.eye(n) + 0.2 * rng.normal(size=(n, n))
        C = A @ ((C + C.transpose(0, 2, 1)) / 2) @ A.T
        rows = TangentSpace().fit_transform((C + C.transpose(0, 2, 1)) / 2)
        assert np.linalg.norm(rows.mean(axis=0)) <= 1.1e-10 * np.sqrt(n)
