r"""The layer of many-body features: every node's feature to the powers 1 … nu, coupled, weighted by element.

Definition: :math:`B_{noc} = \sum_{\nu p} W_{z_n p c} \sum_{i} U^{(p)}_{o, i_1 \dots i_\nu} x_{n i_1 c} \cdots x_{n i_\nu c}` (MACE, NeurIPS 2022, eq. 10).
Convention: all irreps have as many copies as there are channels; layout ``mul_ir`` (nodes, irreps.dim) or ``ir_mul`` (nodes, components, channels).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.errors import DomainError, ShapeError
from erlangen.nn.precision import full_precision, together
from erlangen.random import RngLike
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.symmetric_basis import SymmetricBasis
from erlangen.representations.products.symmetric_contraction import symmetric_contraction
from erlangen.representations.products.symmetric_conversion import initial_scales
from erlangen.validation import check_choice, check_integer

__all__ = ["SymmetricContraction"]


class SymmetricContraction(nn.Module):
    r"""Many-body features by a symmetric contraction, with weights of each element.

    Parameters
    ----------
    irreps_in, irreps_out : Irreps or str
        All of one multiplicity, the number of channels: ``"32x0e+32x1o+32x2e+32x3o"`` to ``"32x0e+32x1o"``.
    correlation : int or sequence of int
        Highest power, for all outputs or for each.
    num_elements : int
        Number of elements, each with weights of its own.
    reduced : bool
        Weights on a basis of the maps (fewer numbers, the same functions), or on all chains of couplings as mace-torch keeps them.
    layout : {"mul_ir", "ir_mul"}
        ``(..., irreps.dim)`` channel-major, or ``(..., components, channels)``, which is faster.
    rng : int, Generator or torch.Generator
        Seed of the weights: normal, of deviation one over the number of chains (as in MACE).
    dtype : torch.dtype, optional
        Of the weights; torch's default where not given.

    Raises
    ------
    DomainError, ShapeError
        If multiplicities differ, an output is out of reach, or features do not fit.

    References
    ----------
    Batatia et al., "MACE", NeurIPS 2022, eq. 10; Dusson et al., J. Comput. Phys. 454 (2022), for the basis.

    Examples
    --------
    >>> layer = SymmetricContraction("8x0e+8x1o+8x2e", "8x0e+8x1o", 3, num_elements=2, rng=0)
    >>> layer(torch.zeros(5, 72), torch.tensor([0, 1, 1, 0, 0])).shape
    torch.Size([5, 32])
    >>> layer.weight.shape
    torch.Size([2, 17, 8])
    """

    def __init__(
        self,
        irreps_in: Irreps | str,
        irreps_out: Irreps | str,
        correlation: int | Sequence[int],
        num_elements: int,
        *,
        reduced: bool = True,
        layout: str = "mul_ir",
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.irreps_in, self.irreps_out = Irreps(irreps_in), Irreps(irreps_out)
        self.channels = _channels(self.irreps_in, self.irreps_out)
        self.layout = check_choice(layout, "layout", ("mul_ir", "ir_mul"))
        self.maps = SymmetricBasis(self.irreps_in, self.irreps_out, correlation, reduced)
        elements = check_integer(num_elements, "num_elements", low=1)
        self.weight = nn.Parameter(torch.empty(elements, len(self.maps.paths), self.channels, dtype=dtype))
        self.reset_parameters(rng)

    def reset_parameters(self, rng: RngLike | torch.Generator = None) -> None:
        """Draw the weights anew."""
        normal = torch.randn(self.weight.shape, generator=torch_generator(rng), dtype=torch.float64)
        with torch.no_grad():
            self.weight.copy_(normal * torch.from_numpy(initial_scales(self.maps)).unsqueeze(-1))

    @full_precision
    def forward(self, x: Tensor, elements: Tensor) -> Tensor:
        """Return the contracted features of nodes (...,) with the numbers of their elements (...,)."""
        x, weight = together(x, self.weight)
        lead = elements.shape
        shape = (self.irreps_in.dim,) if self.layout == "mul_ir" else (self.maps.dim_in, self.channels)
        if x.shape != (*lead, *shape):
            message = f"x must have shape {(*lead, *shape)} (layout {self.layout}), got {tuple(x.shape)}"
            raise ShapeError(message, hint="one element a node; components and channels as irreps_in says")
        rows = x.reshape(-1, *shape)
        if self.layout == "mul_ir":
            rows = _channels_last(rows, self.maps.kinds_in, self.channels)
        out = symmetric_contraction(rows, weight, elements.reshape(-1), self.maps)
        if self.layout == "mul_ir":
            out = _channels_first(out, self.maps.kinds_out)
        return out.reshape(*lead, *out.shape[1:])

    def extra_repr(self) -> str:
        """Return irreps, powers, elements and kind of paths."""
        powers = self.maps.correlation if len(set(self.maps.correlation)) > 1 else self.maps.correlation[0]
        return (
            f"{self.irreps_in}, {self.irreps_out}, {powers}, num_elements={self.weight.shape[0]}, "
            f"reduced={self.maps.reduced}, layout={self.layout}"
        )


def _channels(irreps_in: Irreps, irreps_out: Irreps) -> int:
    """Return the one multiplicity of all irreps."""
    found = {mul for mul, _ in (*irreps_in, *irreps_out)}
    if len(found) != 1:
        message = f"irreps must have one multiplicity, got {irreps_in} and {irreps_out}"
        raise DomainError(message, hint="the multiplicity is the number of channels; a Linear layer can change it")
    return int(found.pop())


def _channels_last(x: Tensor, kinds: tuple[tuple[int, int], ...], channels: int) -> Tensor:
    """Return features (n, irreps.dim) as (n, components, channels)."""
    parts = x.split([channels * (2 * l + 1) for l, _ in kinds], -1)
    return torch.cat(
        [part.unflatten(-1, (channels, 2 * l + 1)).mT for part, (l, _) in zip(parts, kinds, strict=True)], 1
    )


def _channels_first(x: Tensor, kinds: tuple[tuple[int, int], ...]) -> Tensor:
    """Return features (n, components, channels) as (n, irreps.dim)."""
    return torch.cat([part.mT.flatten(1) for part in x.split([2 * l + 1 for l, _ in kinds], 1)], -1)
