r"""The network that gives each atom an energy.

Definition: embedding of elements, then for each layer messages, product and readout;
:math:`E_i = s\,\sum_t \mathrm{readout}_t(h_i^{(t)}) + b` (MACE, NeurIPS 2022).
Convention: vectors are receiver minus sender; radial weights are computed once for each undirected pair; energies are without those of single atoms.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from erlangen.potentials.architecture import Architecture, natural
from erlangen.potentials.edge_maps import attach_slope, edge_differences, pairs_to_edges
from erlangen.potentials.graph import Graph
from erlangen.potentials.interaction import Interaction
from erlangen.potentials.many_body import ManyBody
from erlangen.potentials.radial_basis import radial_basis, radial_basis_and_slope
from erlangen.potentials.readout import Readout
from erlangen.representations import spherical_harmonics
from erlangen.representations.products import SymmetricBasis

__all__ = ["Network"]


class Network(nn.Module):
    """The layers of an architecture, with their weights.

    Parameters
    ----------
    architecture : Architecture
        Sizes and choices.
    generator : torch.Generator
        Source of the initial weights.
    dtype : torch.dtype
        Of the weights.
    """

    scale: Tensor
    shift: Tensor
    neighbours: Tensor

    def __init__(self, architecture: Architecture, *, generator: torch.Generator, dtype: torch.dtype) -> None:
        super().__init__()
        self.architecture = architecture
        S, C, layers = len(architecture.species), architecture.channels, range(architecture.layers)
        self.embedding = nn.Parameter(torch.randn(S, C, generator=generator, dtype=torch.float64).to(dtype))
        more: dict[str, Any] = {"generator": generator, "dtype": dtype}
        self.interactions = nn.ModuleList(Interaction(architecture, k, **more) for k in layers)
        self.products = nn.ModuleList(ManyBody(architecture, k, **more) for k in layers)
        widths = [architecture.readout_width if k == len(layers) - 1 and k else 0 for k in layers]
        self.readouts = nn.ModuleList(Readout(C, width, **more) for width in widths)
        for name, value in (("scale", 1.0), ("shift", 0.0), ("neighbours", 1.0)):
            self.register_buffer(name, torch.tensor(value, dtype=torch.float64))

    @staticmethod
    def contraction_maps(architecture: Architecture, layer: int) -> SymmetricBasis:
        """Return the paths of the symmetric contraction of a layer."""
        before, after = natural(tuple(range(architecture.lmax + 1))), natural(architecture.degrees_out(layer))
        return SymmetricBasis(before, after, architecture.correlation, architecture.reduced)

    def forward(
        self,
        graph: Graph,
        positions: Tensor,
        strain: Tensor | None = None,
        *,
        slopes: bool = False,
        threads: int | None = None,
    ) -> Tensor:
        """Return the energy (n,) of each atom beside that of the atom alone.

        Parameters
        ----------
        graph : Graph
            Edges and elements.
        positions : Tensor (n, 3)
            Those of the graph, perhaps with a gradient.
        strain : Tensor (G, 3, 3), optional
            Symmetric strain of each frame.
        slopes : bool
            True: radial weights bring their slopes along, which is faster where forces are wanted, but leaves the result differentiable
            only once by positions.
        threads : int, optional
            Threads of the kernels.
        """
        vectors = edge_differences(positions, graph.senders, graph.receivers)
        if graph.offsets is not None:
            vectors = vectors + graph.offsets
        if strain is not None:
            per_edge = strain.index_select(0, graph.frame.index_select(0, graph.receivers))
            vectors = vectors + torch.bmm(vectors.unsqueeze(1), per_edge).squeeze(1)
        degrees = range(self.architecture.lmax + 1)
        Y = spherical_harmonics(degrees, vectors, normalize=True, normalization="component", threads=threads)
        radial = self._radial(vectors, graph, slopes)
        one_hot = torch.nn.functional.one_hot(graph.elements, len(self.embedding)).to(positions.dtype)
        h = (self.embedding / math.sqrt(len(self.embedding))).index_select(0, graph.elements).unsqueeze(1)
        energies = positions.new_zeros(len(positions))
        neighbours = float(self.neighbours)
        for interaction, product, readout, R in zip(
            self.interactions, self.products, self.readouts, radial, strict=True
        ):
            A, passed = interaction(h, Y, R, graph, one_hot, neighbours, threads)
            h = product(A.contiguous(), graph.elements, passed)
            energies = energies + readout(h[:, 0])
        return energies * float(self.scale) + float(self.shift)

    def _radial(self, vectors: Tensor, graph: Graph, slopes: bool) -> list[Tensor]:
        """Radial weights (E, k) of each layer."""
        sizes = self.architecture
        shape = (sizes.cutoff, sizes.radial_functions, sizes.cutoff_power)
        distance = torch.linalg.vector_norm(vectors.index_select(0, graph.first), dim=1)
        networks: list[Any] = [interaction.radial for interaction in self.interactions]
        if slopes:
            basis, slope = radial_basis_and_slope(distance.detach(), *shape)
            found = [attach_slope(distance, *network.with_slope(basis, slope)) for network in networks]
        else:
            values = radial_basis(distance, *shape)
            found = [network(values) for network in networks]
        return [pairs_to_edges(values, graph.pair, graph.first, graph.second) for values in found]
