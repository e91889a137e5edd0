"""From scalar features to the energy of an atom.

Definition: a linear form of the scalars, or for the last layer one hidden layer with the scaled SiLU (MACE, NeurIPS 2022, eq. 12).
Convention: weights are standard normal and are scaled as they are used; there is no bias.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from erlangen.potentials.dual_silu import scaled_silu

__all__ = ["Readout"]


class Readout(nn.Module):
    """Site energies from ``channels`` scalars, through ``width`` hidden units or none.

    Examples
    --------
    >>> Readout(8, 0, generator=torch.Generator().manual_seed(0), dtype=torch.float32)(torch.zeros(5, 8)).shape
    torch.Size([5])
    """

    def __init__(self, channels: int, width: int, *, generator: torch.Generator, dtype: torch.dtype) -> None:
        super().__init__()
        shapes = [(channels, width), (width, 1)] if width else [(channels, 1)]
        self.weights = nn.ParameterList(
            nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)) for shape in shapes
        )

    def forward(self, scalars: Tensor) -> Tensor:
        """Return energies (n,) for scalars (n, channels)."""
        x = scalars @ (self.weights[0] / math.sqrt(scalars.shape[1]))
        if len(self.weights) == 2:
            x = scaled_silu(x) @ (self.weights[1] / math.sqrt(x.shape[1]))
        return x.squeeze(-1)
