r"""The derivatives of a fixed point by the implicit function theorem.

Definition: K solves :math:`F(K, X, w) = 0`; :math:`dK = C\,h\,C^T`, :math:`K = CC^T`, with :math:`\mathcal A h = dF|_K`,
:math:`\mathcal A = -\partial_K F` at K.
Convention: the first derivative is that of F with K held, through :math:`\mathcal A^{-1}` by conjugate gradients. The second is that of two steps
:math:`K \leftarrow K + C\,\mathcal A^{-1}F(K, X, w)\,C^T` from K held, each of which makes one more order right; a third is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.once import twice

__all__ = ["Equation", "conjugate_gradients", "eigenbasis_operator", "implicit"]

Operator = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Equation:
    """What a fixed point solves: the defect F of (K, X, w), the frame C, the operator A and a guess at its inverse.

    Examples
    --------
    >>> Equation(lambda K, X, w: X - K, torch.eye(1), lambda h: h, lambda h: h).solve(torch.eye(1))
    tensor([[1.]])
    """

    defect: Callable[[Tensor, Tensor, Tensor], Tensor]
    frame: Tensor
    operator: Operator
    precondition: Operator

    def solve(self, b: Tensor, *, vanishes: bool = False) -> Tensor:
        """Return the inverse operator applied to a symmetric matrix, differentiable in it any number of times.

        One that ``vanishes`` up to rounding counts as 0, and has its derivative all the same.
        """
        run: Any = _Solution.apply
        found: Tensor = run(b, self, vanishes)
        return found


def eigenbasis_operator(vectors: Tensor, weight: Tensor) -> Operator:
    """Return the sum over samples of multiplications by ``weight (..., N, n, n)``, each in the basis of its ``vectors``.

    Examples
    --------
    >>> eigenbasis_operator(torch.eye(1)[None], torch.full((1, 1, 1), 3.0))(torch.eye(1))
    tensor([[3.]])
    """

    def operator(h: Tensor) -> Tensor:
        turned = vectors.mT @ h.unsqueeze(-3) @ vectors
        return (vectors @ (weight * turned) @ vectors.mT).sum(-3)

    return operator


def implicit(K: Tensor, X: Tensor, w: Tensor, equation: Equation) -> Tensor:
    """Return K with the derivatives in X and w that its equation gives it.

    Examples
    --------
    >>> x = torch.tensor([[2.0]], requires_grad=True)
    >>> square = Equation(lambda K, X, w: X - K * K, torch.eye(1), lambda h: 4 * h, lambda h: h / 4)  # 2 K = 4 at K = 2
    >>> K = implicit(torch.tensor([[2.0]]), x + 2, torch.ones(1), square)
    >>> (slope,) = torch.autograd.grad(K, x, create_graph=True)
    >>> slope.item(), torch.autograd.grad(slope, x)[0].item()  # of the root at 4
    (0.25, -0.03125)
    """
    if not (X.requires_grad or w.requires_grad):
        return K
    run: Any = _Implicit.apply
    found: Tensor = run(X, w, K.detach(), equation)
    return found


class _Implicit(Function):
    """The fixed point as a function of the samples and their weights."""

    @staticmethod
    def forward(ctx: Any, X: Tensor, w: Tensor, K: Tensor, equation: Equation) -> Tensor:
        """Return a copy of K."""
        ctx.save_for_backward(X, w, K)
        ctx.equation = equation
        return K.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradients in X and w."""
        X, w, K = ctx.saved_tensors
        equation, G, needs = ctx.equation, gradients[0], ctx.needs_input_grad[:2]
        again = torch.is_grad_enabled()
        with torch.enable_grad():
            if not again:
                X, w = (item.detach().requires_grad_(need) for item, need in zip((X, w), needs, strict=True))
            wanted = [item for item, need in zip((X, w), needs, strict=True) if need]
            moved = _steps(K, X, w, equation, 2 if again else 1)
            found = torch.autograd.grad(moved, wanted, symmetric_part(G), create_graph=again)
        if again:
            found = tuple(twice(item, "the implicit mean", X, w, G) for item in found)
        rest = iter(found)
        return *(next(rest) if need else None for need in needs), None, None


def _steps(K: Tensor, X: Tensor, w: Tensor, equation: Equation, count: int) -> Tensor:
    """Return K after steps that do not move it, but carry derivatives of as many orders."""
    C = equation.frame
    for _ in range(count):
        K = K + C @ equation.solve(symmetric_part(equation.defect(K, X, w)), vanishes=True) @ C.mT
    return K


class _Solution(Function):
    """The solution of a constant self-adjoint equation."""

    @staticmethod
    def forward(ctx: Any, b: Tensor, equation: Equation, vanishes: bool) -> Tensor:
        """Return the solution."""
        ctx.equation = equation
        if vanishes:
            return torch.zeros_like(b)
        with torch.no_grad():
            found, record = conjugate_gradients(equation.operator, b, equation.precondition)
        record.warn("the implicit derivative of a mean", "look at the condition of the matrices")
        return found

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the same of the gradient."""
        return ctx.equation.solve(symmetric_part(gradients[0])), None, None


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
