"""Autoregressive models: closed forms of the time-reversed pair, Schur complements, determinants, recovery."""

import numpy as np
import pytest
from scipy.linalg import solve_discrete_lyapunov

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.timeseries import VAR, AugmentedCovariance

rng = np.random.default_rng(5)
A = rng.normal(size=(3, 3))
A *= 0.8 / np.abs(np.linalg.eigvals(A)).max()
ROOT = rng.normal(size=(3, 3))
NOISE = ROOT @ ROOT.T + 0.1 * np.eye(3)
MODEL = VAR.from_coefficients([A], NOISE)
SECOND = VAR.from_coefficients([0.5 * A, 0.2 * A @ A], NOISE)


def logdet(M):
    return np.linalg.slogdet(M)[1]


def test_order_one_in_closed_form():
    gammas = MODEL.autocovariance([0, 1, 2, 5])
    assert np.allclose(gammas[0], solve_discrete_lyapunov(A, NOISE), rtol=1e-12)
    for h, gamma in zip([1, 2, 5], gammas[1:], strict=True):
        assert np.allclose(gamma, np.linalg.matrix_power(A, h) @ gammas[0], rtol=1e-12)
    assert np.array_equal(MODEL.autocovariance(-2), MODEL.autocovariance(2).T)
    schur = gammas[0] - gammas[1] @ np.linalg.solve(gammas[0], gammas[1].T)
    assert np.allclose(schur, NOISE, rtol=1e-11)


def test_time_reversed_pair_has_equal_spatial_covariance_and_transposed_lags():
    gamma0, gamma1 = MODEL.autocovariance([0, 1])
    backward = gamma1.T @ np.linalg.inv(gamma0)
    reversed_model = VAR.from_coefficients([backward], gamma0 - backward @ gamma0 @ backward.T)
    h = [0, 1, 2, 4]
    expected = MODEL.autocovariance(h).transpose(0, 2, 1)
    assert np.allclose(reversed_model.autocovariance(h), expected, rtol=1e-11, atol=1e-12)
    assert np.linalg.norm(gamma1 - gamma1.T) > 0.1
    future = MODEL.augmented_covariance(3)
    past = reversed_model.augmented_covariance(3, direction="past")
    assert np.allclose(future, past, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("model", [MODEL, SECOND])
def test_determinants_grow_by_that_of_the_innovations(model):
    p = len(model.coef_)
    determinants = [logdet(model.augmented_covariance(q)) for q in range(1, p + 5)]
    assert np.allclose(np.diff(determinants)[p - 1 :], logdet(NOISE), rtol=1e-10)


@pytest.mark.parametrize("model", [MODEL, SECOND])
def test_yule_walker_recovers_coefficients_from_the_population(model):
    from erlangen.linalg import levinson_whittle

    p = len(model.coef_)
    found = levinson_whittle(model.autocovariance(range(p + 3)))
    assert np.allclose(found.coefficients[:p], model.coef_, atol=1e-10)
    assert np.allclose(found.coefficients[p:], 0, atol=1e-10)
    assert np.allclose(found.partials[p:], 0, atol=1e-10)
    log = sum((p + 3 - k) * logdet(np.eye(3) - W @ W.T) for k, W in enumerate(found.partials, start=1))
    total = (p + 3) * logdet(model.autocovariance(0)) + log
    assert total == pytest.approx(logdet(model.augmented_covariance(p + 3)), rel=1e-10)


@pytest.mark.parametrize("lag", [1, 3])
def test_fit_finds_the_model_that_was_simulated(lag):
    model = VAR.from_coefficients(SECOND.coef_, NOISE, lag=lag)
    trials = model.simulate(2000, n_trials=20, rng=0)
    assert trials.shape == (20, 3, 2000)
    fitted = VAR(2, lag).fit(trials)
    assert np.abs(fitted.coef_ - model.coef_).max() < 0.05
    assert np.abs(fitted.noise_cov_ / NOISE - 1).max() < 0.1
    assert fitted.is_stable_
    assert np.linalg.norm(fitted.partial_autocorrelations_, 2, axis=(1, 2)).max() < 1
    if lag == 3:
        assert np.array_equal(model.autocovariance([1, 4]), np.zeros((2, 3, 3)))


def test_simulation_is_stationary_from_the_start_and_estimates_converge():
    trials = SECOND.simulate(6, n_trials=60000, rng=1)
    for t in (0, 5):
        sample = np.cov(trials[:, :, t].T)
        assert np.abs(sample - SECOND.autocovariance(0)).max() < 0.03 * np.abs(sample).max()
    lagged = np.einsum("ai,aj->ij", trials[:, :, 2], trials[:, :, 0]) / 60000
    assert np.abs(lagged - SECOND.autocovariance(2)).max() < 0.03 * np.abs(SECOND.autocovariance(0)).max()
    estimate = AugmentedCovariance(3, 1).fit_transform(SECOND.simulate(3000, n_trials=30, rng=2)).mean(axis=0)
    expected = SECOND.augmented_covariance(3)
    assert np.abs(estimate - expected).max() < 0.03 * np.abs(expected).max()


def test_same_seed_same_trials():
    assert np.array_equal(MODEL.simulate(7, rng=3), MODEL.simulate(7, rng=3))


def test_unequal_trials_are_weighed_by_their_length():
    trials = MODEL.simulate(4000, n_trials=2, rng=4)
    whole = VAR(1).fit(trials)
    parts = VAR(1).fit([trials[0], trials[1, :, :3999]])
    assert np.allclose(whole.coef_, parts.coef_, atol=1e-3)


def test_near_the_unit_circle():
    model = VAR.from_coefficients([[[0.99999]]], [[1.0]])
    assert model.autocovariance(0)[0, 0] == pytest.approx(1 / (1 - 0.99999**2), rel=1e-9)


def test_refusals():
    unstable = VAR.from_coefficients([1.1 * np.eye(2)], np.eye(2))
    assert not unstable.is_stable_
    for act in (lambda: unstable.autocovariance(0), lambda: unstable.simulate(5)):
        with pytest.raises(DomainError, match=r"spectral radius 1\.1"):
            act()
    with pytest.raises(ShapeError, match="coef must be"):
        VAR.from_coefficients(np.eye(2), np.eye(2))
    with pytest.raises(DomainError, match="coef"):
        VAR.from_coefficients([[[np.nan]]], [[1.0]])
    with pytest.raises(DomainError, match="order <="):
        VAR(10).fit(np.zeros((1, 2, 5)))
    with pytest.raises(DomainError):
        VAR(1).fit(np.ones((1, 2, 50)))
