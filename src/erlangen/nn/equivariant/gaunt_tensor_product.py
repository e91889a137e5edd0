r"""The Gaunt tensor product as a layer: channels are functions on the sphere, multiplied pointwise, with weights a degree.

Definition: :math:`z^{l_3} = \sum_r c^r_{l_3} \sum_{l_1 l_2} \kappa_{l_1l_2l_3}\, C\,(a^r_{l_1} x^{l_1})\otimes(b^r_{l_2} y^{l_2})`;
*complete* adds the same with the bracket's couplings.
Convention: channel by channel, as e3nn's ``uuu`` (or ``uvu`` with one function on the right); harmonics of integral one.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.errors import DomainError, ShapeError
from erlangen.nn.equivariant.feature_blocks import check_features, check_layout, half_returns
from erlangen.nn.equivariant.signal_blocks import SignalBlocks
from erlangen.random import RngLike
from erlangen.representations import Irreps, gaunt_scale
from erlangen.representations.products import (
    Explanation,
    bracket_product,
    explain,
    expressivity,
    gaunt_product,
    interactable,
)
from erlangen.representations.products.coupling_scales import bracket_scale, path_degrees
from erlangen.representations.products.product_spec import ProductSpec
from erlangen.representations.products.signal_degrees import check_signal, pad_degrees
from erlangen.representations.sphere import SphereRule
from erlangen.validation import check_choice, check_integer

__all__ = ["GauntTensorProduct"]

ROUTES = ("auto", "sparse", "dense", "grid", "grid-separable", "fourier")


class GauntTensorProduct(nn.Module):
    r"""Product of functions on the sphere, (..., irreps_in1.dim) and (..., irreps_in2.dim) to (..., irreps_out.dim).

    Parameters
    ----------
    irreps_in1, irreps_in2 : Irreps or str
        ``Cx0e+Cx1o+…``, each irrep once, C copies; ``irreps_in2`` may have one copy, shared by all channels. Missing degrees are zeros.
    irreps_out : Irreps or str, optional
        C copies of each wanted irrep; all that can be reached by default.
    route : {"auto", "sparse", "dense", "grid", "grid-separable", "fourier"}
        How it is computed; the numbers are the same.
    rank : int
        Number of products summed, each with weights of its own.
    complete : bool
        Whether the bracket is added, which reaches paths of odd sum and anti-natural irreps.
    grid : str or SphereRule
        Points of the grid.
    layout : {"mul_ir", "ir_mul"}
        Layout of all features.
    rng : int, Generator or torch.Generator
        Seed of the weights, standard normal; results are scaled to unit variance of a component for such arguments.
    dtype : torch.dtype, optional
        Of the weights.

    Raises
    ------
    DomainError
        If an irrep is of unnatural parity or cannot be reached and ``complete`` is False, or nothing can reach it.
    ShapeError
        If multiplicities do not fit.

    References
    ----------
    Luo, Chen & Krishnapriyan, ICLR 2024; Xie et al., ICML 2025; Xie et al., arXiv 2602.21466 (complete).

    Examples
    --------
    >>> layer = GauntTensorProduct("8x0e+8x1o", "8x0e+8x1o", rng=0)
    >>> layer.irreps_out, layer.expressivity()
    (8x0e+8x1o+8x2e, 5)
    >>> layer(torch.randn(3, 32), torch.randn(3, 32)).shape
    torch.Size([3, 72])
    """

    def __init__(
        self,
        irreps_in1: Irreps | str,
        irreps_in2: Irreps | str,
        irreps_out: Irreps | str | None = None,
        *,
        route: str = "auto",
        rank: int = 1,
        complete: bool = False,
        grid: str | SphereRule = "auto",
        layout: str = "mul_ir",
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.route = check_choice(route, "route", ROUTES)
        self.rank = check_integer(rank, "rank", low=1)
        self.complete, self.grid, self.layout = bool(complete), grid, check_layout(layout)
        self.kind = "complete-gaunt" if self.complete else "gaunt"
        self._first = SignalBlocks(irreps_in1, "irreps_in1")
        self._second = SignalBlocks(irreps_in2, "irreps_in2")
        if self._second.channels not in (1, self._first.channels):
            message = f"irreps_in2 has {self._second.channels} copies, irreps_in1 has {self._first.channels}"
            raise ShapeError(message, hint="equal numbers, or one copy shared by all channels")
        self.irreps_in1, self.irreps_in2 = self._first.irreps, self._second.irreps
        if not self.complete:
            _check_natural(self._first, self._second)
        reachable = self._reachable()
        self._third = SignalBlocks(reachable if irreps_out is None else irreps_out, "irreps_out")
        self.irreps_out = self._third.irreps
        self._check_reached(reachable)
        self.routes = self._plan()
        channels = (self._first.channels, self._second.channels, self._first.channels)
        shapes = [(l + 1, c) for item in self.routes for l, c in zip(item[3:], channels, strict=True)]
        if self.layout == "mul_ir":
            shapes = [(c, n) for n, c in shapes]
        self.weights = nn.ParameterList(nn.Parameter(torch.empty(self.rank, *shape, dtype=dtype)) for shape in shapes)
        self.scales = [self._variances(*item) for item in self.routes]
        self.reset_parameters(rng)

    def _reachable(self) -> Irreps:
        """Return the irreps that some path reaches."""
        found = set()
        for p, l1 in self._first.lmax.items():
            for q, l2 in self._second.lmax.items():
                found |= {(l, p * q * (-1) ** l) for l in range(l1 + l2 + 1)}
                if self.complete:
                    found |= {(l, -p * q * (-1) ** l) for l in range(1, l1 + l2)}
        return Irreps([(self._first.channels, ir) for ir in sorted(found)])

    def _check_reached(self, reachable: Irreps) -> None:
        if self._third.channels != self._first.channels:
            message = f"irreps_out has {self._third.channels} copies, irreps_in1 has {self._first.channels}"
            raise ShapeError(message, hint="channels multiply one by one; mix copies by an EquivariantLinear after")
        within = {ir for _, ir in reachable}
        for _, ir in self.irreps_out:
            if ir not in within:
                hint = f"reachable are {reachable}"
                hint += "" if self.complete else "; complete=True adds the bracket, which reaches more"
                message = f"irreps_out has {ir}, which no path of {self.irreps_in1} and {self.irreps_in2} reaches"
                raise DomainError(message, hint=hint)

    def _plan(self) -> tuple[tuple[str, int, int, int, int, int], ...]:
        """Return (half, parity of x, of y, and the three degrees) of each product that is needed."""
        plan = []
        for half in ("gaunt", "bracket") if self.complete else ("gaunt",):
            for p, l1 in self._first.lmax.items():
                for q, l2 in self._second.lmax.items():
                    value = p * q * (-1 if half == "bracket" else 1)
                    top = l1 + l2 - (half == "bracket")
                    if value in self._third.lmax and (half == "gaunt" or min(l1, l2) > 0):
                        plan.append((half, p, q, l1, l2, min(self._third.lmax[value], top)))
        return tuple(plan)

    @staticmethod
    def _variances(half: str, p: int, q: int, l1: int, l2: int, l3: int) -> tuple[float, ...]:
        """Return for each degree of the result one over the root of a component's variance, for independent standard normal signals."""
        strength = gaunt_scale if half == "gaunt" else bracket_scale
        totals = [0.0] * (l3 + 1)
        for a, b, c in path_degrees(l1, l2, l3):
            totals[c] += strength(a, b, c) ** 2 / (2 * c + 1)
        return tuple(total**-0.5 if total else 0.0 for total in totals)

    def reset_parameters(self, rng: RngLike | torch.Generator = None) -> None:
        """Draw all weights from the standard normal law."""
        generator = torch_generator(rng)
        with torch.no_grad():
            for weight in self.weights:
                weight.copy_(torch.randn(weight.shape, generator=generator, dtype=torch.float64))

    @half_returns
    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the product."""
        check_features(x, self.irreps_in1, "x", owner="GauntTensorProduct")
        y = y.to(x.dtype) if isinstance(y, Tensor) and y.dtype in (torch.float16, torch.bfloat16) else y
        check_features(y, self.irreps_in2, "y", owner="GauntTensorProduct")
        first, second = self._first.read(x, self.layout), self._second.read(y, self.layout)
        signals: dict[int, Tensor | None] = {}
        for n, (item, scale) in enumerate(zip(self.routes, self.scales, strict=True)):
            half, p, q = item[:3]
            value = p * q * (-1 if half == "bracket" else 1)
            z = self._product(half, first[p], second[q], item[5], self._triples(n, scale, x.dtype))
            before = signals.get(value)
            signals[value] = z if before is None else _added(before, z, self.layout)
        return self._third.write(signals, self.layout, like=x)

    def _triples(self, n: int, scale: tuple[float, ...], dtype: torch.dtype) -> list[tuple[Tensor, Tensor, Tensor]]:
        """Return the weights of a product, one triple a rank, those of the result scaled to unit variance."""
        a, b, c = (self.weights[3 * n + role].to(dtype) for role in range(3))
        factor = torch.tensor(scale, dtype=dtype, device=c.device) / math.sqrt(self.rank)
        c = c * (factor if self.layout == "mul_ir" else factor[:, None])
        return list(zip(a.unbind(0), b.unbind(0), c.unbind(0), strict=True))

    def _product(self, half: str, x: Tensor, y: Tensor, l3: int, weights: Any) -> Tensor:
        if half == "gaunt":
            return gaunt_product(x, y, l3, weights=weights, method=self.route, grid=self.grid, layout=self.layout)
        return bracket_product(x, y, l3, weights=weights, method=self.route, grid=self.grid, layout=self.layout)

    @property
    def spec(self) -> ProductSpec:
        """The type of the product of one channel, for expressivity, cost and explanation."""
        one, two, three = (
            Irreps([(1, ir) for _, ir in irreps]) for irreps in (self.irreps_in1, self.irreps_in2, self.irreps_out)
        )
        return ProductSpec(one, two, three, self.kind, self.rank)

    def expressivity(self) -> int:
        """Return the dimension of the bilinear maps that a channel reaches."""
        return expressivity(self.spec)

    def interactable(self) -> tuple[Any, ...]:
        """Return the triples of irreps that are coupled."""
        return interactable(self.spec)

    def explain(self) -> Explanation:
        """Return paths kept and lost, costs, and the route chosen."""
        return explain(self.spec)

    def extra_repr(self) -> str:
        """Return the types and the options."""
        types = f"{self.irreps_in1} x {self.irreps_in2} -> {self.irreps_out}"
        return f"{types}, route={self.route!r}, rank={self.rank}, complete={self.complete}, layout={self.layout!r}"


def _check_natural(*sides: SignalBlocks) -> None:
    for blocks in sides:
        for (_, ir), value in zip(blocks.irreps, blocks.values, strict=True):
            if value != 1:
                message = f"{ir} in {blocks.irreps} is of unnatural parity: a function on the sphere has (-1)^l"
                raise DomainError(message, hint="pass complete=True, which treats pseudoscalar functions apart")


def _added(a: Tensor, b: Tensor, layout: str) -> Tensor:
    """Return the sum of two signals, of which one may have fewer degrees."""
    lmax = max(check_signal(signal, "signal", layout) for signal in (a, b))
    return pad_degrees(a, lmax, layout) + pad_degrees(b, lmax, layout)
