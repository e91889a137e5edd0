r"""The identities of the paper, measured: how far each is broken at worst, and on how many instances.

Definition: paths, couplings, expressivity and operations of the complete, the Gaunt, the bracket and the matrix product (Xie et al. 2025).
Convention: each function takes the highest degree L and returns (largest violation, instances); counts are exact, couplings relative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import factorial, pi, prod, sqrt

import numpy as np
from numpy.typing import NDArray

from erlangen.datasets import tetrominoes
from erlangen.edges import to_numpy, to_tensor
from erlangen.representations import gaunt_scale, spherical_harmonics, wigner_3j, wigner_6j
from erlangen.representations.products import (
    bracket_product,
    expressivity,
    flops,
    gaunt_product,
    interactable,
    matrix_product,
    setting,
)

__all__ = [
    "bracket",
    "cost_of_freedom",
    "gaunt_expressivity",
    "gaunt_selection",
    "handedness",
    "matrix_expressivity",
    "matrix_selection",
    "odd_single",
    "operations",
    "path_counts",
    "rank_dial",
]

Array = NDArray[np.float64]
Found = tuple[float, int]

# Operations a sample as XLA counts them for ten thousand samples, L = 1..6: `benchmarking/csv/flops_cpu.csv` of the released code.
PUBLISHED = {
    ("clebsch-gordan", "einsum"): (166, 1691, 8996, 32957, 95960, 237127),
    ("clebsch-gordan", "four-tables"): (392, 3133, 13026, 38987, 95329, 203042),
    ("gaunt", "gauss-legendre"): (843, 5145, 17535, 44541, 94611, 178113),
    ("gaunt", "fourier-direct"): (1305, 9367, 35449, 96543, 215401, 420535),
    ("matrix", "matrix-sum"): (672, 8424, 49664, 195000, 593568, 1517432),
}
SAMPLES = 10_000
RANKS = (1, 2, 3, 4, 5, 7)
ZEROS_AT_SIX = 6  # couplings of the matrix product that vanish though symmetry lets them be


def path_counts(L: int) -> Found:
    """Compare the numbers of paths with their closed forms, all and those of even sum."""
    worst = 0
    for n in range(1, L + 1):
        total = sum(2 * min(a, b) + 1 for a in range(n + 1) for b in range(n + 1))
        even = (n + 1) * (n + 2) * (2 * n + 3) // 6
        worst = max(worst, abs(expressivity(setting("mimo", n, parity=False)) - total))
        worst = max(worst, abs(expressivity(setting("mimo", n)) - even))
    return float(worst), 2 * L


def gaunt_expressivity(L: int) -> Found:
    """Compare the rank of the Jacobian with 4 L + 1, and the interacting triples with the paths of even sum."""
    worst = 0
    for n in range(1, L + 1):
        product = setting("mimo", n, kind="gaunt")
        worst = max(worst, abs(expressivity(product) - 4 * n - 1))
        worst = max(worst, abs(len(interactable(product)) - (n + 1) * (n + 2) * (2 * n + 3) // 6))
    return float(worst), 2 * L


def matrix_expressivity(L: int) -> Found:
    """Compare the rank of the Jacobian with 4 L + 1, and the interacting triples with all paths, less six at L = 6."""
    worst = 0
    for n in range(1, L + 1):
        product = setting("mimo", n, kind="matrix", parity=False)
        total = sum(2 * min(a, b) + 1 for a in range(n + 1) for b in range(n + 1))
        worst = max(worst, abs(expressivity(product) - 4 * n - 1))
        worst = max(worst, abs(len(interactable(product)) - total + (ZEROS_AT_SIX if n == 6 else 0)))
    return float(worst), 2 * L


def rank_dial(L: int) -> Found:
    """Compare the least rank of a sum of Gaunt products that reaches all paths of even sum with 1, 2, 3, 4, 5, 7."""
    worst = 0
    for n in range(1, L + 1):
        whole = expressivity(setting("mimo", n))
        reached = [
            expressivity(setting("mimo", n, kind="gaunt", rank=r)) for r in (RANKS[n - 1] - 1, RANKS[n - 1]) if r
        ]
        worst = max(worst, abs(whole - reached[-1]), int(len(reached) > 1 and reached[0] >= whole))
    return float(worst), L


def operations(L: int) -> Found:
    """Compare counted operations with the published ones."""
    worst = 0
    for (kind, method), counts in PUBLISHED.items():
        for n, published in enumerate(counts[:L], 1):
            product = setting("mimo", n, kind=kind, parity=kind != "matrix")
            worst = max(worst, abs(round(flops(product, SAMPLES, method=method) / SAMPLES) - published))
    return float(worst), len(PUBLISHED) * min(L, 6)


def odd_single(L: int) -> Found:
    """Count the paths of L x L -> L with natural parity at odd degrees; even degrees must have one."""
    paths = {n: len(setting("siso", n).paths) for n in range(1, 2 * L + 1)}
    return float(max(abs(count - (n % 2 == 0)) for n, count in paths.items())), len(paths)


def cost_of_freedom(L: int) -> float:
    """Return the least ratio, over degrees and rivals, of operations by expressivity to those of the complete product."""
    rivals = {"gaunt": ("grid", "gauss-legendre", "grid-separable", "fourier"), "matrix": ("matrix", "matrix-sum")}
    least = np.inf
    for n in range(1, L + 1):
        complete = setting("mimo", n)
        own = min(flops(complete, method=m) for m in ("sparse", "einsum")) / expressivity(complete)
        for kind, methods in rivals.items():
            product = setting("mimo", n, kind=kind, parity=kind != "matrix")
            least = min(least, *(flops(product, method=m) / expressivity(product) / own for m in methods))
    return float(least)


def gaunt_selection(L: int) -> Found:
    """Compare products of harmonics on a Lebedev grid with the closed form of their couplings."""
    return _against(L, lambda x, y: gaunt_product(x, y, method="grid", grid="lebedev"), gaunt_scale)


def bracket(L: int) -> Found:
    """Compare brackets of harmonics on a Lebedev grid with the closed form of their couplings."""

    def scale(l1: int, l2: int, l3: int) -> float:
        if (l1 + l2 + l3) % 2 == 0:
            return 0.0
        size = sqrt((2 * l1 + 1) * (2 * l2 + 1) * (2 * l3 + 1) / (4 * pi) * l1 * (l1 + 1) * l2 * (l2 + 1))
        return size * _three_j(l1, l2, l3)

    return _against(L, lambda x, y: bracket_product(x, y, method="grid", grid="lebedev"), scale)


def handednesses() -> Array:
    r"""Return :math:`\int F_2 \{F_3, F_4\}` of the eight tetrominoes, :math:`F_l` the moments of degree l of the cubes about their centre."""
    shapes = np.asarray(tetrominoes().positions)
    centred = shapes - shapes.mean(1, keepdims=True)
    F2, F3, F4 = (
        np.asarray(spherical_harmonics(n, centred, normalize=False, normalization="integral")).sum(1) for n in (2, 3, 4)
    )
    x, y = (to_tensor(np.pad(F, ((0, 0), (n * n, 0))), "moments") for n, F in ((3, F3), (4, F4)))
    bracket = np.asarray(to_numpy(bracket_product(x, y, 2)))
    return np.asarray((bracket[:, 4:] * F2).sum(1))


def handedness(L: int) -> Found:
    """Compare the bracket's invariant of each tetromino: opposite for the mirror images, zero for the six that are their own."""
    del L
    left, right, *others = handednesses()
    return float(max(abs(left + right), *map(abs, others)) / abs(left)), 8


