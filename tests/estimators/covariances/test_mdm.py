"""Minimum distance to mean: closed forms on the line and on commuting matrices, invariances, and figures recorded from pyriemann 0.12."""

from pathlib import Path

import numpy as np
import pytest

from erlangen.errors import DomainError, NotSPDError, ShapeError
from erlangen.estimators.covariances import MDM, FgMDM
from erlangen.manifolds import AffineInvariant, BuresWasserstein, LogCholesky, LogEuclidean

RECORDED = np.load(Path(__file__).parent / "pyriemann_0_12.npz")
X, Y = RECORDED["X"], RECORDED["y"]
NAMES = ["riemann", "logeuclid", "logchol", "wasserstein", "kullback_sym", "euclid"]
RNG = np.random.default_rng(5)


def diagonal(values):
    return np.asarray(values)[..., None] * np.eye(np.shape(values)[-1])


@pytest.mark.parametrize(
    ("name", "mean", "distance"),
    [
        ("riemann", lambda v: np.exp(np.log(v).mean(0)), lambda a, b: np.linalg.norm(np.log(a / b), axis=-1)),
        ("logeuclid", lambda v: np.exp(np.log(v).mean(0)), lambda a, b: np.linalg.norm(np.log(a / b), axis=-1)),
        ("logchol", lambda v: np.exp(np.log(v).mean(0)), lambda a, b: np.linalg.norm(np.log(a / b) / 2, axis=-1)),
        (
            "wasserstein",
            lambda v: np.sqrt(v).mean(0) ** 2,
            lambda a, b: np.linalg.norm(np.sqrt(a) - np.sqrt(b), axis=-1),
        ),
        (
            "kullback_sym",
            lambda v: np.sqrt(v.mean(0) / (1 / v).mean(0)),
            lambda a, b: ((a / b + b / a) / 2 - 1).sum(-1),
        ),
        ("euclid", lambda v: v.mean(0), lambda a, b: np.linalg.norm(a - b, axis=-1)),
    ],
)
def test_commuting_matrices_have_closed_forms(name, mean, distance):
    values = np.exp(RNG.standard_normal((12, 3)))
    y = np.arange(12) % 2
    model = MDM(name).fit(diagonal(values), y)
    centres = np.stack([mean(values[y == k]) for k in range(2)])
    np.testing.assert_allclose(model.covmeans_, diagonal(centres), rtol=1e-9, atol=1e-12)
    expected = np.stack([distance(values, centre) for centre in centres], axis=1)
    np.testing.assert_allclose(model.transform(diagonal(values)), expected, rtol=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_pyriemanns(name):
    model = MDM(name).fit(X, Y)
    np.testing.assert_allclose(model.covmeans_, RECORDED[f"means {name}"], rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(model.transform(X), RECORDED[f"distances {name}"], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(model.predict_proba(X), RECORDED[f"probabilities {name}"], rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(model.predict(X), RECORDED[f"distances {name}"].argmin(1))


def test_the_filtered_classifier_is_pyriemanns():
    model = FgMDM().fit(X, Y)
    np.testing.assert_allclose(model.transform(X), RECORDED["fgmdm distances"], rtol=1e-6, atol=1e-7)
    np.testing.assert_array_equal(model.predict(X), RECORDED["fgmdm"])
    np.testing.assert_allclose(model.filter_ @ model.filter_, model.filter_, atol=1e-10)
    assert np.linalg.matrix_rank(model.filter_) == 2


@pytest.mark.parametrize("name", ["riemann", "kullback_sym"])
def test_a_change_of_basis_changes_nothing(name):
    A = RNG.standard_normal((4, 4)) * np.array([[1e-6], [1.0], [30.0], [1.0]])  # channels in unlike units
    here, there = MDM(name).fit(X, Y), MDM(name).fit(A @ X @ A.T, Y)
    np.testing.assert_allclose(there.transform(A @ X @ A.T), here.transform(X), rtol=1e-6)


@pytest.mark.parametrize("scale", [1e-12, 1e14])
@pytest.mark.parametrize("name", [name for name in NAMES if name != "logchol"])  # whose triangle has a unit
def test_decisions_do_not_depend_on_the_unit(name, scale):
    here, there = MDM(name).fit(X, Y), MDM(name).fit(scale * X, Y)
    np.testing.assert_array_equal(there.predict(scale * X), here.predict(X))
    if name not in ("euclid", "wasserstein"):
        np.testing.assert_allclose(there.transform(scale * X), here.transform(X), rtol=1e-6, atol=1e-8)


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
def test_metric_objects_and_names_agree(metric, name):
    found, expected = MDM(metric).fit(X, Y), MDM(name).fit(X, Y)
    np.testing.assert_allclose(found.transform(X), expected.transform(X), rtol=1e-6, atol=1e-8)


def test_means_and_distances_may_differ():
    model = MDM({"mean": "logeuclid", "distance": "riemann"}).fit(X, Y)
    np.testing.assert_allclose(model.covmeans_, MDM("logeuclid").fit(X, Y).covmeans_)
    for wrong in ({"mean": "riemann"}, {"mean": "riemann", "map": "riemann"}, "rieman", 3):
        with pytest.raises(DomainError, match="metric"):
            MDM(wrong).fit(X, Y)


def test_a_hundred_times_wider_than_the_identity_still_converges():
    values = np.exp(3.0 * RNG.standard_normal((30, 4)))
    Q = np.linalg.qr(RNG.standard_normal((30, 4, 4)))[0]
    spread = Q @ diagonal(values) @ Q.transpose(0, 2, 1)
    model = MDM().fit(spread, np.arange(30) % 2)
    for k in range(2):  # at the mean the sum of logarithms vanishes
        W = np.linalg.inv(np.linalg.cholesky(model.covmeans_[k]))
        lam, V = np.linalg.eigh(W @ spread[k::2] @ W.T)
        J = np.mean((V * np.log(lam)[:, None]) @ V.transpose(0, 2, 1), axis=0)
        assert np.linalg.norm(J) < 1e-8


def spoilt(index, value):
    data = X.copy()
    data[index] = value
    return data


def average_reference():
    H = np.eye(4) - 0.25
    data = X.copy()
    data[5] = H @ data[5] @ H
    return data


@pytest.mark.parametrize(
    ("data", "y", "error", "match"),
    [
        (spoilt((3, 1, 2), np.nan), Y, DomainError, r"X\[3, 1, 2\] = nan is not finite"),
        (average_reference(), Y, NotSPDError, r"X\[5\] is not positive definite.* rank 3 of 4.*average reference"),
        (-X, Y, NotSPDError, r"X\[0\] is not positive definite"),
        (spoilt((2, 0, 1), 9.0), Y, DomainError, "not symmetric"),
        (X[:, :3], Y, ShapeError, r"\(24, 3, 4\)"),
        (X, np.zeros(24), DomainError, "one class only, 0.0"),
        (X, Y[:-1], ShapeError, "y has 23 labels, X has 24"),
        (X, None, DomainError, "y is None"),
    ],
)
def test_bad_inputs_are_named(data, y, error, match):
    with pytest.raises(error, match=match):
        MDM().fit(data, y)


def test_singular_matrices_carry_their_numbers():
    with pytest.raises(NotSPDError) as caught:
        MDM().fit(average_reference(), Y)
    assert (caught.value.index, caught.value.rank) == ((5,), 3)
    assert abs(caught.value.smallest_eigenvalue) < 1e-10
    assert "oas" in str(caught.value)


def test_another_number_of_channels_is_refused():
    with pytest.raises(ShapeError, match=r"X has 3 features .* expecting 4"):
        MDM().fit(X, Y).predict(X[:, :3, :3])


@pytest.mark.parametrize(
    ("weight", "match"),
    [
        (-np.ones(24), r"sample_weight\[0\] = -1"),
        (np.zeros(24), "all weights are zero"),
        (np.where(Y == 1, 0.0, 1.0), "class 1 has weight zero"),
        (np.ones(23), "sample_weight must have shape"),
    ],
)
def test_bad_weights_are_refused(weight, match):
    with pytest.raises(ValueError, match=match):
        MDM().fit(X, Y, sample_weight=weight)
