r"""How far a sample covariance is pulled towards a simple target, by three closed forms.

Definition: :math:`(1 - \gamma) S + \gamma F`; F is :math:`(\operatorname{tr} S/n) I`, or :math:`\operatorname{diag} S` for Schäfer–Strimmer.
Convention: :math:`\gamma \in [0, 1]` does not depend on the unit; distances to the target are formed as such, not as differences of squares.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["ledoit_wolf", "oracle_approximating", "schaefer_strimmer"]


def _unit_trace(S: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean variance (1 where it vanishes) and the squared distance of S, in that unit, from the identity."""
    diagonal = S.diagonal(dim1=-2, dim2=-1)
    mean = diagonal.mean(dim=-1)
    unit = torch.where(mean > 0, mean, torch.ones_like(mean))
    scaled = S / unit[..., None, None]
    identity = torch.eye(S.shape[-1], dtype=S.dtype, device=S.device) * (mean / unit)[..., None, None]
    return unit, (scaled - identity).square().sum(dim=(-2, -1))


def _towards_identity(S: Tensor, weight: Tensor) -> Tensor:
    n = S.shape[-1]
    mean = S.diagonal(dim1=-2, dim2=-1).mean(dim=-1)
    identity = torch.eye(n, dtype=S.dtype, device=S.device)
    return (1 - weight)[..., None, None] * S + (weight * mean)[..., None, None] * identity


def _quotient(top: Tensor, bottom: Tensor, otherwise: float) -> Tensor:
    """Return top/bottom cut to [0, 1], and a given number where bottom is 0."""
    safe = torch.where(bottom > 0, bottom, torch.ones_like(bottom))
    return torch.where(bottom > 0, (top / safe).clamp(0, 1), torch.full_like(top, otherwise))


def ledoit_wolf(X: Tensor, S: Tensor, samples: Tensor) -> Tensor:
    r"""Return the estimate of Ledoit & Wolf 2004 from centred signals X and :math:`S = X X^T / T`.

    .. math:: \gamma = \min\Big(1, \frac{\frac1T \sum_t \|x_t x_t^T - S\|_F^2}{T' \,\|S - \mu I\|_F^2}\Big)

    with :math:`T'` effective samples (``samples``, of the batch shape).

    Examples
    --------
    >>> X = torch.tensor([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 2.0, -2.0]])
    >>> ledoit_wolf(X, X @ X.mT / 4, torch.tensor(4.0))
    tensor([[1.2083, 0.0000],
            [0.0000, 1.2917]])
    """
    unit, distance = _unit_trace(S)
    powers = X.square().sum(dim=-2) / unit[..., None]
    spread = powers.square().mean(dim=-1) - (S / unit[..., None, None]).square().sum(dim=(-2, -1))
    return _towards_identity(S, _quotient(spread / samples, distance, 0.0))


def oracle_approximating(S: Tensor, samples: Tensor) -> Tensor:
    r"""Return the oracle approximating estimate of Chen et al. 2010 from :math:`S = X X^T / T`.

    .. math:: \gamma = \min\Big(1, \frac{\operatorname{tr}(S^2)/n^2 + \mu^2}{(T' + 1)\,\|S - \mu I\|_F^2/n^2}\Big)

    Examples
    --------
    >>> oracle_approximating(torch.tensor([[1.0, 0.0], [0.0, 3.0]]), torch.tensor(99.0))
    tensor([[1.1300, 0.0000],
            [0.0000, 2.8700]])
    """
    unit, distance = _unit_trace(S)
    squares = (S / unit[..., None, None]).square().sum(dim=(-2, -1))
    n = S.shape[-1]
    return _towards_identity(S, _quotient(squares / n**2 + 1, (samples + 1) * distance / n**2, 1.0))


def schaefer_strimmer(X: Tensor, S: Tensor, samples: Tensor) -> Tensor:
    r"""Return the estimate of Schäfer & Strimmer 2005 from centred signals X and :math:`S = X X^T / T`, unbiased.

    .. math:: \gamma = \min\Big(1, \frac{\sum_{i \ne j} \widehat{\operatorname{Var}}(r_{ij})}{\sum_{i \ne j} r_{ij}^2}\Big)

    Channels of variance 0 have correlation 0 with all others.

    Examples
    --------
    >>> X = torch.tensor([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 2.0, -2.0]])
    >>> schaefer_strimmer(X, X @ X.mT / 4, torch.tensor(4.0)).diagonal()
    tensor([0.6667, 2.6667])
    """
    count = X.shape[-1]
    variance = S.diagonal(dim1=-2, dim2=-1)
    scale = torch.where(variance > 0, variance, torch.ones_like(variance)).rsqrt()
    Z = X * scale[..., None]
    R = S * scale[..., None] * scale[..., None, :]
    fourth = Z.square() @ Z.square().mT
    factor = (count / (count - 1)) ** 3 * (count / samples) / count**2
    spread = factor[..., None, None] * (fourth - count * R.square())
    off = ~torch.eye(S.shape[-1], dtype=torch.bool, device=S.device)
    squares = ((count / (count - 1)) * R * off).square().sum(dim=(-2, -1))
    weight = _quotient((spread * off).sum(dim=(-2, -1)), squares, 0.0)[..., None, None]
    return (count / (count - 1)) * torch.where(off, (1 - weight) * S, S)
