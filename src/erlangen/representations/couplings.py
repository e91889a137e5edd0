r"""Couplings of three degrees: Wigner's 3j symbols and Gaunt's integrals in the basis of the real harmonics.

Definition: the unit tensor :math:`C` with :math:`C_{ijk} = D^{l_1}_{ii'} D^{l_2}_{jj'} D^{l_3}_{kk'} C_{i'j'k'}` for every rotation;
:math:`G_{ijk} = \int_{S^2} Y_{l_1 i} Y_{l_2 j} Y_{l_3 k}`, harmonics of integral one.
Convention: Frobenius norm one and e3nn's signs, with which G is a positive multiple of C; Racah's sum is taken in integers.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.validation import check_integer, check_memory

__all__ = ["gaunt", "gaunt_array", "gaunt_scale", "wigner_3j", "wigner_3j_array"]

_EXACT = 62  # sums of products of binomials up to 2**62 fit into 64 bits


def _degrees(l1: int, l2: int, l3: int) -> tuple[int, int, int]:
    """Return the degrees, refused unless they fulfil the triangle inequality."""
    a, b, c = (check_integer(l, name, low=0) for name, l in (("l1", l1), ("l2", l2), ("l3", l3)))
    if not abs(a - b) <= c <= a + b:
        message = f"degrees ({a}, {b}, {c}) do not couple: |l1 - l2| <= l3 <= l1 + l2 is broken"
        raise DomainError(message, hint=f"with l1 = {a}, l2 = {b} choose l3 in [{abs(a - b)}, {a + b}]")
    return a, b, c


def _binomials(n: int, at: NDArray[np.int64], dtype: Any) -> NDArray[Any]:
    """Return the binomials ``C(n, k)``, zero outside ``0 <= k <= n``, at an array of ``k``."""
    row = np.array([math.comb(n, k) for k in range(n + 1)] + [0], dtype=dtype)
    return row[np.where((at >= 0) & (at <= n), at, n + 1)]


def _racah(l1: int, l2: int, l3: int) -> NDArray[np.float64]:
    r"""Return, up to one positive factor, the Clebsch-Gordan coefficients ``<l1 m1 l2 m2 | l3 m1+m2>``, ``(2 l1 + 1, 2 l2 + 1)``.

    Racah's sum in binomials, :math:`\sum_k (-1)^k \binom{a}{k}\binom{b}{l_1-m_1-k}\binom{c}{l_2+m_2-k}` with
    :math:`a = l_1+l_2-l_3,\ b = l_1-l_2+l_3,\ c = -l_1+l_2+l_3`, is a product of two matrices of integers, bounded by
    :math:`2^{l_1+l_2+l_3}`; it is exact.
    """
    a, b, c = l1 + l2 - l3, l1 - l2 + l3, -l1 + l2 + l3
    dtype = np.int64 if l1 + l2 + l3 <= _EXACT else object
    k, m1, m2 = np.arange(a + 1), np.arange(-l1, l1 + 1), np.arange(-l2, l2 + 1)
    left = np.where(k % 2, -1, 1).astype(dtype) * _binomials(a, k, dtype)
    sums = (left * _binomials(b, l1 - m1[:, None] - k, dtype)) @ _binomials(c, l2 + m2 - k[:, None], dtype)
    values = sums.astype(np.float64)
    for l, m in ((l1, m1[:, None]), (l2, m2), (l3, m1[:, None] + m2)):
        values = values / np.sqrt(_binomials(2 * l, np.where(abs(m) <= l, l + m, l), object).astype(np.float64))
    return np.where(abs(m1[:, None] + m2) <= l3, values, 0.0)


def _phases(l: int, m: NDArray[np.int64]) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Return ``sqrt(2) (-i)^l`` (for m = 0 without the root) times the entries of the complex harmonic m at the real ones ``+|m|`` and ``-|m|``."""
    turn = (1, -1j, -1, 1j)[l % 4]
    even = np.where(m % 2, -1.0, 1.0)
    plus = np.where(m > 0, even, 1.0) * turn
    minus = np.where(m > 0, 1j * even, -1j) * turn
    return plus, np.where(m == 0, 0.0, minus)


@functools.lru_cache(maxsize=4096)
def wigner_3j_array(l1: int, l2: int, l3: int) -> NDArray[np.float64]:
    """Return the real 3j tensor ``(2 l1 + 1, 2 l2 + 1, 2 l3 + 1)`` as a read-only array that is kept.

    Raises
    ------
    DomainError
        If the degrees do not fulfil the triangle inequality.

    Examples
    --------
    >>> C = wigner_3j_array(1, 1, 1)
    >>> bool(np.isclose(C[0, 1, 2], 6**-0.5)), C.flags.writeable
    (True, False)
    """
    l1, l2, l3 = _degrees(l1, l2, l3)
    shape = (2 * l1 + 1, 2 * l2 + 1, 2 * l3 + 1)
    check_memory(3 * 8 * math.prod(shape), f"the 3j tensor of degrees ({l1}, {l2}, {l3})")
    coefficients = _racah(l1, l2, l3)
    m1, m2 = (index.ravel() for index in np.meshgrid(np.arange(-l1, l1 + 1), np.arange(-l2, l2 + 1), indexing="ij"))
    inside = abs(m1 + m2) <= l3
    m1, m2, values = m1[inside], m2[inside], coefficients.ravel()[inside]
    m3 = m1 + m2
    table = np.zeros(shape)
    first, second, third = _phases(l1, m1), _phases(l2, m2), _phases(l3, m3)
    halves = np.sqrt(0.5) ** np.where((m1 == 0) | (m2 == 0) | (m3 == 0), 0, 1)  # two or three roots of one half
    halves = halves * np.where((m1 == 0) & (m2 == 0), 1.0, 0.5)
    for s1, s2, s3 in np.ndindex(2, 2, 2):
        part = (first[s1] * second[s2] * third[s3].conj()).real * values * halves
        place = [l + (1 - 2 * s) * abs(m) for l, s, m in ((l1, s1, m1), (l2, s2, m2), (l3, s3, m3))]
        np.add.at(table, tuple(place), part)
    table /= np.sqrt(np.sum(table * table))
    table.flags.writeable = False
    return table


