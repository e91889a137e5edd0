r"""What happens to a sample whose tangent vector lies outside the domain of the Bures–Wasserstein exponential.

Definition: :math:`\exp_W` is one-to-one where :math:`I + L \succ 0`, L the Lyapunov image of the vector; "shrink" multiplies L by
:math:`\tau = \min(1, 0.99 / {-\lambda_{\min}(L)})`, so that :math:`I + \tau L \succeq 0.01\, I`, continuously.
Convention: "warn" and "fold" keep the formula, whose value is positive semidefinite but no exponential; "raise" refuses.
"""

from __future__ import annotations

import warnings

import torch
from torch import Tensor

from erlangen.errors import DomainError, DomainWarning
from erlangen.linalg.spectral import SquareRoot
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.nn.spd.spectral_map import spectral_map

__all__ = ["MARGIN", "POLICIES", "folded", "judge", "leaves", "shrink"]

MARGIN = 0.01
POLICIES = ("shrink", "warn", "raise", "fold")


def leaves(L: Tensor, margin: float) -> Tensor:
    """Return which matrices I + L have an eigenvalue of at most ``margin``.

    Examples
    --------
    >>> leaves(torch.tensor([[[-1.5]], [[-0.5]]]), 0.0)
    tensor([ True, False])
    """
    shifted = L.detach() + (1 - margin) * torch.eye(L.shape[-1], dtype=L.dtype, device=L.device)
    return torch.linalg.cholesky_ex(shifted)[1] != 0


def shrink(L: Tensor) -> Tensor:
    """Return L shortened where I + L is nearly singular or worse, differentiable where its smallest eigenvalue is simple."""
    least = torch.linalg.eigvalsh(L)[..., 0]
    out = least < MARGIN - 1
    factor = torch.where(out, (MARGIN - 1) / torch.where(out, least, -1.0), 1.0)
    return factor[..., None, None] * L


def folded(V: Tensor) -> Tensor:
    r"""Return :math:`2(|I + V/2| - I)`, what a logarithm at I makes of the exponential of V: V itself inside the domain."""
    identity = torch.eye(V.shape[-1], dtype=V.dtype, device=V.device)
    outside = leaves(V / 2, 0.0)
    if not bool(outside.any()):
        return V
    factor = identity + V[outside] / 2
    absolute = spectral_map(symmetric_part(factor @ factor), SquareRoot())
    return V.masked_scatter(outside[..., None, None], 2 * (absolute - identity))


def judge(L: Tensor, outside: Tensor, policy: str) -> None:
    """Warn or refuse where samples lie outside.

    Raises
    ------
    DomainError
        Under "raise", with the first index and its smallest eigenvalue.

    Warns
    -----
    DomainWarning
        Under "warn", with the count.
    """
    if policy not in ("warn", "raise"):
        return
    index = tuple(int(i) for i in outside.nonzero()[0])
    least = float(torch.linalg.eigvalsh(L.detach()[index])[0])
    message = (
        f"{int(outside.sum())} of {outside.numel()} samples leave the domain of the exponential: "
        f"sample {list(index)} has 1 + {least:.6g} as smallest eigenvalue of I + L, which must be positive"
    )
    if policy == "raise":
        raise DomainError(message, hint='use theta=0.5 or a smaller scale, or on_domain_exit="shrink"')
    warnings.warn(message, DomainWarning, stacklevel=4)
