"""The symmetries of differential equations, of the kind that is asked for.

Definition: point symmetries ``X = ξ^i(x, u) ∂_i + φ^α(x, u) ∂_α``; contact symmetries ``Q(x, u, u_i)`` of one field; generalised ones
    ``Q(x, u_J)`` up to an order (Olver, 2.4 and 5.1).
Convention: a dimension is certified by completion before anything is integrated.
"""

from __future__ import annotations

from typing import Literal, overload

from erlangen.errors import DomainError
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem
from erlangen.symbolic.symmetries.generalized_symmetries import (
    GeneralizedSymmetries,
    generalized_symmetries,
    solved_for_highest,
)
from erlangen.symbolic.symmetries.point_symmetries import SymmetryAlgebra, point_symmetries
from erlangen.validation import check_choice, check_integer

__all__ = ["lie_symmetries"]


@overload
def lie_symmetries(
    system: DifferentialSystem,
    *,
    kind: Literal["point"] = ...,
    order: int | None = ...,
    degree: int | None = ...,
    functions: tuple[str, ...] = ...,
    limit: int = ...,
) -> SymmetryAlgebra: ...


@overload
def lie_symmetries(
    system: DifferentialSystem,
    *,
    kind: Literal["contact", "generalized"],
    order: int | None = ...,
    degree: int | None = ...,
    functions: tuple[str, ...] = ...,
    limit: int = ...,
) -> GeneralizedSymmetries: ...


def lie_symmetries(
    system: DifferentialSystem,
    *,
    kind: Literal["point", "contact", "generalized"] = "point",
    order: int | None = None,
    degree: int | None = None,
    functions: tuple[str, ...] = (),
    limit: int = 20_000,
) -> SymmetryAlgebra | GeneralizedSymmetries:
    """Return the symmetries of a system: their dimension, fields or characteristics, and algebra.

    Parameters
    ----------
    system : DifferentialSystem
        The equations.
    kind : {"point", "contact", "generalized"}
        Which symmetries; contact ones are of one field, whose equations are solved for a highest derivative.
    order : int, optional
        The order of derivatives on which generalised characteristics depend, counting parametric derivatives only.
    degree : int, optional
        The highest degree of polynomials that are tried, lower ones first; by default 4, for generalised symmetries 6.
    functions : tuple of str
        Further factors to try beside 1, such as ``"exp(-u)"``.
    limit : int
        The number of reductions for the completion.

    Raises
    ------
    DomainError
        If an equation is not rational in the derivatives, if an order is given for symmetries that have their own, or is missing,
        or if contact symmetries are asked of several fields.
    ResourceLimitError
        If the completion takes too long.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> kdv = DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u*u_x + u_xxx"])
    >>> lie_symmetries(kdv).dimension, lie_symmetries(kdv, kind="generalized", order=3).dimension
    (4, 4)
    >>> lie_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xxx"]), kind="contact").dimension
    10
    """
    check_choice(kind, "kind", ("point", "contact", "generalized"))
    if degree is not None:
        degree = check_integer(degree, "degree", low=1)
    if kind == "generalized":
        if order is None:
            message = "generalised symmetries need an order"
            raise DomainError(message, hint="order=3 allows third derivatives in the characteristics")
        order = check_integer(order, "order", low=0)
        return generalized_symmetries(system, order, degree=degree or 6, functions=functions, limit=limit)
    if order is not None:
        message = f"{kind} symmetries have an order of their own, got order={order}"
        raise DomainError(message, hint='use kind="generalized"')
    if kind == "point":
        return point_symmetries(system, degree=degree or 4, functions=functions, limit=limit)
    if len(system.space.fields) != 1:
        message = f"contact symmetries are of one field, the equations have {' '.join(system.space.fields)}"
        raise DomainError(message, hint='use kind="point": contact symmetries of several fields are no more (Bäcklund)')
    highest = solved_for_highest(system)
    return generalized_symmetries(highest, 1, degree=degree or 4, functions=functions, limit=limit)
