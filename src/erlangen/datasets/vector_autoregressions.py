r"""Two classes of signals that only lags can tell apart: an autoregression and its reversal in time.

Definition: :math:`x_{t+1} = A x_t + e_t`, Cov e = I, against :math:`A' = \Gamma_0 A^T \Gamma_0^{-1}`, :math:`\Sigma' = \Gamma_0 - A' \Gamma_0 A'^T`,
which has the same covariance and spectra, and :math:`\Gamma'(h) = \Gamma(h)^T` (Brockwell, Davis, Time Series, 2nd ed., § 11).
Convention: :math:`\Gamma(h) = E[x_{t+h} x_t^T] = A^h \Gamma_0`, :math:`\Gamma_0 = A \Gamma_0 A^T + \Sigma`; class 1 is the reversed one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_discrete_lyapunov

from erlangen.datasets.signal_trials import SignalTrials
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["reversed_var_pair"]

Array = NDArray[np.float64]


def reversed_var_pair(
    n_trials: int = 60,
    n_channels: int = 8,
    n_times: int = 400,
    *,
    radius: float = 0.8,
    max_lag: int = 16,
    rng: RngLike = None,
) -> SignalTrials:
    """Return stationary trials of a random VAR(1) and of its time reversal, half of each.

    Parameters
    ----------
    n_trials, n_channels, n_times : int
        Size of X.
    radius : float
        Spectral radius of A, in (0, 1).
    max_lag : int
        Up to which lag ``truth`` lists autocovariances.
    rng : seed or Generator, optional
        Source of randomness, of A too.

    Returns
    -------
    SignalTrials
        With ``truth``: ``coefficients`` (2, n, n), ``noise`` (2, n, n), ``autocovariances`` (2, max_lag + 1, n, n).

    Examples
    --------
    >>> pair = reversed_var_pair(10, 3, 50, rng=0)
    >>> forward, backward = pair.truth["autocovariances"]
    >>> bool(np.allclose(forward[0], backward[0])), bool(np.allclose(forward[1], backward[1].T))
    (True, True)
    """
    n_trials = check_integer(n_trials, "n_trials", low=2)
    n = check_integer(n_channels, "n_channels", low=2)
    n_times = check_integer(n_times, "n_times", low=2)
    max_lag = check_integer(max_lag, "max_lag", low=0)
    radius = check_real(radius, "radius", low=0, high=1, open_low=True, open_high=True)
    generator = as_generator(rng)
    A = generator.normal(size=(n, n))
    A *= radius / np.abs(np.linalg.eigvals(A)).max()
    gamma = solve_discrete_lyapunov(A, np.eye(n))
    gamma = (gamma + gamma.T) / 2
    back = np.linalg.solve(gamma, A @ gamma).T
    noise = gamma - back @ gamma @ back.T
    coefficients, noises = np.stack([A, back]), np.stack([np.eye(n), (noise + noise.T) / 2])
    y = np.arange(n_trials) % 2
    truth = {
        "coefficients": coefficients,
        "noise": noises,
        "autocovariances": np.stack([_autocovariances(C, gamma, max_lag) for C in coefficients]),
    }
    X = _simulate(coefficients[y], noises[y], gamma, n_times, generator)
    return SignalTrials(X, y, "reversed_var_pair", label_names=("forward", "backward"), truth=truth)


def _autocovariances(A: Array, gamma: Array, max_lag: int) -> Array:
    """Γ(0) … Γ(max_lag), shape (max_lag + 1, n, n)."""
    out = [gamma]
    for _ in range(max_lag):
        out.append(A @ out[-1])
    return np.stack(out)


def _simulate(A: Array, noise: Array, gamma: Array, n_times: int, rng: np.random.Generator) -> Array:
    """Trials (N, n, T) of N autoregressions (N, n, n) that share the stationary covariance from which they start."""
    N, n = A.shape[:2]
    shocks = np.einsum("kij,tkj->tki", np.linalg.cholesky(noise), rng.normal(size=(n_times, N, n)))
    x = rng.normal(size=(N, n)) @ np.linalg.cholesky(gamma).T
    out = np.empty((n_times, N, n))
    for t in range(n_times):
        out[t] = x
        x = np.einsum("kij,kj->ki", A, x) + shocks[t]
    return np.ascontiguousarray(out.transpose(1, 2, 0))
