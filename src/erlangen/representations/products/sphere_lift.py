r"""What carries a signal to values on a grid and back, split by the antipodal map where the grid allows.

Definition: on antipodal points :math:`F(\pm r) = F_e(r) \pm F_o(r)`, F_e and F_o the parts of even and of odd degree; half of the points suffice,
and a product of two signals is graded by parity as the signals are.
Convention: matrices are made in float64 and kept for each dtype and device; values at points come last (``mul_ir``) or before channels.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.representations.products.kept_table import kept_table
from erlangen.representations.sphere import SphereRule, projection_rule
from erlangen.representations.sphere.minimal_points import LARGEST
from erlangen.representations.spherical_harmonics import spherical_harmonics

__all__ = ["GRIDS", "SphereLift", "bracket_lifts", "gaunt_lifts", "harmonics", "power_lifts", "slopes"]

GRIDS = ("auto", "minimal", "lebedev", "gauss-legendre", "equal-angle")
_HIGHEST_LEBEDEV = 131
Floats = NDArray[np.float64]


class SphereLift(NamedTuple):
    """The maps of one argument: for each grade the components concerned and their matrix (components, points).

    Examples
    --------
    >>> x_lift, _, _ = gaunt_lifts(1, 1, 2, "minimal", torch.float64, torch.device("cpu"))
    >>> [tuple(value.shape) for value in x_lift.values(torch.zeros(5, 4, dtype=torch.float64), "mul_ir")]
    [(5, 6), (5, 6)]
    """

    indices: tuple[Tensor, ...]
    matrices: tuple[Tensor, ...]
    back: Tensor

    def values(self, x: Tensor, layout: str) -> list[Tensor]:
        """Return the values of each grade at the points."""
        if len(self.indices) == 1:
            return [_times(x, self.matrices[0], layout)]
        axis = -1 if layout == "mul_ir" else -2
        return [
            _times(x.index_select(axis, index), matrix, layout)
            for index, matrix in zip(self.indices, self.matrices, strict=True)
        ]

    def coefficients(self, values: list[Tensor], layout: str) -> Tensor:
        """Return the components of values of each grade, the transposed map."""
        parts = [_times(value, matrix.mT, layout) for value, matrix in zip(values, self.matrices, strict=True)]
        if len(parts) == 1:
            return parts[0]
        axis = -1 if layout == "mul_ir" else -2
        return torch.cat(parts, axis).index_select(axis, self.back)


def _times(x: Tensor, matrix: Tensor, layout: str) -> Tensor:
    """Return x (..., d) times (d, n), or x (..., d, c) with the components mapped."""
    return x @ matrix if layout == "mul_ir" else matrix.mT @ x


def _lift(table: Floats, parity: NDArray[np.int64] | None, dtype: torch.dtype, device: torch.device) -> SphereLift:
    """Return the lift of a matrix (components, points), split by a grade 0 or 1 of each component if given."""
    grades = [np.arange(len(table))] if parity is None else [np.flatnonzero(parity == grade) for grade in (0, 1)]
    order = np.argsort(np.concatenate(grades), kind="stable")
    return SphereLift(
        tuple(torch.from_numpy(grade).to(device) for grade in grades),
        tuple(torch.tensor(table[grade], dtype=dtype, device=device) for grade in grades),
        torch.from_numpy(order).to(device),
    )


def _parity(lmax: int) -> NDArray[np.int64]:
    """Return the degree of each component modulo 2."""
    return np.concatenate([np.full(2 * l + 1, l % 2) for l in range(lmax + 1)])


def _chosen(grid: str | SphereRule, degree: int, l3: int) -> SphereRule:
    """Return the rule that projects signals of a degree on l <= l3, or the caller's own, refused if too coarse."""
    if isinstance(grid, SphereRule):
        if grid.interpolates < max(degree, l3):
            grid.check(degree + l3)
        return grid
    if grid == "auto":
        families = [name for name in ("minimal", "lebedev") if _exists(name, degree, l3)] or ["gauss-legendre"]
        return min((projection_rule(degree, l3, name) for name in families), key=len)
    return projection_rule(degree, l3, grid)


