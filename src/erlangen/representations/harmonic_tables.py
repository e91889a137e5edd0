r"""Numbers behind the real solid harmonics: the recursion that makes them and the ladder that differentiates them.

Definition: :math:`R_{l,\pm m} = q_{lm}(y, r^2)\,\{c_m, s_m\}`, :math:`c_m + i s_m = (z + ix)^m`, with
:math:`q_{lm} = a_{lm}\, y\, q_{l-1,m} - b_{lm}\, r^2 q_{l-2,m}`; :math:`\partial_x R_l, \partial_y R_l, \partial_z R_l` are combinations of :math:`R_{l-1}`.
Convention: polar axis y, ``m = -l..l`` (negative: sine), no Condon-Shortley phase; normalisation "integral", "component" or "norm".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from erlangen.validation import check_memory

__all__ = [
    "NORMALIZATIONS",
    "LadderTable",
    "RecursionTable",
    "degree_scale",
    "kernel_table",
    "ladder_table",
    "recursion_table",
]

NORMALIZATIONS = ("component", "integral", "norm")
_UNASKED = 1000  # to which degree tables are made without asking for memory, so that graphs may make them
Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RecursionTable:
    """Coefficients of the recursion over the degree, rows of a triangle ``l (l + 1) / 2 + m`` for ``0 <= m <= l``.

    Attributes
    ----------
    a, b : ndarray ((lmax + 1) (lmax + 2) / 2,)
        Factors of ``y q[l - 1]`` and of ``r^2 q[l - 2]``; zero where there is no such term.
    top : ndarray (lmax + 1,)
        ``q[l, l]``, a constant.
    """

    lmax: int
    a: Floats
    b: Floats
    top: Floats


@dataclass(frozen=True, eq=False)
class LadderTable:
    """The transposed derivative: ``(D_d^T g)[k'] = sum_t coefficient[d, t, k'] g[source[d, t, k']]``.

    Attributes
    ----------
    source : ndarray (3, 2, lmax ** 2)
        Components of degrees ``1..lmax``, counted from degree 0; axis d = x, y, z.
    coefficient : ndarray (3, 2, lmax ** 2)
        Zero where a term is missing.
    """

    lmax: int
    source: Indices
    coefficient: Floats


def degree_scale(lmax: int, normalization: str) -> Floats:
    """Return the factor (lmax + 1,) of each degree relative to harmonics of integral one."""
    l = np.arange(lmax + 1)
    if normalization == "component":
        return np.full(lmax + 1, np.sqrt(4 * np.pi))
    return np.ones(lmax + 1) if normalization == "integral" else np.sqrt(4 * np.pi / (2 * l + 1))


@lru_cache(maxsize=256)
def recursion_table(lmax: int, normalization: str) -> RecursionTable:
    """Return the coefficients of the recursion up to degree ``lmax``, in float64."""
    if lmax > _UNASKED:
        hint = "ask for lower degrees"
        check_memory(48.0 * (lmax + 1) ** 2, f"the recursion of harmonics to degree {lmax}", hint=hint)
    scale = degree_scale(lmax, normalization)
    l, m = np.tril_indices(lmax + 1)
    a, b = np.zeros(len(l)), np.zeros(len(l))
    one = l > m
    a[one] = np.sqrt((4.0 * l**2 - 1)[one] / (l**2 - m**2)[one]) * scale[l[one]] / scale[l[one] - 1]
    two = l > m + 1
    before = ((l - 1.0) ** 2 - m**2)[two] / (4.0 * (l - 1) ** 2 - 1)[two]
    b[two] = a[two] * np.sqrt(before) * scale[l[two] - 1] / scale[l[two] - 2]
    step = np.arange(2, lmax + 1)
    ratios = np.concatenate([[1.0], [np.sqrt(3.0)][:lmax], np.sqrt((2 * step + 1) / (2 * step))])
    return RecursionTable(lmax, a, b, np.cumprod(ratios) * scale / np.sqrt(4 * np.pi))


def _rungs(l: Indices, m: Indices, scale: Floats) -> tuple[Floats, Floats, Floats]:
    """Return how ``R_{lm}``, m >= 0, falls to ``m``, ``m - 1`` and ``m + 1`` of the degree below (Hobson, sec. 88-90)."""
    common = np.sqrt((2 * l + 1) / (2 * l - 1)) * scale[l] / scale[l - 1]
    level = common * np.sqrt(np.maximum((l - m) * (l + m), 0))
    down = common / 2 * np.sqrt((l + m) * (l + m - 1)) * np.where(m == 1, np.sqrt(2), 1)
    up = common / 2 * np.sqrt(np.maximum((l - m) * (l - m - 1), 0)) * np.where(m == 0, np.sqrt(2), 1)
    return level, down, up


@lru_cache(maxsize=256)
def ladder_table(lmax: int, normalization: str) -> LadderTable:
    """Return the ladder from degrees ``1..lmax`` down to ``0..lmax - 1``, in float64."""
    scale = degree_scale(lmax, normalization)
    below = np.repeat(np.arange(lmax), 2 * np.arange(lmax) + 1)
    order = np.arange(lmax**2) - below * (below + 1)
    l, size, sign = below + 1, np.abs(order), np.where(order < 0, -1, 1)
    level, _, _ = _rungs(l, size, scale)
    _, down, _ = _rungs(l, size + 1, scale)
    _, _, up = _rungs(l, np.maximum(size - 1, 0), scale)
    centre = l * l + l
    source, coefficient = np.zeros((3, 2, len(l)), np.int64), np.zeros((3, 2, len(l)))
    source[1, 0], coefficient[1, 0] = centre + order, level
    source[2, 0], coefficient[2, 0] = centre + sign * (size + 1), down
    source[2, 1] = centre + sign * np.maximum(size - 1, 0)
    coefficient[2, 1] = np.where((order > 0) | (order < -1), -up, 0)
    source[0, 0], coefficient[0, 0] = centre - sign * (size + 1), np.where(order < 0, -down, down)
    source[0, 1] = centre - sign * np.maximum(size - 1, 0)
    coefficient[0, 1] = np.where(order < 0, -up, np.where(order > 1, up, 0))
    return LadderTable(lmax, source, coefficient)


@lru_cache(maxsize=256)
def kernel_table(lmax: int, normalization: str) -> Floats:
    """Return what the compiled kernel reads: rows a, b, top, flat, down, up (6, (lmax + 1) (lmax + 2) / 2)."""
    recursion, scale = recursion_table(lmax, normalization), degree_scale(lmax, normalization)
    table = np.zeros((6, len(recursion.a)))
    table[0], table[1] = recursion.a, recursion.b
    table[2, : lmax + 1] = recursion.top
    l, m = np.tril_indices(lmax + 1)
    table[3:, 1:] = _rungs(l[1:], m[1:], scale)
    return table
