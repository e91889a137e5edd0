"""Covariances of trials against NumPy and scikit-learn; what is read, and what is refused by trial and channel."""

import numpy as np
import pytest
import torch
from sklearn.covariance import ledoit_wolf, oas

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.covariances import Covariances

RNG = np.random.default_rng(8)
X = 1e-6 * RNG.standard_normal((5, 3, 40)) + 2e-6
ORACLES = {
    "cov": np.cov,
    "scm": lambda x: np.cov(x, bias=True),
    "oas": lambda x: oas(x.T)[0],
    "lwf": lambda x: ledoit_wolf(x.T)[0],
}


class Epochs:
    """Stands in for MNE's, which has these two."""

    info = object()

    def get_data(self, picks=None):
        return X[:, :2] if picks == "data" else X


@pytest.mark.parametrize("name", ORACLES)
def test_estimators(name):
    expected = np.stack([ORACLES[name](trial) for trial in X])
    np.testing.assert_allclose(
        Covariances(name).fit_transform(X), expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max()
    )


def test_what_is_read():
    expected = Covariances().fit_transform(X)
    np.testing.assert_array_equal(Covariances().fit_transform(torch.tensor(X)), expected)
    np.testing.assert_array_equal(Covariances().fit_transform(list(X)), expected)
    np.testing.assert_array_equal(Covariances().fit_transform(Epochs()), Covariances().fit_transform(X[:, :2]))
    unequal = [trial[:, : 30 + i] for i, trial in enumerate(X)]
    found = Covariances("oas").fit_transform(unequal)
    np.testing.assert_allclose(found[3], oas(unequal[3].T)[0], rtol=1e-9)
    own = Covariances(lambda trial: trial @ trial.T).fit_transform(X)
    np.testing.assert_allclose(own, X @ X.transpose(0, 2, 1))


def test_correlated_samples_count_less():
    slow = np.cumsum(RNG.standard_normal((4, 3, 60)), axis=-1)
    plain, measured = (Covariances("oas", effective_samples=e).fit_transform(slow) for e in (None, "auto"))
    assert np.all(np.linalg.cond(measured) < np.linalg.cond(plain))


def nan(trial, channel):
    data = X.copy()
    data[trial, channel, 7] = np.nan
    return data


@pytest.mark.parametrize(
    ("data", "error", "match"),
    [
        (nan(3, 1), DomainError, r"X\[3, 1, 7\] = nan .*trial 3, channel 1"),
        ([*X[:2], nan(3, 1)[3][:, :30]], DomainError, r"trial 2, channel 1"),
        (X[0], ShapeError, r"one trial pass X\[None\]"),
        ([X[0], X[1][:2, :30]], ShapeError, r"X\[1\] has shape .*n = 3"),
        (X[:, :, :1], ShapeError, "1 samples in time"),
        (X[:0], ShapeError, "no trials"),
        (X.astype(str), DomainError, "dtype"),
    ],
)
def test_bad_trials_are_named(data, error, match):
    with pytest.raises(error, match=match):
        Covariances().fit(data)


def test_other_refusals():
    with pytest.raises(DomainError, match="estimator must be one of"):
        Covariances("ledoit").fit(X)
    with pytest.raises(ShapeError, match="expecting 3 features"):
        Covariances().fit(X).transform(X[:, :2])
