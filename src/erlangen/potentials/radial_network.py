"""The weights of messages as functions of the distance.

Definition: a multilayer perceptron of the radial basis without biases, ``x -> a(x W / sqrt(k))`` layer by layer, the last one linear.
Convention: weights are standard normal at the start and are scaled as they are used (e3nn's FullyConnectedNet); slopes are by the distance.
"""

from __future__ import annotations

import itertools
import math

import torch
from torch import Tensor, nn

from erlangen.potentials.dual_silu import SILU_SCALE, dual_silu, scaled_silu

__all__ = ["RadialNetwork"]


class RadialNetwork(nn.Module):
    """A network from ``sizes[0]`` radial functions to ``sizes[-1]`` weights.

    Parameters
    ----------
    sizes : tuple of int
        Widths, input and output included.
    generator : torch.Generator, optional
        Source of the initial weights.
    dtype : torch.dtype
        Of the weights.

    Examples
    --------
    >>> RadialNetwork((8, 64, 64, 64, 128))(torch.zeros(3, 8)).shape
    torch.Size([3, 128])
    """

    def __init__(
        self, sizes: tuple[int, ...], *, generator: torch.Generator | None = None, dtype: torch.dtype = torch.float32
    ) -> None:
        super().__init__()
        self.weights = nn.ParameterList(
            nn.Parameter(torch.randn(a, b, generator=generator, dtype=torch.float64).to(dtype))
            for a, b in itertools.pairwise(sizes)
        )

    def forward(self, basis: Tensor) -> Tensor:
        """Return the weights (P, k) for a basis (P, count)."""
        x = basis / math.sqrt(basis.shape[-1])
        for layer in self.weights[:-1]:
            x = x @ layer
            x = scaled_silu(x, SILU_SCALE / math.sqrt(x.shape[-1]))
        return x @ self.weights[-1]

    def with_slope(self, basis: Tensor, slope: Tensor) -> tuple[Tensor, Tensor]:
        """Return the weights and their derivatives by the distance, differentiable once by the parameters."""
        x = torch.cat([basis, slope]) / math.sqrt(basis.shape[-1])
        for layer in self.weights[:-1]:
            x = x @ layer
            x = dual_silu(x, SILU_SCALE / math.sqrt(x.shape[-1]))
        value, derivative = (x @ self.weights[-1]).chunk(2)
        return value, derivative
