r"""The convolution in the frame of a direction: all equivariant linear maps that depend on it, order by order.

Definition: the direction is turned to the polar axis; components of order m mix among all degrees by :math:`z_{\pm m} = A_m x_{\pm m}` between
irreps whose parity relates alike to their degree, and :math:`z_{\pm m} = \mp B_m x_{\mp m}` between others; the result is turned back.
Convention: as many weights as there are paths with harmonics of every degree (Passaro & Zitnick, ICML 2023), with inversion respected.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.errors import DomainError, ShapeError
from erlangen.nn.equivariant.feature_blocks import check_features, check_layout, half_returns
from erlangen.random import RngLike
from erlangen.representations import Irreps
from erlangen.representations.products.axis_product import turned_features
from erlangen.representations.products.axis_terms import turn_to_axis
from erlangen.validation import check_integer

__all__ = ["SO2Convolution"]


class _Block(NamedTuple):
    """Maps of one order between copies of one value of :math:`p(-1)^l` and those of another: their places in the flat features."""

    order: int
    same: bool
    sources: tuple[list[int], list[int]]
    targets: tuple[list[int], list[int]]


class SO2Convolution(nn.Module):
    r"""Linear map of a feature that depends on a direction, (..., irreps_in.dim) and (..., 3) to (..., irreps_out.dim).

    .. math:: z = D(R)^T\, W\, D(R)\, x, \qquad R \hat r = \hat y

    Parameters
    ----------
    irreps_in, irreps_out : Irreps or str
        Types of the features.
    highest_order : int, optional
        Orders m above it are dropped, as is usual at high degrees; all by default, and then no equivariant map is missing.
    layout : {"mul_ir", "ir_mul"}
        Layout of both features.
    rng : int, Generator or torch.Generator
        Seed of the weights, standard normal; components of the result have unit variance for standard normal features.
    dtype : torch.dtype, optional
        Of the weights.

    Raises
    ------
    DomainError
        If a vector is zero: it has no direction.
    ShapeError
        If leading axes do not fit.

    References
    ----------
    Passaro & Zitnick, "Reducing SO(3) convolutions to SO(2)", ICML 2023.

    Examples
    --------
    >>> layer = SO2Convolution("4x0e+4x1o+4x2e", "4x0e+4x1o+4x2e", rng=0)
    >>> layer.weight_numel == 14 * 4 * 4  # (L+1)(L+2)(2L+3)/6 paths
    True
    >>> layer(torch.randn(5, 36), torch.randn(5, 3)).shape
    torch.Size([5, 36])
    """

    def __init__(
        self,
        irreps_in: Irreps | str,
        irreps_out: Irreps | str,
        *,
        highest_order: int | None = None,
        layout: str = "mul_ir",
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.irreps_in, self.irreps_out = Irreps(irreps_in), Irreps(irreps_out)
        self.layout = check_layout(layout)
        self.lmax = max((ir.l for part in (self.irreps_in, self.irreps_out) for mul, ir in part if mul), default=0)
        top = self.lmax if highest_order is None else check_integer(highest_order, "highest_order", low=0)
        self.highest_order = min(top, self.lmax)
        blocks = self._blocks()
        fan = {at: sum(len(b.sources[0]) for b in blocks if at in b.targets[0]) for b in blocks for at in b.targets[0]}
        self._plan = tuple((b.order, b.same) for b in blocks)
        self.weights = nn.ParameterList(
            nn.Parameter(torch.empty(len(b.targets[0]), len(b.sources[0]), dtype=dtype)) for b in blocks
        )
        self._scales = tuple(1 / math.sqrt(fan[b.targets[0][0]]) for b in blocks)
        for n, block in enumerate(blocks):
            for name, places in zip(("plus", "minus"), zip(block.sources, block.targets, strict=True), strict=True):
                for end, index in zip(("source", "target"), places, strict=True):
                    self.register_buffer(f"{end}_{name}_{n}", torch.tensor(index), persistent=False)
        self.reset_parameters(rng)

    def _blocks(self) -> list[_Block]:
        """Return the maps of each order."""
        found = []
        for m in range(self.highest_order + 1):
            ends = [_places(irreps, m, self.layout) for irreps in (self.irreps_in, self.irreps_out)]
            for v, sources in ends[0].items():
                for w, targets in ends[1].items():
                    if v == w or m:
                        found.append(_Block(m, v == w, sources, targets))
        return found

    @property
    def weight_numel(self) -> int:
        """Number of weights."""
        return sum(weight.numel() for weight in self.weights)

    def reset_parameters(self, rng: RngLike | torch.Generator = None) -> None:
        """Draw all weights from the standard normal law."""
        generator = torch_generator(rng)
        with torch.no_grad():
            for weight in self.weights:
                weight.copy_(torch.randn(weight.shape, generator=generator, dtype=torch.float64))

    @half_returns
    def forward(self, x: Tensor, vectors: Tensor) -> Tensor:
        """Return the convolution.

        Parameters
        ----------
        x : Tensor (..., irreps_in.dim)
        vectors : Tensor (..., 3)
            Their lengths do not count; scale x or the result by what depends on them.
        """
        check_features(x, self.irreps_in, "x", owner="SO2Convolution")
        if vectors.shape != (*x.shape[:-1], 3):
            message = f"vectors must have shape {(*x.shape[:-1], 3)}, got {tuple(vectors.shape)}"
            raise ShapeError(message, hint="one vector for each row of features")
        lead, vectors = x.shape[:-1], vectors.to(x.dtype).reshape(-1, 3)
        if not torch.compiler.is_compiling() and vectors.numel() and bool((vectors == 0).all(1).any()):
            message = f"vectors[{int((vectors == 0).all(1).nonzero()[0, 0])}] is zero, which has no direction"
            raise DomainError(message, hint="leave out pairs of coincident points")
        D = Irreps.spherical_harmonics(self.lmax).matrix(turn_to_axis(vectors))
        turned = turned_features(x.reshape(-1, x.shape[-1]), self.irreps_in, D, self.layout)
        z = turned_features(self._mixed(turned), self.irreps_out, D.mT, self.layout)
        return z.reshape(*lead, self.irreps_out.dim)

    def _mixed(self, x: Tensor) -> Tensor:
        """Return the components (n, dim) of the result in the frame of the direction."""
        z = x.new_zeros(x.shape[0], self.irreps_out.dim)
        for n, ((m, same), weight, scale) in enumerate(zip(self._plan, self.weights, self._scales, strict=True)):
            W = (weight * scale).to(x.dtype).mT
            names = ("plus", "minus")[: 1 + (m > 0)]
            for sign, name, other in zip((1, -1), names, names if same else reversed(names), strict=False):
                found = x.index_select(1, getattr(self, f"source_{other}_{n}")) @ W
                z = z.index_add(1, getattr(self, f"target_{name}_{n}"), found if same or sign < 0 else -found)
        return z

    def extra_repr(self) -> str:
        """Return types and options."""
        return f"{self.irreps_in} -> {self.irreps_out}, highest_order={self.highest_order}, layout={self.layout!r}"


def _places(irreps: Irreps, m: int, layout: str) -> dict[int, tuple[list[int], list[int]]]:
    """Return where the components m and -m of each copy stand, natural and anti-natural irreps apart."""
    found: dict[int, tuple[list[int], list[int]]] = {}
    for place, (mul, ir) in zip(irreps.slices(), irreps, strict=True):
        if ir.l >= m and mul:
            plus, minus = found.setdefault(ir.p * (-1) ** ir.l, ([], []))
            for u in range(mul):
                for side, order in ((plus, m), (minus, -m)):
                    at = ir.l + order
                    side.append(place.start + (u * ir.dim + at if layout == "mul_ir" else at * mul + u))
    return found
