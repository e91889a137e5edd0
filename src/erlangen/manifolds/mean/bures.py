r"""The Fréchet mean under the Bures–Wasserstein metric, and its implicit derivative.

Definition: :math:`K = AA^T \leftarrow \bar T K \bar T`, :math:`\bar T = \sum_i w_i T_{K \to X_i}` (Álvarez-Esteban et al. 2016).
Convention: the residual is :math:`\|\bar T - I\|_F`, free of scale and 0 at the mean. :math:`\bar T A = A^{-T}\sum_i w_i (A^T X_i A)^{1/2}`; where the
square has used up its digits, :math:`\bar T A = \sum_i w_i B_i O_i` goes on, :math:`X_i = B_iB_i^T`, :math:`O_i` nearest to turning :math:`B_i` into A.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from erlangen.errors import NotSPDError
from erlangen.linalg.barycentres import descend
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.polar import nearest_orthogonal
from erlangen.linalg.spectral import sqrtm
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.mean.implicit import Equation, eigenbasis_operator, implicit
from erlangen.manifolds.mean.sample import spread
from erlangen.manifolds.mean.sets import each_set
from erlangen.manifolds.mean.whitened import whitened_sum

__all__ = ["attach_bures", "bures_mean"]

_LONGEST = 4.0
_PATIENCE = 6


def bures_mean(
    X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None = None
) -> tuple[Tensor, Certificate]:
    """Return the means of ``X (..., N, n, n)`` and the certificate of the worst set.

    Examples
    --------
    >>> X = torch.tensor([[[1.0]], [[9.0]]], dtype=torch.float64)
    >>> K, record = bures_mean(X, torch.tensor([0.5, 0.5], dtype=torch.float64), 1e-12, 50)
    >>> round(float(K), 12), record.converged
    (4.0, True)
    """
    return each_set(_one_set, X, w, tol, max_iter, init)


def _one_set(X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
    unit = X.diagonal(dim1=-2, dim2=-1).mean()
    X = X / unit
    A = torch.linalg.cholesky((spread(w, 2) * X).sum(0) if init is None else init / unit)
    A, residual, count = _squares(X, w, A, tol, max_iter)
    if residual > tol and count < max_iter:
        A, residual, count = _iterate(_ByFactors(X, w), A, tol, max_iter, count)
    return symmetric_part(A @ A.mT) * unit, Certificate("fixed point", count, residual, tol)


def _squares(X: Tensor, w: Tensor, A: Tensor, tol: float, max_iter: int) -> tuple[Tensor, float, int]:
    """Iterate with roots of ``A^T X A``: in one call of the kernel where it serves."""
    if X.device.type == "cpu" and X.dtype == torch.float64:
        found = descend("bures", X.numpy(), w.numpy(), A.numpy(), tol, max_iter, patience=_PATIENCE)
        if found is not None:
            return torch.from_numpy(found.factor), found.residual, found.iterations
    return _iterate(_BySquares(X, w), A, tol, max_iter, 0)


class _BySquares:
    """The moved factor from roots of ``A^T X A``."""

    def __init__(self, X: Tensor, w: Tensor) -> None:
        self.X, self.w = X, w

    def __call__(self, A: Tensor, inverse: Tensor) -> Tensor | None:
        """Return ``T A``, or nothing where rounding left no positive eigenvalue."""
        try:
            return inverse.mT @ whitened_sum(A.mT, self.X, self.w, "sqrt")
        except NotSPDError:
            return None


class _ByFactors:
    """The moved factor from the factors of the samples, turned into A."""

    def __init__(self, X: Tensor, w: Tensor) -> None:
        self.B, self.w = torch.linalg.cholesky(X), spread(w, 2)

    def __call__(self, A: Tensor, inverse: Tensor) -> Tensor | None:
        """Return ``T A``."""
        turn, _ = nearest_orthogonal(self.B.mT @ A)
        return (self.w * (self.B @ turn)).sum(0)


def _graded(A: Tensor) -> tuple[Tensor, Tensor]:
    """Return A turned from the right so that its columns are orthogonal and ascend, and its inverse.

    Squares of it keep the digits of small eigenvalues, and its inverse has orthogonal rows, good each to rounding.
    """
    left, singular, _ = torch.linalg.svd(A)
    left, singular = left.flip(-1), singular.flip(-1).unsqueeze(-2)
    return left * singular, (left / singular).mT


def _iterate(
    image: Callable[[Tensor, Tensor], Tensor | None], A: Tensor, tol: float, max_iter: int, count: int
) -> tuple[Tensor, float, int]:
    """Iterate until converged, stalled or out of digits; steps are as long as the last change of the gradient allows."""
    best, best_A, stale, step = math.inf, A, 0, 1.0
    before: tuple[Tensor, Tensor] | None = None
    while count < max_iter and stale < _PATIENCE:
        A, inverse = _graded(A)
        moved = image(A, inverse)
        count += 1
        if moved is None:
            break
        defect = (moved - A) @ inverse  # T - I
        residual = float(torch.linalg.matrix_norm(defect))
        stale = 0 if residual < 0.95 * best else stale + 1
        if residual < best:
            best, best_A = residual, A
        if residual <= tol:
            break
        if before is not None:
            step = _step(step, before, defect)
        before = (defect, defect @ A @ A.mT)
        A = A + step * (moved - A)
    return best_A, best, count


def _step(step: float, before: tuple[Tensor, Tensor], defect: Tensor) -> float:
    """Return the reciprocal of the Hessian's Rayleigh quotient along the last step, in the metric there, between 1 and 4."""
    old, weighted = before
    share = float(((old - defect) * weighted).sum()) / (step * float((old * weighted).sum()))
    return min(max(1 / share, 1.0), _LONGEST) if share > 0 else 1.0


def attach_bures(K: Tensor, X: Tensor, w: Tensor) -> Tensor:
    r"""Return the mean with its implicit derivatives.

    With :math:`K = CC^T` and :math:`S_i = (C^T X_i C)^{1/2}`, :math:`\sum_i w_i S_i = C^T C` at the mean, the derivative
    :math:`dK = C h C^T` solves :math:`\sum_i w_i \mathcal L_{S_i}[S_i h S_i] = \sum_i d(w_i S_i)|_C`.
    """
    C = torch.linalg.cholesky(K.detach())
    with torch.no_grad():
        values, vectors = torch.linalg.eigh(_roots(C, X.detach()))
    low, high = values.unsqueeze(-1), values.unsqueeze(-2)
    weight = spread(w.detach(), 2) * (low * high / (low + high))
    mean, basis = torch.linalg.eigh(C.mT @ C)
    low, high = mean.unsqueeze(-1), mean.unsqueeze(-2)
    inverse = (low + high) / (low * high)

    def precondition(h: Tensor) -> Tensor:
        return basis @ (inverse * (basis.mT @ h @ basis)) @ basis.mT

    def defect(K: Tensor, X: Tensor, w: Tensor) -> Tensor:
        C = torch.linalg.cholesky(K)
        return (spread(w, 2) * _roots(C, X)).sum(-3) - C.mT @ C

    return implicit(K, X, w, Equation(defect, C, eigenbasis_operator(vectors, weight), precondition))


def _roots(C: Tensor, X: Tensor) -> Tensor:
    """Return the roots of samples seen from the factor C."""
    frame = C.unsqueeze(-3)
    found: Tensor = sqrtm(symmetric_part(frame.mT @ X @ frame))
    return found
