r"""What a sequence of autocovariances and its partial autocorrelations must satisfy.

Definition: :math:`\Gamma(0)` symmetric, all entries finite; :math:`\|\Omega_l\|_2 < 1` for every l, which holds if and only if the Toeplitz matrix is SPD.
Convention: messages name the batch index, the lag and the measured number.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.spectral.checks import check_symmetric_batch
from erlangen.validation import check_square

__all__ = ["check_contraction", "check_sequence"]


def _first(mask: Tensor) -> tuple[int, ...]:
    return tuple(int(i) for i in mask.nonzero()[0])


def check_sequence(gammas: Tensor, name: str = "gammas") -> None:
    """Refuse anything but finite real ``(..., p, n, n)`` with at least one lag and a symmetric matrix at lag 0.

    Raises
    ------
    ShapeError, DomainError
        Naming the first index.
    """
    if gammas.ndim < 3 or gammas.shape[-3] == 0:
        message = f"{name} must have shape (..., p, n, n) with p >= 1 lags, got {tuple(gammas.shape)}"
        raise ShapeError(message, hint="stack the matrices of lags 0, 1 … p - 1 along the third axis from the end")
    check_square(gammas, name)
    if gammas.dtype not in (torch.float32, torch.float64):
        message = f"{name} has dtype {gammas.dtype}; float32 or float64 is needed"
        raise DomainError(message, hint=f"convert it, e.g. {name}.to(torch.float64)")
    bad = ~torch.isfinite(gammas.detach())
    if bool(bad.any()):
        index = _first(bad)
        message = f"{name}[{', '.join(map(str, index))}] = {float(gammas[index])} is not finite"
        raise DomainError(message, hint="remove or repair the sequences that are not finite")
    check_symmetric_batch(gammas[..., 0, :, :], f"{name} at lag 0")


def check_contraction(partial: Tensor, lag: int, name: str = "Omega") -> None:
    """Refuse partial autocorrelations ``(..., n, n)`` of spectral norm 1 or more.

    Raises
    ------
    DomainError
        Naming the lag, the batch index and the norm.

    Examples
    --------
    >>> check_contraction(1.5 * torch.eye(2), 3)
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: Omega_3 has spectral norm 1.5 >= 1: the block-Toeplitz matrix is not positive definite (...)
    """
    if partial.numel() == 0:
        return
    if float(partial.detach().square().sum((-2, -1)).max()) < 1:  # the Frobenius norm bounds it
        return
    norms = torch.linalg.matrix_norm(partial.detach(), 2)
    bad = ~(norms < 1)
    if bool(bad.any()):
        index = _first(bad) if norms.ndim else ()
        where = f"[{', '.join(map(str, index))}]" if index else ""
        message = (
            f"{name}_{lag}{where} has spectral norm {float(norms[index]):.6g} >= 1: "
            "the block-Toeplitz matrix is not positive definite"
        )
        remedy = "use the biased estimator (sum over t divided by T), which is never indefinite, or fewer lags"
        raise DomainError(message, hint=remedy)
