r"""Products of functions through Fourier coefficients of two angles, and on a separable grid.

Definition: *fourier* convolves the coefficient arrays (by FFT) and integrates back in closed form; *grid-separable* sums over l at Gauss nodes in
:math:`\cos\theta`, transforms in :math:`\varphi`, multiplies, and goes back (Luo, Chen & Krishnapriyan, arXiv 2401.10216; GL x FFT).
Convention: signals are (..., (L+1)^2) of integral one; all are exact, without error of discretisation; the bracket multiplies the slopes
:math:`\partial_\theta` and :math:`\partial_\varphi/\sin\theta`, which are finite sums too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from erlangen.representations.products.kept_table import kept_table
from erlangen.representations.products.torus_tables import (
    circle_slopes,
    circle_values,
    from_planes,
    sine_integrals,
    slope_coefficients,
    to_planes,
    torus_coefficients,
)

__all__ = ["fourier_bracket", "fourier_powers", "fourier_product", "separable_bracket", "separable_product"]

_COMPLEX = {torch.float32: torch.complex64, torch.float64: torch.complex128}


@kept_table
def _analysis(lmax: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return the coefficients (v, l, u) as a complex tensor."""
    return torch.from_numpy(torus_coefficients(lmax)).to(device=device, dtype=_COMPLEX[dtype])


