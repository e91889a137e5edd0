"""The conventions of signals, delay embeddings and evaluation, line by line, against NumPy, SciPy and stacked copies."""

import re
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg
from scipy.special import softmax
from sklearn.covariance import ledoit_wolf, oas
from sklearn.metrics import roc_auc_score

from erlangen import linalg
from erlangen.estimators import (
    MDM,
    VAR,
    AugmentedCovariance,
    CrossSession,
    DelayEmbedding,
    DomainRecentre,
    evaluate,
    paired_test,
)
from erlangen.estimators.timeseries import lagged_autocovariance
from erlangen.manifolds import AffineInvariant, BlockToeplitzSPD, BuresWasserstein, Siegel

PAGE = Path(__file__).parents[2] / "docs/explanation/conventions.md"
SECTIONS = ("Signals and delay embeddings", "Evaluation")
PINNED = {}
A = np.array([[0.5, 0.4], [-0.3, 0.6]])


def pins(*starts):
    def mark(test):
        PINNED.update(dict.fromkeys(starts, test.__name__))
        return test

    return mark


@pytest.fixture
def trial():
    return np.random.default_rng(0).normal(size=(1, 2, 60)).cumsum(axis=2)


@pytest.fixture
def model():
    return VAR.from_coefficients([A], np.array([[1.0, 0.2], [0.2, 2.0]]))


def stacked(x, delays, length):
    return np.concatenate([x[:, d : d + length] for d in delays])


@pytest.mark.skipif(not PAGE.is_file(), reason="needs the documentation's source")
def test_every_line_of_these_sections_is_pinned():
    parts = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    text = "\n".join(body for title, body in zip(parts[::2], parts[1::2], strict=True) if title in SECTIONS)
    lines = re.findall(r"^- (.+)$", text, re.MULTILINE)
    assert len(lines) == 12
    assert [line for line in lines if not line.startswith(tuple(PINNED))] == []
    assert [start for start in PINNED if not any(line.startswith(start) for line in lines)] == []


@pins("Trials are ")
def test_the_divisors_of_covariances(trial):
    (x,) = trial
    expected = {"cov": np.cov(x), "scm": np.cov(x, bias=True), "oas": oas(x.T)[0], "lwf": ledoit_wolf(x.T)[0]}
    for name, C in expected.items():
        assert np.allclose(linalg.covariance(x, name), C, rtol=1e-10)


@pins("$\\Gamma(h) = E[x(t + h)")
def test_which_factor_of_an_autocovariance_is_later(model):
    gamma0 = scipy.linalg.solve_discrete_lyapunov(A, model.noise_cov_)
    gammas = model.autocovariance([0, 1, 2, -1])
    assert np.allclose(gammas, [gamma0, A @ gamma0, A @ A @ gamma0, (A @ gamma0).T])
    later = np.array([[0.0, 0, 1, 0, 0, 0], [0, 1, 0, 0, 0, 0]])[None]  # channel 0 repeats channel 1 one sample later
    (gamma,) = lagged_autocovariance(later, [1], assume_centred=True)[0]
    assert gamma.tolist() == [[0, 1 / 6], [0, 0]]


@pins("The order $p$ counts blocks")
def test_order_one_is_the_spatial_covariance(trial):
    assert np.allclose(AugmentedCovariance(1, 5).fit_transform(trial)[0], np.cov(trial[0]))
    assert DelayEmbedding(3, 2).fit(trial).delays_ == [0, 2, 4]
    assert DelayEmbedding(3, 0.008, sfreq=250).fit(trial).delays_ == [0, 2, 4]


@pins("Blocks lie in future order")
def test_the_order_of_the_blocks(trial, model):
    (x,) = trial
    for direction, delays in (("future", [0, 3, 6]), ("past", [6, 3, 0])):
        Z = stacked(x, delays, 54)
        assert np.array_equal(DelayEmbedding(3, 3, direction=direction).fit_transform(trial)[0], Z)
        assert np.allclose(AugmentedCovariance(3, 3, direction=direction).fit_transform(trial)[0], np.cov(Z))
    g0, g1 = model.autocovariance([0, 1])
    assert np.allclose(model.augmented_covariance(2), np.block([[g0, g1.T], [g1, g0]]))


@pins("An embedding leaves")
@pytest.mark.parametrize(("order", "trim", "left"), [(4, "exact", 54), (4, "moabb", 52), (1, "moabb", 60)])
def test_what_an_embedding_leaves(trial, order, trim, left):
    assert DelayEmbedding(order, 2, trim=trim).fit_transform(trial).shape == (1, 2 * order, left)


@pins("Autocovariances divide by")
def test_autocovariances_are_biased(trial):
    x = trial[0] - trial[0].mean(axis=1, keepdims=True)
    found = lagged_autocovariance(trial, range(30))[0]
    assert np.allclose(found, [x[:, h:] @ x[:, : 60 - h].T / 60 for h in range(30)])
    assert np.linalg.eigvalsh(linalg.block_toeplitz(found))[0] > 0
    unbiased = lagged_autocovariance(trial, range(30), bias="unbiased")[0]
    assert np.linalg.eigvalsh(linalg.block_toeplitz(unbiased))[0] < 0


