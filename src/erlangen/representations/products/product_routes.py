r"""The routes by which a bilinear product of signals is computed; each gives the same numbers to rounding.

Definition: *sparse* sums listed terms, *dense* contracts the full tensor, *grid* multiplies values at points, *grid-separable* and *fourier* go through
two angles.
Convention: a route takes signals of degrees (l1, l2), gives degrees 0..l3, and differentiates to any order; half types are computed in float32.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.errors import DtypeError
from erlangen.representations.products.bilinear_terms import BilinearTerms
from erlangen.representations.products.contract import contract
from erlangen.representations.products.sphere_lift import SphereLift
from erlangen.representations.products.torus_routes import (
    fourier_bracket,
    fourier_product,
    separable_bracket,
    separable_product,
)
from erlangen.validation import check_memory

__all__ = ["dense_matrix", "dense_route", "grid_route", "sparse_route", "torus_route"]

_HALF = (torch.float16, torch.bfloat16)
Lifts = tuple[SphereLift, SphereLift, SphereLift]


def sparse_route(terms: BilinearTerms, x: Tensor, y: Tensor, layout: str) -> Tensor:
    """Return the product by its list of terms."""
    return contract(terms, x, y, layout=layout)


def dense_matrix(terms: BilinearTerms, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return the tensor as a matrix (d1 d2, d3)."""
    check_memory(8 * terms.d1 * terms.d2 * terms.d3, "the dense tensor of a product", hint="use method='sparse'")
    return torch.tensor(terms.dense(), dtype=dtype, device=device).flatten(0, 1)


def dense_route(matrix: Tensor, x: Tensor, y: Tensor, layout: str) -> Tensor:
    """Return the product by its full tensor: the outer product of the arguments times a matrix."""
    if layout == "ir_mul":
        return matrix.mT @ (x.unsqueeze(-2) * y.unsqueeze(-3)).flatten(-3, -2)
    return (x.unsqueeze(-1) * y.unsqueeze(-2)).flatten(-2) @ matrix


def grid_route(lifts: Lifts, x: Tensor, y: Tensor, layout: str) -> Tensor:
    """Return the product by values at points; with antipodal points the two grades multiply as parities do."""
    a, b = lifts[0].values(x, layout), lifts[1].values(y, layout)
    if len(a) == 1:
        return lifts[2].coefficients([a[0] * b[0]], layout)
    even = torch.addcmul(a[0] * b[0], a[1], b[1])
    odd = torch.addcmul(a[0] * b[1], a[1], b[0])
    return lifts[2].coefficients([even, odd], layout)


_TORUS = {
    ("gaunt", "fourier"): fourier_product,
    ("gaunt", "grid-separable"): separable_product,
    ("bracket", "fourier"): fourier_bracket,
    ("bracket", "grid-separable"): separable_bracket,
}


def torus_route(
    method: str, x: Tensor, y: Tensor, degrees: tuple[int, int, int], layout: str, kind: str = "gaunt"
) -> Tensor:
    """Return the product or the bracket through two angles, ``fourier`` or ``grid-separable``.

    Raises
    ------
    DtypeError
        If Fourier coefficients are asked for in a half type.
    """
    if method == "fourier" and x.dtype in _HALF:
        message = (
            f"method='fourier' takes float32 or float64, got {x.dtype}: there are no complex numbers of half precision"
        )
        raise DtypeError(message, hint="convert to float32, or use method='grid'")
    if layout == "ir_mul":
        return torus_route(method, x.mT, y.mT, degrees, "mul_ir", kind).mT
    if x.numel() == 0 or y.numel() == 0:  # no transform takes an empty batch
        lead = (x[..., 0] * y[..., 0]).shape
        return x.new_zeros(*lead, (degrees[2] + 1) ** 2)
    return _TORUS[kind, method](x, y, *degrees)
