r"""The derivative of a fixed point by the implicit function theorem.

Definition: K solves :math:`F(K, X) = 0`; :math:`dK = C\,h\,C^T` with :math:`\mathcal A h = dF|_K`, :math:`K = CC^T`.
Convention: the value is K, the gradient passes through F by autograd and through :math:`\mathcal A^{-1}` by conjugate gradients; there is no second one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.once import once

__all__ = ["conjugate_gradients", "corrected"]

Operator = Callable[[Tensor], Tensor]


def corrected(K: Tensor, force: Tensor, C: Tensor, operator: Operator, precondition: Operator) -> Tensor:
    """Return K with the derivative that ``force``, which vanishes there, gives it.

    Examples
    --------
    >>> x = torch.tensor([[2.0]], requires_grad=True)
    >>> K = corrected(torch.tensor([[2.0]]), x - 2.0, torch.tensor([[1.0]]), lambda h: 4 * h, lambda h: h / 4)
    >>> torch.autograd.grad(K, x)
    (tensor([[0.2500]]),)
    """
    if not force.requires_grad:
        return K
    run: Any = _Correction.apply
    found: Tensor = run(force, K.detach(), C, operator, precondition)
    return found


class _Correction(Function):
    """The fixed point as a function of its defect."""

    @staticmethod
    def forward(ctx: Any, force: Tensor, K: Tensor, C: Tensor, operator: Operator, precondition: Operator) -> Tensor:
        """Return a copy of K."""
        ctx.save_for_backward(force, C)
        ctx.operator, ctx.precondition = operator, precondition
        return K.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        r"""Return :math:`\mathcal A^{-1}[C^T G C]`."""
        force, C = ctx.saved_tensors
        with torch.no_grad():
            G = symmetric_part(C.mT @ gradients[0] @ C)
            found, record = conjugate_gradients(ctx.operator, G, ctx.precondition)
        record.warn("the implicit derivative of a mean", "look at the condition of the matrices")
        return once(found, "the implicit mean", force, gradients[0]), None, None, None, None


def conjugate_gradients(
    operator: Operator, b: Tensor, precondition: Operator, *, tol: float = 0.0, max_iter: int = 500
) -> tuple[Tensor, Certificate]:
    """Return the solution of a symmetric positive definite equation on matrices ``(..., n, n)``, one for each batch index.

    Examples
    --------
    >>> x, record = conjugate_gradients(lambda h: 2 * h, torch.ones(1, 1), lambda h: h)
    >>> float(x), record.converged
    (0.5, True)
    """
    tiny = torch.finfo(b.dtype).tiny
    goal = tol or 100 * torch.finfo(b.dtype).eps

    def dot(a: Tensor, c: Tensor) -> Tensor:
        return (a * c).sum((-2, -1), keepdim=True)

    x = torch.zeros_like(b)
    r, z = b, precondition(b)
    p, rz = z, dot(r, z)
    size = rz.clamp_min(tiny)
    residual, count = float((rz / size).max().sqrt()), 0
    for _ in range(max_iter):
        count += 1
        Ap = operator(p)
        alpha = rz / dot(p, Ap).clamp_min(tiny)
        x, r = x + alpha * p, r - alpha * Ap
        z = precondition(r)
        new = dot(r, z).clamp_min(0)
        residual = float((new / size).max().sqrt())
        if residual <= goal:
            break
        p, rz = z + new / rz.clamp_min(tiny) * p, new
    return x, Certificate("conjugate gradients", count, residual, goal)