@pins("Coefficients of an autoregression")
def test_coefficients_and_partial_autocorrelations(model):
    gammas = model.autocovariance([0, 1, 2])
    found = linalg.levinson_whittle(gammas)
    lower = np.linalg.inv(scipy.linalg.sqrtm(gammas[0]))
    assert np.allclose(found.coefficients, [A, np.zeros((2, 2))], atol=1e-12)
    assert np.allclose(found.partials, [lower @ gammas[1] @ lower, np.zeros((2, 2))], atol=1e-12)
    x = model.simulate(4000, rng=0)[0]
    residual = x[:, 1:] - A @ x[:, :-1]
    assert np.allclose(np.cov(residual), model.noise_cov_, atol=0.15)


@pins("Siegel distances are")
def test_the_factor_of_siegel_distances(model):
    Z = np.array([[0.3, 0.5], [-0.2, 0.4]])
    expected = np.linalg.norm(np.arctanh(np.linalg.svd(Z, compute_uv=False)))
    assert np.isclose(Siegel(2).dist(np.zeros((2, 2)), Z), expected)
    a, b = 0.2, 0.7
    poincare = np.arccosh(1 + 2 * (a - b) ** 2 / ((1 - a**2) * (1 - b**2)))  # curvature -1
    assert np.isclose(2 * Siegel(1).dist([[a]], [[b]]), poincare)
    space = BlockToeplitzSPD(2, 3)
    x = space.from_matrix(model.augmented_covariance(3))
    y = space.from_matrix(VAR.from_coefficients([-0.5 * A], np.eye(2)).augmented_covariance(3))
    parts = [AffineInvariant().squared_dist(x[0], y[0]), *(Siegel(2).squared_dist(x[k], y[k]) for k in (1, 2))]
    assert np.isclose(space.squared_dist(x, y), 3 * parts[0] + 2 * parts[1] + parts[2])


class FirstEntry:
    """Scores trials by one entry; it has nothing to learn."""

    classes_ = np.array([0, 1])

    def get_params(self, deep=True):
        return {}

    def fit(self, X, y):
        return self

    def decision_function(self, X):
        return X[:, 0, 0]

    def predict(self, X):
        return np.clip(np.round(X[:, 0, 0]), 0, 2).astype(int)

    def __sklearn_tags__(self):
        return MDM().__sklearn_tags__()


@pins("A score is the area")
def test_scores_and_columns():
    rng = np.random.default_rng(3)
    y = np.tile([0, 1], 20)
    metadata = {"subject": np.ones(40), "session": np.repeat(["a", "b"], 20)}
    X = (y + rng.normal(size=40))[:, None, None]
    table = evaluate({"first": FirstEntry()}, X, y, metadata, CrossSession())
    assert np.allclose(table["score"], [roc_auc_score(y[s], X[s, 0, 0]) for s in (slice(20), slice(20, None))])
    assert table.to_csv().startswith("score,time,samples,subject,session,channels,n_sessions,dataset,pipeline\n")
    three = np.arange(40) % 3
    X = (three + 0.6 * rng.normal(size=40))[:, None, None]
    table = evaluate({"first": FirstEntry()}, X, three, metadata, CrossSession())
    hits = FirstEntry().predict(X) == three
    assert np.allclose(table["score"], [hits[:20].mean(), hits[20:].mean()])


@pins("A paired test is one-sided")
def test_the_side_of_a_paired_test():
    rows = [
        {"score": score, "subject": i, "dataset": "toy", "pipeline": name}
        for name, scores in {"good": [0.9, 0.8, 0.7, 0.95], "bad": [0.6, 0.5, 0.6, 0.7]}.items()
        for i, score in enumerate(scores)
    ]
    assert paired_test(rows, "good", "bad").p == 1 / 16
    assert paired_test(rows, "bad", "good").p > 0.9


@pins("MDM's probabilities")
def test_probabilities_of_the_nearest_mean():
    X = np.array([1.0, 2.0, 8.0, 16.0])[:, None, None] * np.eye(2)
    model = MDM().fit(X, [0, 0, 1, 1])
    means = [2**0.5, 128**0.5]
    squares = 2 * np.log(np.array([3.0])[:, None] / means) ** 2
    assert np.allclose(model.predict_proba(3 * np.eye(2)[None]), softmax(-squares, axis=1))


@pins("Recentring moves")
def test_recentring_is_whitening_for_the_affine_invariant_metric_only():
    rng = np.random.default_rng(0)
    G = rng.normal(size=(12, 3, 9))
    X = np.eye(3) + 0.02 * (G @ G.transpose(0, 2, 1))  # near I, so that no vector leaves the exponential
    domains = np.repeat(["a", "b"], 6)
    for metric in (AffineInvariant(), BuresWasserstein()):
        out = DomainRecentre(metric).fit_transform(X, domains=domains)
        again = DomainRecentre(metric).fit_transform(X, np.arange(12), domains=domains)
        assert np.array_equal(out, again)
        for name in "ab":
            own = domains == name
            assert np.allclose(metric.mean(out[own], tol=1e-12), np.eye(3), atol=1e-6)
            lower = np.linalg.inv(scipy.linalg.sqrtm(metric.mean(X[own], tol=1e-12)))
            whitened = np.allclose(out[own], lower @ X[own] @ lower, atol=1e-6)
            assert whitened == isinstance(metric, AffineInvariant)
