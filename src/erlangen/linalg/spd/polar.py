r"""The polar decomposition, with derivatives that hold at repeated singular values.

Definition: :math:`A = O S` with :math:`O^T O = I` and :math:`S = (A^T A)^{1/2}`; from the SVD :math:`A = U \Sigma V^T`: :math:`O = U V^T`.
Convention: A is ``(..., m, n)`` with m >= n and full column rank; the positive factor stands on the right.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.edges import array_edge
from erlangen.errors import ConvergenceError, DomainError, ShapeError
from erlangen.linalg.spd.lyapunov import solve_lyapunov
from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import described, symmetric_part

__all__ = ["nearest_orthogonal", "orthogonal_factor", "polar"]


@array_edge("A")
def polar(A: Tensor) -> tuple[Tensor, Tensor]:
    r"""Return the orthogonal and the positive definite factor of A.

    .. math:: A = O S, \qquad O^T O = I, \quad S = (A^T A)^{1/2}

    :math:`dO = O\,\mathcal L_S[O^T dA - dA^T O]` (and, for m > n, :math:`(I - O O^T)\, dA\, S^{-1}`), without the
    differences of singular values that make the derivative of an SVD fail.

    Parameters
    ----------
    A : Tensor or ndarray (..., m, n)
        m >= n, full column rank; float32 or float64.

    Returns
    -------
    O : Tensor or ndarray (..., m, n)
        Orthonormal columns; the nearest such matrix to A in the Frobenius norm.
    S : Tensor or ndarray (..., n, n)
        Symmetric positive definite.

    Raises
    ------
    ShapeError, DomainError
        If m < n, or A is not real and finite, or its rank is below n (then O is not unique).

    References
    ----------
    Higham, Functions of Matrices (2008), ch. 8; Kenney & Laub, SIAM J. Sci. Stat. Comput. 12 (1991) for the derivative.

    Examples
    --------
    >>> import numpy as np
    >>> O, S = polar(np.array([[0.0, -2.0], [3.0, 0.0]]))
    >>> bool(np.allclose(O, [[0, -1], [1, 0]]) and np.allclose(S, np.diag([3, 2])))
    True
    """
    _check_tall(A)
    orthogonal, singular = nearest_orthogonal(A.detach())
    if not torch.compiler.is_compiling() and A.numel():
        _check_rank(A, singular)
    O = orthogonal_factor(A, orthogonal)  # noqa: E741
    return O, symmetric_part(O.mT @ A)


def _check_tall(A: Tensor) -> None:
    if A.ndim < 2 or A.shape[-2] < A.shape[-1]:
        message = f"A must have shape (..., m, n) with m >= n, got {tuple(A.shape)}"
        raise ShapeError(message, hint="transpose it: A^T = O S gives A = S O^T")
    if A.dtype not in (torch.float32, torch.float64):
        message = f"A has dtype {A.dtype}; float32 or float64 is needed"
        raise DomainError(message, hint="convert it, e.g. A.to(torch.float64)")
    if not torch.compiler.is_compiling() and not bool(torch.isfinite(A.detach()).all()):
        index = tuple(int(i) for i in (~torch.isfinite(A.detach())).nonzero()[0])
        message = f"A{list(index)} = {float(A.detach()[index])} is not finite"
        raise DomainError(message, hint="remove or repair what is not finite")


def _check_rank(A: Tensor, singular: Tensor) -> None:
    noise = max(A.shape[-2:]) * torch.finfo(A.dtype).eps * singular[..., 0]
    bad = singular[..., -1] <= noise
    if bool(bad.any()):
        index = tuple(int(i) for i in bad.nonzero()[0])
        place = f"A{list(index)}" if index else "A"
        rank = int((singular[index] > noise[index]).sum())
        message = f"{place} has rank {rank} of {A.shape[-1]}: its orthogonal factor is not unique"
        raise DomainError(message, hint="remove dependent columns, or use procrustes, which takes one of the many")


def nearest_orthogonal(A: Tensor) -> tuple[Tensor, Tensor]:
    """Return the orthogonal factor and the singular values, without gradient; of a singular matrix one of its many factors.

    Raises
    ------
    ConvergenceError
        If LAPACK gives up.
    """
    try:
        left, singular, right = torch.linalg.svd(A.detach(), full_matrices=False)
    except RuntimeError as error:
        message = f"the singular value decomposition failed: {error}"
        raise ConvergenceError(message, hint="rescale the matrix") from error
    return left @ right, singular


def orthogonal_factor(A: Tensor, orthogonal: Tensor) -> Tensor:
    """Return the orthogonal factor, known already, as a function of A with derivatives of every order."""
    run: Any = _OrthogonalFactor.apply
    factor: Tensor = run(A, orthogonal)
    return factor


@described
class _OrthogonalFactor(Function):
    """The orthogonal polar factor; its derivative solves a Lyapunov equation."""

    @staticmethod
    def forward(A: Tensor, orthogonal: Tensor) -> Tensor:
        """Return a copy of the known factor."""
        return orthogonal.clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        """Keep the matrix and its factor."""
        ctx.save_for_backward(inputs[0], output)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        r"""Return :math:`O\,\mathcal L_S[W - W^T] + (I - O O^T) G S^{-1}`, W = O^T G."""
        A, O = ctx.saved_tensors  # noqa: E741
        G = gradients[0]
        S = symmetric_part(O.mT @ A)
        W = O.mT @ G
        gradient = O @ solve_lyapunov(S, W - W.mT, *decompose(S, "A"))
        if A.shape[-2] > A.shape[-1]:
            gradient = gradient + torch.linalg.solve(S, (G - O @ W).mT).mT
        return gradient, None
