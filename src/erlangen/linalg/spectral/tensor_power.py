r"""Powers of positive definite matrices whose exponent is a tensor, differentiable in both.

Definition: :math:`A^p = \exp(p \log A)`, with one decomposition for exp and log: the value is :math:`V \lambda^p V^T` itself.
Convention: p has no axes or those of the batch; derivatives are chained from those of exp and log, both free of cancellation.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.spectral.apply_spectral import check_image
from erlangen.linalg.spectral.checks import check_domain, check_symmetric_batch, decompose
from erlangen.linalg.spectral.derivatives import spectral_value, symmetric_part
from erlangen.linalg.spectral.exponential import Exponential
from erlangen.linalg.spectral.logarithm import Logarithm

__all__ = ["tensor_power"]


def tensor_power(A: Tensor, p: Tensor, *, check: bool = True, name: str = "A") -> Tensor:
    r"""Return :math:`A^p` for a tensor p, with :math:`\partial_p A^p = V \lambda^p \log \lambda\, V^T`.

    Raises
    ------
    ShapeError, DomainError
        If p is not finite or does not broadcast with the batch, or A is not symmetric positive definite.

    Examples
    --------
    >>> p = torch.tensor(2.0, requires_grad=True)
    >>> tensor_power(3 * torch.eye(1), p).backward()
    >>> p.grad
    tensor(9.8875)
    """
    if check:
        _check_exponent(A, p)
        check_symmetric_batch(A, name)
        A = symmetric_part(A)
    p = p.to(A.dtype)[..., None, None]
    values, vectors = decompose(A, name)
    if check and A.numel():
        values = check_domain(values, Logarithm(), torch.finfo(A.dtype).eps, name)
    exponents = p.detach()[..., 0] * values.log()
    if check and A.numel():
        check_image(exponents, Exponential(), A.dtype, name)
    logarithm = p * spectral_value(A, values, vectors, Logarithm())
    return spectral_value(logarithm, exponents, vectors.expand_as(logarithm), Exponential())


def _check_exponent(A: Tensor, p: Tensor) -> None:
    batch = A.shape[:-2]
    fits = all(i == j or 1 in (i, j) for i, j in zip(reversed(p.shape), reversed(batch), strict=False))
    if not fits or p.is_complex():
        message = (
            f"p must be real and broadcast with the batch shape {tuple(batch)}, got {p.dtype} of shape {tuple(p.shape)}"
        )
        raise ShapeError(message, hint="pass one exponent, or one a matrix")
    if not torch.compiler.is_compiling() and not bool(torch.isfinite(p.detach()).all()):
        message = f"p must be finite, got {p.detach().tolist()}"
        raise DomainError(message, hint="pass finite exponents")
