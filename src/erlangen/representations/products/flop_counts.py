r"""Operations that a product costs, counted from what an algorithm does, and how they grow with the degree.

Definition: an addition, a multiplication count 1, a multiply-add 2; a real FFT of n points counts :math:`2.5\, n \log_2 n`, a complex one twice that.
Convention: one sample and one channel, weights not counted; ``einsum``, ``four-tables``, ``gauss-legendre``, ``fourier-direct`` and ``matrix-sum`` are
the algorithms of Xie et al. (ICML 2025) and give XLA's counts of their code, digit for digit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from erlangen.errors import DomainError
from erlangen.representations.couplings import wigner_3j_array
from erlangen.representations.products.coupling_scales import lift_degree
from erlangen.representations.products.product_spec import ProductSpec, setting, spec_of
from erlangen.representations.products.released_counts import four_tables, four_tables_once, fourier_direct
from erlangen.validation import check_choice, check_integer

__all__ = ["ALGORITHMS", "complexity", "flops"]

SPHERICAL = ("gaunt", "bracket", "complete-gaunt")


def flops(product: Any, batch: int = 1, *, method: str = "sparse") -> int:
    """Return the number of floating-point operations of a forward pass.

    Parameters
    ----------
    product : ProductSpec or module
        What to count; copies count as often as they meet in the modes of e3nn's full product.
    batch : int
        Number of samples.
    method : str
        ``sparse`` (a list of terms), ``einsum`` (a dense block a path, outer products shared), ``four-tables`` (four tables of coefficients and
        masks a path), ``dense`` (one matrix), ``grid`` (minimal antipodal points), ``gauss-legendre`` (dense in both angles), ``grid-separable``,
        ``fourier`` (fast transform), ``fourier-direct`` (sums, dense tables), ``matrix`` (order 2t+1), ``matrix-sum`` (order (t+1)^2).

    Raises
    ------
    DomainError
        If the kind of product has no such algorithm, or the type is not one copy of each degree where the method goes through functions.

    References
    ----------
    Xie et al., ICML 2025, operations as XLA counts them (``benchmarking/csv/flops_cpu.csv`` of the released code): ``einsum`` (166, 1691, 8996 … at
    L = 1, 2, 3), ``four-tables`` (392, 3133, 13026 …: masks are made once a batch of 10,000), ``gauss-legendre`` (843, 5145 …),
    ``fourier-direct`` (1305, 9367 …), ``matrix-sum`` (672, 8424 …).

    Examples
    --------
    >>> from erlangen.representations.products import setting
    >>> [flops(setting("mimo", L), method="einsum") for L in (1, 2, 3)]
    [166, 1691, 8996]
    >>> [flops(setting("mimo", L, kind="gaunt"), method="gauss-legendre") for L in (1, 2, 3)]
    [843, 5145, 17535]
    >>> [round(flops(setting("mimo", L), 10_000, method="four-tables") / 10_000) for L in (1, 2, 3)]
    [392, 3133, 13026]
    """
    spec = spec_of(product)
    check_integer(batch, "batch", low=0)
    name = check_choice(method, "method", ALGORITHMS)
    kinds, count = ALGORITHMS[name]
    if spec.kind not in kinds:
        message = f"method={name!r} computes products of kind {', '.join(kinds)}, not {spec.kind!r}"
        usable = [other for other, (served, _) in ALGORITHMS.items() if spec.kind in served]
        raise DomainError(message, hint=f"choose one of {', '.join(usable)}")
    once = _ONCE[name](spec) if name in _ONCE and batch else 0
    return batch * count(spec) + once


@lru_cache(maxsize=4096)
def _nonzeros(l1: int, l2: int, l3: int) -> tuple[int, int]:
    """Return the numbers of terms of a path, and of pairs (output, first input) that have any."""
    there = np.abs(wigner_3j_array(l1, l2, l3)) > 1e-14
    return int(there.sum()), int(there.any(1).sum())


def _sparse(spec: ProductSpec) -> int:
    """Each output sums ``x_i (sum_j c y_j)``: two operations a term and two a pair (i, k)."""
    total = 0
    for path in spec.paths:
        i, j, _ = path
        terms, pairs = _nonzeros(*(ir.l for ir in spec.irreps_of(path)))
        total += 2 * (terms + pairs) * spec.irreps_in1[i].mul * spec.irreps_in2[j].mul
    return total


def _einsum(spec: ProductSpec) -> int:
    """Each path contracts its block in the cheapest order; outer products of the same pair are formed once."""
    total, formed = 0, set()
    for path in spec.paths:
        i, j, _ = path
        d1, d2, d3 = (ir.dim for ir in spec.irreps_of(path))
        copies = spec.irreps_in1[i].mul * spec.irreps_in2[j].mul
        if d1 == d2 == d3 == 1:
            total += copies
            continue
        outer, left, right = d1 * d2, 2 * d2 * d3, 2 * d1 * d3
        cheapest = min(outer, left, right)
        if cheapest == outer and (i, j) in formed:
            cheapest = 0
        elif cheapest == outer:
            formed.add((i, j))
        total += copies * (2 * d1 * d2 * d3 + cheapest)
    return total


def _dense(spec: ProductSpec) -> int:
    """The outer product of the arguments times one matrix."""
    d1, d2, d3 = _dimensions(spec)
    return d1 * d2 + 2 * d1 * d2 * d3


def _matrix(spec: ProductSpec) -> int:
    """Two lifts to matrices of order n, their product, and the way back."""
    d1, d2, d3 = _dimensions(spec)
    n = 2 * lift_degree(*spec.degrees[:2]) + 1
    return 2 * n * n * (d1 + d2 + d3) + 2 * n**3


def _matrix_sum(spec: ProductSpec) -> int:
    """The same on the direct sum of the degrees 0..t, matrices of order ``(t+1)^2``, as the paper's code has it."""
    n = (lift_degree(*spec.degrees[:2]) + 1) ** 2
    return 2 * n * n * sum(_dimensions(spec)) + 2 * n**3


