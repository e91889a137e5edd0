r"""Signals on the torus of two angles: exact Fourier coefficients of the harmonics, and planes of one order m.

Definition: :math:`Y_{l,\pm m}(\theta,\varphi) = P_{lm}(\theta)\{\cos m\varphi, \sin m\varphi\}`, :math:`P_{lm}` continued to the whole circle as the
polynomial it is; :math:`P_{lm}(\theta) = \sum_{|u|\le l} y_u e^{iu\theta}` by one discrete Fourier transform, without quadrature.
Convention: a real signal is kept as planes :math:`v = 0 .. L` with coefficients :math:`(x_{l,v} - i x_{l,-v})/2`, for v = 0 without the half.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.representations.products.kept_table import kept_table
from erlangen.representations.products.sphere_lift import harmonics

__all__ = [
    "circle_slopes",
    "circle_values",
    "from_planes",
    "plane_index",
    "sine_integrals",
    "slope_coefficients",
    "to_planes",
    "torus_coefficients",
]

Floats = NDArray[np.float64]


def circle_values(lmax: int, theta: Floats) -> Floats:
    """Return ``P_lm`` at angles of the whole circle, padded with zeros, (m = 0..lmax, l = 0..lmax, angles).

    Examples
    --------
    >>> circle_values(1, np.array([0.0, np.pi / 2, 3 * np.pi / 2]))[1, 1].round(3).tolist()
    [0.0, 0.489, -0.489]
    """
    points = np.stack([np.zeros_like(theta), np.cos(theta), np.sin(theta)], 1)
    values = harmonics(lmax, points)
    table = np.zeros((lmax + 1, lmax + 1, len(theta)))
    for l in range(lmax + 1):
        table[: l + 1, l] = values[:, l * l + l : (l + 1) ** 2].T
    return table


@lru_cache(maxsize=64)
def torus_coefficients(lmax: int) -> NDArray[np.complex128]:
    """Return the coefficients y_u of ``P_lm``, (m, l, u = -lmax..lmax), exact to rounding.

    Examples
    --------
    >>> y = torus_coefficients(1)  # sqrt(3 / 4 pi) cos(theta)
    >>> np.abs(y[0, 1]).round(4).tolist()
    [0.2443, 0.0, 0.2443]
    """
    n = 2 * lmax + 1
    spectrum = np.fft.fft(circle_values(lmax, 2 * np.pi * np.arange(n) / n)) / n
    return np.fft.fftshift(spectrum, axes=-1)


@lru_cache(maxsize=64)
def slope_coefficients(lmax: int) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    r"""Return the coefficients of :math:`\partial_\theta P_{lm}` and of :math:`m P_{lm}/\sin\theta`, each (m, l, u = -lmax..lmax).

    The second is a polynomial too: ``P_lm`` holds :math:`\sin^m\theta`. Its transform takes angles where the sine does not vanish.

    Examples
    --------
    >>> along, across = slope_coefficients(1)  # of sqrt(3 / 4 pi) sin(theta): a cosine, and a constant
    >>> np.abs(along[1, 1]).round(4).tolist(), np.abs(across[1, 1]).round(4).tolist()
    ([0.2443, 0.0, 0.2443], [0.0, 0.4886, 0.0])
    """
    n, u = 2 * lmax + 1, np.arange(-lmax, lmax + 1)
    theta = 2 * np.pi * (np.arange(n) + 0.25) / n
    orders = np.arange(lmax + 1)[:, None, None]
    values = orders * circle_values(lmax, theta) / np.sin(theta)
    across = values @ np.exp(-1j * np.outer(theta, u)) / n
    return 1j * u * torus_coefficients(lmax), across


def circle_slopes(lmax: int, theta: Floats) -> tuple[Floats, Floats]:
    r"""Return :math:`\partial_\theta P_{lm}` and :math:`m P_{lm}/\sin\theta` at angles of the whole circle, each (m, l, angles).

    Examples
    --------
    >>> along, across = circle_slopes(1, np.array([0.0]))
    >>> along[1, 1].round(3).tolist(), across[1, 1].round(3).tolist()
    ([0.489], [0.489])
    """
    waves = np.exp(1j * np.outer(np.arange(-lmax, lmax + 1), theta))
    along, across = ((c @ waves).real for c in slope_coefficients(lmax))
    return along, across


def sine_integrals(k: NDArray[np.int64]) -> NDArray[np.complex128]:
    r"""Return :math:`\int_0^\pi e^{ik\theta}\sin\theta\,d\theta`: (1 + (-1)^k) / (1 - k^2), and ±iπ/2 for k = ±1.

    Examples
    --------
    >>> sine_integrals(np.array([0, 1, 2])).tolist()
    [(2+0j), 1.5707963267948966j, (-0.6666666666666666+0j)]
    """
    odd_one = np.abs(k) == 1
    plain = (1 + (-1.0) ** np.abs(k)) / (1 - np.where(odd_one, 0, k) ** 2)
    return np.where(odd_one, 0.5j * np.pi * k, plain)


@kept_table
def plane_index(lmax: int, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """Return where the component (l, v) and (l, -v) stand, for v, l = 0..lmax (the last place, a zero, for v > l), and the factors.

    Examples
    --------
    >>> plus, minus, factor = plane_index(1, torch.device("cpu"))
    >>> plus.tolist(), minus.tolist()
    ([[0, 2], [4, 3]], [[4, 4], [4, 1]])
    """
    v, l = np.meshgrid(np.arange(lmax + 1), np.arange(lmax + 1), indexing="ij")
    none = (lmax + 1) ** 2
    plus, minus = np.where(v <= l, l * l + l + v, none), np.where((v <= l) & (v > 0), l * l + l - v, none)
    factor = np.where(v[:, :1] > 0, 0.5, 1.0)
    return tuple(torch.from_numpy(array).to(device) for array in (plus, minus, factor))  # type: ignore[return-value]


def to_planes(x: Tensor, lmax: int) -> tuple[Tensor, Tensor]:
    """Return real and imaginary parts (..., v, l) of a signal (..., (lmax+1)^2).

    Examples
    --------
    >>> real, imaginary = to_planes(torch.tensor([1.0, 2, 3, 4]), 1)
    >>> real.tolist(), (-imaginary).tolist()
    ([[1.0, 3.0], [0.0, 2.0]], [[0.0, 0.0], [0.0, 1.0]])
    """
    plus, minus, factor = plane_index(lmax, x.device)
    padded = torch.nn.functional.pad(x, (0, 1))
    scale = factor.to(x.dtype)
    lead = x.shape[:-1]
    real = padded.index_select(-1, plus.reshape(-1)).reshape(*lead, *plus.shape) * scale
    imaginary = padded.index_select(-1, minus.reshape(-1)).reshape(*lead, *minus.shape) * -scale
    return real, imaginary


@kept_table
def _signal_index(lmax: int, device: torch.device) -> Tensor:
    """Return where each component stands in the planes of cosines, followed by those of sines."""
    size = (lmax + 1) ** 2
    places = [abs(m) * (lmax + 1) + l + (size if m < 0 else 0) for l in range(lmax + 1) for m in range(-l, l + 1)]
    return torch.tensor(places, device=device)


def from_planes(cosines: Tensor, sines: Tensor, lmax: int) -> Tensor:
    """Return the signal (..., (lmax+1)^2) whose components (l, v) and (l, -v) stand in planes (..., v, l).

    Examples
    --------
    >>> from_planes(torch.tensor([[1.0, 3], [0, 4]]), torch.tensor([[0.0, 0], [0, 2]]), 1)
    tensor([1., 2., 3., 4.])
    """
    both = torch.cat([cosines.flatten(-2), sines.flatten(-2)], -1)
    return both.index_select(-1, _signal_index(lmax, both.device))
