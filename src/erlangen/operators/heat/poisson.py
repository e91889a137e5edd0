r"""Poisson weights and tails in the logarithmic domain.

Definition: :math:`w_k = e^{-x} x^k / k!`, tail :math:`\sum_{k > K} w_k`.
Convention: natural logarithms; the tail is bounded from above by its first term and the ratio of the next two (a geometric series).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

__all__ = ["log_poisson_tail", "poisson_order", "poisson_weights"]


def poisson_weights(x: float, K: int) -> NDArray[np.float64]:
    """Return the Poisson weights with mean x > 0 at 0..K, by products outward from the largest, scaled to the sum they must have.

    Examples
    --------
    >>> np.allclose(poisson_weights(2.0, 2), np.exp(-2.0) * np.array([1.0, 2.0, 2.0]), rtol=1e-15)
    True
    """
    mode = min(int(x), K)
    up = np.cumprod(x / np.arange(mode + 1.0, K + 1.0))
    down = np.cumprod(np.arange(mode, 0.0, -1.0) / x)
    weights = np.concatenate([down[::-1], [1.0], up])
    return np.asarray(weights * (float(pdtr(K, x)) / weights.sum()))


def log_poisson_tail(x: float, K: int) -> float:
    r"""Return an upper bound of :math:`\ln \sum_{k > K} w_k`; zero where K is below the mean.

    Examples
    --------
    >>> abs(math.exp(log_poisson_tail(1.0, 3)) - (1 - math.exp(-1.0) * (1 + 1 + 1/2 + 1/6))) < 1e-3
    True
    """
    ratio = x / (K + 2.0)
    if ratio >= 1:
        return 0.0
    first = -x + (K + 1) * math.log(x) - math.lgamma(K + 2.0)
    return min(0.0, first - math.log1p(-ratio))


def poisson_order(x: float, log_target: float) -> int:
    """Return the least K >= 1 whose tail bound is at most ``exp(log_target)``, by bisection.

    Examples
    --------
    >>> poisson_order(1.0, math.log(1e-10))
    12
    """
    high = max(1, int(x))
    while log_poisson_tail(x, high) > log_target:
        high *= 2
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if log_poisson_tail(x, middle) > log_target else (low, middle)
    return high
