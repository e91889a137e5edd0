r"""Normalisation under a metric whose chart makes it flat: log-Euclidean, log-Cholesky, power-Cholesky.

Definition: in the chart :math:`Y' = k (Y - G) + \varphi(W)`; transport is the identity there, one step of the mean is exact.
Convention: squared norms are the chart's times the metric's factor.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.linalg.spd.check_spd import check_spd
from erlangen.manifolds.spd.pullback import PulledBack
from erlangen.nn.spd.normalisation.normaliser import Centred, Normaliser, per_matrix

__all__ = ["FlatNormaliser"]


@dataclass(frozen=True)
class FlatNormaliser(Normaliser):
    """Shift and scale in the chart of a flat metric."""

    metric: PulledBack

    def image(self, X: Tensor) -> Tensor:
        """Return the coordinates."""
        return self.metric.chart.forward(check_spd(X, "X"))

    def preimage(self, Y: Tensor) -> Tensor:
        """Return the matrices with these coordinates."""
        return self.metric.chart.inverse(Y)

    def step(self, Y: Tensor, G: Tensor | None) -> Tensor:
        """Return the arithmetic mean of the coordinates."""
        return Y.mean(0)

    def converged(self, Y: Tensor, differentiable: bool) -> Tensor:
        """Return the same."""
        return Y.mean(0)

    def between(self, A: Tensor, B: Tensor, t: float) -> Tensor:
        """Return the point of the straight line."""
        return A + t * (B - A)

    def centre(self, Y: Tensor, G: Tensor) -> Centred:
        """Return the differences."""
        return Centred(Y - G)

    def tangent(self, B: Tensor) -> Tensor:
        """Return the image under the chart's differential at the identity."""
        identity = torch.eye(B.shape[-1], dtype=B.dtype, device=B.device).expand(B.shape)
        return self.metric.chart.push(identity, B)

    def squares(self, V: Tensor) -> Tensor:
        """Return the squared norms."""
        return self.metric.scale * V.square().sum((-2, -1))

    def leave(self, centred: Centred, k: Tensor, W: Tensor) -> tuple[Tensor, Tensor | int]:
        """Return the sum, refused where it leaves the chart."""
        Y = per_matrix(k) * centred.V + W
        inside = self.metric.chart.contains(Y)
        if not torch.compiler.is_compiling() and not bool(inside.all()):
            index = [int(i) for i in (~inside).nonzero()[0]]
            message = f"sample {index} leaves the domain of the {self.metric.name} metric when it is scaled"
            raise DomainError(message, hint="choose a complete metric, such as log-Cholesky, or a smaller scale")
        return Y, 0
