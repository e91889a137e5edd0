r"""Tyler's scatter matrix: the shape of a distribution with elliptical contours, whatever its tails.

Definition: the fixed point :math:`C = \frac nT \sum_t x_t x_t^T / (x_t^T C^{-1} x_t)` (Tyler 1987).
Convention: trace n; it starts from the sample covariance and stops at a relative step of ``tol``, each matrix for itself.
"""

from __future__ import annotations

import warnings

import torch
from torch import Tensor

from erlangen.errors import ConvergenceWarning, DomainError
from erlangen.linalg.spectral.derivatives import symmetric_part

__all__ = ["tyler"]


def tyler(X: Tensor, S: Tensor, *, tol: float, max_iter: int) -> Tensor:
    """Return Tyler's matrix of centred signals X, starting from S.

    Raises
    ------
    DomainError
        If there are not more samples than channels.

    Warns
    -----
    ConvergenceWarning
        With the largest relative step, where ``max_iter`` steps did not suffice.

    Examples
    --------
    >>> X = torch.tensor([[2.0, 10.0, -1.0], [0.0, 300**0.5, 3**0.5]])  # three directions, 60 degrees apart
    >>> tyler(X, X @ X.mT / 3, tol=1e-6, max_iter=100).round(decimals=3).abs()
    tensor([[1., 0.],
            [0., 1.]])
    """
    n, count = X.shape[-2:]
    if count <= n:
        message = f"Tyler's matrix needs more samples than channels, got T={count} and n={n}"
        raise DomainError(message, hint='use longer windows, or estimator="oas"')
    C, step = S, torch.zeros(())
    open_ = torch.ones(S.shape[:-2], dtype=torch.bool, device=S.device)
    for _ in range(max_iter):
        new = _improved(X, C)
        step = torch.linalg.matrix_norm((new - C).detach()) / torch.linalg.matrix_norm(C.detach())
        C = torch.where(open_[..., None, None], new, C)
        step = torch.where(open_, step, torch.zeros_like(step))
        open_ = open_ & ~(step <= tol)
        if not bool(open_.any()):
            break
    else:
        message = (
            f"Tyler's iteration stopped after {max_iter} steps at a relative step of {float(step.max()):.3g} > {tol:g}"
        )
        warnings.warn(message, ConvergenceWarning, stacklevel=5)
    return symmetric_part(C * (n / C.diagonal(dim1=-2, dim2=-1).sum(dim=-1))[..., None, None])


def _improved(X: Tensor, C: Tensor) -> Tensor:
    n, count = X.shape[-2:]
    factor, info = torch.linalg.cholesky_ex(C)
    if bool((info > 0).any()):
        index = tuple(int(i) for i in (info > 0).nonzero()[0])
        place = f"X{list(index)}" if index else "X"
        message = f"{place} spans less than its {n} channels: Tyler's matrix does not exist"
        raise DomainError(message, hint='drop a channel, or use estimator="oas"')
    lengths = torch.linalg.solve_triangular(factor, X, upper=False).square().sum(dim=-2)
    weights = torch.where(lengths > 0, n / torch.where(lengths > 0, lengths, torch.ones_like(lengths)), 0.0)
    return (X * weights[..., None, :]) @ X.mT / count
