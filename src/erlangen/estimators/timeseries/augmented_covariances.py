r"""Augmented covariances: the covariance of each trial stacked with its own future.

Definition: block (i, j) is an estimate of :math:`\Gamma((i - j)\tau)`, i, j < p (Carrara, Papadopoulo, arXiv 2302.04508); structure "full" is the
sample covariance of the embedded signal, "block_toeplitz" has one matrix for each lag, biased and therefore never indefinite.
Convention: (N, n, T) -> (N, n p, n p), float64; no embedded signal is formed; order 1 is the spatial covariance.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from erlangen.errors import DomainError, DomainWarning, NotSPDError, ShapeError
from erlangen.estimators.estimator_base import ArrayTransformer
from erlangen.estimators.timeseries.assembly import augmented_covariance, block_means
from erlangen.estimators.timeseries.delays import DIRECTIONS, embedded_length, lag_in_samples
from erlangen.estimators.timeseries.embedding_report import EmbeddingReport, band_share, measured_share
from erlangen.estimators.timeseries.lagged_autocovariance import lagged_autocovariance
from erlangen.estimators.timeseries.moments import EmbeddedMoments
from erlangen.estimators.timeseries.products import lag_products
from erlangen.estimators.timeseries.shrinking import ledoit_wolf_weight, oas_weight, shrink
from erlangen.estimators.trials import read_trials
from erlangen.linalg.toeplitz import block_toeplitz
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["AugmentedCovariance"]

_ESTIMATORS = ("cov", "scm", "oas", "lwf")
_STRUCTURES = ("full", "block_toeplitz")

Array = NDArray[np.float64]


class AugmentedCovariance(ArrayTransformer):
    """Estimate the covariance of the delay embedding of each trial.

    Parameters
    ----------
    order : int
        Blocks p.
    lag : int or float
        Samples between two blocks, or seconds where ``sfreq`` is given.
    estimator : str
        "cov" (1/(T' - 1)), "scm" (1/T'), "oas", "lwf" as in :func:`erlangen.linalg.covariance`.
    structure : "full" or "block_toeplitz"
        The sample covariance, or one autocovariance for each lag.
    bias : "auto", "biased" or "unbiased"
        Divisor of "cov": T' or T' - 1; of the Toeplitz blocks: T or T - h. ``auto`` is unbiased for "full", biased for "block_toeplitz",
        which alone is positive semidefinite by construction.
    effective_samples : float or "auto", optional
        Samples that the shrinkage counts on; "auto" measures it on each trial; ``None`` takes T', which trusts autocorrelated
        signals too much.
    trim, direction : str
        As in :class:`DelayEmbedding`; ``trim`` is of the full structure only.
    sfreq : float, optional
        Sampling rate in Hz.
    band : (float, float), optional
        Hz to which the signals were filtered, for ``report_``; measured where it is not given.

    Attributes
    ----------
    n_features_in_ : int
        Channels of the trials seen in :meth:`fit`.
    report_ : EmbeddingReport
        Samples, effective samples, their ratio to n p, and advice.
    lag_ : int
        Samples between two blocks.

    Raises
    ------
    DomainError
        If order and lag do not fit into the trials.
    NotSPDError
        If T' <= n p and nothing is shrunk: the covariance would be singular.

    Warns
    -----
    DomainWarning
        If the effective samples are fewer than n p and nothing is shrunk.

    References
    ----------
    I. Carrara, T. Papadopoulo, arXiv 2302.04508 and 2406.16909; D. Bartz, K.-R. Müller, NeurIPS 27 (2014).

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(5, 3, 200))
    >>> AugmentedCovariance(order=2, lag=4).fit_transform(X).shape
    (5, 6, 6)
    """

    def __init__(
        self,
        order: int = 4,
        lag: float = 2,
        *,
        estimator: str = "cov",
        structure: str = "full",
        bias: str = "auto",
        effective_samples: Any = None,
        trim: str = "exact",
        direction: str = "future",
        sfreq: float | None = None,
        band: Any = None,
    ) -> None:
        self.order = order
        self.lag = lag
        self.estimator = estimator
        self.structure = structure
        self.bias = bias
        self.effective_samples = effective_samples
        self.trim = trim
        self.direction = direction
        self.sfreq = sfreq
        self.band = band

    def fit(self, X: Any, y: Any = None) -> AugmentedCovariance:
        """Check that the embedding fits into the trials, and judge it in ``report_``."""
        self._check_choices()
        trials = read_trials(X)
        self.n_features_in_ = int(trials[0].shape[0])
        shortest = min(trial.shape[-1] for trial in trials)
        length = embedded_length(shortest, self.order, self.lag_, self.trim, least=2)
        share = measured_share(trials) if self.band is None else band_share(self.band, self.sfreq)
        self.report_ = EmbeddingReport(length, length * share, self.n_features_in_ * self.order)
        self._refuse_singular(length)
        if self.report_.ratio < 1 and self.is_plain:
            message = f"{self.report_}; use estimator='oas' or 'lwf' or structure='block_toeplitz'"
            warnings.warn(message, DomainWarning, stacklevel=2)
        return self

    @property
    def is_plain(self) -> bool:
        """Whether nothing is shrunk, so that every direction needs a sample of its own."""
        return self.structure == "full" and self.estimator in ("cov", "scm")

    def _check_choices(self) -> None:
        check_integer(self.order, "order", low=1)
        self.lag_ = lag_in_samples(self.lag, self.sfreq)
        check_choice(self.estimator, "estimator", _ESTIMATORS)
        check_choice(self.structure, "structure", _STRUCTURES)
        check_choice(self.bias, "bias", ("auto", "biased", "unbiased"))
        check_choice(self.direction, "direction", DIRECTIONS)
        wanted = self.effective_samples
        if isinstance(wanted, str):
            check_choice(wanted, "effective_samples", ("auto",))
        elif wanted is not None:
            check_real(wanted, "effective_samples", low=1.0)

    def _refuse_singular(self, length: int) -> None:
        """Refuse a plain covariance of fewer samples than rows."""
        size = self.n_features_in_ * self.order
        if self.is_plain and length <= size:
            message = f"{length} samples of a signal embedded in {size} dimensions: every covariance has rank <= {length - 1} < {size}"
            most = max(1, (length - 1) // self.n_features_in_)
            remedy = f"use estimator='oas' or 'lwf', structure='block_toeplitz', or order <= {most}"
            raise NotSPDError(message, rank=length - 1, smallest_eigenvalue=0.0, hint=remedy)

    def transform(self, X: Any) -> Array:
        """Return the augmented covariances (N, n p, n p), in the square of the signals' unit.

        Raises
        ------
        ShapeError, DomainError, NotSPDError
            As in :meth:`fit`, for these trials.
        """
        check_is_fitted(self)
        trials = read_trials(X)
        if trials[0].shape[0] != self.n_features_in_:
            message = f"X has {trials[0].shape[0]} channels, the transformer was fitted on {self.n_features_in_}"
            raise ShapeError(message, hint="pass the same channels as in fit")
        if isinstance(trials, list):
            return np.concatenate([self._estimate(trial[None]) for trial in trials])
        return self._estimate(trials)

    def _estimate(self, X: Any) -> Array:
        """Return the covariances of trials of one length."""
        length = embedded_length(X.shape[-1], self.order, self.lag_, self.trim, least=2)
        self._refuse_singular(length)
        if self.structure == "block_toeplitz":
            return self._toeplitz(X, length)
        if self.estimator in ("cov", "scm"):
            divided = self.estimator == "scm" or self.bias == "biased"
            products = lag_products(X, orders=[self.order], lags=[self.lag_])
            return augmented_covariance(
                products, self.order, self.lag_, trim=self.trim, direction=self.direction, bias=divided
            )
        S, weight = self._weighed(X, length)
        return shrink(S, weight)

    def _toeplitz(self, X: Any, length: int) -> Array:
        """Return the block-Toeplitz estimate; its shrinkage has the weight of the full one."""
        bias = "biased" if self.bias == "auto" else self.bias
        gammas: Any = lagged_autocovariance(X, [d * self.lag_ for d in range(self.order)], bias=bias)
        G = np.asarray(block_toeplitz(gammas, direction=self.direction))
        if self.estimator in ("cov", "scm"):
            return G
        return shrink(G, self._weighed(X, length)[1])

    def _weighed(self, X: Any, length: int) -> tuple[Array, Array]:
        """Return the covariances divided by T', and the weights of their shrinkage (N,)."""
        products = lag_products(X, orders=[self.order], lags=[self.lag_])
        S = augmented_covariance(products, self.order, self.lag_, trim=self.trim, direction=self.direction, bias=True)
        means = block_means(products, self.order, self.lag_, length)
        moments = EmbeddedMoments(products.signals, means, self.lag_, length)
        samples: Any = length if self.effective_samples is None else self.effective_samples
        if samples == "auto":
            samples = moments.effective_samples(np.square(S).sum(axis=(1, 2)))
        elif samples > length:
            message = f"effective_samples = {samples:g}, but the embedded signal has {length} samples"
            raise DomainError(message, hint='pass effective_samples="auto" to measure them')
        if self.estimator == "oas":
            return S, oas_weight(S, samples)
        return S, ledoit_wolf_weight(S, moments.fourth(), samples)
