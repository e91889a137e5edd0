r"""What product and bracket of functions on the sphere share: their routes, and sums of products with weights a degree.

Definition: an operation takes signals of degrees (l1, l2) to degrees up to l3, without weights; a weighted sum is
:math:`\sum_r c^r\,B(a^r x, b^r y)`, one number a degree.
Convention: tables are made for the dtype and the device of the arguments; half types are computed in float32, Fourier coefficients refuse them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.representations.products.coupling_terms import bracket_terms, gaunt_terms
from erlangen.representations.products.crossovers import choose_method
from erlangen.representations.products.kept_table import kept_table
from erlangen.representations.products.product_routes import (
    dense_matrix,
    dense_route,
    grid_route,
    sparse_route,
    torus_route,
)
from erlangen.representations.products.signal_degrees import check_pair, scale_degrees
from erlangen.representations.products.sphere_lift import GRIDS, bracket_lifts, gaunt_lifts
from erlangen.representations.sphere import SphereRule
from erlangen.validation import check_choice

__all__ = [
    "METHODS",
    "Operation",
    "Weights",
    "check_grid",
    "prepared_operation",
    "spherical_operation",
    "weighted_sum",
]

METHODS = ("auto", "sparse", "dense", "grid", "grid-separable", "fourier")
Operation = Callable[[Tensor, Tensor], Tensor]
Triple = Sequence[Tensor | None]
Weights = Triple | Sequence[Triple] | None
_HALF = (torch.float16, torch.bfloat16)
_TERMS = {"gaunt": gaunt_terms, "bracket": bracket_terms}
_LIFTS = {"gaunt": gaunt_lifts, "bracket": bracket_lifts}


@kept_table
def _dense(kind: str, l1: int, l2: int, l3: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return the full tensor of a product as a matrix."""
    return dense_matrix(_TERMS[kind](l1, l2, l3), dtype, device)


def spherical_operation(
    kind: str, degrees: tuple[int, int, int], method: str, grid: str | SphereRule, layout: str, like: Tensor
) -> Operation:
    """Return the product (``gaunt``) or the bracket without weights.

    Examples
    --------
    >>> x = torch.tensor([0.0, 1, 0, 0])
    >>> spherical_operation("gaunt", (1, 1, 0), "sparse", "auto", "mul_ir", x)(x, x)
    tensor([0.2821])
    """
    if method == "auto":
        method = choose_method(kind, degrees, layout, like.device.type)
    dtype = torch.float32 if like.dtype in _HALF and method != "fourier" else like.dtype
    if method in ("fourier", "grid-separable"):
        return _widened(lambda x, y: torus_route(method, x, y, degrees, layout, kind), dtype)
    if method == "grid":
        lifts = _LIFTS[kind](*degrees, grid, dtype, like.device)
        return _widened(lambda x, y: grid_route(lifts, x, y, layout), dtype)
    if method == "dense":
        matrix = _dense(kind, *degrees, dtype, like.device)
        return _widened(lambda x, y: dense_route(matrix, x, y, layout), dtype)
    terms = _TERMS[kind](*degrees)
    return _widened(lambda x, y: sparse_route(terms, x, y, layout), dtype)


def prepared_operation(
    kinds: Sequence[str],
    x: Tensor,
    y: Tensor,
    lmax_out: int | None,
    method: str,
    grid: str | SphereRule,
    layout: str,
) -> tuple[Tensor, tuple[int, int, int], list[Operation]]:
    """Return y with its channels, the degrees and the operations of checked arguments.

    Examples
    --------
    >>> prepared_operation(["gaunt"], torch.ones(4), torch.ones(9), None, "auto", "auto", "mul_ir")[1]
    (1, 2, 3)
    """
    y, degrees = check_pair(x, y, lmax_out, layout)
    check_choice(method, "method", METHODS)
    check_grid(grid)
    return y, degrees, [spherical_operation(kind, degrees, method, grid, layout, x) for kind in kinds]


def _widened(product: Operation, dtype: torch.dtype) -> Operation:
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
