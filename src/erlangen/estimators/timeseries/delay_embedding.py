r"""Delay embedding: channels stacked with their own futures (or pasts).

Definition: :math:`z(t) = [x(t); x(t + \tau); \dots; x(t + (p - 1)\tau)] \in R^{np}` (Takens 1981; Carrara, Papadopoulo, arXiv 2302.04508).
Convention: block q holds delay qτ, all channels; direction "past" turns the order of the blocks round, so that the latest sample comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.estimator_base import ArrayTransformer
from erlangen.estimators.timeseries.delays import DIRECTIONS, TRIMS, embedded_length, lag_in_samples
from erlangen.estimators.trials import Array, Trials, read_trials
from erlangen.validation import check_choice, check_integer

__all__ = ["DelayEmbedding", "embed"]


def embed(x: Array, delays: Iterable[int], length: int, channels: Iterable[int] | None = None) -> Array:
    """Return the rows x(t + delay), t < length, of signals (..., n, T): all channels for each delay, or one channel for each.

    Examples
    --------
    >>> embed(np.arange(6.0)[None], [0, 2], 4)
    array([[0., 1., 2., 3.], [2., 3., 4., 5.]])
    """
    if channels is None:
        return np.concatenate([x[..., d : d + length] for d in delays], axis=-2)
    pairs = zip(delays, channels, strict=True)
    return np.concatenate([x[..., c : c + 1, d : d + length] for d, c in pairs], axis=-2)


class DelayEmbedding(ArrayTransformer):
    """Embed trials (N, n, T) into (N, n p, T'), all channels by the same delays.

    Parameters
    ----------
    order : int
        Number of blocks p; 1 leaves the signal as it is.
    lag : int or float
        Samples between two blocks, or seconds where ``sfreq`` is given.
    delays : sequence of int, or of (channel, delay), optional
        A non-uniform embedding in place of order and lag: delays of all channels, or single rows.
    trim : "exact" or "moabb"
        What is cut: T' = T - (p - 1)τ, or T - pτ as MOABB's AugmentedDataset does it.
    direction : "future" or "past"
        Order of the blocks.
    sfreq : float, optional
        Sampling rate in Hz.

    Attributes
    ----------
    n_features_in_ : int
        Channels of the trials seen in :meth:`fit`.
    delays_ : list of int
        Delays of the blocks, in samples.

    Raises
    ------
    DomainError
        If the delays leave no sample, or are not whole and positive.

    References
    ----------
    F. Takens, Lect. Notes Math. 898 (1981) 366–381.

    Examples
    --------
    >>> X = np.arange(20.0).reshape(1, 2, 10)
    >>> DelayEmbedding(order=3, lag=2, trim="moabb").fit_transform(X)[0, 2:4]
    array([[ 2., 3., 4., 5.], [12., 13., 14., 15.]])
    """

    def __init__(
        self,
        order: int = 4,
        lag: float = 2,
        *,
        delays: Any = None,
        trim: str = "exact",
        direction: str = "future",
        sfreq: float | None = None,
    ) -> None:
        self.order = order
        self.lag = lag
        self.delays = delays
        self.trim = trim
        self.direction = direction
        self.sfreq = sfreq

    def fit(self, X: Any, y: Any = None) -> DelayEmbedding:
        """Learn the number of channels and check that the delays fit into the trials."""
        trials = read_trials(X)
        self.n_features_in_ = int(trials[0].shape[0])
        self._plan()
        self._length(min(trial.shape[-1] for trial in trials))
        return self

    def _plan(self) -> None:
        """Read the delays, in the order of the blocks."""
        check_choice(self.trim, "trim", TRIMS)
        check_choice(self.direction, "direction", DIRECTIONS)
        channels: list[int] | None = None
        if self.delays is None:
            order = check_integer(self.order, "order", low=1)
            self._step = lag_in_samples(self.lag, self.sfreq)
            delays = [q * self._step for q in range(order)]
        else:
            given = list(self.delays)
            if any(np.ndim(entry) for entry in given):
                channels = [
                    check_integer(c, "channel of delays", low=0, high=self.n_features_in_ - 1) for c, _ in given
                ]
                given = [delay for _, delay in given]
            delays = [check_integer(d, f"delays[{i}]", low=0) for i, d in enumerate(given)]
            self._refuse_delays(list(zip(channels, delays, strict=True)) if channels else delays)
        if self.direction == "past":
            delays, channels = delays[::-1], channels[::-1] if channels else None
        self.delays_, self.channels_ = delays, channels

    def _refuse_delays(self, rows: list[Any]) -> None:
        """Refuse no delays, delays twice, and a cut that has no meaning for them."""
        if not rows:
            message = "delays is empty"
            raise DomainError(message, hint="pass at least one delay, as [0]")
        if len(set(rows)) < len(rows):
            twice = next(row for i, row in enumerate(rows) if row in rows[:i])
            message = f"delays holds {twice} twice: two rows would be equal and the covariance singular"
            raise DomainError(message, hint="pass each delay once")
        if self.trim == "moabb":
            message = "trim='moabb' cuts by order and lag, but delays were given"
            raise DomainError(message, hint="use trim='exact'")

    def _length(self, n_times: int) -> int:
        """Return T' of a trial of T samples."""
        if self.delays is None:
            return embedded_length(n_times, len(self.delays_), self._step, self.trim)
        longest = max(self.delays_)
        if longest >= n_times:
            message = f"delays reach {longest} samples, but the trial has {n_times}"
            raise DomainError(message, hint=f"use delays <= {n_times - 1}")
        return n_times - longest

    def transform(self, X: Any) -> Trials:
        """Return the embedded trials (N, n p, T'), or a list of arrays (n p, T'_i) for trials of unequal length.

        Raises
        ------
        ShapeError
            If the number of channels is not that of :meth:`fit`.
        DomainError
            If a trial is too short.
        """
        check_is_fitted(self)
        trials = read_trials(X)
        if trials[0].shape[0] != self.n_features_in_:
            message = f"X has {trials[0].shape[0]} channels, the embedding was fitted on {self.n_features_in_}"
            raise ShapeError(message, hint="pass the same channels as in fit")
        if isinstance(trials, list):
            return [embed(t, self.delays_, self._length(t.shape[-1]), self.channels_) for t in trials]
        return embed(trials, self.delays_, self._length(trials.shape[-1]), self.channels_)
