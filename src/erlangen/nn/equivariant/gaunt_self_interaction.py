r"""Many-body features: powers of a function on the sphere, or products of its linear images, projected on irreps.

Definition: :math:`B = \sum_{\nu} W_\nu \odot P_{l\le L}\,F_x^\nu`, with one number for each species, channel, degree and :math:`\nu`; *linear* factors
take :math:`\prod_k F_{A_k x}`, *complete* ones :math:`N_\nu = N_{\nu-1}F_\nu + \{P_{\nu-1}, F_\nu\}`, :math:`P_\nu = P_{\nu-1}F_\nu + \{N_{\nu-1}, F_\nu\}`.
Convention: powers are taken at points of a grid which integrates degree :math:`\nu L + L_{out}`, of the torus, or in coefficients: the same numbers;
ranks lie beside channels, rank before channel, and are summed last.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.errors import DomainError, ShapeError
from erlangen.nn.equivariant.equivariant_linear import EquivariantLinear
from erlangen.nn.equivariant.feature_blocks import check_features, check_layout, half_returns
from erlangen.nn.equivariant.signal_blocks import SignalBlocks
from erlangen.random import RngLike
from erlangen.representations import Irreps
from erlangen.representations.products.complete_powers import complete_powers, complete_variances, wanted_degrees
from erlangen.representations.products.signal_degrees import cut_degrees, pad_degrees, scale_degrees
from erlangen.representations.products.signal_powers import POWER_ROUTES, signal_powers
from erlangen.representations.products.sphere_lift import power_lifts
from erlangen.representations.sphere import SphereRule
from erlangen.validation import check_choice, check_integer

__all__ = ["GauntSelfInteraction", "power_scales"]


def power_scales(lmax: int, nu: int, lmax_out: int, *, tied: bool = True) -> tuple[float, ...]:
    r"""Return for each degree one over the root mean square of a component of :math:`F^\nu`, F standard normal of degree ``lmax``.

    By the theorem of Funk and Hecke it is an integral of the covariance's power, a polynomial: exact by Gauss's rule.

    Examples
    --------
    >>> [round(s, 12) for s in power_scales(2, 1, 2)]
    [1.0, 1.0, 1.0]
    """
    t, w = np.polynomial.legendre.leggauss((nu * lmax + lmax_out) // 2 + 1)
    legendre = [np.polynomial.legendre.Legendre.basis(l)(t) for l in range(max(lmax, lmax_out) + 1)]
    K = sum((2 * l + 1) / (4 * np.pi) * legendre[l] for l in range(lmax + 1))
    square = (lmax + 1) ** 2 / (4 * np.pi)
    across = range(nu % 2, nu + 1, 2) if tied else (nu,)
    moment = sum((_pairings(nu, k) if tied else 1) * square ** (nu - k) * K**k for k in across)
    sizes = [2 * np.pi * float(np.sum(w * moment * legendre[l])) for l in range(lmax_out + 1)]
    return tuple(size**-0.5 if size > 1e-12 * max(sizes) else 0.0 for size in sizes)


def _pairings(nu: int, k: int) -> int:
    """Return the number of pairings of nu and nu normal variables with k pairs across."""
    inside = math.prod(range(1, nu - k, 2))
    return math.factorial(k) * (math.comb(nu, k) * inside) ** 2


class GauntSelfInteraction(nn.Module):
    r"""Powers of functions on the sphere with weights, (..., irreps.dim) to (..., irreps_out.dim).

    .. math:: B = \frac1{\sqrt{R}} \sum_{r=1}^{R} \sum_\nu W_{\nu r} \odot P_{l\le L}\,F_{A_r x}^\nu,\qquad A_1 = 1

    A sum of powers of linear images is a decomposition of a symmetric tensor, Waring's: the first term of tied factors couples each channel
    with itself alone, and with enough terms every symmetric form of the channels that products of functions allow is reached.

    Parameters
    ----------
    irreps : Irreps or str
        ``Cx0e+Cx1o+…``, natural parity.
    correlation : int
        Highest power.
    irreps_out : Irreps or str
        C copies of each wanted irrep, natural parity unless ``complete``.
    factors : {"tied", "linear"}
        Powers of one function, or products of different linear images of it, which are more.
    route : {"auto", "grid", "fourier", "sparse"}
        How powers are computed; ``auto`` is the grid, the fastest as measured.
    complete : bool
        Whether the bracket is added in each step, which needs linear factors: vectors and higher degrees of three bodies and all
        anti-natural irreps have couplings that products alone lack (scalars of three bodies have none).
    num_elements : int, optional
        Number of species with weights of their own; ``forward`` then takes their indices.
    grid : str or SphereRule
        Points of the grid.
    rank : int
        Number of terms R, each with weights of its own, all taken in one pass: tied factors have linear images from the second on, linear
        factors images of their own in each.
    layout : {"mul_ir", "ir_mul"}
        Layout of both features.
    rng : int, Generator or torch.Generator
        Seed of the weights, standard normal, scaled so that results have unit mean square for standard normal features.
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    DomainError
        If an irrep is of unnatural parity or out of reach, ``complete`` is asked of tied factors, whose bracket is zero, or a number is below 1.
    ShapeError
        If multiplicities differ.

    References
    ----------
    Luo, Chen & Krishnapriyan, ICLR 2024, section 3.3 (by convolutions of Fourier coefficients);
    Xie et al., arXiv 2602.21466 (the bracket); Comon, Golub, Lim & Mourrain, SIAM J. Matrix Anal. Appl. 30 (2008) (sums of powers).

    Examples
    --------
    >>> layer = GauntSelfInteraction("8x0e+8x1o+8x2e", 3, "8x0e+8x1o", num_elements=2, rng=0)
    >>> layer(torch.randn(4, 72), torch.tensor([0, 1, 1, 0])).shape
    torch.Size([4, 32])
    """

    def __init__(
        self,
        irreps: Irreps | str,
        correlation: int,
        irreps_out: Irreps | str,
        *,
        factors: str = "tied",
        route: str = "auto",
        complete: bool = False,
        num_elements: int | None = None,
        grid: str | SphereRule = "auto",
        rank: int = 1,
        layout: str = "mul_ir",
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.correlation = check_integer(correlation, "correlation", low=1)
        self.rank = check_integer(rank, "rank", low=1)
        self.factors, self.layout, self.grid = (
            check_choice(factors, "factors", ("tied", "linear")),
            check_layout(layout),
            grid,
        )
        self.route, self.complete = check_choice(route, "route", POWER_ROUTES), bool(complete)
        self._source, self._target = SignalBlocks(irreps, "irreps"), SignalBlocks(irreps_out, "irreps_out")
        self.irreps_in, self.irreps_out = self._source.irreps, self._target.irreps
        self._check()
        self.num_elements = None if num_elements is None else check_integer(num_elements, "num_elements", low=1)
        self._terms = self._plan()
        self._check_reached()
        lead, C = self.num_elements or 1, self.rank * self._source.channels
        shapes = [(lead, *((top + 1, C) if layout == "ir_mul" else (C, top + 1))) for top in self._tops()]
        self.weights = nn.ParameterList(nn.Parameter(torch.empty(shape, dtype=dtype)) for shape in shapes)
        self._images, count = self._source, 0
        if factors == "linear" or self.rank > 1:
            sets = self.rank if factors == "linear" else self.rank - 1
            self._images = SignalBlocks(Irreps([(sets * mul, ir) for mul, ir in self.irreps_in]), "irreps")
            count = self.correlation if factors == "linear" else 1
        into = (self.irreps_in, self._images.irreps)
        self.mixers = nn.ModuleList(EquivariantLinear(*into, layout=layout, dtype=dtype) for _ in range(count))
        self.reset_parameters(rng)

    def _check(self) -> None:
        _check_natural(self._source)
        if not self.complete:
            _check_natural(self._target)
        elif self.factors != "linear":
            message = "complete=True with factors='tied': the bracket of a function with itself is zero"
            raise DomainError(message, hint="pass factors='linear'")
        if self._target.channels != self._source.channels:
            message = f"irreps_out has {self._target.channels} copies, irreps has {self._source.channels}"
            raise ShapeError(message, hint="channels are multiplied one by one")
        highest = {1: self.correlation * self._source.lmax[1]}
        highest[-1] = highest[1] - 1 if self.correlation > 1 else -1
        for parity, top in self._target.lmax.items():
            if top > highest[parity]:
                message = f"irreps_out has degree {top} of parity {'-' * (parity < 0)}(-1)^l, the powers reach {highest[parity]}"
                raise DomainError(
                    message, hint=f"choose degrees up to {max(highest[parity], 0)}, or a higher correlation"
                )

    def _plan(self) -> tuple[tuple[int, int, tuple[float, ...]], ...]:
        """Return (bodies, parity of the values, scales a degree) of each term of the sum."""
        L, N, tops = self._source.lmax[1], self.correlation, self._target.lmax
        if not self.complete:
            top, tied = tops[1], self.factors == "tied"
            return tuple((nu, 1, power_scales(L, nu, min(top, nu * L), tied=tied)) for nu in range(1, N + 1))
        there = self._there()
        wanted = tuple(wanted_degrees(L, N, tops.get(1, -1), tops.get(-1, -1)))
        sizes = complete_variances(there, wanted)
        return tuple(
            (nu, parity, sizes[nu - 1][parity < 0][: top + 1])
            for parity, top in tops.items()
            for nu in range(1, N + 1)
            if any(sizes[nu - 1][parity < 0][: top + 1])
        )

    def _check_reached(self) -> None:
        for (_, ir), value in zip(self.irreps_out, self._target.values, strict=True):
            if not any(p == value and len(scales) > ir.l and scales[ir.l] for _, p, scales in self._terms):
                message = f"irreps_out has {ir}, which needs more bodies than {self.correlation} of {self.irreps_in}"
                raise DomainError(message, hint="raise correlation, or leave it out")

    def _there(self) -> tuple[float, ...]:
        """Return 1 for each degree that features have, 0 for those that are missing."""
        degrees = {ir.l for _, ir in self.irreps_in}
        return tuple(float(l in degrees) for l in range(self._source.lmax[1] + 1))

    def _tops(self) -> list[int]:
        """Return the highest degree for which each term keeps weights: that of the result."""
        return [self._target.lmax[parity] for _, parity, _ in self._terms]

    def reset_parameters(self, rng: RngLike | torch.Generator = None) -> None:
        """Draw all weights from the standard normal law."""
        generator = torch_generator(rng)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64))

    @half_returns
    def forward(self, x: Tensor, species: Tensor | None = None) -> Tensor:
        """Return the weighted sum of powers; ``species`` are indices (...,) if there are elements."""
        check_features(x, self.irreps_in, "x", owner="GauntSelfInteraction")
        index = self._species(x, species)
        signals: dict[int, Tensor | None] = dict.fromkeys(self._target.lmax)
        powers = self._powers(x)
        for n, (nu, parity, scales) in enumerate(self._terms):
            lmax = len(scales) - 1
            signal = cut_degrees(powers[nu - 1][parity], lmax, self.layout)
            z = scale_degrees(signal, self._weight(n, scales, index, x), lmax, self.layout, "W")
            z = pad_degrees(z, self._target.lmax[parity], self.layout)
            before = signals[parity]
            signals[parity] = z if before is None else before + z
        return self._target.write({p: self._summed(z) for p, z in signals.items()}, self.layout, like=x)

    def _summed(self, signal: Tensor | None) -> Tensor | None:
        """Return the sum over ranks, which lie before the channels on their axis."""
        if signal is None or self.rank == 1:
            return signal
        axis = -2 if self.layout == "mul_ir" else -1
        return signal.unflatten(axis, (self.rank, -1)).sum(axis - 1)

    def _weight(self, n: int, scales: tuple[float, ...], index: Tensor | None, x: Tensor) -> Tensor:
        """Return (..., RC, l) or (..., l, RC) for each row, scaled."""
        W, lmax = self.weights[n].to(x.dtype), len(scales) - 1
        W = W[..., : lmax + 1] if self.layout == "mul_ir" else W[..., : lmax + 1, :]
        factor = torch.tensor(scales, dtype=x.dtype, device=x.device) / math.sqrt(self.correlation * self.rank)
        W = W * (factor if self.layout == "mul_ir" else factor[:, None])
        return W[0] if index is None else W[index]

    def _species(self, x: Tensor, species: Tensor | None) -> Tensor | None:
        if self.num_elements is None:
            return None
        if species is None or species.is_floating_point() or species.shape != x.shape[:-1]:
            message = f"species must be indices of shape {tuple(x.shape[:-1])}, got {None if species is None else species.shape}"
            raise ShapeError(message, hint=f"one index 0 … {self.num_elements - 1} for each row")
        if not torch.compiler.is_compiling() and species.numel():
            low, high = int(species.min()), int(species.max())
            if low < 0 or high >= self.num_elements:
                message = f"species holds {low if low < 0 else high}; there are weights for 0 … {self.num_elements - 1}"
                raise DomainError(message, hint="count species from 0, or raise num_elements")
        return species

    def _powers(self, x: Tensor) -> list[dict[int, Tensor]]:
        """Return the signals of the powers 1, 2 … by the parity of their values."""
        tops, layout = self._target.lmax, self.layout
        images = [self._images.read(mixer(x), layout)[1] for mixer in self.mixers]
        if self.factors == "tied":
            own = self._source.read(x, layout)[1]
            images = [torch.cat([own, *images], -2 if layout == "mul_ir" else -1) if images else own]
        if not self.complete:
            found = signal_powers(images, self.correlation, tops[1], route=self.route, grid=self.grid, layout=layout)
            return [{1: signal} for signal in found]
        pairs = complete_powers(
            images, tops.get(1, -1), tops.get(-1, -1), there=self._there(),
            method="grid" if self.route == "auto" else self.route, grid=self.grid, layout=layout,
        )  # fmt: skip
        return [{p: z for p, z in zip((1, -1), pair, strict=True) if z is not None} for pair in pairs]

    @property
    def scales(self) -> tuple[tuple[float, ...], ...]:
        """The numbers a degree that give each term of the sum unit variance."""
        return tuple(scales for _, _, scales in self._terms)

    @cached_property
    def points(self) -> int:
        """The number of points of the grid, antipodal ones both counted."""
        lift, _ = power_lifts(
            self._source.lmax[1],
            self.correlation,
            self._target.lmax.get(1, 0),
            self.grid,
            torch.float64,
            torch.device("cpu"),
        )
        return len(lift.matrices) * int(lift.matrices[0].shape[1])

    def extra_repr(self) -> str:
        """Return the types and the options."""
        types = f"{self.irreps_in} -> {self.irreps_out}, correlation={self.correlation}"
        how = f"factors={self.factors!r}, route={self.route!r}, complete={self.complete}"
        return f"{types}, {how}, rank={self.rank}, num_elements={self.num_elements}, layout={self.layout!r}"


def _check_natural(blocks: SignalBlocks) -> None:
    for (_, ir), value in zip(blocks.irreps, blocks.values, strict=True):
        if value != 1:
            message = f"{ir} in {blocks.irreps} is of unnatural parity: powers of functions have (-1)^l"
            raise DomainError(
                message,
                hint="complete=True reaches it as a result, GauntTensorProduct(complete=True) also as an argument",
            )
