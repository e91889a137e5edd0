r"""Products of several functions on the sphere, taken one factor after the other and projected on the low degrees at each.

Definition: :math:`P_\nu = F_1F_2\cdots F_\nu`; *grid* and *fourier* go to points of the sphere or of the torus of two angles once and come back once for
each power, *sparse* chains products of degrees no higher than what is still wanted.
Convention: factors have one degree L; the powers 1 … are given up to degree min(l3, nu L); all routes agree to rounding, to any derivative.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from torch import Tensor

from erlangen.representations.products.coupling_terms import gaunt_terms
from erlangen.representations.products.product_routes import sparse_route
from erlangen.representations.products.signal_degrees import check_signal, cut_degrees
from erlangen.representations.products.sphere_lift import power_lifts
from erlangen.representations.products.torus_routes import fourier_powers
from erlangen.representations.sphere import SphereRule
from erlangen.validation import check_choice

__all__ = ["POWER_ROUTES", "signal_powers"]

Item = TypeVar("Item")
POWER_ROUTES = ("auto", "grid", "fourier", "sparse")


def signal_powers(
    factors: Sequence[Tensor],
    count: int,
    l3: int,
    *,
    route: str = "auto",
    grid: str | SphereRule = "auto",
    layout: str = "mul_ir",
) -> list[Tensor]:
    """Return the products of the first 1, 2 … ``count`` factors, each up to degree ``l3`` or its own highest.

    Parameters
    ----------
    factors : sequence of Tensor (..., (L+1)^2) or (..., (L+1)^2, c)
        ``count`` signals, or one, whose powers are meant.
    count : int
        The highest power.
    l3 : int
        The highest degree wanted.
    route : {"auto", "grid", "fourier", "sparse"}
        How it is computed; ``auto`` is the grid.
    grid : str or SphereRule
        Points of the grid.
    layout : {"mul_ir", "ir_mul"}
        Whether an axis of channels follows the components.

    References
    ----------
    Luo, Chen & Krishnapriyan, ICLR 2024, section 3.3.

    Examples
    --------
    >>> import torch
    >>> x = torch.tensor([0.0, 0, 1, 0], dtype=torch.float64)
    >>> two = [signal_powers([x], 3, 1, route=route)[2] for route in ("grid", "fourier")]
    >>> bool(torch.allclose(*two))
    True
    """
    check_choice(route, "route", POWER_ROUTES)
    L = check_signal(factors[0], "factors[0]", layout)
    if route == "fourier":
        tops = [min(l3, nu * L) for nu in range(2, count + 1)]
        turned = [factor.mT if layout == "ir_mul" else factor for factor in factors]
        found = [z.mT if layout == "ir_mul" else z for z in fourier_powers(turned, L, tops)]
    else:
        found = (_chain if route == "sparse" else _on_grid)(factors, L, count, l3, grid, layout)
    return [cut_degrees(factors[0], min(L, l3), layout), *found]


def _factor(factors: Sequence[Item], nu: int) -> Item:
    return factors[nu - 1] if len(factors) > 1 else factors[0]


def _chain(factors: Sequence[Tensor], L: int, count: int, l3: int, grid: str | SphereRule, layout: str) -> list[Tensor]:
    """Return the powers 2 … by sparse products, cut to the degrees that can still fall to l3."""
    power, degree, found = factors[0], L, []
    for nu in range(2, count + 1):
        top = min(nu * L, l3 + (count - nu) * L)
        power, degree = sparse_route(gaunt_terms(degree, L, top), power, _factor(factors, nu), layout), top
        found.append(cut_degrees(power, min(l3, top), layout))
    return found


def _on_grid(
    factors: Sequence[Tensor], L: int, count: int, l3: int, grid: str | SphereRule, layout: str
) -> list[Tensor]:
    """Return the powers 2 … by values at points, antipodal ones kept as parts of even and of odd degree."""
    lift, backs = power_lifts(L, count, l3, grid, factors[0].dtype, factors[0].device)
    values = [_both(lift.values(factor, layout)) for factor in factors]
    power, found = values[0], []
    for nu, back in enumerate(backs, start=2):
        power = [a * b for a, b in zip(power, _factor(values, nu), strict=True)]
        found.append(back.coefficients(_graded(power), layout))
    return found


def _both(values: list[Tensor]) -> list[Tensor]:
    """Return the values at points and at their antipodes, of those of even and of odd degree."""
    return values if len(values) == 1 else [values[0] + values[1], values[0] - values[1]]


def _graded(values: list[Tensor]) -> list[Tensor]:
    """Return the parts of even and of odd degree; the inverse of :func:`_both`."""
    return values if len(values) == 1 else [(values[0] + values[1]) / 2, (values[0] - values[1]) / 2]
