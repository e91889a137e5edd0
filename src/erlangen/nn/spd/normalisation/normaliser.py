r"""What a metric must do to normalise a batch.

Definition: :math:`Y = \varphi(X)`; :math:`V_i = \Gamma_{G \to I} \log_G Y_i`; :math:`Y'_i = \exp_W \Gamma_{I \to W}(k V_i)`; :math:`X' = \varphi^{-1}(Y')`.
Convention: k is ``(channels,)``; squared norms are those of the metric on the SPD matrices, not of its image.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

__all__ = ["Centred", "Normaliser", "per_matrix"]


def per_matrix(k: Tensor) -> Tensor:
    """Return numbers with the two axes of a matrix behind them."""
    return k[..., None, None]


@dataclass(frozen=True)
class Centred:
    """A centred batch: tangent vectors at the identity in some frame, and what the normaliser keeps for the way out."""

    V: Tensor
    kept: Any = None


class Normaliser(ABC):
    """Operations of one metric on a batch; all are differentiable unless their arguments carry no gradient."""

    @abstractmethod
    def image(self, X: Tensor) -> Tensor:
        """Return the batch where it is computed with, refused if it is not positive definite."""

    @abstractmethod
    def preimage(self, Y: Tensor) -> Tensor:
        """Return the way back."""

    def expect(self, *matrices: Tensor) -> None:  # noqa: B027 - a hint that most need not take
        """Say which single matrices will be asked for, so that they may be decomposed together."""

    @abstractmethod
    def step(self, Y: Tensor, G: Tensor | None) -> Tensor:
        """Return the estimate of the mean after one more step, the first one if there is none."""

    @abstractmethod
    def converged(self, Y: Tensor, differentiable: bool) -> Tensor:
        """Return the Fréchet mean."""

    @abstractmethod
    def between(self, A: Tensor, B: Tensor, t: float) -> Tensor:
        """Return the point at t on the geodesic from A to B."""

    @abstractmethod
    def centre(self, Y: Tensor, G: Tensor) -> Centred:
        """Return the logarithms at G, moved to the identity."""

    def vectors(self, Y: Tensor, G: Tensor) -> Tensor:
        """Return the same vectors in the standard basis, differentiable in both."""
        return self.centre(Y, G).V

    def tangent(self, B: Tensor) -> Tensor:
        """Return symmetric tangent vectors at the identity as this normaliser writes them."""
        return B

    @abstractmethod
    def squares(self, V: Tensor) -> Tensor:
        """Return their squared norms, ``(N, channels)``."""

    @abstractmethod
    def leave(self, centred: Centred, k: Tensor, W: Tensor) -> tuple[Tensor, Tensor | int]:
        """Return the exponentials at W of k times the vectors moved there, and how many left the domain."""

    def squares_about_identity(self, Y: Tensor) -> Tensor:
        """Return the squared distances to the identity, which the released layer takes for the dispersion."""
        identity = torch.eye(Y.shape[-1], dtype=Y.dtype, device=Y.device).expand(Y.shape[1:])
        return self.squares(self.centre(Y, self.image(identity)).V)

    def unit(self, G: Tensor) -> Tensor:
        """Return the unit of the squared distance, ``(channels,)``: 1 for metrics that see no units."""
        return torch.ones(G.shape[0], dtype=G.dtype, device=G.device)

    def mean(self, Y: Tensor, iterations: int | str, differentiable: bool) -> Tensor:
        """Return the mean after some steps, or the converged one."""
        if iterations == "converged":
            return self.converged(Y, differentiable)
        G = None
        for _ in range(int(iterations)):
            G = self.step(Y, G)
        if G is None:
            message = "a mean takes at least one step"
            raise ValueError(message)
        return G
