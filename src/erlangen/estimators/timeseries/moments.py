r"""What shrinkage needs to know of an embedded signal, from the signal itself.

Definition: :math:`\frac1L \sum_t \|z(t)\|^4` and the effective number of samples, where :math:`z(t)^T z(t + s) = \sum_q x(t + q\tau)^T x(t + s + q\tau)`
is a sum of p shifted copies of one series, less what the means of the blocks take away.
Convention: z has its own mean removed; results are one number for each trial (N,), equal to those of the stacked signal up to rounding.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["EmbeddedMoments"]

Array = NDArray[np.float64]


class EmbeddedMoments:
    """Scalar products of the embedded signal with its own future.

    Parameters
    ----------
    x : ndarray (N, n, T)
        Trials.
    means : ndarray (N, p, n)
        Means of the p blocks.
    lag, length : int
        Samples between two blocks, and samples of the embedded signal.

    Examples
    --------
    >>> x = np.arange(4.0)[None, None]
    >>> EmbeddedMoments(x, np.array([[[1.0], [2.0]]]), 1, 3).fourth()
    array([2.66666667])
    """

    def __init__(self, x: Array, means: Array, lag: int, length: int) -> None:
        self._x, self._lag, self._length, self._order = x, lag, length, means.shape[1]
        rows = means @ x
        self._drift: Array = np.sum([rows[:, q, q * lag : q * lag + length] for q in range(self._order)], axis=0)
        self._constant = np.square(means).sum(axis=(1, 2))

    def products(self, s: int = 0) -> Array:
        """Return z(t)^T z(t + s) for t < L - s, (N, L - s)."""
        T, count = self._x.shape[-1], self._length - s
        series = np.einsum("ntc,ntc->nc", self._x[..., : T - s], self._x[..., s:])
        starts = [q * self._lag for q in range(self._order)]
        total: Array = np.sum([series[:, start : start + count] for start in starts], axis=0)
        return total - self._drift[:, :count] - self._drift[:, s:] + self._constant[:, None]

    def fourth(self) -> Array:
        """Return the mean of the fourth power of the norm of z, (N,)."""
        return np.square(self.products()).mean(axis=-1)

    def effective_samples(self, square: Array) -> Array:
        """Return the number of independent samples that the covariance of z is worth, as :func:`erlangen.linalg.effective_samples` counts it.

        ``square`` (N,) is the squared Frobenius norm of that covariance, divided by L.
        """
        count = self._length
        reach = min(math.ceil(2 * math.sqrt(count)), count - 1)
        variance = self.fourth() - square
        total, window = np.zeros_like(variance), 0.0
        for lag in range(1, reach + 1):
            weight = min(1.0, 2 * (1 - lag / (reach + 1)))
            together = np.square(self.products(lag)).sum(axis=-1) / count
            total += weight * (together - (1 - lag / count) * square)
            window += weight * (1 - lag / count)
        raw = 1 + 2 * total / np.where(variance > 0, variance, 1.0)
        inverse = raw / np.maximum(1 - (2 * window + 1) / count + raw / count, 1 / count)
        return np.maximum(count / np.maximum(inverse, 1.0), 1.0)
