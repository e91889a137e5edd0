r"""The Fréchet mean under the affine-invariant metric, and its implicit derivative.

Definition: :math:`K = CC^T \leftarrow C\exp(\nu J)C^T` with :math:`J = \sum_i w_i \log(C^{-1} X_i C^{-T})`; optimal where J = 0.
Convention: the residual is :math:`\|J\|_F`, free of scale; the step is the reciprocal of the Hessian's Rayleigh quotient along the last step.
Where it stalls it goes on with factors of the samples; where it stalls again, rounding (the condition of K in units of
:math:`\varepsilon`) is the tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from erlangen.errors import NotSPDError
from erlangen.linalg.barycentres import descend
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spectral import logm
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.mean.implicit import Equation, eigenbasis_operator, implicit
from erlangen.manifolds.mean.sample import spread
from erlangen.manifolds.mean.sets import each_set
from erlangen.manifolds.mean.whitened import whitened_sum

__all__ = ["attach_karcher", "iterate_factor", "karcher_mean"]

_PATIENCE = 8
_SHORTEST = 0.05  # of a step: the Hessian of a squared distance grows like half the distance


def karcher_mean(
    X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None = None
) -> tuple[Tensor, Certificate]:
    """Return the means of ``X (..., N, n, n)`` and the certificate of the set that converged last.

    Examples
    --------
    >>> X = torch.tensor([[[1.0]], [[4.0]]], dtype=torch.float64)
    >>> K, record = karcher_mean(X, torch.tensor([0.5, 0.5], dtype=torch.float64), 1e-12, 50)
    >>> round(float(K), 12), record.converged
    (2.0, True)
    """
    return each_set(_one_set, X, w, tol, max_iter, init)


def _one_set(X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
    C = torch.linalg.cholesky((spread(w, 2) * X).sum(0) if init is None else init)
    C, residual, count, stalled = _squares(X, w, C, tol, max_iter)
    if residual > tol and count < max_iter:
        C, residual, count, stalled = iterate_factor(_ByFactors(X, w), C, tol, max_iter, count)
    goal = max(tol, torch.finfo(X.dtype).eps * float(torch.linalg.cond(C)) ** 2) if stalled else tol
    return symmetric_part(C @ C.mT), Certificate("Karcher's iteration", count, residual, goal)


def _squares(X: Tensor, w: Tensor, C: Tensor, tol: float, max_iter: int) -> tuple[Tensor, float, int, bool]:
    """Iterate with whitened matrices: in one call of the kernel where it serves."""
    if X.device.type == "cpu" and X.dtype == torch.float64:
        found = descend("affine", X.numpy(), w.numpy(), C.numpy(), tol, max_iter, patience=_PATIENCE)
        if found is not None:
            return torch.from_numpy(found.factor), found.residual, found.iterations, found.verdict == "stalled"
    return iterate_factor(_BySquares(X, w), C, tol, max_iter, 0)


class _BySquares:
    """The mean logarithm from whitened matrices."""

    def __init__(self, X: Tensor, w: Tensor) -> None:
        self.X, self.w = X, w

    def __call__(self, W: Tensor) -> Tensor | None:
        """Return J, or nothing where rounding left no positive eigenvalue."""
        try:
            return whitened_sum(W, self.X, self.w, "log")
        except NotSPDError:
            return None


class _ByFactors:
    """The mean logarithm from whitened factors: twice the logarithms of their singular values, which rounding hurts half as much."""

    def __init__(self, X: Tensor, w: Tensor) -> None:
        self.B, self.w = torch.linalg.cholesky(X), spread(w, 2)

    def __call__(self, W: Tensor) -> Tensor:
        """Return J."""
        left, singular, _ = torch.linalg.svd(W @ self.B)
        logs = (left * (2 * singular.log()).unsqueeze(-2)) @ left.mT
        return symmetric_part((self.w * logs).sum(0))


def iterate_factor(
    image: Callable[[Tensor], Tensor | None],
    C: Tensor,
    tol: float,
    max_iter: int,
    count: int,
    *,
    longest: float = 1.0,
    patience: int = _PATIENCE,
) -> tuple[Tensor, float, int, bool]:
    """Return the best factor, its residual, the number of steps, and whether the iteration stalled above ``tol``."""
    W = torch.linalg.inv(C)
    step, before = 1.0, None
    best, best_C, stale = math.inf, C, 0
    while count < max_iter:
        J = image(W)
        count += 1
        if J is None:
            break
        residual = float(torch.linalg.matrix_norm(J))
        stale = 0 if residual < 0.9 * best else stale + 1
        if residual < best:
            best, best_C = residual, C
        if residual <= tol or stale >= patience:
            break
        if before is not None:
            curvature = float(((before - J) * before).sum()) / (step * float(before.square().sum()))
            step = min(max(1 / curvature, _SHORTEST), longest) if curvature > 0 else max(step / 2, _SHORTEST)
        before = J
        values, vectors = torch.linalg.eigh(J)
        grown = (step / 2 * values).exp()
        C = C @ symmetric_part((vectors * grown) @ vectors.mT)
        W = symmetric_part((vectors / grown) @ vectors.mT) @ W
    return best_C, best, count, stale >= patience


def attach_karcher(K: Tensor, X: Tensor, w: Tensor) -> Tensor:
    r"""Return the mean with its implicit derivatives.

    In the frame of K the derivative h solves :math:`\sum_i w_i H_i h = \sum_i w_i\, dY_i` with :math:`Y_i = \log(C^{-1}X_iC^{-T})`
    and :math:`H_i` multiplying by :math:`(\delta/2)\coth(\delta/2)`, :math:`\delta = y_a - y_b`, in the eigenbasis of :math:`Y_i`.
    """
    C = torch.linalg.cholesky(K.detach())
    with torch.no_grad():
        values, vectors = torch.linalg.eigh(_logarithms(C, X.detach()))
    half = (values.unsqueeze(-1) - values.unsqueeze(-2)) / 2
    safe = torch.where(half.abs() < 1e-4, 1.0, half)
    factor = torch.where(half.abs() < 1e-4, 1 + half * half / 3, safe / safe.tanh())
    weight = spread(w.detach(), 2) * factor

    def defect(K: Tensor, X: Tensor, w: Tensor) -> Tensor:
        return (spread(w, 2) * _logarithms(torch.linalg.cholesky(K), X)).sum(-3)

    return implicit(K, X, w, Equation(defect, C, eigenbasis_operator(vectors, weight), lambda h: h))


def _logarithms(C: Tensor, X: Tensor) -> Tensor:
    """Return the logarithms of samples in the frame C."""
    inside = torch.linalg.solve_triangular(C.unsqueeze(-3), X, upper=False)
    inside = torch.linalg.solve_triangular(C.unsqueeze(-3).mT, inside, upper=True, left=False)
    found: Tensor = logm(symmetric_part(inside))
    return found