def _exists(family: str, degree: int, l3: int) -> bool:
    """Whether a family has a rule for this projection."""
    return max(degree, l3) <= 2 * LARGEST if family == "minimal" else degree + l3 <= _HIGHEST_LEBEDEV


def _projection(found: SphereRule, degree: int, l3: int) -> tuple[Floats, Floats, bool]:
    """Return points, the matrix (components, points) that projects values on l <= l3, and whether half of the points stand for all."""
    half = found.antipodal
    points = found.points[: len(found) // 2] if half else found.points
    if found.degree >= degree + l3:
        weights = found.weights[: len(points)] * (2 if half else 1)
        return points, harmonics(l3, points).T * weights, half
    full = max(degree, l3)
    parity, table = _parity(full), harmonics(full, points)
    inverse = np.zeros((table.shape[1], len(points)))
    for grade in (0, 1) if half else (None,):
        columns = np.flatnonzero(parity == grade) if half else np.arange(table.shape[1])
        if len(columns):
            inverse[columns] = np.linalg.pinv(table[:, columns])
    return points, inverse[: (l3 + 1) ** 2], half


def harmonics(lmax: int, points: Floats) -> Floats:
    """Return the harmonics of integral one at unit vectors, (points, (lmax+1)^2).

    Examples
    --------
    >>> harmonics(1, np.array([[0.0, 0.0, 1.0]])).round(3).tolist()
    [[0.282, 0.0, 0.0, 0.489]]
    """
    table = spherical_harmonics(
        range(lmax + 1), torch.from_numpy(np.array(points)), normalize=False, normalization="integral"
    )
    return np.asarray(table.numpy())


def slopes(lmax: int, points: Floats) -> tuple[Floats, Floats]:
    """Return the derivatives of the harmonics along two tangent vectors e, f with e x f = r, (points, (lmax+1)^2) each.

    Examples
    --------
    >>> e, f = slopes(1, np.array([[0.0, 0.0, 1.0]]))
    >>> bool(np.isclose((e[0, 1:] ** 2).sum() + (f[0, 1:] ** 2).sum(), 3 / (2 * np.pi)))
    True
    """
    r = torch.from_numpy(np.array(points)).requires_grad_()
    table = spherical_harmonics(range(lmax + 1), r, normalize=False, normalization="integral")
    columns = [torch.autograd.grad(column.sum(), r, retain_graph=True)[0] for column in table.unbind(-1)]
    gradient = torch.stack(columns, 1).numpy()
    pole = np.where(np.abs(points[:, :1]) < 0.6, np.array([[1.0, 0, 0]]), np.array([[0, 1.0, 0]]))
    e = np.cross(pole, points)
    e /= np.linalg.norm(e, axis=1, keepdims=True)
    return np.einsum("plc,pc->pl", gradient, e), np.einsum("plc,pc->pl", gradient, np.cross(points, e))


Flat = tuple[Tensor, ...]


def _flat(lifts: tuple[SphereLift, SphereLift, SphereLift]) -> tuple[Flat, Flat, Flat]:
    """Return the lifts as plain tuples, which compiled graphs hold."""
    x, y, z = ((lift.back, *lift.indices, *lift.matrices) for lift in lifts)
    return x, y, z


def _named(flat: tuple[Flat, Flat, Flat]) -> tuple[SphereLift, SphereLift, SphereLift]:
    """Return lifts of plain tuples."""
    x, y, z = (_named_one(part) for part in flat)
    return x, y, z


def gaunt_lifts(
    l1: int, l2: int, l3: int, grid: str | SphereRule, dtype: torch.dtype, device: torch.device
) -> tuple[SphereLift, SphereLift, SphereLift]:
    """Return the lifts of x, y and z of the product of two functions.

    Examples
    --------
    >>> [len(lift.back) for lift in gaunt_lifts(1, 2, 3, "lebedev", torch.float32, torch.device("cpu"))]
    [4, 9, 16]
    """
    return _named(_gaunt_tables(l1, l2, l3, grid, dtype, device))


@kept_table
def _gaunt_tables(
    l1: int, l2: int, l3: int, grid: str | SphereRule, dtype: torch.dtype, device: torch.device
) -> tuple[Flat, Flat, Flat]:
    points, back, half = _projection(_chosen(grid, l1 + l2, l3), l1 + l2, l3)
    tables = harmonics(l1, points).T, harmonics(l2, points).T, back
    x, y, z = (
        _lift(table, _parity(l) if half else None, dtype, device) for table, l in zip(tables, (l1, l2, l3), strict=True)
    )
    return _flat((x, y, z))


def bracket_lifts(
    l1: int, l2: int, l3: int, grid: str | SphereRule, dtype: torch.dtype, device: torch.device
) -> tuple[SphereLift, SphereLift, SphereLift]:
    """Return the lifts of the bracket: points are counted twice, with the products of slopes e f and -f e.

    The bracket of two even or two odd functions is odd, so the grade of the result is one more than its degree.

    Examples
    --------
    >>> [lift.matrices[0].shape[1] for lift in bracket_lifts(1, 1, 2, "minimal", torch.float32, torch.device("cpu"))]
    [12, 12, 12]
    """
    return _named(_bracket_tables(l1, l2, l3, grid, dtype, device))


@kept_table
def _bracket_tables(
    l1: int, l2: int, l3: int, grid: str | SphereRule, dtype: torch.dtype, device: torch.device
) -> tuple[Flat, Flat, Flat]:
    degree = max(l1 + l2 - 1, 0)
    points, back, half = _projection(_chosen(grid, degree, l3), degree, l3)
    (xe, xf), (ye, yf) = slopes(l1, points), slopes(l2, points)
    tables = np.vstack([xe, xf]).T, np.vstack([yf, -ye]).T, np.hstack([back, back])
    x, y, z = (
        _lift(table, (_parity(l) + shift) % 2 if half else None, dtype, device)
        for table, l, shift in zip(tables, (l1, l2, l3), (0, 0, 1), strict=True)
    )
    return _flat((x, y, z))


def power_lifts(
    lmax: int, nu: int, l3: int, grid: str | SphereRule, dtype: torch.dtype, device: torch.device
) -> tuple[SphereLift, list[SphereLift]]:
    """Return the lift of a signal whose powers up to ``nu`` are taken, and the ways back of the powers 2 … nu, on one grid.

    Examples
    --------
    >>> lift, backs = power_lifts(3, 3, 1, "auto", torch.float64, torch.device("cpu"))
    >>> lift.matrices[0].shape[1], len(backs)
    (25, 2)
    """
    first, *others = (_named_one(flat) for flat in _power_tables(lmax, nu, l3, grid, dtype, device))
    return first, others


@kept_table
def _power_tables(
    lmax: int, nu: int, l3: int, grid: str | SphereRule, dtype: torch.dtype, device: torch.device
) -> tuple[Flat, ...]:
    found = _chosen(grid, nu * lmax, l3)
    points, back, half = _projection(found, nu * lmax, l3)
    lifts = [_lift(harmonics(lmax, points).T, _parity(lmax) if half else None, dtype, device)]
    for power in range(2, nu + 1):
        top = min(l3, power * lmax)
        lifts.append(_lift(back[: (top + 1) ** 2], _parity(top) if half else None, dtype, device))
    return tuple((lift.back, *lift.indices, *lift.matrices) for lift in lifts)


def _named_one(flat: Flat) -> SphereLift:
    """Return the lift of a plain tuple."""
    half = len(flat) // 2
    return SphereLift(flat[1 : half + 1], flat[half + 1 :], flat[0])