@kept_table
def _synthesis(total: int, lmax: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return (v, u = -total..total, l): what the coefficient at u of the plane v gives to the degree l."""
    y = torus_coefficients(lmax)
    u, k = np.arange(-total, total + 1), np.arange(-lmax, lmax + 1)
    table = 2 * np.pi * np.einsum("vlk,uk->vul", y, sine_integrals(u[:, None] + k))
    return torch.from_numpy(table).to(device=device, dtype=_COMPLEX[dtype])


def _coefficients(x: Tensor, lmax: int) -> Tensor:
    """Return the Fourier coefficients (..., v = 0..L, u = -L..L)."""
    real, imaginary = to_planes(x, lmax)
    planes = torch.complex(real, imaginary).unsqueeze(-2)
    return (planes @ _analysis(lmax, x.dtype, x.device)).squeeze(-2)


@kept_table
def _slope_analysis(lmax: int, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return the coefficients (v, l, u) of the slopes along the two angles."""
    along, across = slope_coefficients(lmax)
    found = (torch.from_numpy(table).to(device=device, dtype=_COMPLEX[dtype]) for table in (along, 1j * across))
    first, second = found
    return first, second


def _slopes(x: Tensor, lmax: int, n: int) -> tuple[Tensor, Tensor]:
    """Return the slopes along the two angles at equal angles, (..., n, n) each."""
    real, imaginary = to_planes(x, lmax)
    planes = torch.complex(real, imaginary).unsqueeze(-2)
    along, across = ((planes @ table).squeeze(-2) for table in _slope_analysis(lmax, x.dtype, x.device))
    return _torus(along, lmax, n), _torus(across, lmax, n)


def _torus(c: Tensor, lmax: int, n: int) -> Tensor:
    """Return the values (..., n, n) at equal angles of a real signal with coefficients (..., v, u)."""
    zeros = c.new_zeros(*c.shape[:-1], n - 2 * lmax - 1)
    columns = torch.fft.ifft(torch.cat([c[..., lmax:], zeros, c[..., :lmax]], -1), norm="forward")
    return torch.fft.irfft(columns, n=n, dim=-2, norm="forward")


def fourier_product(x: Tensor, y: Tensor, l1: int, l2: int, l3: int) -> Tensor:
    """Return the product of two signals of float32 or float64, through the convolution of their Fourier coefficients.

    Examples
    --------
    >>> x = torch.tensor([0.0, 1, 0, 0])
    >>> fourier_product(x, x, 1, 1, 0)
    tensor([0.2821])
    """
    n = 2 * (l1 + l2) + 1
    values = _torus(_coefficients(x, l1), l1, n) * _torus(_coefficients(y, l2), l2, n)
    return _project(values, l1 + l2, l3)


def fourier_bracket(x: Tensor, y: Tensor, l1: int, l2: int, l3: int) -> Tensor:
    """Return the bracket of two signals of float32 or float64, through the convolution of the coefficients of their slopes.

    Examples
    --------
    >>> x, y = torch.eye(4)[1:3]
    >>> fourier_bracket(x, y, 1, 1, 1)[3].round(decimals=4)
    tensor(0.4886)
    """
    n = 2 * (l1 + l2) + 1
    (xe, xf), (ye, yf) = _slopes(x, l1, n), _slopes(y, l2, n)
    return _project(xe * yf - xf * ye, l1 + l2, l3)


def _project(values: Tensor, total: int, l3: int) -> Tensor:
    """Return the degrees up to l3 of values at equal angles (..., n, n) of a signal of degree ``total``."""
    spectrum = torch.fft.fft(torch.fft.rfft(values, dim=-2, norm="forward"), norm="forward")[..., : l3 + 1, :]
    centred = torch.cat([spectrum[..., values.shape[-1] - total :], spectrum[..., : total + 1]], -1)
    planes = (centred.unsqueeze(-2) @ _synthesis(total, l3, values.dtype, values.device)).squeeze(-2)
    return from_planes(planes.real, -planes.imag, l3)


def fourier_powers(factors: Sequence[Tensor], lmax: int, tops: Sequence[int]) -> list[Tensor]:
    """Return the products of 2, 3 … signals (or of one with itself) up to the degrees ``tops``, by convolutions of Fourier coefficients.

    One transform, long enough for the last power, serves all.

    Examples
    --------
    >>> x = torch.tensor([0.0, 1, 0, 0])
    >>> fourier_powers([x], 1, [0])
    [tensor([0.2821])]
    """
    if any(factor.numel() == 0 for factor in factors):  # no transform takes an empty batch
        return [factors[0].new_zeros(*factors[0].shape[:-1], (top + 1) ** 2) for top in tops]
    n = 2 * lmax * (len(tops) + 1) + 1
    values = [_torus(_coefficients(factor, lmax), lmax, n) for factor in factors]
    power, found = values[0], []
    for nu, top in enumerate(tops, start=2):
        power = power * values[nu - 1 if len(values) > 1 else 0]
        found.append(_project(power, nu * lmax, top))
    return found


@kept_table
def _legendre(lmax: int, nodes: int, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return the functions of the polar angle at Gauss nodes (m, l, nodes), and the weights."""
    cosines, weights = np.polynomial.legendre.leggauss(nodes)
    table = circle_values(lmax, np.arccos(cosines))
    return (torch.tensor(table, dtype=dtype, device=device), torch.tensor(weights, dtype=dtype, device=device))


def _rings(x: Tensor, lmax: int, nodes: int, azimuths: int) -> Tensor:
    """Return the values (..., nodes, azimuths)."""
    table, _ = _legendre(lmax, nodes, x.dtype, x.device)
    real, imaginary = ((part.unsqueeze(-2) @ table).squeeze(-2) for part in to_planes(x, lmax))
    return torch.fft.irfft(torch.complex(real, imaginary), n=azimuths, dim=-2, norm="forward").mT


def separable_product(x: Tensor, y: Tensor, l1: int, l2: int, l3: int) -> Tensor:
    """Return the product of two signals of float32 or float64, on Gauss nodes times equal azimuths.

    Examples
    --------
    >>> x = torch.tensor([0.0, 1, 0, 0])
    >>> separable_product(x, x, 1, 1, 0)
    tensor([0.2821])
    """
    t = l1 + l2 + l3
    nodes, azimuths = t // 2 + 1, t + 1
    return _from_rings(_rings(x, l1, nodes, azimuths) * _rings(y, l2, nodes, azimuths), l3)


def _from_rings(values: Tensor, l3: int) -> Tensor:
    """Return the degrees up to l3 of values (..., nodes, azimuths)."""
    orders = torch.fft.rfft(values, norm="forward").mT[..., : l3 + 1, :]
    table, weights = _legendre(l3, values.shape[-2], values.dtype, values.device)
    back = (table * (2 * torch.pi * weights)).mT
    cosines, sines = ((part.unsqueeze(-2) @ back).squeeze(-2) for part in (orders.real, -orders.imag))
    return from_planes(cosines, sines, l3)


@kept_table
def _slope_tables(lmax: int, nodes: int, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return the slopes of the functions of the polar angle at Gauss nodes, (m, l, nodes) each."""
    along, across = circle_slopes(lmax, np.arccos(np.polynomial.legendre.leggauss(nodes)[0]))
    return torch.tensor(along, dtype=dtype, device=device), torch.tensor(across, dtype=dtype, device=device)


def _slope_rings(x: Tensor, lmax: int, nodes: int, azimuths: int) -> tuple[Tensor, Tensor]:
    """Return the slopes along the two angles, (..., nodes, azimuths) each; the second is i times an order's values."""
    along, across = _slope_tables(lmax, nodes, x.dtype, x.device)
    planes = [part.unsqueeze(-2) for part in to_planes(x, lmax)]
    (a, b), (c, d) = ([(part @ table).squeeze(-2) for part in planes] for table in (along, across))
    first, second = (
        torch.fft.irfft(torch.complex(*parts), n=azimuths, dim=-2, norm="forward").mT for parts in ((a, b), (-d, c))
    )
    return first, second


def separable_bracket(x: Tensor, y: Tensor, l1: int, l2: int, l3: int) -> Tensor:
    """Return the bracket of two signals of float32 or float64, on Gauss nodes times equal azimuths.

    Examples
    --------
    >>> x, y = torch.eye(4)[1:3]
    >>> separable_bracket(x, y, 1, 1, 1)[3].round(decimals=4)
    tensor(0.4886)
    """
    t = l1 + l2 + l3
    nodes, azimuths = t // 2 + 1, t + 1
    (xe, xf), (ye, yf) = (_slope_rings(v, l, nodes, azimuths) for v, l in ((x, l1), (y, l2)))
    return _from_rings(xe * yf - xf * ye, l3)
