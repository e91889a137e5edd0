r"""Diffeomorphisms from the SPD cone, along which metrics are pulled back.

Definition: :math:`\varphi` with its inverse, its differential ``push(x, v)`` and the differential's inverse ``pull(x, w)``.
Convention: differentials act on symmetric v; ``covector`` turns a Euclidean gradient at x into that of :math:`f \circ \varphi^{-1}`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import torch
from torch import Tensor

from erlangen.linalg.spd.broadcast import same_batch
from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import SpectralDerivative, symmetric_part
from erlangen.linalg.spectral.spectral_function import SpectralFunction

__all__ = ["Chart", "spectral_differential"]


def spectral_differential(A: Tensor, V: Tensor, f: SpectralFunction) -> Tensor:
    r"""Return the derivative of f(A) in the direction V, :math:`U[(U^T V U) \circ f[\lambda_i, \lambda_j]]U^T`, itself differentiable twice.

    Examples
    --------
    >>> from erlangen.linalg.spectral import Logarithm
    >>> spectral_differential(2 * torch.eye(1), torch.eye(1), Logarithm())
    tensor([[0.5000]])
    """
    A, V = same_batch(A, V)
    values, vectors = decompose(A)
    run: Any = SpectralDerivative.apply
    found: Tensor = run(A, V, values, vectors, f)
    return symmetric_part(found)


class Chart(ABC):
    """A diffeomorphism from the SPD matrices onto an open set of matrices."""

    @abstractmethod
    def forward(self, x: Tensor) -> Tensor:
        """Return the image of points."""

    @abstractmethod
    def inverse(self, y: Tensor) -> Tensor:
        """Return the points with these images."""

    @abstractmethod
    def push(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the differential at x applied to v."""

    @abstractmethod
    def pull(self, x: Tensor, w: Tensor) -> Tensor:
        """Return the tangent vector at x that the differential sends to w."""

    def contains(self, y: Tensor) -> Tensor:
        """Return whether y belongs to the image, ``(...)``; everything, unless a chart says otherwise."""
        return torch.ones(y.shape[:-2], dtype=torch.bool, device=y.device)

    def covector(self, x: Tensor, g: Tensor) -> Tensor:
        r"""Return the Euclidean gradient of :math:`f \circ \varphi^{-1}` at the image of x from that of f at x."""
        keep = torch.is_grad_enabled() and (x.requires_grad or g.requires_grad)
        with torch.enable_grad():
            y = self.forward(x)
            y = y if keep and y.requires_grad else y.detach().requires_grad_()
            (found,) = torch.autograd.grad(self.inverse(y), y, g.expand(y.shape), create_graph=keep)
        return found
