r"""How many independent samples an autocorrelated signal is worth, for its covariance.

Definition: :math:`T' = T / (1 + 2 \sum_s w_s \rho_s)`, :math:`\rho_s` the autocorrelation of the products :math:`x_i x_j`, summed over i, j (Sancetta 2008).
Convention: lags up to :math:`\lceil 2\sqrt T \rceil`, weight 1 on the first half and falling to 0 on the second; the result lies in [1, T].
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import ShapeError
from erlangen.validation import check_integer

__all__ = ["effective_samples"]


@array_edge("X")
def effective_samples(X: Tensor, lags: int | None = None) -> Tensor:
    r"""Return the effective number of samples of multichannel signals.

    .. math:: T' = \frac{T}{1 + 2 \sum_{s=1}^{L} w_s \rho_s}, \qquad
              \rho_s \propto \frac1T \sum_t (x_t^T x_{t+s})^2 - \Big(1 - \frac sT\Big)\|S\|_F^2

    :math:`1/T'` in place of :math:`1/T` is what the variance of a sample covariance needs when samples are correlated: for an
    autoregression of order one with coefficient a, :math:`T' = T (1 - a^2)/(1 + a^2)`. The bias from estimating S itself is taken out.

    Parameters
    ----------
    X : Tensor or ndarray (..., n, T)
        Signals; their mean over time is removed.
    lags : int, optional
        The largest lag L.

    Returns
    -------
    Tensor or ndarray (...)
        Between 1 and T.

    Raises
    ------
    ShapeError, DomainError
        If X has fewer than two samples, or ``lags`` is not below T.

    References
    ----------
    Sancetta, J. Multivariate Anal. 99 (2008); Bartz & Müller, Advances in Neural Information Processing Systems 27 (2014).

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(3, 1000))
    >>> bool(effective_samples(X) > 800)
    True
    """
    if X.ndim < 2 or X.shape[-1] < 2:
        message = f"X must have shape (..., n, T) with T >= 2, got {tuple(X.shape)}"
        raise ShapeError(message, hint="put time on the last axis")
    count = X.shape[-1]
    default = min(math.ceil(2 * math.sqrt(count)), count - 1)
    reach = default if lags is None else check_integer(lags, "lags", low=1, high=count - 1)
    X = X - X.mean(dim=-1, keepdim=True)
    size = X.square().mean(dim=(-2, -1), keepdim=True)
    X = X * torch.where(size > 0, size, torch.ones_like(size)).rsqrt()
    square = (X @ X.mT / count).square().sum(dim=(-2, -1))

    def products(lag: int) -> Tensor:
        together = (X[..., : count - lag] * X[..., lag:]).sum(dim=-2).square().sum(dim=-1) / count
        return together - (1 - lag / count) * square

    variance = products(0)
    total, window = torch.zeros_like(variance), 0.0
    for lag in range(1, reach + 1):
        weight = min(1.0, 2 * (1 - lag / (reach + 1)))
        total = total + weight * products(lag)
        window += weight * (1 - lag / count)
    raw = 1 + 2 * total / torch.where(variance > 0, variance, torch.ones_like(variance))
    # S is an estimate too: its own variance, raw/T of that at lag 0, is missing from every lag.
    inverse = raw / (1 - (2 * window + 1) / count + raw / count).clamp_min(1 / count)
    inverse = torch.where(variance > 0, inverse, torch.ones_like(inverse))
    return (count / inverse.clamp_min(1.0)).clamp_min(1.0)
