r"""One SPD matrix seen in the frame of another, with its eigenpairs to as many digits as the factors hold.

Definition: :math:`Z = C^{-1} Q C^{-T}`, :math:`P = CC^T`; with :math:`Q = BB^T` its eigenvalues are the squared singular values of :math:`C^{-1}B`.
Convention: where the eigenvalues of Z spread further than :math:`\varepsilon^{-3/8}`, singular values serve: their digits go with the root of the spread.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.linalg.spectral import SpectralFunction
from erlangen.linalg.spectral.apply_spectral import apply_spectral
from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import spectral_value, symmetric_part

__all__ = ["framed_eigenpairs", "framed_function", "graded_below", "whiten"]


def graded_below(dtype: torch.dtype) -> float:
    """Return the ratio of extreme eigenvalues below which singular values serve.

    Examples
    --------
    >>> 1e-6 < graded_below(torch.float64) < 1e-5
    True
    """
    ratio: float = torch.finfo(dtype).eps ** 0.375
    return ratio


def whiten(C: Tensor, A: Tensor) -> Tensor:
    """Return :math:`C^{-1} A C^{-T}` for a lower triangular C.

    Examples
    --------
    >>> whiten(2 * torch.eye(1), 8 * torch.eye(1))
    tensor([[2.]])
    """
    half = torch.linalg.solve_triangular(C, A, upper=False)
    return symmetric_part(torch.linalg.solve_triangular(C.mT, half, upper=True, left=False))


def framed_eigenpairs(C: Tensor, Q: Tensor, Z: Tensor) -> tuple[Tensor, Tensor]:
    """Return the eigenvalues (float64, ascending, positive) and vectors of Z, without gradient.

    Examples
    --------
    >>> Q = torch.diag(torch.tensor([1.0, 1e-20]))
    >>> framed_eigenpairs(torch.eye(2), Q, Q)[0]
    tensor([1.0000e-20, 1.0000e+00], dtype=torch.float64)
    """
    values, vectors = decompose(Z)
    graded = values[..., 0] < graded_below(Z.dtype) * values[..., -1]
    if not bool(graded.any()):
        return values, vectors
    with torch.no_grad():
        left, singular, _ = torch.linalg.svd(torch.linalg.solve_triangular(C, torch.linalg.cholesky(Q), upper=False))
    squares = singular.flip(-1).double().square()
    chosen = graded.unsqueeze(-1)
    return torch.where(chosen, squares, values), torch.where(chosen.unsqueeze(-1), left.flip(-1), vectors)


def framed_function(C: Tensor, Q: Tensor, f: SpectralFunction) -> Tensor:
    """Return f(Z), differentiable twice in C and Q.

    Examples
    --------
    >>> from erlangen.linalg.spectral import Logarithm
    >>> framed_function(torch.eye(1), torch.eye(1), Logarithm())
    tensor([[0.]])
    """
    Z = whiten(C, Q)
    if torch.compiler.is_compiling() or Z.numel() == 0:
        return apply_spectral(Z, f)
    return spectral_value(Z, *framed_eigenpairs(C, Q, Z), f)
