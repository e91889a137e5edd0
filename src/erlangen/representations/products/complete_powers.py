r"""Products of several functions with the bracket beside the product: natural and anti-natural parts of each number of bodies.

Definition: :math:`N_1 = F_1`, :math:`P_1 = 0`; :math:`N_\nu = N_{\nu-1}F_\nu + \{P_{\nu-1}, F_\nu\}`,
:math:`P_\nu = P_{\nu-1}F_\nu + \{N_{\nu-1}, F_\nu\}`, each term scaled a degree to equal variance, their sum to one.
Convention: the variance is that for independent standard normal factors; N has the parity of functions, :math:`(-1)^l`, P the opposite.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import torch
from torch import Tensor

from erlangen.representations.couplings import gaunt_scale
from erlangen.representations.products.bracket_product import bracket_product
from erlangen.representations.products.coupling_scales import bracket_scale, path_degrees
from erlangen.representations.products.gaunt_product import gaunt_product
from erlangen.representations.products.signal_degrees import check_signal, pad_degrees, scale_degrees
from erlangen.representations.sphere import SphereRule

__all__ = ["complete_powers", "complete_variances", "wanted_degrees"]

Sizes = tuple[float, ...]
Step = tuple[Sizes, Sizes]


def wanted_degrees(L: int, count: int, even: int, odd: int) -> list[tuple[int, int]]:
    """Return the degrees that N and P of 1, 2 … ``count`` factors need, -1 for none, to give N up to ``even`` and P up to ``odd`` at each.

    Examples
    --------
    >>> wanted_degrees(3, 3, 1, -1)  # vectors of three bodies
    [(3, -1), (4, 4), (1, -1)]
    >>> wanted_degrees(3, 3, 0, -1)  # no bracket reaches scalars
    [(3, -1), (3, -1), (0, -1)]
    """
    found, n, p = [], -1, -1
    for nu in range(count, 0, -1):
        below_n = max([n + L] * (n >= 0) + [p + L] * (p >= 1), default=-1)
        below_p = max([p + L] * (p >= 0) + [n + L] * (n >= 1), default=-1)
        n, p = min(max(even, below_n), nu * L), min(max(odd, below_p), nu * L - 1 if nu > 1 else -1)
        found.append((n, p))
    return found[::-1]


@lru_cache(maxsize=256)
def complete_variances(there: Sizes, degrees: tuple[tuple[int, int], ...]) -> tuple[Step, ...]:
    """Return which degrees (1 or 0) of N and of P are not zero for factors that have the degrees ``there``.

    Examples
    --------
    >>> complete_variances((1.0, 1.0), ((1, -1), (2, 1)))[1]
    ((1.0, 1.0, 1.0), (0.0, 1.0))
    """
    found: list[Step] = [(there[: degrees[0][0] + 1], ())]
    for n, p in degrees[1:]:
        before = found[-1]
        sums = [_sums(before, there, n, 0), _sums(before, there, p, 1)]
        found.append((_signs(sums[0]), _signs(sums[1])))
    return tuple(found)


def _signs(terms: list[Sizes]) -> Sizes:
    return tuple(float(any(column)) for column in zip(*terms, strict=True))


@lru_cache(maxsize=1024)
def _sums(before: Step, there: Sizes, top: int, side: int) -> list[Sizes]:
    """Return a component's variance in each degree of the product and of the bracket that make N (side 0) or P (side 1)."""
    return [
        _variance("gaunt", before[side], there, top),
        _variance("bracket", before[1 - side], there, top),
    ]


def _variance(half: str, first: Sizes, second: Sizes, top: int) -> Sizes:
    strength = gaunt_scale if half == "gaunt" else bracket_scale
    totals = [0.0] * (top + 1)
    for a, b, c in path_degrees(len(first) - 1, len(second) - 1, top):
        totals[c] += first[a] * second[b] * strength(a, b, c) ** 2 / (2 * c + 1)
    return tuple(totals)


def complete_powers(
    factors: Sequence[Tensor],
    even: int,
    odd: int = -1,
    *,
    there: Sequence[float] = (),
    method: str = "auto",
    grid: str | SphereRule = "auto",
    layout: str = "mul_ir",
) -> list[tuple[Tensor | None, Tensor | None]]:
    """Return N and P of the first 1, 2 … factors, with at least the degrees up to ``even`` and ``odd`` that exist; ``None`` for what nothing needs.

    Parameters
    ----------
    factors : sequence of Tensor (..., (L+1)^2) or (..., (L+1)^2, c)
        Signals of one degree; equal ones have no bracket.
    even, odd : int
        Degrees wanted, -1 for none.
    there : sequence of float, optional
        1 for each degree that factors have, 0 for those that are always zero; all by default.
    method : {"auto", "sparse", "dense", "grid", "fourier"}
        The route of the products and brackets.
    grid : str or SphereRule
        Points of the grid.
    layout : {"mul_ir", "ir_mul"}
        Whether an axis of channels follows the components.

    Examples
    --------
    >>> x, y = torch.eye(4, dtype=torch.float64)[2:]
    >>> N, P = complete_powers([x, y], 2, 1)[1]
    >>> N.shape, P.shape, bool(P[1].abs() > 0.1)  # y of degree one is the axis of the cross product
    (torch.Size([9]), torch.Size([4]), True)
    """
    L = check_signal(factors[0], "factors[0]", layout)
    presence = tuple(float(item) for item in there) or (1.0,) * (L + 1)
    degrees = tuple(wanted_degrees(L, len(factors), even, odd))
    sizes = complete_variances(presence, degrees)
    found: list[tuple[Tensor | None, Tensor | None]] = [(factors[0], None)]
    for before, factor, (n, p) in zip(sizes, factors[1:], degrees[1:], strict=False):
        N, P = found[-1]
        options = (method, grid, layout)
        found.append((
            _sum(N, P, factor, n, _scales(before, presence, n, 0), *options),
            _sum(P, N, factor, p, _scales(before, presence, p, 1), *options),
        ))  # fmt: skip
    return found


@lru_cache(maxsize=1024)
def _scales(before: Step, there: Sizes, top: int, side: int) -> list[Sizes]:
    """Return the factors a degree of product and bracket, which give each the same variance and their sum one."""
    terms = _sums(before, there, top, side)
    counts = [sum(value > 0 for value in column) for column in zip(*terms, strict=True)]
    return [
        tuple((value * count) ** -0.5 if value > 0 else 0.0 for value, count in zip(term, counts, strict=True))
        for term in terms
    ]


def _sum(
    same: Tensor | None, other: Tensor | None, factor: Tensor, top: int, scales: list[Sizes],
    method: str, grid: str | SphereRule, layout: str,
) -> Tensor | None:  # fmt: skip
    """Return the scaled product of ``same`` and bracket of ``other`` with the factor, up to degree ``top``."""
    parts = []
    for signal, scale, product in ((same, scales[0], gaunt_product), (other, scales[1], bracket_product)):
        if signal is None or not any(scale):
            continue
        highest = min(top, check_signal(signal, "signal", layout) + check_signal(factor, "factor", layout))
        z = product(signal, factor, highest, method=method, grid=grid, layout=layout)
        numbers = torch.tensor(scale[: highest + 1], dtype=z.dtype, device=z.device)
        parts.append(pad_degrees(scale_degrees(z, numbers, highest, layout, "scale"), top, layout))
    return sum(parts[1:], start=parts[0]) if parts else None
