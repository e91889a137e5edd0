r"""The Gaunt tensor product: signals are functions on the sphere, and the product is that of functions.

Definition: :math:`z_{lm} = \int_{S^2} F_x F_y Y_{lm}`, or :math:`\sum_r c^r_{l_3}\,G(a^r x, b^r y)` with one number a degree (rank r).
Convention: harmonics of integral one; a path (l1, l2, l3) is coupled iff its sum is even; natural parity ``(-1)^l`` or its opposite throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.representations.products.coupling_terms import gaunt_terms
from erlangen.representations.products.crossovers import choose_method
from erlangen.representations.products.product_routes import dense_route, grid_route, sparse_route, torus_route
from erlangen.representations.products.signal_degrees import check_pair, scale_degrees
from erlangen.representations.products.sphere_lift import GRIDS, gaunt_lifts
from erlangen.representations.sphere import SphereRule
from erlangen.validation import check_choice

__all__ = ["METHODS", "Weights", "check_grid", "gaunt_product", "weighted_sum"]

METHODS = ("auto", "sparse", "dense", "grid", "grid-separable", "fourier")
HALF = (torch.float16, torch.bfloat16)
Operation = Callable[[Tensor, Tensor], Tensor]
Triple = Sequence[Tensor | None]
Weights = Triple | Sequence[Triple] | None


def gaunt_product(
    x: Tensor,
    y: Tensor,
    lmax_out: int | None = None,
    *,
    weights: Weights = None,
    method: str = "auto",
    grid: str | SphereRule = "auto",
    layout: str = "mul_ir",
) -> Tensor:
    r"""Return the product of two functions on the sphere, in coefficients.

    .. math:: z_{lm} = \sum_r c^r_l \int_{S^2} F_{a^r x}\, F_{b^r y}\, Y_{lm}

    Parameters
    ----------
    x : Tensor (..., (L1+1)^2), or (..., (L1+1)^2, c) with ``layout="ir_mul"``
        Coefficients of the first function, degrees ascending; missing degrees are zeros.
    y : Tensor (..., (L2+1)^2), or (..., (L2+1)^2[, c]) with ``layout="ir_mul"``
        Those of the second; leading axes are broadcast.
    lmax_out : int, optional
        Highest degree wanted, ``L1 + L2`` by default.
    weights : (a, b, c) or sequence of such triples, optional
        Numbers a degree (..., L+1) for x, y and z, ``None`` for ones; a sequence of r triples is a sum of rank r.
    method : {"auto", "sparse", "dense", "grid", "grid-separable", "fourier"}
        The route; ``auto`` chooses by crossovers measured on this kind of machine.
    grid : {"auto", "minimal", "lebedev", "gauss-legendre", "equal-angle"} or SphereRule
        Points of the grid; ``auto`` takes the fewest.
    layout : {"mul_ir", "ir_mul"}
        Whether an axis of channels follows the components.

    Returns
    -------
    Tensor (..., (lmax_out+1)^2) or (..., (lmax_out+1)^2, c)
        Differentiable to any order.

    Raises
    ------
    ShapeError
        If a length is no square, or a weight has the wrong length.
    DomainError
        If dtypes differ, ``lmax_out`` cannot be reached, or the rule is too coarse (the degree needed is named).
    DtypeError
        If ``method="fourier"`` meets a half type.

    References
    ----------
    Luo, Chen & Krishnapriyan, "Enabling efficient equivariant operations in the Fourier basis via Gaunt tensor products", ICLR 2024;
    Xie et al., "The price of freedom", ICML 2025.

    Examples
    --------
    >>> x = torch.tensor([0.0, 1, 0, 0], dtype=torch.float64)  # sqrt(3 / 4 pi) x on the sphere
    >>> z = gaunt_product(x, x)  # 3 / 4 pi x^2: degrees 0 and 2
    >>> bool(torch.allclose(z[0], torch.tensor(4 * torch.pi, dtype=z.dtype) ** -0.5)), z[1:4].abs().max().item() < 1e-15
    (True, True)
    """
    y, degrees = check_pair(x, y, lmax_out, layout)
    check_choice(method, "method", METHODS)
    check_grid(grid)

    product = gaunt_operation(degrees, method, grid, layout, x)
    return weighted_sum(product, x, y, weights, degrees, layout)


def gaunt_operation(
    degrees: tuple[int, int, int], method: str, grid: str | SphereRule, layout: str, like: Tensor
) -> Operation:
    """Return the product without weights, its tables made for the dtype and the device of ``like``."""
    if method == "auto":
        method = choose_method("gaunt", degrees, layout, like.device.type)
    dtype = torch.float32 if like.dtype in HALF and method != "fourier" else like.dtype
    if method in ("fourier", "grid-separable"):
        return widened(lambda x, y: torus_route(method, x, y, degrees, layout), dtype)
    if method == "grid":
        lifts = gaunt_lifts(*degrees, grid, dtype, like.device)
        return widened(lambda x, y: grid_route(lifts, x, y, layout), dtype)
    terms = gaunt_terms(*degrees)
    route = dense_route if method == "dense" else sparse_route
    return widened(lambda x, y: route(terms, x, y, layout), dtype)


def widened(product: Operation, dtype: torch.dtype) -> Operation:
    """Return a product computed in a dtype and given back in that of its arguments."""

    def call(x: Tensor, y: Tensor) -> Tensor:
        return product(x, y) if x.dtype == dtype else product(x.to(dtype), y.to(dtype)).to(x.dtype)

    return call


def weighted_sum(
    product: Operation,
    x: Tensor,
    y: Tensor,
    weights: Weights,
    degrees: tuple[int, int, int],
    layout: str,
) -> Tensor:
    """Return the sum over ranks of weighted products; no weights are one product."""
    l1, l2, l3 = degrees

    def term(a: Tensor | None, b: Tensor | None, c: Tensor | None) -> Tensor:
        z = product(scale_degrees(x, a, l1, layout, "a"), scale_degrees(y, b, l2, layout, "b"))
        return scale_degrees(z, c, l3, layout, "c")

    first, *others = _triples(weights)
    total = term(*first)
    for triple in others:
        total = total + term(*triple)
    return total


def _triples(weights: Weights) -> list[Triple]:
    """Return the triples of weights, one a rank."""
    if weights is None:
        return [(None, None, None)]
    items: list[Any] = list(weights)
    single = bool(items) and all(item is None or isinstance(item, Tensor) for item in items)
    triples: list[Triple] = [items] if single else [list(item) for item in items]
    for r, triple in enumerate(triples):
        if len(triple) != 3:
            message = f"weights{'' if single else f'[{r}]'} has {len(triple)} entries"
            raise DomainError(message, hint="pass (a, b, c), for x, y and z, or a sequence of such triples")
    if not triples:
        message = "weights is an empty sum: a product of rank 0 is zero"
        raise DomainError(message, hint="pass at least one triple, or None")
    return triples


def check_grid(grid: object) -> None:
    """Refuse what is neither the name of a family of rules nor a rule."""
    if not isinstance(grid, SphereRule):
        check_choice(grid, "grid", GRIDS)