def wigner_3j(
    l1: int, l2: int, l3: int, *, dtype: torch.dtype = torch.float64, device: torch.device | str | None = None
) -> Tensor:
    r"""Return Wigner's 3j symbols in the basis of the real harmonics.

    .. math::
        C_{ijk} = D^{l_1}_{ii'}(R)\, D^{l_2}_{jj'}(R)\, D^{l_3}_{kk'}(R)\, C_{i'j'k'}, \qquad \sum C_{ijk}^2 = 1

    Parameters
    ----------
    l1, l2, l3 : int
        Degrees of any size.
    dtype : torch.dtype
        Of the result; the table is made in double precision.
    device : torch.device, optional
        Of the result.

    Returns
    -------
    Tensor (2 l1 + 1, 2 l2 + 1, 2 l3 + 1)
        A new tensor, the caller's own.

    Raises
    ------
    DomainError
        If the degrees do not fulfil the triangle inequality.

    References
    ----------
    A. R. Edmonds, Angular Momentum in Quantum Mechanics, (3.6.11) and (3.7.3).

    Examples
    --------
    >>> C = wigner_3j(1, 1, 0).squeeze(-1)
    >>> bool(torch.allclose(C, torch.eye(3, dtype=torch.float64) / 3**0.5))
    True
    """
    return torch.tensor(wigner_3j_array(l1, l2, l3), dtype=dtype, device=device)


@functools.lru_cache(maxsize=4096)
def gaunt_scale(l1: int, l2: int, l3: int) -> float:
    r"""Return the factor :math:`\kappa` between Gaunt's integrals and the 3j tensor, zero where the sum of the degrees is odd.

    .. math::
        \kappa = \sqrt{\frac{(2l_1+1)(2l_2+1)(2l_3+1)}{4\pi}}\;\left|\begin{pmatrix} l_1 & l_2 & l_3\\ 0&0&0\end{pmatrix}\right|

    Examples
    --------
    >>> gaunt_scale(0, 0, 0) == (4 * math.pi) ** -0.5, gaunt_scale(1, 1, 1)
    (True, 0.0)
    """
    l1, l2, l3 = _degrees(l1, l2, l3)
    if (l1 + l2 + l3) % 2:
        return 0.0
    g = (l1 + l2 + l3) // 2
    square = math.comb(2 * g - 2 * l1, g - l1) * math.comb(2 * g - 2 * l2, g - l2) * math.comb(2 * g - 2 * l3, g - l3)
    whole = (2 * g + 1) * math.comb(2 * g, g)
    return _root((2 * l1 + 1) * (2 * l2 + 1) * (2 * l3 + 1) * square, whole) / math.sqrt(4 * math.pi)


def _root(numerator: int, denominator: int) -> float:
    """Return the root of a quotient of integers of any size."""
    return math.sqrt(numerator / denominator)


@functools.lru_cache(maxsize=4096)
def gaunt_array(l1: int, l2: int, l3: int) -> NDArray[np.float64]:
    """Return Gaunt's integrals ``(2 l1 + 1, 2 l2 + 1, 2 l3 + 1)`` as a read-only array that is kept; see :func:`gaunt`.

    Examples
    --------
    >>> bool(np.isclose(gaunt_array(0, 0, 0), (4 * np.pi) ** -0.5))
    True
    """
    table = gaunt_scale(l1, l2, l3) * wigner_3j_array(l1, l2, l3)
    table.flags.writeable = False
    return table


def gaunt(
    l1: int, l2: int, l3: int, *, dtype: torch.dtype = torch.float64, device: torch.device | str | None = None
) -> Tensor:
    r"""Return the integrals of three real harmonics over the sphere.

    .. math::
        G_{ijk} = \int_{S^2} Y_{l_1 i}\, Y_{l_2 j}\, Y_{l_3 k}\, d\Omega = \kappa\, C_{ijk}

    with :math:`C` of :func:`wigner_3j` and :math:`\kappa \ge 0` of :func:`gaunt_scale`, the harmonics of integral one.

    Parameters
    ----------
    l1, l2, l3 : int
        Degrees of any size; the tensor is zero where their sum is odd.
    dtype : torch.dtype
        Of the result; the table is made in double precision.
    device : torch.device, optional
        Of the result.

    Returns
    -------
    Tensor (2 l1 + 1, 2 l2 + 1, 2 l3 + 1)

    Raises
    ------
    DomainError
        If the degrees do not fulfil the triangle inequality.

    References
    ----------
    J. A. Gaunt, Phil. Trans. R. Soc. A 228 (1929) 151-196; Edmonds, (4.6.3).

    Examples
    --------
    >>> bool(torch.isclose(gaunt(1, 1, 0)[0, 0, 0], torch.tensor(4 * torch.pi, dtype=torch.float64) ** -0.5))
    True
    """
    return torch.tensor(gaunt_array(l1, l2, l3), dtype=dtype, device=device)