def _dimensions(spec: ProductSpec) -> tuple[int, int, int]:
    """Return the dimensions of signals of the three degrees, all degrees stored."""
    l1, l2, l3 = spec.degrees
    return (l1 + 1) ** 2, (l2 + 1) ** 2, (l3 + 1) ** 2


def _gauss_legendre(spec: ProductSpec) -> int:
    """Both ways dense in the polar angle and in the azimuth, ``2 n`` azimuths for ``n`` nodes, and the factor of the azimuths."""
    l1, l2, l3 = spec.degrees
    d1, d2, d3 = _dimensions(spec)
    n = (l1 + l2 + l3) // 2 + 1
    there = sum(2 * n * (2 * l + 1) * d + 4 * n * n * (2 * l + 1) for l, d in ((l1, d1), (l2, d2)))
    back = 4 * n * n * (2 * l3 + 1) + n * (2 * l3 + 1) + 2 * n * (2 * l3 + 1) * d3
    return there + 2 * n * n + back


def _grid(spec: ProductSpec) -> int:
    """Matrices to and from half of the minimal antipodal points; the bracket has two slopes an argument and twice the points."""
    total = 0
    d = sum(_dimensions(spec))
    for bracket in (False, True):
        if spec.kind == "complete-gaunt" or (spec.kind == "bracket") == bracket:
            half = -(-max(spec.degrees[0] + spec.degrees[1] - bracket, spec.degrees[2], 0) // 2)
            points = (2 * half + 1) * (half + 1) * (1 + bracket)
            total += 2 * points * d + 6 * points
    return total


def _fft(n: int, real: bool) -> float:
    return (2.5 if real else 5.0) * n * math.log2(max(n, 2))


def _fields(spec: ProductSpec) -> list[tuple[int, int]]:
    """Return how many fields an argument becomes, and the operations a point, of each half: values, or two slopes."""
    halves = {"gaunt": [(1, 1)], "bracket": [(2, 3)], "complete-gaunt": [(1, 1), (2, 3)]}
    return halves[spec.kind]


def _separable(spec: ProductSpec) -> int:
    """For each order a matrix over degrees, then FFTs over the azimuth on each ring."""
    l1, l2, l3 = spec.degrees
    t = l1 + l2 + l3
    nodes, azimuths = t // 2 + 1, t + 1
    there, back = (2 * nodes * sum((l + 1) ** 2 for l in ls) for ls in ((l1, l2), (l3,)))
    transform = nodes * _fft(azimuths, True)
    return round(sum(f * there + back + (2 * f + 1) * transform + p * nodes * azimuths for f, p in _fields(spec)))


def _fourier(spec: ProductSpec) -> int:
    """For each order a matrix from degrees to u, a convolution by FFT of side 2 (l1 + l2) + 1, and a matrix back."""
    l1, l2, l3 = spec.degrees
    n = 2 * (l1 + l2) + 1
    there, back = sum(2 * (l + 1) ** 2 * (2 * l + 1) for l in (l1, l2)), 4 * (l3 + 1) ** 2 * n
    transform = (n // 2 + 1) * _fft(n, False) + n * _fft(n, True)
    return round(sum(f * there + back + (2 * f + 1) * transform + p * n * n for f, p in _fields(spec)))


Count = Callable[[ProductSpec], int]
ALGORITHMS: dict[str, tuple[tuple[str, ...], Count]] = {
    "sparse": (("clebsch-gordan", *SPHERICAL, "matrix"), _sparse),
    "einsum": (("clebsch-gordan", *SPHERICAL, "matrix"), _einsum),
    "four-tables": (("clebsch-gordan",), four_tables),
    "dense": ((*SPHERICAL, "matrix"), _dense),
    "grid": (SPHERICAL, _grid),
    "gauss-legendre": (("gaunt",), _gauss_legendre),
    "grid-separable": (SPHERICAL, _separable),
    "fourier": (SPHERICAL, _fourier),
    "fourier-direct": (("gaunt",), fourier_direct),
    "matrix": (("matrix",), _matrix),
    "matrix-sum": (("matrix",), _matrix_sum),
}
_ONCE: dict[str, Count] = {"four-tables": four_tables_once}  # what a batch costs beside its samples


def complexity(method: str, name: str = "mimo", *, kind: str | None = None, low: int = 12, high: int = 24) -> float:
    """Return the exponent p of the cost ``L**p`` of a method, fitted to its counts at degrees from ``low`` to ``high``.

    Examples
    --------
    >>> round(complexity("gauss-legendre", low=200, high=400), 1)
    4.0
    """
    check_choice(method, "method", ALGORITHMS)
    kind = kind or ALGORITHMS[method][0][0]
    degrees = np.unique(np.geomspace(low, high, 4).round().astype(int))
    counts = [flops(setting(name, int(L) - int(L) % 2, kind=kind), method=method) for L in degrees]
    logs = np.log([int(L) - int(L) % 2 for L in degrees])
    return float(np.polyfit(logs, np.log(counts), 1)[0])
