r"""Autocovariance matrices of trials at given lags.

Definition: :math:`\hat\Gamma(h) = \frac1T \sum_{t < T - h} \tilde x(t + h) \tilde x(t)^T`, the mean of the whole trial removed.
Convention: biased (1/T) by default, the sequence of a positive semidefinite block-Toeplitz matrix; unbiased divides by T - h and is not;
:math:`\Gamma(-h) = \Gamma(h)^T`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.estimators.timeseries.products import window_sum
from erlangen.estimators.trials import read_signals
from erlangen.validation import check_choice, check_integer

__all__ = ["BIASES", "lagged_autocovariance"]

BIASES = ("biased", "unbiased")


def lagged_autocovariance(
    X: Any, lags: Iterable[int], *, bias: str = "biased", assume_centred: bool = False
) -> NDArray[np.float64]:
    r"""Return the autocovariances (N, len(lags), n, n) of trials (N, n, T).

    .. math:: \hat\Gamma(h) = \frac1T \sum_{t=0}^{T-h-1} \tilde x(t + h)\, \tilde x(t)^T

    Since the signal continued by zeros has exactly these products, the block-Toeplitz matrix of the biased estimates is a Gram
    matrix: positive semidefinite whatever the trial. Averages over the block diagonals of a sample covariance are not.

    Parameters
    ----------
    X : array (N, n, T)
        Trials.
    lags : iterable of int
        In samples, between 1 - T and T - 1.
    bias : "biased" or "unbiased"
        Divide by T, or by T - h.
    assume_centred : bool
        Do not remove the mean.

    Raises
    ------
    ShapeError, DomainError
        If X is no finite array of trials, or a lag is as long as a trial.

    References
    ----------
    Brockwell & Davis, Time Series: Theory and Methods (1991), sec. 11.2.

    Examples
    --------
    >>> lagged_autocovariance([[[1.0, -1.0, 1.0, -1.0]]], [0, 1, 2]).ravel()
    array([ 1.  , -0.75,  0.5 ])
    """
    check_choice(bias, "bias", BIASES)
    x = read_signals(X).astype(np.float64)
    if not assume_centred:
        x -= x.mean(axis=-1, keepdims=True)
    N, n, n_times = x.shape
    shifts = [check_integer(h, "lags") for h in lags]
    out = np.empty((N, len(shifts), n, n))
    for i, shift in enumerate(shifts):
        h = abs(shift)
        if h >= n_times:
            message = f"lag {shift} is as long as the trial of {n_times} samples"
            raise DomainError(message, hint=f"use lags between {1 - n_times} and {n_times - 1}")
        sums = window_sum(x, h, 0, n_times - h) / (n_times if bias == "biased" else n_times - h)
        out[:, i] = (sums + sums.transpose(0, 2, 1)) / 2 if h == 0 else sums if shift > 0 else sums.transpose(0, 2, 1)
    return out
