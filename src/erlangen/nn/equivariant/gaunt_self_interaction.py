r"""Many-body features: powers of a function on the sphere, or products of its linear images, projected on irreps.

Definition: :math:`B = \sum_{\nu} W_\nu \odot P_{l\le L}\,F_x^\nu`, with one number for each species, channel, degree and :math:`\nu`; *linear* factors
take :math:`\prod_k F_{A_k x}`.
Convention: one way to the grid, which integrates degree :math:`\nu L + L_{out}`, pointwise products, one way back for each :math:`\nu`.
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
from erlangen.nn.equivariant.feature_blocks import check_features, check_layout
from erlangen.nn.equivariant.signal_blocks import SignalBlocks
from erlangen.nn.precision import full_precision
from erlangen.random import RngLike
from erlangen.representations import Irreps
from erlangen.representations.products.signal_degrees import scale_degrees
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

    Parameters
    ----------
    irreps : Irreps or str
        ``Cx0e+Cx1o+…``, natural parity.
    correlation : int
        Highest power.
    irreps_out : Irreps or str
        C copies of each wanted irrep, natural parity.
    factors : {"tied", "linear"}
        Powers of one function, or products of different linear images of it, which are more.
    num_elements : int, optional
        Number of species with weights of their own; ``forward`` then takes their indices.
    grid : str or SphereRule
        Points of the grid.
    layout : {"mul_ir", "ir_mul"}
        Layout of both features.
    rng : int, Generator or torch.Generator
        Seed of the weights, standard normal, scaled so that results have unit mean square for standard normal features.
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    DomainError
        If an irrep is of unnatural parity or out of reach.
    ShapeError
        If multiplicities differ.

    References
    ----------
    Luo, Chen & Krishnapriyan, ICLR 2024, section 3.3 (by convolutions of Fourier coefficients).

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
        num_elements: int | None = None,
        grid: str | SphereRule = "auto",
        layout: str = "mul_ir",
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.correlation = check_integer(correlation, "correlation", low=1)
        self.factors, self.layout, self.grid = (
            check_choice(factors, "factors", ("tied", "linear")),
            check_layout(layout),
            grid,
        )
        self._source, self._target = SignalBlocks(irreps, "irreps"), SignalBlocks(irreps_out, "irreps_out")
        self.irreps_in, self.irreps_out = self._source.irreps, self._target.irreps
        self._check()
        self.num_elements = None if num_elements is None else check_integer(num_elements, "num_elements", low=1)
        L, L_out, C = self._source.lmax[1], self._target.lmax[1], self._source.channels
        shape = (self.num_elements or 1, *((L_out + 1, C) if layout == "ir_mul" else (C, L_out + 1)))
        self.weights = nn.ParameterList(nn.Parameter(torch.empty(shape, dtype=dtype)) for _ in range(self.correlation))
        self.scales = [
            power_scales(L, nu, min(L_out, nu * L), tied=factors == "tied") for nu in range(1, self.correlation + 1)
        ]
        count = self.correlation if factors == "linear" else 0
        mixers = [EquivariantLinear(self.irreps_in, self.irreps_in, layout=layout, dtype=dtype) for _ in range(count)]
        self.mixers = nn.ModuleList(mixers)
        self.reset_parameters(rng)

    def _check(self) -> None:
        for blocks in (self._source, self._target):
            for (_, ir), value in zip(blocks.irreps, blocks.values, strict=True):
                if value != 1:
                    message = f"{ir} in {blocks.irreps} is of unnatural parity: powers of functions have (-1)^l"
                    raise DomainError(message, hint="GauntTensorProduct(complete=True) reaches it")
        if self._target.channels != self._source.channels:
            message = f"irreps_out has {self._target.channels} copies, irreps has {self._source.channels}"
            raise ShapeError(message, hint="channels are multiplied one by one")
        if self._target.lmax[1] > self.correlation * self._source.lmax[1]:
            highest = self.correlation * self._source.lmax[1]
            message = f"irreps_out has degree {self._target.lmax[1]}, the powers reach {highest}"
            raise DomainError(message, hint=f"choose degrees up to {highest}")

    def reset_parameters(self, rng: RngLike | torch.Generator = None) -> None:
        """Draw all weights from the standard normal law."""
        generator = torch_generator(rng)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64))

    @full_precision
    def forward(self, x: Tensor, species: Tensor | None = None) -> Tensor:
        """Return the weighted sum of powers; ``species`` are indices (...,) if there are elements."""
        check_features(x, self.irreps_in, "x", owner="GauntSelfInteraction")
        index = self._species(x, species)
        L_out, total = self._target.lmax[1], None
        for nu, signal in enumerate(self._powers(x), start=1):
            lmax = min(L_out, nu * self._source.lmax[1])
            z = scale_degrees(signal, self._weight(nu, lmax, index, x), lmax, self.layout, "W")
            if lmax < L_out:
                missing = (L_out + 1) ** 2 - (lmax + 1) ** 2
                z = nn.functional.pad(z, (0, missing) if self.layout == "mul_ir" else (0, 0, 0, missing))
            total = z if total is None else total + z
        return self._target.write({1: total}, self.layout, like=x)

    def _weight(self, nu: int, lmax: int, index: Tensor | None, x: Tensor) -> Tensor:
        """Return (..., C, l) or (..., l, C) for each row, scaled."""
        W = self.weights[nu - 1].to(x.dtype)
        W = W[..., : lmax + 1] if self.layout == "mul_ir" else W[..., : lmax + 1, :]
        factor = torch.tensor(self.scales[nu - 1], dtype=x.dtype, device=x.device) / math.sqrt(self.correlation)
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

    def _powers(self, x: Tensor) -> list[Tensor]:
        """Return the signals of degree <= L_out of the powers 1, 2 …"""
        L, L_out = self._source.lmax[1], self._target.lmax[1]
        images = [self._source.read(mixer(x), self.layout)[1] for mixer in self.mixers]
        images = images or [self._source.read(x, self.layout)[1]]
        lift, backs = power_lifts(L, self.correlation, L_out, self.grid, x.dtype, x.device)
        values = [_both(lift.values(image, self.layout)) for image in images]
        size = (min(L, L_out) + 1) ** 2
        found = [images[0][..., :size] if self.layout == "mul_ir" else images[0][..., :size, :]]
        power = values[0]
        for nu in range(2, self.correlation + 1):
            factor = values[nu - 1 if len(values) > 1 else 0]
            power = [a * b for a, b in zip(power, factor, strict=True)]
            found.append(backs[nu - 2].coefficients(_graded(power), self.layout))
        return found

    @cached_property
    def points(self) -> int:
        """The number of points of the grid, antipodal ones both counted."""
        lift, _ = power_lifts(
            self._source.lmax[1], self.correlation, self._target.lmax[1], self.grid, torch.float64, torch.device("cpu")
        )
        return len(lift.matrices) * int(lift.matrices[0].shape[1])

    def extra_repr(self) -> str:
        """Return the types and the options."""
        types = f"{self.irreps_in} -> {self.irreps_out}, correlation={self.correlation}"
        return f"{types}, factors={self.factors!r}, num_elements={self.num_elements}, layout={self.layout!r}"


def _both(values: list[Tensor]) -> list[Tensor]:
    """Return the values at points and at their antipodes, of those of even and of odd degree."""
    return values if len(values) == 1 else [values[0] + values[1], values[0] - values[1]]


def _graded(values: list[Tensor]) -> list[Tensor]:
    """Return the parts of even and of odd degree; the inverse of :func:`_both`."""
    return values if len(values) == 1 else [(values[0] + values[1]) / 2, (values[0] - values[1]) / 2]
