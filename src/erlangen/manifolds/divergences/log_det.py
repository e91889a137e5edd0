r"""The log-det distance, Bhattacharyya's distance of centred Gaussians and the root of Stein's divergence.

Definition: :math:`d^2(P, Q) = \log\det\tfrac{P + Q}{2} - \tfrac12\log\det PQ = \sum_j \log\cosh(t_j/2)`, :math:`t_j` the logarithms of the eigenvalues
of :math:`Q^{-1}P` (Sra 2012, eq. 4).
Convention: the distance is the root, as pyriemann's ``logdet``; a metric, but not Riemannian: near P its square is an eighth of the affine-invariant one.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.broadcast import same_batch
from erlangen.linalg.spectral import powm
from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.divergences.divergence import Divergence, relative_logarithms, with_value
from erlangen.manifolds.mean.implicit import Equation, eigenbasis_operator, implicit
from erlangen.manifolds.mean.sample import spread
from erlangen.manifolds.metric import safe_root

__all__ = ["LogDet"]


class LogDet(Divergence):
    r"""The log-det distance; its mean minimises :math:`\sum_i w_i d^2(X_i, K)` and needs no eigendecomposition.

    The mean is the fixed point of :math:`K \mapsto \big(\sum_i w_i (\tfrac{X_i + K}{2})^{-1}\big)^{-1}`, a contraction of Thompson's metric;
    the residual is the length of a step in the frame of K.

    References
    ----------
    Sra, NeurIPS 2012 and Proc. Amer. Math. Soc. 144 (2016); Chebbi & Moakher, Linear Algebra Appl. 436 (2012).

    Examples
    --------
    >>> import numpy as np
    >>> float(LogDet().dist(np.eye(1), 9 * np.eye(1)).round(9))  # the root of log(5/3)
    0.714720661
    """

    name: ClassVar[str] = "log-det"

    def _dist(self, x: Tensor, y: Tensor) -> Tensor:
        square = (2 * (relative_logarithms(x, y) / 4).sinh().square()).log1p().sum(-1)
        if not (x.requires_grad or y.requires_grad):
            return square.sqrt().to(x.dtype)
        x, y = same_batch(x, y)
        return safe_root(with_value(((x + y) / 2).logdet() - (x.logdet() + y.logdet()) / 2, square))

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        K = symmetric_part((spread(w, 2) * X).sum(-3)) if init is None else init
        residual, count = float("inf"), 0
        while residual > tol and count < max_iter:
            C = torch.linalg.cholesky(K)
            moved = _inverse((spread(w, 2) * _inverse((X + K.unsqueeze(-3)) / 2)).sum(-3))
            step = torch.linalg.solve_triangular(C, moved - K, upper=False)
            step = torch.linalg.solve_triangular(C.mT, step, upper=True, left=False)
            residual, K, count = float(torch.linalg.matrix_norm(step).max()), moved, count + 1
        return K, Certificate("fixed point", count, residual, tol)

    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor:
        """Return the mean with its derivatives: in the eigenbasis of M_i the operator multiplies by (m_a + m_b) / ((1 + m_a)(1 + m_b))."""
        C = torch.linalg.cholesky(mean.detach())
        with torch.no_grad():
            values, vectors = decompose(whitened(C, X.detach()))
        a, b = values.unsqueeze(-1), values.unsqueeze(-2)
        weight = spread(w.detach(), 2) * ((a + b) / ((1 + a) * (1 + b))).to(X.dtype)

        def defect(K: Tensor, X: Tensor, w: Tensor) -> Tensor:
            identity = torch.eye(X.shape[-1], dtype=X.dtype, device=X.device)
            halves = (whitened(torch.linalg.cholesky(K), X) + identity) / 2
            return identity - (spread(w, 2) * powm(halves, -1)).sum(-3)

        return implicit(mean, X, w, Equation(defect, C, eigenbasis_operator(vectors, weight), lambda h: h))


def _inverse(A: Tensor) -> Tensor:
    return symmetric_part(torch.cholesky_inverse(torch.linalg.cholesky(symmetric_part(A))))


def whitened(C: Tensor, X: Tensor) -> Tensor:
    """Return samples in the frame C."""
    inside = torch.linalg.solve_triangular(C.unsqueeze(-3), X, upper=False)
    return symmetric_part(torch.linalg.solve_triangular(C.unsqueeze(-3).mT, inside, upper=True, left=False))
