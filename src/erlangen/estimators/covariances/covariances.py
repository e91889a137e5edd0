r"""Trials to their spatial covariances.

Definition: :math:`C_i = \frac{1}{T - 1} \tilde X_i \tilde X_i^T` or a shrunk estimate, one a trial.
Convention: trials are ``(n_trials, n_channels, n_times)``; the unit of a covariance is the square of the trial's (volts stay volts).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from erlangen import linalg
from erlangen.estimators.covariances.reading import read_trials
from erlangen.estimators.estimator_base import ArrayTransformer
from erlangen.validation import check_choice

__all__ = ["Covariances"]

Array = NDArray[Any]

_ESTIMATORS = ("cov", "scm", "corr", "oas", "lwf", "sch", "tyl")


class Covariances(ArrayTransformer):
    """Estimate one covariance matrix a trial.

    Parameters
    ----------
    estimator : {"scm", "cov", "corr", "oas", "lwf", "sch", "tyl"} or callable
        As :func:`erlangen.linalg.covariance`; a callable takes ``(n, T)`` and gives ``(n, n)``.
    effective_samples : float or "auto", optional
        How many independent samples a shrunk estimator counts on; ``"auto"`` measures it, which autocorrelated signals need.

    Attributes
    ----------
    n_features_in_ : int
        Number of channels.

    References
    ----------
    Ledoit, Wolf, J. Multivariate Analysis 88 (2004), lemma 3.3; Chen, Wiesel, Eldar, Hero, IEEE TSP 58 (2010), eq. 23.

    Examples
    --------
    >>> X = np.random.default_rng(0).standard_normal((6, 3, 50))
    >>> C = Covariances("oas").fit_transform(X)
    >>> C.shape, bool(np.all(np.linalg.eigvalsh(C) > 0))
    ((6, 3, 3), True)
    >>> Covariances().fit_transform([trial[:, : 20 + i] for i, trial in enumerate(X)]).shape  # unequal lengths
    (6, 3, 3)
    """

    def __init__(self, estimator: Any = "scm", effective_samples: Any = None) -> None:
        self.estimator = estimator
        self.effective_samples = effective_samples

    def fit(self, X: Any, y: Any = None) -> Covariances:
        """Read the trials and remember the number of channels.

        Raises
        ------
        ShapeError, DomainError
            If the trials have other than three axes, or hold NaN, named by trial and channel.
        """
        read_trials(self, X)
        self._check_estimator()
        return self

    def fit_transform(self, X: Any, y: Any = None) -> Array:
        """Return the covariances ``(N, n, n)`` of the trials."""
        trials = read_trials(self, X)
        self._check_estimator()
        return self._estimate(trials)

    def transform(self, X: Any) -> Array:
        """Return the covariances ``(N, n, n)`` of trials with the channels of the fit."""
        check_is_fitted(self, "n_features_in_")
        return self._estimate(read_trials(self, X, reset=False))

    def _check_estimator(self) -> None:
        if not callable(self.estimator):
            check_choice(self.estimator, "estimator", _ESTIMATORS)

    def _estimate(self, trials: Array | list[Array]) -> Array:
        if callable(self.estimator):
            return np.stack([np.asarray(self.estimator(trial)) for trial in trials])
        if isinstance(trials, list):
            return np.stack([self._covariance(trial) for trial in trials])
        return self._covariance(trials)

    def _covariance(self, signals: Any) -> Array:
        options = {"effective_samples": self.effective_samples}
        return np.asarray(linalg.covariance(signals, self.estimator, **options))
