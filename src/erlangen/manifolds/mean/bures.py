r"""The Fréchet mean under the Bures–Wasserstein metric, and its implicit derivative.

Definition: :math:`K = AA^T \leftarrow \bar T K \bar T`, :math:`\bar T = \sum_i w_i T_{K \to X_i}` (Álvarez-Esteban et al. 2016).
Convention: the residual is :math:`\|\bar T - I\|_F`, free of scale and 0 at the mean. :math:`\bar T A = A^{-T}\sum_i w_i (A^T X_i A)^{1/2}`; where the
square in it has used up its digits, :math:`\bar T A = \sum_i w_i B_i O_i` goes on, :math:`X_i = B_iB_i^T`, :math:`O_i` nearest to turning :math:`B_i` into A.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.polar import nearest_orthogonal
from erlangen.linalg.spectral import sqrtm
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.mean.implicit import corrected
from erlangen.manifolds.mean.sample import spread
from erlangen.manifolds.mean.sets import each_set
from erlangen.manifolds.mean.whitened import whitened_sum

__all__ = ["attach_bures", "bures_mean"]

_PATIENCE = 3


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
    A, residual, count = _squares(A, X, w, tol, max_iter)
    if residual > tol and count < max_iter:
        A, residual, count = _factors(A, X, w, tol, max_iter, count)
    return symmetric_part(A @ A.mT) * unit, Certificate("fixed point", count, residual, tol)


def _defect(A: Tensor, moved: Tensor) -> float:
    """Return the norm of ``(moved - A) A^{-1}``."""
    return float(torch.linalg.matrix_norm(torch.linalg.solve(A, moved - A, left=False)))


def _squares(A: Tensor, X: Tensor, w: Tensor, tol: float, max_iter: int) -> tuple[Tensor, float, int]:
    """Iterate with roots of the products ``A^T X A`` until converged or stalled."""
    before, residual, count = math.inf, math.inf, 0
    for _ in range(max_iter):
        count += 1
        moved = torch.linalg.solve(A.mT, whitened_sum(A.mT, X, w, "sqrt"))
        residual = _defect(A, moved)
        if residual <= tol or residual > 0.7 * before:
            break
        A, before = moved, residual
    return A, residual, count


def _factors(A: Tensor, X: Tensor, w: Tensor, tol: float, max_iter: int, count: int) -> tuple[Tensor, float, int]:
    """Iterate with factors turned into A until converged or no longer descending."""
    B = torch.linalg.cholesky(X)
    best, best_A, stale = math.inf, A, 0
    while count < max_iter:
        count += 1
        turn, _ = nearest_orthogonal(B.mT @ A)
        moved = (spread(w, 2) * (B @ turn)).sum(0)
        residual = _defect(A, moved)
        stale = 0 if residual < 0.9 * best else stale + 1
        if residual < best:
            best, best_A = residual, A
        if residual <= tol or stale >= _PATIENCE:
            break
        A = moved
    return best_A, best, count


def attach_bures(K: Tensor, X: Tensor, w: Tensor) -> Tensor:
    r"""Return the mean with its implicit derivative.

    With :math:`K = CC^T` and :math:`S_i = (C^T X_i C)^{1/2}` the derivative :math:`dK = C h C^T` solves
    :math:`\sum_i w_i \mathcal L_{S_i}[S_i h S_i] = \sum_i d(w_i S_i)|_C`.
    """
    C = torch.linalg.cholesky(K.detach())
    frame = C.unsqueeze(-3)
    S = sqrtm(symmetric_part(frame.mT @ X @ frame))
    values, vectors = torch.linalg.eigh(S.detach())
    low, high = values.unsqueeze(-1), values.unsqueeze(-2)
    weight = spread(w.detach(), 2) * (low * high / (low + high))
    mean, basis = torch.linalg.eigh(C.mT @ C)
    low, high = mean.unsqueeze(-1), mean.unsqueeze(-2)
    inverse = (low + high) / (low * high)

    def operator(h: Tensor) -> Tensor:
        turned = vectors.mT @ h.unsqueeze(-3) @ vectors
        return (vectors @ (weight * turned) @ vectors.mT).sum(-3)

    def precondition(h: Tensor) -> Tensor:
        return basis @ (inverse * (basis.mT @ h @ basis)) @ basis.mT

    force = (spread(w, 2) * S).sum(-3)
    return corrected(K, force, C, operator, precondition)
