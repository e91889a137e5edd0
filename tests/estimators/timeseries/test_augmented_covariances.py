"""Augmented covariances against scikit-learn on the stacked signal, definiteness, refusals."""

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.covariance import ledoit_wolf, oas

from erlangen.errors import DomainError, DomainWarning, NotSPDError, ShapeError
from erlangen.estimators.timeseries import AugmentedCovariance, DelayEmbedding, lagged_autocovariance
from erlangen.linalg import block_toeplitz, covariance

X = np.random.default_rng(0).normal(size=(4, 3, 120)).cumsum(axis=-1) * 0.3 + 2.0
REFERENCES = {
    "cov": np.cov,
    "scm": lambda z: np.cov(z, bias=True),
    "oas": lambda z: oas(z.T)[0],
    "lwf": lambda z: ledoit_wolf(z.T)[0],
}


@pytest.mark.parametrize("trim", ["exact", "moabb"])
@pytest.mark.parametrize("direction", ["future", "past"])
@pytest.mark.parametrize("estimator", list(REFERENCES))
@pytest.mark.parametrize("signals", [X, X[..., :30], [X[0], X[1, :, :77]]], ids=["long", "short", "unequal"])
@pytest.mark.filterwarnings("ignore::erlangen.errors.DomainWarning")
def test_equals_the_estimator_of_the_stacked_signal(signals, estimator, trim, direction):
    Z = DelayEmbedding(3, 5, trim=trim, direction=direction).fit_transform(signals)
    C = AugmentedCovariance(3, 5, estimator=estimator, trim=trim, direction=direction).fit_transform(signals)
    expected = np.stack([REFERENCES[estimator](z) for z in Z])
    assert np.abs(C - expected).max() <= 1e-11 * np.abs(expected).max()


@pytest.mark.parametrize("estimator", ["oas", "lwf"])
def test_effective_samples_are_those_of_the_stacked_signal(estimator):
    Z = DelayEmbedding(3, 2).fit_transform(X)
    C = AugmentedCovariance(3, 2, estimator=estimator, effective_samples="auto").fit_transform(X)
    expected = covariance(Z, estimator, effective_samples="auto")
    assert np.allclose(C, expected, rtol=1e-10, atol=1e-12 * np.abs(expected).max())
    plain = AugmentedCovariance(3, 2, estimator=estimator).fit_transform(X)
    assert np.linalg.cond(C[0]) < np.linalg.cond(plain[0])
    fixed = AugmentedCovariance(3, 2, estimator=estimator, effective_samples=20).fit_transform(X)
    assert np.allclose(fixed, covariance(Z, estimator, effective_samples=20), rtol=1e-10)


def test_biased_toeplitz_is_never_indefinite_where_averaged_diagonals_are():
    rng = np.random.default_rng(1)
    signals = rng.normal(size=(300, 4, 30))
    order, lag, n = 5, 3, 4
    G = AugmentedCovariance(order, lag, structure="block_toeplitz").fit_transform(signals)
    assert np.all(np.linalg.eigvalsh(G)[:, 0] >= -1e-14 * np.trace(G, axis1=1, axis2=2))
    Z = DelayEmbedding(order, lag).fit_transform(signals)
    averaged = []
    for z in Z:
        C = np.cov(z).reshape(order, n, order, n)
        means = [np.mean([C[j + d, :, j] for j in range(order - d)], axis=0) for d in range(order)]
        averaged.append(block_toeplitz(np.array(means)))
    indefinite = np.linalg.eigvalsh(np.array(averaged))[:, 0] < -1e-8
    assert indefinite.mean() > 0.9


def test_toeplitz_blocks_and_their_bias():
    x = X[:1] - X[:1].mean(axis=-1, keepdims=True)
    G = AugmentedCovariance(2, 4, structure="block_toeplitz").fit_transform(X[:1])
    lagged = x[0, :, 4:] @ x[0, :, :-4].T
    assert np.allclose(G[0, 3:, :3], lagged / 120, rtol=1e-12)
    assert np.array_equal(G, G.transpose(0, 2, 1))
    free = AugmentedCovariance(2, 4, structure="block_toeplitz", bias="unbiased").fit_transform(X[:1])
    assert np.allclose(free[0, 3:, :3], lagged / 116, rtol=1e-12)
    shrunk = AugmentedCovariance(2, 4, structure="block_toeplitz", estimator="oas").fit_transform(X[:1])
    assert np.allclose(shrunk[0, :3, :3], shrunk[0, 3:, 3:])
    assert np.isclose(np.trace(shrunk[0]), np.trace(G[0]))


def test_lagged_autocovariance_by_hand():
    gammas = lagged_autocovariance([[[1.0, 2.0, 4.0], [0.0, 1.0, 0.0]]], [1, -1], assume_centred=True)
    assert np.allclose(gammas[0, 0], np.array([[10.0, 4.0], [1.0, 0.0]]) / 3)
    assert np.array_equal(gammas[0, 1], gammas[0, 0].T)
    with pytest.raises(DomainError, match="as long as the trial"):
        lagged_autocovariance(X, [120])


def test_report_and_its_band():
    white = np.random.default_rng(2).normal(size=(3, 2, 1000))
    report = AugmentedCovariance(2, 1).fit(white).report_
    assert 0.85 * 999 < report.effective_samples <= 999
    assert report.advice.startswith("a plain")
    report = AugmentedCovariance(10, 0.04, estimator="oas", band=(8, 35), sfreq=250).fit(white)
    assert report.report_.samples == 910
    assert report.report_.effective_samples == pytest.approx(910 * 0.216)


def test_starved_covariances_are_refused_or_warned_of():
    with pytest.raises(NotSPDError, match="rank <= 11 < 36") as caught:
        AugmentedCovariance(12, 1).fit(X[..., :23])
    assert caught.value.rank == 11
    assert "oas" in str(caught.value)
    with pytest.warns(DomainWarning, match="ratio"):
        AugmentedCovariance(6, 1).fit(X[..., :60])
    AugmentedCovariance(12, 1, estimator="oas").fit_transform(X[..., :23])


@pytest.mark.parametrize(
    ("parameters", "pattern"),
    [
        ({"order": 200, "lag": 1}, "order <= 119"),
        ({"estimator": "mean"}, "estimator must be one of"),
        ({"structure": "band"}, "structure must be one of"),
        ({"bias": "none"}, "bias must be one of"),
        ({"effective_samples": "all"}, "effective_samples must be one of"),
        ({"effective_samples": 1e9, "estimator": "oas"}, "embedded signal has"),
        ({"band": (8, 35)}, "sfreq"),
        ({"band": (35, 8), "sfreq": 250, "lag": 0.01}, "is empty"),
    ],
)
def test_refusals(parameters, pattern):
    with pytest.raises(DomainError, match=pattern):
        AugmentedCovariance(**parameters).fit_transform(X)


def test_other_channels_clone_and_tensors():
    transformer = clone(AugmentedCovariance(2, 3)).fit(X)
    with pytest.raises(ShapeError, match="fitted on 3"):
        transformer.transform(X[:, :2])
    assert np.array_equal(transformer.transform(torch.from_numpy(X)), transformer.transform(X))
    assert transformer.transform(X.astype(np.float32)).dtype == np.float64
