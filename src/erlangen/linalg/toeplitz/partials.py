r"""From partial autocorrelations back to autocovariances: every choice of contractions is a stationary signal.

Definition: :math:`\Gamma(l + 1) = L^{1/2} \Omega_{l+1} K^{1/2} + \sum_k A_k \Gamma(l + 1 - k)`, with L, K, A from the recursion of Levinson and Whittle.
Convention: :math:`\Gamma(0)` is SPD ``(..., n, n)``, partials are ``(..., p - 1, n, n)`` with spectral norms below 1.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import ShapeError
from erlangen.linalg.spectral.checks import check_symmetric_batch
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.linalg.spectral.matrix_functions import inv_sqrtm, sqrtm
from erlangen.linalg.toeplitz.checks import check_contraction
from erlangen.linalg.toeplitz.levinson_whittle import grow, predict

__all__ = ["toeplitz_from_partials"]


def _check(gamma0: Tensor, partials: Tensor) -> None:
    check_symmetric_batch(gamma0, "gamma0")
    if partials.ndim < 3 or partials.shape[-2:] != gamma0.shape[-2:]:
        message = (
            f"partials must have shape (..., p - 1, n, n) with n = {gamma0.shape[-1]}, got {tuple(partials.shape)}"
        )
        raise ShapeError(message, hint="one n x n matrix for each lag 1 … p - 1")
    for lag, partial in enumerate(partials.unbind(-3), start=1):
        check_contraction(partial, lag)


@array_edge("gamma0", "partials")
def toeplitz_from_partials(gamma0: Tensor, partials: Tensor) -> Tensor:
    r"""Return the autocovariances whose partial autocorrelations are given; the exact inverse of :func:`levinson_whittle`.

    .. math:: \Gamma(l + 1) = L^{1/2} \Omega_{l+1} K^{1/2} + \textstyle\sum_{k \le l} A_k \Gamma(l + 1 - k)

    Parameters
    ----------
    gamma0 : Tensor or ndarray (..., n, n)
        Covariance :math:`\Gamma(0)`, symmetric positive definite.
    partials : Tensor or ndarray (..., p - 1, n, n)
        :math:`\Omega_1, \dots, \Omega_{p-1}` with :math:`\|\Omega_l\|_2 < 1`.

    Returns
    -------
    Tensor or ndarray (..., p, n, n)
        :math:`\Gamma(0), \dots, \Gamma(p - 1)`; its block-Toeplitz matrix is positive definite. Differentiable twice.

    Raises
    ------
    ShapeError, DomainError
        If shapes do not fit, :math:`\Gamma(0)` is not positive definite or some :math:`\|\Omega_l\| \ge 1`.

    References
    ----------
    Morf, Vieira & Kailath, Ann. Statist. 6 (1978); Jeuris & Vandebril, SIAM J. Matrix Anal. Appl. 37 (2016).

    Examples
    --------
    >>> toeplitz_from_partials([[4.0]], [[[0.5]], [[0.0]]]).ravel()
    array([4., 2., 1.])
    """
    _check(gamma0, partials)
    gamma0 = symmetric_part(gamma0)
    gamma0 = gamma0.expand(*(gamma0 + partials.detach().sum(-3)).shape)
    lags = [gamma0]
    forward = backward = gamma0
    ahead: list[Tensor] = []
    behind: list[Tensor] = []
    for lag, partial in enumerate(partials.unbind(-3), start=1):
        left, right = sqrtm(forward), sqrtm(backward)
        P, Q = inv_sqrtm(forward), inv_sqrtm(backward)
        gap = left @ partial @ right
        lags.append(gap + predict(ahead, lags[1:lag]) if ahead else gap)
        ahead, behind = grow(ahead, behind, gap, P @ P, Q @ Q)
        forward = symmetric_part(forward - left @ partial @ partial.mT @ left)
        backward = symmetric_part(backward - right @ partial.mT @ partial @ right)
    return torch.stack(lags, dim=-3)
