r"""Normalisation under any metric on SPD matrices that says how to go.

Definition: :math:`X' = \exp_W \Gamma_{I \to W}\, k\, \Gamma_{G \to I} \log_G X` with the metric's own operations.
Convention: no image; a step of the mean is :math:`\exp_G` of the mean logarithm, the first from the arithmetic mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from erlangen.linalg.spd.check_spd import check_spd
from erlangen.nn.spd.normalisation.normaliser import Centred, Normaliser, per_matrix

__all__ = ["GeneralNormaliser"]


@dataclass(frozen=True)
class GeneralNormaliser(Normaliser):
    """Whatever the metric gives; it refuses by itself what leaves its domain."""

    metric: Any

    def image(self, X: Tensor) -> Tensor:
        """Return the matrices themselves."""
        return check_spd(X, "X")

    def preimage(self, Y: Tensor) -> Tensor:
        """Return the matrices themselves."""
        return Y

    def step(self, Y: Tensor, G: Tensor | None) -> Tensor:
        """Return one step of gradient descent."""
        G = Y.mean(0) if G is None else G
        moved: Tensor = self.metric.exp(G, self.metric.log(G, Y).mean(0))
        return moved

    def converged(self, Y: Tensor, differentiable: bool) -> Tensor:
        """Return the metric's mean."""
        found: Tensor = self.metric.mean(Y, axis=0, tol=1e-12, differentiable=differentiable)
        return found

    def between(self, A: Tensor, B: Tensor, t: float) -> Tensor:
        """Return the point of the geodesic."""
        found: Tensor = self.metric.geodesic(A, B, torch.tensor(t, dtype=A.dtype))
        return found

    def centre(self, Y: Tensor, G: Tensor) -> Centred:
        """Return the transported logarithms."""
        return Centred(self.metric.transport(G, self._identity(Y), self.metric.log(G, Y)))

    def squares(self, V: Tensor) -> Tensor:
        """Return the squared norms at the identity."""
        found: Tensor = self.metric.inner(self._identity(V), V, V)
        return found

    def leave(self, centred: Centred, k: Tensor, W: Tensor) -> tuple[Tensor, Tensor | int]:
        """Return the exponentials at W."""
        Z = per_matrix(k) * centred.V
        return self.metric.exp(W, self.metric.transport(self._identity(Z), W, Z)), 0

    @staticmethod
    def _identity(A: Tensor) -> Tensor:
        return torch.eye(A.shape[-1], dtype=A.dtype, device=A.device)
