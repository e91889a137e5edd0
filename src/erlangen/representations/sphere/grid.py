r"""Signals on the sphere: from coefficients to values on a rule, and back.

Definition: :math:`F(r_i) = \sum_{lm} x_{lm} Y_{lm}(r_i)` and :math:`x_{lm} = \int_{S^2} F\, Y_{lm}`, the integral by a rule that is exact for it.
Convention: harmonics of integral one unless said; a projection that would not be exact is refused, never approximated.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError, DtypeError, ShapeError
from erlangen.representations.harmonic_tables import NORMALIZATIONS
from erlangen.representations.sphere.grid_tables import as_tensor, parts
from erlangen.representations.sphere.separable import separable_analysis, separable_synthesis
from erlangen.representations.sphere.sphere_rule import SphereRule
from erlangen.representations.spherical_harmonics import spherical_harmonics
from erlangen.validation import check_choice, check_integer

__all__ = ["evaluate", "from_grid", "to_grid", "to_grid_gradient"]

_ROUTES = ("auto", "dense", "separable")
_SEPARABLE_FROM = 8
_COMPUTED = (torch.float32, torch.float64)
_HALF = (torch.float16, torch.bfloat16)


def signal_degree(x: Tensor, name: str = "x") -> int:
    """Return the degree L of coefficients (..., (L + 1) ** 2), refusing another length or type."""
    size = x.shape[-1] if x.ndim else 0
    lmax = round(size**0.5) - 1
    if size == 0 or (lmax + 1) ** 2 != size:
        message = f"{name} must have shape (..., (lmax + 1) ** 2), got {tuple(x.shape)}"
        raise ShapeError(message, hint="fill missing degrees with zeros")
    check_real(x, name)
    return int(lmax)


def check_real(x: Tensor, name: str) -> None:
    """Refuse numbers that are not real floating-point numbers."""
    if not x.is_floating_point():
        message = f"{name} must be real floating-point numbers, got {x.dtype}"
        raise DtypeError(message, hint="convert them first, for example x.double()")


def _separable(rule: SphereRule, lmax: int, route: str) -> bool:
    """Return whether a transform goes by angles."""
    if check_choice(route, "route", _ROUTES) == "separable" and rule.grid is None:
        message = f"route='separable' needs a product rule, got {rule}"
        raise DomainError(message, hint="take kind='gauss-legendre' or 'equal-angle', or route='dense'")
    return rule.grid is not None and (route == "separable" or (route == "auto" and lmax >= _SEPARABLE_FROM))


@array_edge("x")
def to_grid(x: Any, rule: SphereRule, *, normalization: str = "integral", route: str = "auto") -> Any:
    r"""Return the values of a signal at the points of a rule.

    .. math:: F(r_i) = \sum_{l \le L} \sum_m x_{lm} Y_{lm}(r_i)

    Parameters
    ----------
    x : Tensor or array_like (..., (L + 1) ** 2)
        Coefficients of all degrees up to L; missing degrees are zeros. Half precision is computed in float32.
    rule : SphereRule
        Any; :func:`from_grid` needs one that is fine enough.
    normalization : {"integral", "component", "norm"}
        Of the harmonics.
    route : {"auto", "dense", "separable"}
        One matrix product (half of it where the points are antipodal), or polar angle and azimuth apart.

    Returns
    -------
    Tensor or ndarray (..., N)

    Raises
    ------
    ShapeError
        If the length of the last axis is no square.
    DomainError
        If ``route="separable"`` and the rule is no product.

    Examples
    --------
    >>> from erlangen.representations.sphere import rule
    >>> to_grid(torch.tensor([0.0, 0.0, 1.0, 0.0]), rule(3), normalization="norm")
    tensor([ 0.,  1.,  0.,  0., -1.,  0.])
    """
    lmax = signal_degree(x)
    check_choice(normalization, "normalization", NORMALIZATIONS)
    v = x if x.dtype in _COMPUTED else x.float()
    if _separable(rule, lmax, route):
        rows = v.reshape(-1, v.shape[-1])
        return separable_synthesis(rows, rule, lmax, normalization).reshape(*v.shape[:-1], len(rule)).to(x.dtype)
    matrices = as_tensor("synthesis", (rule, lmax, normalization), v)
    if not rule.antipodal:
        return (v @ matrices[0]).to(x.dtype)
    even, odd = (v[..., torch.from_numpy(part)] @ A for part, A in zip(parts(lmax), matrices, strict=True))
    return torch.cat([even + odd, even - odd], -1).to(x.dtype)


@array_edge("f")
def from_grid(
    f: Any,
    lmax: int,
    rule: SphereRule,
    *,
    degree: int | None = None,
    normalization: str = "integral",
    route: str = "auto",
) -> Any:
    r"""Return the coefficients of a signal known at the points of a rule, exactly.

    .. math:: x_{lm} = \int_{S^2} F\, Y_{lm} = \sum_i w_i F(r_i) Y_{lm}(r_i), \qquad \deg F + L \le t

    Parameters
    ----------
    f : Tensor or array_like (..., N)
        Values.
    lmax : int
        Highest degree L of the coefficients wanted.
    rule : SphereRule
        Where the values are; :func:`projection_rule` makes the smallest that will do.
    degree : int, optional
        Degree of the signal, ``L1 + L2`` for a product of two (default: ``lmax``).
    normalization : {"integral", "component", "norm"}
        Of the harmonics; in each this is the inverse of :func:`to_grid`.
    route : {"auto", "dense", "separable"}
        As :func:`to_grid`.

    Returns
    -------
    Tensor or ndarray (..., (lmax + 1) ** 2)

    Raises
    ------
    DomainError
        If the rule is too coarse, with the degree that is needed.
    ShapeError
        If the last axis is not as long as the rule.

    Examples
    --------
    >>> from erlangen.representations.sphere import projection_rule
    >>> grid = projection_rule(2, 2)
    >>> x = torch.arange(4.0)
    >>> from_grid(to_grid(x, grid) ** 2, 2, grid, degree=2).shape
    torch.Size([9])
    """
    lmax = check_integer(lmax, "lmax", low=0)
    check_choice(normalization, "normalization", NORMALIZATIONS)
    interpolate = rule.check_projection(lmax if degree is None else check_integer(degree, "degree", low=0), lmax)
    check_real(f, "f")
    if f.ndim == 0 or f.shape[-1] != len(rule):
        message = f"f must have shape (..., {len(rule)}), one value for each point of {rule}, got {tuple(f.shape)}"
        raise ShapeError(message, hint="make the values by to_grid(x, rule) or at rule.points")
    v = f if f.dtype in _COMPUTED else f.float()
    if _separable(rule, lmax, route):
        rows = v.reshape(-1, v.shape[-1])
        return separable_analysis(rows, rule, lmax, normalization).reshape(*v.shape[:-1], (lmax + 1) ** 2).to(f.dtype)
    matrices = as_tensor("analysis", (rule, lmax, normalization, interpolate), v)
    if not rule.antipodal:
        return (v @ matrices[0]).to(f.dtype)
    here, there = v.chunk(2, -1)
    both = torch.cat([(here + there) / 2 @ matrices[0], (here - there) / 2 @ matrices[1]], -1)
    even, odd = parts(lmax)
    order = torch.cat([torch.from_numpy(even), torch.from_numpy(odd)]).argsort()
    return both[..., order].to(f.dtype)


@array_edge("x")
def to_grid_gradient(x: Any, rule: SphereRule, *, normalization: str = "integral") -> Any:
    r"""Return the tangential derivatives of a signal at the points of a rule, along a right-handed frame at each.

    .. math:: \partial_c F(r_i) = e_c(r_i) \cdot \nabla_{S^2} F(r_i), \qquad e_1 \times e_2 = r

    so that :math:`r\cdot(\nabla A \times \nabla B) = \partial_1 A\,\partial_2 B - \partial_2 A\,\partial_1 B`, a polynomial of degree
    ``LA + LB - 1``. The frames are :func:`tangent_frames` of the points.

    Parameters
    ----------
    x : Tensor or array_like (..., (L + 1) ** 2)
        Coefficients.
    rule : SphereRule
        Any.
    normalization : {"integral", "component", "norm"}
        Of the harmonics.

    Returns
    -------
    Tensor or ndarray (..., 2, N)

    Raises
    ------
    ShapeError
        As :func:`to_grid`.

    Examples
    --------
    >>> from erlangen.representations.sphere import rule
    >>> to_grid_gradient(torch.tensor([0.0, 0.0, 1.0, 0.0]), rule(3), normalization="norm").norm(dim=-2)
    tensor([1., 0., 1., 1., 0., 1.])
    """
    lmax = signal_degree(x)
    check_choice(normalization, "normalization", NORMALIZATIONS)
    v = x if x.dtype in _COMPUTED else x.float()
    (matrix,) = as_tensor("gradient", (rule, lmax, normalization), v)
    return (v @ matrix).unflatten(-1, (2, len(rule))).to(x.dtype)


@array_edge("x", "vectors")
def evaluate(x: Any, vectors: Any, *, normalization: str = "integral") -> Any:
    r"""Return the values of a signal in any directions.

    .. math:: F(v) = \sum_{lm} x_{lm} Y_{lm}(v / |v|)

    Parameters
    ----------
    x : Tensor or array_like (..., (L + 1) ** 2)
        Coefficients; half precision is computed in float32.
    vectors : Tensor or array_like (*points, 3)
        Directions, finite; zero has the mean value.
    normalization : {"integral", "component", "norm"}
        Of the harmonics.

    Returns
    -------
    Tensor or ndarray (..., *points)

    Raises
    ------
    ShapeError
        If a last axis is too long or too short.

    Examples
    --------
    >>> evaluate(torch.tensor([2.0, 0.0, 3.0, 0.0]), torch.tensor([[0.0, 1, 0], [0, -2, 0]]), normalization="norm").round()
    tensor([ 5., -1.])
    """
    lmax = signal_degree(x)
    v, directions = (t.float() if t.dtype in _HALF else t for t in (x, vectors))
    harmonics = spherical_harmonics(range(lmax + 1), directions, normalize=True, normalization=normalization)
    flat = v @ harmonics.reshape(-1, x.shape[-1]).to(v.dtype).T
    return flat.reshape((*x.shape[:-1], *vectors.shape[:-1])).to(x.dtype)
