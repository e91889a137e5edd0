r"""Signals on the sphere as trigonometric polynomials on the torus, exactly.

Definition: :math:`\theta` goes round the whole circle, :math:`F(\theta, \alpha) = \sum_{u,v} f_{uv} e^{i(u\theta + v\alpha)}`; on the second half
:math:`\sin\theta < 0`, so that odd m change sign there (arXiv 2401.10216, sec. 3.2).
Convention: packed form (..., 2L + 1, L + 1): row m = -L..L the wave :math:`\sin|m|\alpha, 1, \cos m\alpha`, column u = 0..L the wave
:math:`\cos u\theta` for even m and :math:`\sin u\theta` for odd m; full form (..., 2L + 1, 2L + 1) complex, u then v from -L to L.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import ShapeError
from erlangen.representations.solid_harmonics import solid_harmonics
from erlangen.representations.sphere.grid import check_real, signal_degree
from erlangen.representations.sphere.grid_tables import degrees_of
from erlangen.validation import check_choice, check_integer

__all__ = ["convolve2d", "fourier_coefficients", "fourier_to_sh", "pack_fourier", "sh_to_fourier", "unpack_fourier"]

Floats = NDArray[np.float64]


@lru_cache(maxsize=64)
def _polar_waves(lmax: int) -> Floats:
    """Return the coefficients ((lmax + 1) ** 2, lmax + 1) of the harmonics' polar factors in cosines (even m) or sines (odd m)."""
    n = 2 * lmax + 1
    theta = 2 * np.pi * np.arange(n) / n
    meridian = np.stack([np.zeros(n), np.cos(theta), np.sin(theta)], axis=1)  # sin(theta) < 0 gives odd m their sign
    values = solid_harmonics(torch.from_numpy(meridian), lmax).numpy()
    l = degrees_of(lmax)
    m = np.arange(len(l)) - l * (l + 1)
    spectrum = np.fft.rfft(values[:, l * (l + 1) + np.abs(m)], axis=0).T / n
    doubled = np.where(np.arange(lmax + 1) > 0, 2.0, 1.0)
    waves = np.where((m % 2 == 0)[:, None], spectrum.real * doubled, -spectrum.imag * doubled)
    u = np.arange(lmax + 1)
    return np.where((u <= l[:, None]) & ((u - l[:, None]) % 2 == 0), waves, 0.0)


def fourier_coefficients(l: int, m: int) -> NDArray[np.complex128]:
    r"""Return the exact Fourier coefficients of one spherical harmonic.

    .. math:: Y_{lm}(\theta, \alpha) = \sum_{u=-l}^{l} \sum_{v = \pm m} y_{uv}\, e^{i(u\theta + v\alpha)}

    Parameters
    ----------
    l, m : int
        Degree and order, ``-l <= m <= l``.

    Returns
    -------
    ndarray (2 l + 1, 2 l + 1)
        u, then v, each from -l to l.

    Raises
    ------
    DomainError
        If ``|m| > l`` or l < 0.

    Examples
    --------
    >>> y = fourier_coefficients(1, 0)  # sqrt(3 / 4 pi) cos(theta)
    >>> np.allclose([y[0, 1], y[2, 1]], np.sqrt(3 / (16 * np.pi))), int(np.count_nonzero(y))
    (True, 2)
    """
    l = check_integer(l, "l", low=0)
    m = check_integer(m, "m", low=-l, high=l)
    packed = np.zeros((2 * l + 1, l + 1))
    packed[l + m] = _polar_waves(l)[l * l + l + m]
    full: NDArray[np.complex128] = unpack_fourier(torch.from_numpy(packed)).numpy()
    return full


@lru_cache(maxsize=64)
def _forward(lmax: int) -> Floats:
    """Return the matrices (2 lmax + 1, lmax + 1, lmax + 1) that take degrees l of each order m to waves u."""
    l = degrees_of(lmax)
    out = np.zeros((2 * lmax + 1, lmax + 1, lmax + 1))
    out[np.arange(len(l)) - l * l - l + lmax, l] = _polar_waves(lmax)
    return out


def _half_circle(n: int, k: int, odd: bool) -> Floats:
    r"""Return the integrals (n, k) of products of cosines (or of sines) times :math:`\sin\theta` over half the circle, in closed form."""
    u, w = np.arange(n)[:, None], np.arange(k)[None]

    def half(j: NDArray[np.int64]) -> Floats:
        even = j % 2 == 0
        return np.where(even, 2.0 / np.where(even, 1.0 - j * j, 1.0), 0.0)  # of cos(j theta) sin(theta)

    return (half(u - w) - half(u + w)) / 2 if odd else (half(u - w) + half(u + w)) / 2


