r"""The recursion of Levinson and Whittle: predictors, innovations and partial autocorrelations of a stationary signal.

Definition: :math:`\Omega_{l+1} = L^{-1/2} \Delta K^{-1/2}`, L and K the covariances of the forward and backward innovations of order l.
Convention: :math:`x(t) = \sum_k A_k x(t - k) + \varepsilon(t)`; roots are symmetric; sequences are ``(..., p, n, n)``, lag by lag.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.linalg.spectral.apply_spectral import apply_spectral
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.linalg.spectral.inverse_square_root import InverseSquareRoot
from erlangen.linalg.toeplitz.checks import check_contraction, check_sequence

__all__ = ["LevinsonWhittle", "grow", "levinson_whittle", "predict"]


class LevinsonWhittle(NamedTuple):
    r"""What :func:`levinson_whittle` finds from p lags of n channels.

    Attributes
    ----------
    coefficients : (..., p - 1, n, n)
        Forward predictor :math:`A_1, \dots, A_{p-1}`, the solution of the Yule–Walker equations.
    partials : (..., p - 1, n, n)
        Partial autocorrelations :math:`\Omega_1, \dots, \Omega_{p-1}`, each of spectral norm below 1.
    forward : (..., p, n, n)
        Covariances L of the forward innovations of order 0 … p - 1; the last belongs to ``coefficients``.
    backward : (..., p, n, n)
        Covariances K of the backward innovations.

    Examples
    --------
    >>> found = levinson_whittle([[[1.0]], [[0.5]], [[0.25]]])
    >>> found.coefficients.ravel(), found.forward.ravel()
    (array([0.5, 0. ]), array([1.  , 0.75, 0.75]))
    """

    coefficients: Tensor
    partials: Tensor
    forward: Tensor
    backward: Tensor


def predict(predictor: list[Tensor], lags: list[Tensor]) -> Tensor:
    r"""Return :math:`\sum_{k=1}^{l} A_k \Gamma(l + 1 - k)` from :math:`A_1 \dots A_l` and :math:`\Gamma(1) \dots \Gamma(l)`.

    Examples
    --------
    >>> predict([torch.eye(1)], [2 * torch.eye(1)])
    tensor([[2.]])
    """
    return torch.cat(predictor, dim=-1) @ torch.cat(lags[::-1], dim=-2)


def grow(
    ahead: list[Tensor], behind: list[Tensor], gap: Tensor, inverse_forward: Tensor, inverse_backward: Tensor
) -> tuple[list[Tensor], list[Tensor]]:
    r"""Return both predictors of order l + 1 from those of order l, :math:`\Delta`, :math:`L^{-1}` and :math:`K^{-1}`.

    Examples
    --------
    >>> one = torch.eye(1)
    >>> grow([], [], 0.5 * one, one, one)
    ([tensor([[0.5000]])], [tensor([[0.5000]])])
    """
    last, first = gap @ inverse_backward, gap.mT @ inverse_forward
    longer = [a - last @ b for a, b in zip(ahead, reversed(behind), strict=True)]
    shorter = [b - first @ a for a, b in zip(reversed(ahead), behind, strict=True)]
    return [*longer, last], [*shorter, first]


def _stack(items: list[Tensor], like: Tensor) -> Tensor:
    return torch.stack(items, dim=-3) if items else like[..., :0, :, :]


def _inverse_root(A: Tensor) -> Tensor:
    """Return the inverse square root of covariances that are symmetric to the bit."""
    return apply_spectral(A, InverseSquareRoot(), check=True, symmetric=True)


@array_edge("gammas")
def levinson_whittle(gammas: Tensor) -> LevinsonWhittle:
    r"""Return predictors, partial autocorrelations and innovations covariances of a stationary signal in :math:`O(p^2 n^3)`.

    .. math::
        \Delta &= \Gamma(l + 1) - \textstyle\sum_{k \le l} A_k \Gamma(l + 1 - k), \qquad
        \Omega_{l+1} = L^{-1/2} \Delta K^{-1/2}, \\
        A_k &\leftarrow A_k - \Delta K^{-1} B_{l+1-k}, \quad A_{l+1} = \Delta K^{-1}, \qquad
        L \leftarrow L - \Delta K^{-1} \Delta^T,

    and the same for the backward predictor B and K with :math:`\Delta^T`. For G the block-Toeplitz matrix of these p lags

    .. math:: \log\det G = p \log\det\Gamma(0) + \textstyle\sum_{l=1}^{p-1} (p - l) \log\det(I - \Omega_l \Omega_l^T).

    Parameters
    ----------
    gammas : Tensor or ndarray (..., p, n, n)
        :math:`\Gamma(0), \dots, \Gamma(p - 1)`, :math:`\Gamma(h) = E[x(t + h) x(t)^T]`, in the square of the signal's unit.

    Returns
    -------
    LevinsonWhittle
        ``coefficients, partials, forward, backward``; differentiable twice in ``gammas``.

    Raises
    ------
    ShapeError, DomainError
        If the sequence is malformed, :math:`\Gamma(0)` is not positive definite, or :math:`\|\Omega_l\| \ge 1` for some l, which is named:
        then the block-Toeplitz matrix is not positive definite.

    References
    ----------
    Whittle, Biometrika 50 (1963); Morf, Vieira & Kailath, Ann. Statist. 6 (1978), normalised form.

    Examples
    --------
    >>> import numpy as np
    >>> A = np.array([[0.5, 0.2], [-0.1, 0.3]])
    >>> gammas = np.stack([np.eye(2), A, A @ A])  # a VAR(1) with unit covariance
    >>> found = levinson_whittle(gammas)
    >>> np.allclose(found.coefficients[0], A), np.allclose(found.partials[1], 0)
    (True, True)
    """
    check_sequence(gammas)
    lags = list(gammas.unbind(-3))
    forward, backward = [symmetric_part(lags[0])], [symmetric_part(lags[0])]
    ahead: list[Tensor] = []
    behind: list[Tensor] = []
    partials: list[Tensor] = []
    for lag in range(1, len(lags)):
        P = _inverse_root(forward[-1])
        Q = _inverse_root(backward[-1]) if lag > 1 else P
        gap = lags[lag] - predict(ahead, lags[1:lag]) if ahead else lags[lag]
        partial = P @ gap @ Q
        check_contraction(partial, lag)
        ahead, behind = grow(ahead, behind, gap, P @ P, Q @ Q)
        left, right = gap @ Q, P @ gap
        forward.append(symmetric_part(forward[-1] - left @ left.mT))
        backward.append(symmetric_part(backward[-1] - right.mT @ right))
        partials.append(partial)
    return LevinsonWhittle(
        _stack(ahead, gammas), _stack(partials, gammas), torch.stack(forward, -3), torch.stack(backward, -3)
    )
