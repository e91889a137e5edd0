r"""Vector autoregressive models: fit, population covariances, simulation.

Definition: :math:`x(t) = \sum_{k=1}^{p} A_k x(t - k\tau) + \varepsilon(t)`, :math:`\operatorname{Cov} \varepsilon = \Sigma`; fitted by the Yule–Walker
equations with biased autocovariances, which make every fit stable.
Convention: coefficients are (p, n, n); population covariances solve the discrete Lyapunov equation :math:`P = F P F^T + Q` of the companion form.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.estimator_base import EstimatorBase
from erlangen.estimators.timeseries.delays import embedded_length
from erlangen.estimators.timeseries.lagged_autocovariance import lagged_autocovariance
from erlangen.estimators.trials import read_trials
from erlangen.linalg import check_spd
from erlangen.linalg.toeplitz import block_toeplitz, levinson_whittle
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_finite, check_integer

__all__ = ["VAR", "stationary_covariance"]

Array = NDArray[np.float64]


def stationary_covariance(F: Array, Q: Array) -> Array:
    """Return the solution P of P = F P F^T + Q, by doubling: sums of positive semidefinite terms, no digits cancel.

    Raises
    ------
    DomainError
        If the spectral radius of F is not below one.

    Examples
    --------
    >>> stationary_covariance(np.array([[0.5]]), np.array([[3.0]]))
    array([[4.]])
    """
    radius = float(np.abs(np.linalg.eigvals(F)).max())
    if not radius < 1:
        message = f"the model is not stable: spectral radius {radius:.6g} >= 1, so no stationary covariance exists"
        raise DomainError(message, hint="shrink the coefficients")
    P, power = Q.copy(), F.copy()
    for _ in range(64):
        step = power @ P @ power.T
        P += step
        power = power @ power
        if np.abs(step).max() <= 1e-17 * np.abs(P).max():
            break
    return (P + P.T) / 2


class VAR(EstimatorBase):
    """A vector autoregressive model of some order, one model for all trials.

    Parameters
    ----------
    order : int
        Number of past values p.
    lag : int
        Samples between them.

    Attributes
    ----------
    coef_ : ndarray (p, n, n)
        A_1 … A_p.
    noise_cov_ : ndarray (n, n)
        Covariance of the innovations.
    partial_autocorrelations_ : ndarray (p, n, n)
        Of spectral norm below one.
    n_features_in_ : int
        Channels of the trials seen in :meth:`fit`.
    is_stable_ : bool
        Whether the spectral radius of the companion matrix is below one.

    Raises
    ------
    DomainError
        From :meth:`fit`, if the trials are not longer than p lags.
    NotSPDError
        From :meth:`fit`, if a combination of channels is constant: a flat or duplicated channel, an average reference.

    References
    ----------
    H. Lütkepohl, New Introduction to Multiple Time Series Analysis (2005), sec. 2.1 and 3.3.4.

    Examples
    --------
    >>> model = VAR.from_coefficients([[[0.5]]], [[3.0]])
    >>> model.autocovariance([0, 1, 2]).ravel()
    array([4., 2., 1.])
    >>> x = model.simulate(20000, rng=0)
    >>> bool(abs(VAR(order=1).fit(x).coef_[0, 0, 0] - 0.5) < 0.02)
    True
    """

    def __init__(self, order: int = 1, lag: int = 1) -> None:
        self.order = order
        self.lag = lag

    @classmethod
    def from_coefficients(cls, coef: Any, noise_cov: Any, lag: int = 1) -> VAR:
        """Return the model of given coefficients (p, n, n) and innovations covariance (n, n).

        Raises
        ------
        ShapeError, DomainError
            If shapes do not fit or entries are not finite.
        """
        A, noise = np.asarray(coef, dtype=np.float64), np.asarray(noise_cov, dtype=np.float64)
        if A.ndim != 3 or A.shape[1] != A.shape[2] or noise.shape != A.shape[1:] or 0 in A.shape:
            message = f"coef must be (p, n, n) and noise_cov (n, n), got {A.shape} and {noise.shape}"
            raise ShapeError(message, hint="a single matrix A is coef=[A]")
        check_finite(A, "coef")
        check_finite(noise, "noise_cov")
        model = cls(order=len(A), lag=check_integer(lag, "lag", low=1))
        model._keep(A, (noise + noise.T) / 2)
        return model

    def _keep(self, coef: Array, noise: Array) -> None:
        self.coef_, self.noise_cov_ = coef, noise
        self.is_stable_ = bool(np.abs(np.linalg.eigvals(self._companion())).max() < 1)

    def fit(self, X: Any, y: Any = None) -> VAR:
        """Solve the Yule–Walker equations of the autocovariances of trials (N, n, T), averaged over all samples."""
        p, lag = check_integer(self.order, "order", low=1), check_integer(self.lag, "lag", low=1)
        trials = read_trials(X)
        self.n_features_in_ = int(trials[0].shape[0])
        embedded_length(min(trial.shape[-1] for trial in trials), p + 1, lag)
        total = sum(trial.shape[-1] for trial in trials)
        shifts = [k * lag for k in range(p + 1)]
        groups = [trial[None] for trial in trials] if isinstance(trials, list) else [trials]
        sums = [lagged_autocovariance(group, shifts).sum(axis=0) * group.shape[-1] for group in groups]
        gammas = np.sum(sums, axis=0) / total
        check_spd(gammas[0], "Cov(X)")
        found = levinson_whittle(gammas)
        self._keep(np.asarray(found.coefficients), np.asarray(found.forward)[-1])
        self.partial_autocorrelations_ = np.asarray(found.partials)
        return self

    def _companion(self) -> Array:
        p, n, _ = self.coef_.shape
        F = np.zeros((p * n, p * n))
        F[:n] = np.concatenate(list(self.coef_), axis=1)
        F[n:, :-n] = np.eye((p - 1) * n)
        return F

    def _state_covariance(self) -> Array:
        """Return the covariance of [x(t); x(t - τ); …; x(t - (p - 1)τ)]."""
        n = len(self.noise_cov_)
        F = self._companion()
        Q = np.zeros_like(F)
        Q[:n, :n] = self.noise_cov_
        return stationary_covariance(F, Q)

    def autocovariance(self, h: Any) -> Array:
        """Return the population Γ(h) for lags in samples: (n, n) for one lag, (m, n, n) for several.

        Raises
        ------
        DomainError
            If the model is not stable.
        """
        check_is_fitted(self, "coef_")
        shifts = [check_integer(k, "h") for k in np.atleast_1d(np.asarray(h)).tolist()]
        gammas = self._sequence(max(abs(k) for k in shifts) // self.lag + 1)
        zero = np.zeros_like(self.noise_cov_)
        found = [gammas[abs(k) // self.lag] if k % self.lag == 0 else zero for k in shifts]
        out = np.stack([gamma if k >= 0 else gamma.T for gamma, k in zip(found, shifts, strict=True)])
        return out if np.ndim(h) else out[0]

    def _sequence(self, count: int) -> list[Array]:
        """Return Γ(0), Γ(τ), …, at least ``count`` of them."""
        p, n, _ = self.coef_.shape
        P = self._state_covariance()
        gammas = [P[:n, k * n : (k + 1) * n] for k in range(p)]
        while len(gammas) < count:
            gammas.append(sum(A @ gamma for A, gamma in zip(self.coef_, gammas[::-1][:p], strict=True)))
        return gammas

    def augmented_covariance(self, order: int, direction: str = "future") -> Array:
        """Return the population covariance (n p, n p) of the embedding of some order, at the lag of the model."""
        check_is_fitted(self, "coef_")
        p = check_integer(order, "order", low=1)
        gammas: Any = np.stack(self._sequence(p)[:p])
        return np.asarray(block_toeplitz(gammas, direction=direction))

    def simulate(self, n_times: int, *, n_trials: int = 1, rng: RngLike = None) -> Array:
        """Return Gaussian trials (n_trials, n, n_times), stationary from their first sample on.

        Raises
        ------
        DomainError
            If the model is not stable.
        """
        check_is_fitted(self, "coef_")
        T, N = check_integer(n_times, "n_times", low=1), check_integer(n_trials, "n_trials", low=1)
        generator, (p, n, _), chains = as_generator(rng), self.coef_.shape, N * self.lag
        state = generator.normal(size=(chains, p * n)) @ _root(self._state_covariance())
        steps = -(-T // self.lag)
        out = np.empty((steps, chains, n))
        noise = generator.normal(size=(steps, chains, n)) @ _root(self.noise_cov_)
        predictor = np.concatenate(list(self.coef_), axis=1).T
        for t in range(steps):
            out[t] = state @ predictor + noise[t]
            state = np.concatenate([out[t], state[:, :-n]], axis=1)
        trials = out.reshape(steps, N, self.lag, n).transpose(1, 3, 0, 2)
        return np.ascontiguousarray(trials.reshape(N, n, steps * self.lag)[..., :T])


def _root(P: Array) -> Array:
    """Return the symmetric square root of a positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(P)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
