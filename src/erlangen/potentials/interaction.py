r"""One layer of messages: features of neighbours, weighted by distance, coupled to directions, summed and mixed.

Definition: :math:`A_i = \frac{1}{\bar n}\,\mathrm{Linear}\sum_j R(r_{ij}) \cdot [\mathrm{Linear}\,h_j \otimes Y(\hat r_{ij})]`
(MACE, NeurIPS 2022, eq. 8 and 9).
Convention: weights are standard normal and are scaled as they are used (e3nn's Linear); a residual layer passes :math:`h_i` on through one linear
map an element, a plain one applies such a map to A.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from erlangen.potentials.architecture import Architecture, natural
from erlangen.potentials.channel_mixing import component_owner, mix_channels
from erlangen.potentials.graph import Graph
from erlangen.potentials.radial_network import RadialNetwork
from erlangen.representations.products import MessagePlan, messages

__all__ = ["Interaction"]


class Interaction(nn.Module):
    """The messages of one layer.

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

    mixing_scale: Tensor
    mixing_owner: Tensor
    mixing_target: Tensor
    up_owner: Tensor
    skip_owner: Tensor
    kept_in: Tensor

    def __init__(
        self, architecture: Architecture, layer: int, *, generator: torch.Generator, dtype: torch.dtype
    ) -> None:
        super().__init__()
        C, S = architecture.channels, len(architecture.species)
        before, after = architecture.degrees_in(layer), architecture.degrees_out(layer)
        self.degrees_in, self.lmax, self.channels = before, architecture.lmax, C
        self.residual = architecture.interaction[layer] == "residual"
        self.plan = MessagePlan(natural(before), architecture.target, architecture.target)
        degrees = tuple(path.kind[0] for path in self.plan.paths)

        def normal(*shape: int) -> nn.Parameter:
            return nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype))

        self.up = normal(len(before), C, C)
        self.radial = RadialNetwork(
            (architecture.radial_functions, *architecture.radial_widths, len(degrees) * C),
            generator=generator,
            dtype=dtype,
        )
        self.mixing = normal(len(degrees), C, C)
        self.kept = tuple(l for l in before if l in after) if self.residual else tuple(range(self.lmax + 1))
        self.skip = normal(len(self.kept), C, S, C)
        fan_in = torch.tensor([C * degrees.count(l) for l in degrees], dtype=torch.float64)
        self.register_buffer("mixing_scale", fan_in.rsqrt().reshape(-1, 1, 1).to(dtype), persistent=False)
        self.register_buffer("mixing_owner", component_owner(degrees), persistent=False)
        self.register_buffer("mixing_target", _targets(degrees), persistent=False)
        self.register_buffer("up_owner", component_owner(before), persistent=False)
        self.register_buffer("skip_owner", component_owner(self.kept), persistent=False)
        kept_in = [k for k, l in enumerate(i for i in before for _ in range(2 * i + 1)) if l in self.kept]
        self.all_kept = len(kept_in) == len(self.up_owner)
        self.register_buffer("kept_in", torch.tensor(kept_in), persistent=False)

    def forward(
        self, h: Tensor, Y: Tensor, R: Tensor, graph: Graph, one_hot: Tensor, neighbours: float, threads: int | None
    ) -> tuple[Tensor, Tensor | None]:
        """Return the atomic basis (n, (lmax + 1)², C) and, of a residual layer, what is passed on (n, components kept, C).

        Parameters
        ----------
        h : Tensor (n, components, C)
            Features.
        Y : Tensor (E, (lmax + 1)²)
            Harmonics of the edges.
        R : Tensor (E, paths C)
            Radial weights.
        graph : Graph
            The edges.
        one_hot : Tensor (n, S)
            Elements.
        neighbours : float
            Mean number of neighbours.
        threads : int, optional
            Threads of the kernels.
        """
        passed = (
            self._by_element(h if self.all_kept else h.index_select(1, self.kept_in), one_hot)
            if self.residual
            else None
        )
        lifted = mix_channels(h, self.up / math.sqrt(self.channels), self.up_owner).contiguous()
        weights = R.unflatten(1, (len(self.plan.paths), self.channels))
        m = messages(lifted, Y, weights, graph.senders, graph.receivers, len(h), self.plan, threads=threads)
        matrices = self.mixing * (self.mixing_scale / neighbours)
        A = mix_channels(m, matrices, self.mixing_owner, self.mixing_target, (self.lmax + 1) ** 2)
        return (A if self.residual else self._by_element(A, one_hot)), passed

    def _by_element(self, x: Tensor, one_hot: Tensor) -> Tensor:
        """One linear map an element: features times one-hot elements, mixed."""
        channels, elements = x.shape[2], one_hot.shape[1]
        wide = (x.unsqueeze(-1) * one_hot.reshape(-1, 1, 1, elements)).flatten(2)
        return mix_channels(wide, self.skip.flatten(1, 2) / math.sqrt(channels * elements), self.skip_owner)


def _targets(degrees: tuple[int, ...]) -> Tensor:
    """Component of the atomic basis to which each component of the messages belongs."""
    return torch.cat([torch.arange(l * l, (l + 1) ** 2) for l in degrees])