@lru_cache(maxsize=64)
def _backward(size: int, lmax: int) -> Floats:
    """Return the matrices (2 size + 1, size + 1, lmax + 1) that integrate waves u <= size of each order m against degrees l <= lmax."""
    forward = _forward(lmax)
    out = np.zeros((2 * size + 1, size + 1, lmax + 1))
    for m in range(-min(size, lmax), min(size, lmax) + 1):
        integrals = _half_circle(size + 1, lmax + 1, bool(m % 2))
        out[size + m] = integrals @ forward[lmax + m].T * (2 * np.pi if m == 0 else np.pi)
    return out


@lru_cache(maxsize=128)
def _tensor(which: str, sizes: tuple[int, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
    matrix = _forward(*sizes) if which == "forward" else _backward(*sizes)
    return torch.from_numpy(matrix).to(device, dtype)


def _places(lmax: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return the rows m + lmax and the columns l of the components."""
    l = torch.from_numpy(degrees_of(lmax))
    m = torch.arange((lmax + 1) ** 2) - l * (l + 1)
    return (m + lmax).to(device), l.to(device)


@array_edge("x")
def sh_to_fourier(x: Any) -> Any:
    r"""Return the packed Fourier coefficients of a signal, exactly.

    .. math:: F(\theta, \alpha) = \sum_m T_m(\alpha) \sum_{u=0}^{L} A_{mu}\,\{\cos u\theta \text{ or } \sin u\theta\}

    Parameters
    ----------
    x : Tensor or array_like (..., (L + 1) ** 2)
        Coefficients in harmonics of integral one.

    Returns
    -------
    Tensor or ndarray (..., 2 L + 1, L + 1)
        Real; :func:`unpack_fourier` makes the complex array.

    Raises
    ------
    ShapeError, DtypeError
        If the last axis is no square, or the numbers are not real.

    Examples
    --------
    >>> sh_to_fourier(torch.tensor([0.0, 0.0, 1.0, 0.0])).shape
    torch.Size([3, 2])
    """
    lmax = signal_degree(x)
    v = x if x.dtype in (torch.float32, torch.float64) else x.float()
    rows, columns = _places(lmax, x.device)
    padded = v.new_zeros(*x.shape[:-1], 2 * lmax + 1, lmax + 1)
    padded[..., rows, columns] = v
    return torch.einsum("...ml,mlu->...mu", padded, _tensor("forward", (lmax,), v.dtype, v.device)).to(x.dtype)


@array_edge("A")
def fourier_to_sh(A: Any, lmax: int) -> Any:
    r"""Return the coefficients of a signal given in packed Fourier form, by exact integrals over half the torus.

    .. math:: z_{lm} = \int_0^\pi \int_0^{2\pi} F(\theta, \alpha)\, Y_{lm}\, \sin\theta\, d\alpha\, d\theta

    Parameters
    ----------
    A : Tensor or array_like (..., 2 n + 1, n + 1)
        Packed coefficients of any degree n.
    lmax : int
        Highest degree wanted.

    Returns
    -------
    Tensor or ndarray (..., (lmax + 1) ** 2)

    Raises
    ------
    ShapeError
        If ``A`` has another shape.

    Examples
    --------
    >>> x = torch.arange(9.0)
    >>> torch.allclose(fourier_to_sh(sh_to_fourier(x), 2), x, atol=1e-5)
    True
    """
    lmax, size = check_integer(lmax, "lmax", low=0), packed_degree(A)
    check_real(A, "A")
    v = A if A.dtype in (torch.float32, torch.float64) else A.float()
    z = torch.einsum("...mu,mul->...ml", v, _tensor("backward", (size, lmax), v.dtype, v.device))
    if size < lmax:
        z = torch.nn.functional.pad(z, (0, 0, lmax - size, lmax - size))
        size = lmax
    rows, columns = _places(lmax, A.device)
    return z[..., rows + size - lmax, columns].to(A.dtype)


def packed_degree(A: Tensor) -> int:
    """Return the degree n of packed coefficients (..., 2 n + 1, n + 1)."""
    if A.ndim < 2 or A.shape[-2] != 2 * A.shape[-1] - 1:
        message = f"A must have shape (..., 2 n + 1, n + 1), got {tuple(A.shape)}"
        raise ShapeError(message, hint="sh_to_fourier makes packed coefficients, pack_fourier packs complex ones")
    return int(A.shape[-1]) - 1


def _signs(n: int, like: Tensor) -> tuple[Tensor, Tensor]:
    """Return whether rows m = -n..n have odd m, and the sign of m, in columns."""
    m = torch.arange(-n, n + 1, device=like.device)[:, None]
    return m % 2 == 1, m.sign()


def unpack_fourier(A: Tensor) -> Tensor:
    """Return the complex coefficients (..., 2 n + 1, 2 n + 1), u then v, of packed ones.

    Examples
    --------
    >>> unpack_fourier(torch.tensor([[3.0]]))
    tensor([[3.+0.j]])
    """
    n = packed_degree(A)
    odd, sign = _signs(n, A)
    complex_type = torch.complex(A.new_zeros(()), A.new_zeros(())).dtype
    half = torch.cat([A[..., :1], A[..., 1:] / 2], -1).to(complex_type)
    upper = torch.where(odd, -1j * half, half)
    lower = torch.where(odd, 1j * half, half)
    by_u = torch.cat([lower[..., 1:].flip(-1), torch.where(odd, 0 * half, half)[..., :1], upper[..., 1:]], -1)
    mirrored = by_u.flip(-2)  # row -m
    cosine, sine = torch.where(sign < 0, mirrored, by_u), torch.where(sign < 0, by_u, mirrored)
    waves = torch.where(sign == 0, by_u, (cosine - 1j * sign * sine) / 2)
    return waves.mT


def pack_fourier(f: Tensor) -> Tensor:
    """Return the packed form (..., 2 n + 1, n + 1) of the complex coefficients of a real signal on the sphere.

    Examples
    --------
    >>> A = sh_to_fourier(torch.arange(4.0))
    >>> torch.allclose(pack_fourier(unpack_fourier(A)), A)
    True
    """
    if f.ndim < 2 or f.shape[-1] != f.shape[-2] or f.shape[-1] % 2 == 0:
        message = f"f must have shape (..., 2 n + 1, 2 n + 1), got {tuple(f.shape)}"
        raise ShapeError(message, hint="unpack_fourier and convolve2d make such arrays")
    n = f.shape[-1] // 2
    by_v = f.mT
    odd, sign = _signs(n, f.real)
    mirrored = by_v.flip(-2)
    cosine = by_v + mirrored
    sine = 1j * (mirrored - by_v)  # i (f_v - f_{-v}) for row v = -|m|
    rows = torch.where(sign == 0, by_v, torch.where(sign > 0, cosine, sine))
    upper, lower = rows[..., n:], rows[..., : n + 1].flip(-1)
    even = torch.cat([upper[..., :1], upper[..., 1:] + lower[..., 1:]], -1)
    return torch.where(odd, (1j * (upper - lower)).real, even.real)


@array_edge("a", "b")
def convolve2d(a: Any, b: Any, *, method: str = "auto") -> Any:
    r"""Return the full linear convolution of the last two axes: the product of two trigonometric polynomials.

    .. math:: c_{uv} = \sum_{p, q} a_{pq}\, b_{u-p, v-q}

    Parameters
    ----------
    a, b : Tensor or array_like (..., m, n)
        Real or complex; leading axes broadcast.
    method : {"auto", "direct", "fft"}
        Sum of shifts, or by the fast Fourier transform; ``"auto"`` takes the sum where b has at most 9 entries.

    Returns
    -------
    Tensor or ndarray (..., ma + mb - 1, na + nb - 1)

    Raises
    ------
    ShapeError
        If an argument has fewer than two axes or an empty one.

    Examples
    --------
    >>> nine = torch.arange(1.0, 10.0).reshape(3, 3)
    >>> convolve2d(nine, nine)[0]
    tensor([ 1.,  4., 10., 12.,  9.])
    """
    check_choice(method, "method", ("auto", "direct", "fft"))
    for name, value in (("a", a), ("b", b)):
        if value.ndim < 2 or 0 in value.shape[-2:]:
            message = f"{name} must have shape (..., m, n) with m, n >= 1, got {tuple(value.shape)}"
            raise ShapeError(message, hint="the last two axes are convolved")
    rows, columns = (int(a.shape[k] + b.shape[k] - 1) for k in (-2, -1))
    if method == "direct" or (method == "auto" and b.shape[-1] * b.shape[-2] <= 9):
        parts = [
            torch.nn.functional.pad(
                a * b[..., p, q, None, None], (q, columns - a.shape[-1] - q, p, rows - a.shape[-2] - p)
            )
            for p in range(b.shape[-2])
            for q in range(b.shape[-1])
        ]
        return torch.stack(parts).sum(0)
    size = (rows, columns)
    if a.is_complex() or b.is_complex():
        return torch.fft.ifft2(torch.fft.fft2(a, s=size) * torch.fft.fft2(b, s=size))
    return torch.fft.irfft2(torch.fft.rfft2(a, s=size) * torch.fft.rfft2(b, s=size), s=size)
