r"""The Lyapunov equation on positive definite matrices, and its generalised form, with derivatives of every order.

Definition: :math:`P X + X P = V`; with :math:`P = U \operatorname{diag}(p) U^T`: :math:`X = U\big[(U^T V U)_{ij}/(p_i + p_j)\big]U^T`.
Convention: no threshold on gaps is needed, sums of positive numbers do not cancel; generalised :math:`P X M + M X P = V` with M positive definite.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.linalg.spd.broadcast import same_batch, same_size
from erlangen.linalg.spd.check_spd import spd_cholesky, spd_eigh
from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import described, symmetric_part

__all__ = ["lyapunov", "solve_lyapunov"]


@array_edge("P", "V", "M")
def lyapunov(P: Tensor, V: Tensor, M: Tensor | None = None) -> Tensor:
    r"""Return the solution X of :math:`P X + X P = V`, or of :math:`P X M + M X P = V`.

    .. math:: X_{ij} = \frac{(U^T V U)_{ij}}{p_i + p_j} \text{ in the eigenbasis of } P

    With :math:`S = \mathcal L_P[G]` for an incoming gradient G, the gradients are S in V and :math:`-(X^T S + S X^T)` in P
    (its symmetric part); they are again solutions of such equations, so derivatives of every order exist.

    Parameters
    ----------
    P : Tensor or ndarray (..., n, n)
        Symmetric positive definite.
    V : Tensor or ndarray (..., n, n)
        Right-hand side; need not be symmetric. X is symmetric where V is.
    M : Tensor or ndarray (..., n, n), optional
        Symmetric positive definite; ``None`` is the identity.

    Returns
    -------
    Tensor or ndarray (..., n, n)
        The solution.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If shapes do not fit, V is not finite, or P or M is not symmetric positive definite.

    References
    ----------
    Bhatia & Rosenthal, Bull. London Math. Soc. 29 (1997); Han et al., arXiv 2110.10464, for the generalised form.

    Examples
    --------
    >>> import numpy as np
    >>> lyapunov(np.diag([1.0, 3.0]), np.ones((2, 2)))
    array([[0.5       , 0.25      ],
           [0.25      , 0.16666667]])
    """
    P, V = same_size(P, V, ("P", "V"))
    _check_right_side(V)
    if M is None:
        matrix, values, vectors = spd_eigh(P, "P")
        return solve_lyapunov(matrix, V, values, vectors)
    P, M = same_size(P, M, ("P", "M"))
    V = V.to(P.dtype)
    _, factor = spd_cholesky(M, "M")
    P, _ = spd_cholesky(P, "P")
    inner = symmetric_part(_divide(factor, P))
    solution = solve_lyapunov(inner, _divide(factor, V), *decompose(inner, "P"))
    upper = factor.mT
    left = torch.linalg.solve_triangular(upper, solution, upper=True)
    return torch.linalg.solve_triangular(factor, left, upper=False, left=False)


def _check_right_side(V: Tensor) -> None:
    if torch.compiler.is_compiling():
        return
    finite = torch.isfinite(V.detach())
    if not bool(finite.all()):
        index = tuple(int(i) for i in (~finite).nonzero()[0])
        message = f"V{list(index)} = {float(V.detach()[index])} is not finite"
        raise DomainError(message, hint="remove or repair what is not finite")


def _divide(factor: Tensor, A: Tensor) -> Tensor:
    """Return :math:`L^{-1} A L^{-T}`."""
    left = torch.linalg.solve_triangular(factor, A, upper=False)
    return torch.linalg.solve_triangular(factor.mT, left, upper=True, left=False)


def solve_lyapunov(P: Tensor, V: Tensor, values: Tensor, vectors: Tensor) -> Tensor:
    """Return the solution of ``P X + X P = V`` from a decomposition of P, differentiable in P and V; nothing is checked."""
    P, V, vectors = same_batch(P, V, vectors)
    values = values.expand(P.shape[:-1])
    run: Any = _Lyapunov.apply
    solution: Tensor = run(P, V, values, vectors)
    return solution


@described
class _Lyapunov(Function):
    """The solution from a decomposition of P; its derivative calls itself."""

    @staticmethod
    def forward(P: Tensor, V: Tensor, values: Tensor, vectors: Tensor) -> Tensor:
        """Return X."""
        sums = values.unsqueeze(-1) + values.unsqueeze(-2)
        inside = ((vectors.mT @ V @ vectors) / sums).to(V.dtype)
        return vectors @ inside @ vectors.mT

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        """Keep P, its decomposition and the solution."""
        P, _, values, vectors = inputs
        ctx.save_for_backward(P, values, vectors, output)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradients in P and V."""
        P, values, vectors, X = ctx.saved_tensors
        run: Any = _Lyapunov.apply
        S = run(P, gradients[0], values, vectors)
        to_P = -symmetric_part(X.mT @ S + S @ X.mT) if ctx.needs_input_grad[0] else None
        return to_P, S, None, None
