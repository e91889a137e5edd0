"""Oracles: the discrete Lyapunov equation, the Schur complement of the augmented covariance, sample moments, a classifier."""

import numpy as np
import pytest

from erlangen.datasets import reversed_var_pair
from erlangen.errors import DomainError


def augmented(gammas, order):
    rows = [[gammas[i - j] if i >= j else gammas[j - i].T for j in range(order)] for i in range(order)]
    return np.block(rows)


def test_both_classes_are_stationary_under_the_same_covariance_and_reversed_in_the_lags():
    truth = reversed_var_pair(4, 5, 10, rng=1).truth
    gammas = truth["autocovariances"]
    for A, S, gamma in zip(truth["coefficients"], truth["noise"], gammas, strict=True):
        assert np.allclose(gamma[0], A @ gamma[0] @ A.T + S, atol=1e-12)
        assert np.linalg.eigvalsh(S)[0] > 0
        assert np.abs(np.linalg.eigvals(A)).max() == pytest.approx(0.8)
        assert np.allclose(gamma[1] @ np.linalg.solve(gamma[0], gamma[1]), gamma[2], atol=1e-12)
        schur = gamma[0] - gamma[1] @ np.linalg.solve(gamma[0], gamma[1].T)
        assert np.allclose(schur, S, atol=1e-11)
        growth = np.linalg.slogdet(augmented(gamma, 4))[1] - np.linalg.slogdet(augmented(gamma, 3))[1]
        assert growth == pytest.approx(np.linalg.slogdet(S)[1], abs=1e-10)
    assert np.allclose(gammas[0], gammas[1].swapaxes(1, 2), atol=1e-12)
    assert not np.allclose(gammas[0, 1], gammas[1, 1], atol=0.1)


def test_trials_have_the_moments_they_claim_at_their_start_and_end():
    pair = reversed_var_pair(40_000, 2, 4, radius=0.6, max_lag=3, rng=0)
    for label in (0, 1):
        X = pair.X[pair.y == label]
        for t, h in ((0, 0), (3, 0), (0, 1), (1, 2)):
            found = X[:, :, t + h].T @ X[:, :, t] / len(X)
            gamma = pair.truth["autocovariances"][label]
            assert np.allclose(found, gamma[h], atol=6 * np.linalg.norm(gamma[0]) / np.sqrt(len(X)))


def test_the_seed_fixes_all_and_a_unit_root_is_refused():
    assert np.array_equal(reversed_var_pair(4, 3, 9, rng=5).X, reversed_var_pair(4, 3, 9, rng=5).X)
    with pytest.raises(DomainError, match="radius"):
        reversed_var_pair(radius=1.0)
