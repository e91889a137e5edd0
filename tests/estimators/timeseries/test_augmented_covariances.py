"""Augmented covariances against scikit-learn on the stacked signal, definiteness, refusals."""

import tracemalloc

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.covariance import ledoit_wolf, oas

from erlangen.errors import DomainError, DomainWarning, NotSPDError, ShapeError
from erlangen.estimators import MDM
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


def test_nothing_wraps_from_the_end_of_a_trial_to_its_start():
    X = np.random.default_rng(4).normal(size=(1, 2, 60))
    other = X.copy()
    other[..., :4] += 100.0  # a circular shift would bring these samples to the end of the delayed blocks
    last = np.s_[:, -2:, -2:]  # the block of the largest delay sees samples from 2 (p - 1) on
    a, b = (AugmentedCovariance(3, 2).fit_transform(signal) for signal in (X, other))
    assert np.allclose(a[last], b[last], rtol=1e-12)
    rolled = np.concatenate([np.roll(other[0], -2 * q, axis=-1) for q in range(3)])
    assert not np.allclose(np.cov(rolled)[-2:, -2:], b[0, -2:, -2:], rtol=0.1)


def test_no_embedded_signal_is_held():
    X = np.random.default_rng(5).normal(size=(40, 8, 2000))
    transformer = AugmentedCovariance(8, 4)
    tracemalloc.start()
    C = transformer.fit_transform(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    embedded = 8 * X.nbytes
    assert peak - C.nbytes < 0.5 * embedded
    kept = [value for value in vars(transformer).values() if isinstance(value, np.ndarray)]
    assert sum(array.nbytes for array in kept) < 1000


def test_a_span_as_long_as_the_trial_is_refused_where_moabb_returns_no_samples():
    X = np.ones((1, 12, 10)) * np.arange(10)
    for order, lag, trim in ((5, 2, "moabb"), (6, 2, "exact"), (2, 10, "exact")):
        with pytest.raises(DomainError, match="order <="):
            AugmentedCovariance(order, lag, estimator="oas", trim=trim).fit(X)
    with pytest.raises(DomainError, match="lag"):
        AugmentedCovariance(2, 0).fit(X)


def test_an_average_reference_is_reported_by_the_classifier_with_its_rank():
    X = np.random.default_rng(6).normal(size=(8, 4, 300))
    X -= X.mean(axis=1, keepdims=True)
    C = AugmentedCovariance(2, 3).fit_transform(X)
    with pytest.raises(NotSPDError, match=r"rank 6 of 8.*average reference"):
        MDM().fit(C, [0, 1] * 4)
    shrunk = AugmentedCovariance(2, 3, estimator="oas").fit_transform(X)
    assert len(MDM().fit(shrunk, [0, 1] * 4).covmeans_) == 2
