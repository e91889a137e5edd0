r"""The Bures–Wasserstein metric itself, without parameters; every other one is a pull-back of it.

Definition: :math:`g_P(V, W) = \tfrac12\operatorname{tr}(\mathcal L_P[V]\, W)`, :math:`P \mathcal L + \mathcal L P = V`;
:math:`d(P, Q) = \min_O \|A - BO\|_F` with :math:`P = AA^T, Q = BB^T`.
Convention: with the factor 1/2 (without it distances are off by :math:`\sqrt 2`); log and geodesics by A and BO, which squares no condition number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.linalg import bures_distances
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd import bures_squared_distance, lyapunov, procrustes
from erlangen.linalg.spd.broadcast import same_batch
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.mean.bures import attach_bures, bures_mean
from erlangen.manifolds.spd.bures_transport import transport_bures
from erlangen.manifolds.spd.spd_metric import SPDMetric, refuse_outside

__all__ = ["Bures"]


def _by_kernel(x: Tensor, y: Tensor) -> Tensor:
    """Return squared distances without gradient, of many matrices to one or of partners."""
    if x.ndim == 2:
        x, y = y, x
    paired = y.ndim > 2
    if paired:
        x, y = same_batch(x, y)
    found: Tensor = bures_distances(x, y, paired=paired, squared=True)
    return found


@dataclass(frozen=True)
class Bures(SPDMetric):
    """The metric of optimal transport between centred Gaussians; see :class:`erlangen.manifolds.BuresWasserstein`.

    Examples
    --------
    >>> Bures().dist([[1.0]], [[9.0]])  # the difference of the roots
    array(2.)
    """

    name: ClassVar[str] = "bures-wasserstein"
    transports: ClassVar[tuple[str, ...]] = ("closed", "pole_ladder", "ode")

    def _inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        return (lyapunov(x, u) * v).sum((-2, -1)) / 2

    def _exp(self, x: Tensor, v: Tensor, check: bool) -> Tensor:
        L = lyapunov(x, v)
        if check:
            least = self._least(L)
            refuse_outside(least > 0, least, "I + L_x[v]", "it must be positive")
        factor = L + torch.eye(L.shape[-1], dtype=L.dtype, device=L.device)
        return factor @ x @ factor

    def _log(self, x: Tensor, y: Tensor) -> Tensor:
        A, lift = self._lift(x, y)
        half = lift @ A.mT
        return half + half.mT

    @staticmethod
    def _lift(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Return the factor A of x and the horizontal vector BO - A that leads to y."""
        A, B = torch.linalg.cholesky(x), torch.linalg.cholesky(y)
        return A, B @ procrustes(A, B) - A

    @array_edge("x", "y", "t")
    def geodesic(self, x: Tensor, y: Tensor, t: Tensor) -> Tensor:
        """Return the point at ``t`` on the geodesic from x (t = 0) to y (t = 1), ``t`` a number or ``(...)``."""
        A, lift = self._lift(*self._pair(x, y))
        factor = A + self.along(t, A) * lift
        return symmetric_part(factor @ factor.mT)

    def _transport(self, x: Tensor, y: Tensor, v: Tensor, method: str) -> Tensor:
        A, lift = self._lift(x, y)
        return transport_bures(x, y, A, lift, v, method)

    def _squared_dist(self, x: Tensor, y: Tensor) -> Tensor:
        followed = torch.is_grad_enabled() and (x.requires_grad or y.requires_grad)
        if followed or torch.compiler.is_compiling() or x.device.type != "cpu" or x.dtype != torch.float64:
            return bures_squared_distance(x, y)
        return _by_kernel(x, y)

    def _gradient(self, x: Tensor, g: Tensor) -> Tensor:
        product = x @ g
        return 2 * (product + product.mT)

    @staticmethod
    def _least(L: Tensor) -> Tensor:
        """Return the smallest eigenvalue of I + L, without gradient."""
        return 1 + torch.linalg.eigvalsh(L.detach())[..., 0]

    def _domain(self, x: Tensor, v: Tensor) -> Tensor:
        return self._least(lyapunov(x, v)) > 0

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        return bures_mean(X, w, tol, max_iter, init)

    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor:
        return attach_bures(mean, X, w)