def matrix_selection(L: int) -> Found:
    """Compare products of lifted harmonics with the 6j symbols."""

    def scale(l1: int, l2: int, l3: int) -> float:
        return sqrt((2 * l1 + 1) * (2 * l2 + 1) * (2 * l3 + 1)) * abs(wigner_6j(l1, l2, l3, L, L, L))

    return _against(L, lambda x, y: matrix_product(x, y, method="matrix"), scale)


def _against(L: int, product: Callable[..., object], scale: Callable[[int, int, int], float]) -> Found:
    """Multiply all pairs of basis vectors; compare each block with ``scale`` times the 3j tensor, up to its sign."""
    n = (L + 1) ** 2
    basis = np.eye(n)
    x, y = np.repeat(basis, n, axis=0), np.tile(basis, (n, 1))
    blocks = np.asarray(to_numpy(product(to_tensor(x, "x"), to_tensor(y, "y")))).reshape(n, n, -1)  # type: ignore[arg-type]
    largest, worst, count = float(np.abs(blocks).max()), 0.0, 0
    for l1, l2, l3 in _triples(L):
        block = blocks[l1**2 : (l1 + 1) ** 2, l2**2 : (l2 + 1) ** 2, l3**2 : (l3 + 1) ** 2]
        C = scale(l1, l2, l3) * np.asarray(to_numpy(wigner_3j(l1, l2, l3)))
        worst = max(worst, float(min(np.abs(block - C).max(), np.abs(block + C).max())) / largest)
        count += 1
    return worst, count


def _triples(L: int) -> Iterator[tuple[int, int, int]]:
    """Yield the degrees that the triangle rule lets meet."""
    for l1 in range(L + 1):
        for l2 in range(L + 1):
            yield from ((l1, l2, l3) for l3 in range(abs(l1 - l2), l1 + l2 + 1))


def _three_j(l1: int, l2: int, l3: int) -> float:
    """Return the magnitude of the 3j symbol (l1 l2 l3; 1 -1 0) by Racah's sum in exact fractions."""
    if min(l1, l2) < 1:
        return 0.0
    low, high = max(0, l2 - l3 - 1, l1 - l3 - 1), min(l1 + l2 - l3, l1 - 1, l2 - 1)
    total = Fraction(0)
    for k in range(low, high + 1):
        below = (k, l1 + l2 - l3 - k, l1 - 1 - k, l2 - 1 - k, l3 - l2 + 1 + k, l3 - l1 + 1 + k)
        total += Fraction((-1) ** k, prod(map(factorial, below)))
    triangle = [l1 + l2 - l3, l1 - l2 + l3, l2 + l3 - l1, l1 + 1, l1 - 1, l2 + 1, l2 - 1, l3, l3]
    front = Fraction(prod(map(factorial, triangle)), factorial(l1 + l2 + l3 + 1))
    return sqrt(front) * abs(float(total))
