r"""Bessel functions of the distance under a smooth cutoff, and their slopes.

Definition: :math:`B_n(r) = \sqrt{2/r_c}\,\sin(n\pi r/r_c)/r \cdot f(r/r_c)`,
:math:`f(u) = 1 - \tfrac{(p+1)(p+2)}2 u^p + p(p+2)u^{p+1} - \tfrac{p(p+1)}2 u^{p+2}` (Gasteiger et al., arXiv 2003.03123, eq. 7 and 8).
Convention: n = 1 … count; zero at and beyond the cutoff; f has p - 1 vanishing derivatives at 0 and two at 1.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

__all__ = ["radial_basis", "radial_basis_and_slope"]


def radial_basis(r: Tensor, cutoff: float, count: int, power: int) -> Tensor:
    """Return the basis (P, count) at distances (P,), differentiable any number of times.

    Examples
    --------
    >>> radial_basis(torch.tensor([2.5]), 5.0, 1, 6).round(decimals=4)
    tensor([[0.2164]])
    """
    r = r.unsqueeze(-1)
    bessel = math.sqrt(2 / cutoff) * torch.sin(_frequencies(r, cutoff, count) * r) / r
    return bessel * _envelope(r / cutoff, power)


def radial_basis_and_slope(r: Tensor, cutoff: float, count: int, power: int) -> tuple[Tensor, Tensor]:
    """Return the basis and its derivative by r, both (P, count), in closed form.

    Examples
    --------
    >>> radial_basis_and_slope(torch.tensor([5.0]), 5.0, 1, 6)[1].abs().max() < 1e-5
    tensor(True)
    """
    r = r.unsqueeze(-1)
    k = _frequencies(r, cutoff, count)
    u = r / cutoff
    sine = math.sqrt(2 / cutoff) * torch.sin(k * r) / r
    slope = math.sqrt(2 / cutoff) * k * torch.cos(k * r) / r - sine / r
    f = _envelope(u, power)
    q = power * (power + 1) * (power + 2) / (2 * cutoff)
    df = -q * u ** (power - 1) * (1 - u) ** 2 * (u < 1)
    return sine * f, slope * f + sine * df


def _frequencies(like: Tensor, cutoff: float, count: int) -> Tensor:
    return torch.arange(1, count + 1, dtype=like.dtype, device=like.device) * (math.pi / cutoff)


def _envelope(u: Tensor, p: int) -> Tensor:
    f = 1 - u**p * ((p + 1) * (p + 2) / 2 - p * (p + 2) * u + p * (p + 1) / 2 * u * u)
    return f * (u < 1)
