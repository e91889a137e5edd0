r"""Features of many bodies from the atomic basis, and the linear map after them.

Definition: :math:`h'_i = \mathrm{Linear}\,B(A_i, z_i)` plus what the layer passes on; B is the symmetric contraction, or powers by products on the sphere.
Convention: one channel at a time, weights by element; the linear map mixes channels.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from erlangen.nn import GauntSelfInteraction, SymmetricContraction
from erlangen.potentials.architecture import Architecture, natural
from erlangen.potentials.channel_mixing import component_owner, mix_channels

__all__ = ["ManyBody"]


class ManyBody(nn.Module):
    """The product of one layer.

    Parameters
    ----------
    architecture : Architecture
        Of the potential.
    layer : int
        Which of its layers.
    generator : torch.Generator
        Source of the initial weights.
    dtype : torch.dtype
        Of the weights.
    """

    owner: Tensor

    def __init__(
        self, architecture: Architecture, layer: int, *, generator: torch.Generator, dtype: torch.dtype
    ) -> None:
        super().__init__()
        C, after = architecture.channels, architecture.degrees_out(layer)
        self.contraction = _contraction(architecture, after, generator, dtype)
        self.symmetric = isinstance(self.contraction, SymmetricContraction)
        normal = torch.randn(len(after), C, C, generator=generator, dtype=torch.float64)
        self.linear = nn.Parameter(normal.to(dtype))
        self.register_buffer("owner", component_owner(after), persistent=False)
        self.scale = 1 / math.sqrt(C)

    def forward(self, A: Tensor, elements: Tensor, passed: Tensor | None) -> Tensor:
        """Return the features (n, components, C) that leave the layer."""
        B = self.contraction(A if self.symmetric else A.flatten(1), elements)
        B = B if self.symmetric else B.unflatten(1, (-1, A.shape[2]))
        out = mix_channels(B, self.linear * self.scale, self.owner)
        if passed is None:
            return out
        missing = out.shape[1] - passed.shape[1]  # passed on are the lowest degrees
        return out + (torch.nn.functional.pad(passed, (0, 0, 0, missing)) if missing else passed)


def _contraction(
    architecture: Architecture, after: tuple[int, ...], generator: torch.Generator, dtype: torch.dtype
) -> nn.Module:
    """The symmetric contraction, or powers of functions on the sphere."""
    C, elements = architecture.channels, len(architecture.species)
    before, wanted = natural(tuple(range(architecture.lmax + 1)), C), natural(after, C)
    if architecture.product == "clebsch-gordan":
        return SymmetricContraction(
            before, wanted, architecture.correlation, elements, reduced=architecture.reduced, layout="ir_mul",
            rng=generator, dtype=dtype,
        )  # fmt: skip
    complete = architecture.product == "complete-gaunt"
    return GauntSelfInteraction(
        before, architecture.correlation, wanted, factors=architecture.power_factors, route=architecture.route,
        complete=complete, num_elements=elements, rank=architecture.rank, layout="ir_mul", rng=generator, dtype=dtype,
    )  # fmt: skip
