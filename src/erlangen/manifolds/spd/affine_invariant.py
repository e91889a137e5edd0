r"""The affine-invariant metric, also called Fisher–Rao, natural or trace metric.

Definition: :math:`g_P(U, V) = \operatorname{tr}(P^{-1} U P^{-1} V)`; :math:`d(P, Q) = \|\log(P^{-1/2} Q P^{-1/2})\|_F`.
Convention: factor 1 (not 1/2); computed in the frame of the Cholesky factor, :math:`P = C C^T`, which a congruence leaves as good as the root.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.linalg import whitened_eigenvalues
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spectral import Logarithm, SquareRoot, expm
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.mean.karcher import attach_karcher, karcher_mean
from erlangen.manifolds.spd.graded_frame import framed_function, graded_below, whiten
from erlangen.manifolds.spd.plain_distance import affine_squares
from erlangen.manifolds.spd.spd_metric import SPDMetric

__all__ = ["AffineInvariant"]


def _relative_eigenvalues(x: Tensor, y: Tensor) -> Tensor:
    """Return the eigenvalues of y against x, or of x against y where only y is one matrix: their logarithms differ in sign."""
    if x.ndim > y.ndim == 2:
        x, y = y, x
    C = torch.linalg.cholesky(x)
    if x.ndim > 2 or x.device.type != "cpu":
        return torch.linalg.eigvalsh(whiten(C, y))
    W = torch.linalg.solve_triangular(C, torch.eye(C.shape[-1], dtype=C.dtype), upper=False)
    values: Tensor = whitened_eigenvalues(W, y)
    return values


@dataclass(frozen=True)
class AffineInvariant(SPDMetric):
    r"""The affine-invariant metric on SPD matrices.

    .. math::
        \exp_P V = C \exp(C^{-1} V C^{-T}) C^T, \quad \log_P Q = C \log(C^{-1} Q C^{-T}) C^T, \quad
        \Gamma_{P \to Q} V = E V E^T, \; E = (Q P^{-1})^{1/2}

    Invariant under all congruences :math:`P \mapsto A P A^T`; complete, of non-positive curvature; a symmetric space.

    References
    ----------
    Bhatia, Positive Definite Matrices (2007), ch. 6; Pennec, Fillard & Ayache, IJCV 66 (2006); transport: Sra & Hosseini, SIAM J. Optim. 25 (2015).

    Examples
    --------
    >>> import numpy as np
    >>> P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
    >>> Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
    >>> float(AffineInvariant().dist(P, Q).round(12))
    1.378121941889
    """

    name: ClassVar[str] = "affine-invariant"

    def _inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        C = torch.linalg.cholesky(x)
        return (whiten(C, u) * whiten(C, v)).sum((-2, -1))

    def _exp(self, x: Tensor, v: Tensor, check: bool) -> Tensor:
        C = torch.linalg.cholesky(x)
        return C @ expm(whiten(C, v)) @ C.mT

    def _log(self, x: Tensor, y: Tensor) -> Tensor:
        C = torch.linalg.cholesky(x)
        return C @ framed_function(C, y, Logarithm()) @ C.mT

    def _transport(self, x: Tensor, y: Tensor, v: Tensor, method: str) -> Tensor:
        C = torch.linalg.cholesky(x)
        root = framed_function(C, y, SquareRoot())
        return C @ symmetric_part(root @ whiten(C, v) @ root) @ C.mT

    def _plain_squares(self, x: Tensor, y: Tensor) -> Tensor | None:
        return affine_squares(x, y)

    def _squared_dist(self, x: Tensor, y: Tensor) -> Tensor:
        if not ((torch.is_grad_enabled() and (x.requires_grad or y.requires_grad)) or torch.compiler.is_compiling()):
            values = _relative_eigenvalues(x, y)
            if bool((values[..., 0] > graded_below(x.dtype) * values[..., -1]).all()):
                return values.log().square().sum(-1)
        C = torch.linalg.cholesky(x)
        return framed_function(C, y, Logarithm()).square().sum((-2, -1))

    def _gradient(self, x: Tensor, g: Tensor) -> Tensor:
        return x @ g @ x

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        return karcher_mean(X, w, tol, max_iter, init)

    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor:
        return attach_karcher(mean, X, w)

    def __repr__(self) -> str:
        return "AffineInvariant()"
