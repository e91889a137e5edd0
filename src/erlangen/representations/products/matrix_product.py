r"""The matrix tensor product: signals become matrices, matrices are multiplied, the product becomes a signal.

Definition: :math:`X = \sum x_{lm} M_{lm}`, :math:`z_{lm} = \operatorname{tr} M_{lm}^T X Y`, M orthonormal of order ``2 t + 1`` (the fuzzy sphere);
paths are coupled by 6j symbols.
Convention: :math:`t = \lceil (L_1+L_2)/2\rceil`; the anticommutator holds the paths of even sum and the commutator those of odd sum.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.representations.products.coupling_scales import lift_degree, lift_matrices
from erlangen.representations.products.coupling_terms import matrix_terms
from erlangen.representations.products.crossovers import choose_method
from erlangen.representations.products.kept_table import kept_table
from erlangen.representations.products.product_routes import dense_matrix, dense_route, sparse_route
from erlangen.representations.products.signal_degrees import check_pair
from erlangen.representations.products.spherical_operations import Weights, weighted_sum
from erlangen.validation import check_choice

__all__ = ["matrix_product"]

_METHODS = ("auto", "sparse", "dense", "matrix")
_PARITY = {"both": None, "even": 0, "odd": 1}


def matrix_product(
    x: Tensor,
    y: Tensor,
    lmax_out: int | None = None,
    *,
    part: str = "both",
    weights: Weights = None,
    method: str = "auto",
    layout: str = "mul_ir",
) -> Tensor:
    r"""Return the product of two signals as matrices.

    .. math:: z_{lm} = \operatorname{tr}\big(M_{lm}^T\, X Y\big), \qquad X = \sum x_{lm} M_{lm}

    Parameters
    ----------
    x, y, lmax_out, weights, layout
        As :func:`gaunt_product`.
    part : {"both", "even", "odd"}
        XY, its symmetric half (XY + YX)/2 with paths of even sum, or (XY - YX)/2 with those of odd sum. Inversion tells the halves
        apart: ``"both"`` is equivariant under rotations only.
    method : {"auto", "sparse", "dense", "matrix"}
        The route; ``matrix`` multiplies matrices.

    Returns
    -------
    Tensor (..., (lmax_out+1)^2) or (..., (lmax_out+1)^2, c)
        Differentiable to any order.

    Raises
    ------
    ShapeError, DomainError
        As :func:`gaunt_product`.

    References
    ----------
    Unke & Maennel, "E3x", arXiv 2401.07595 (FusedTensor); Xie et al., ICML 2025.

    Examples
    --------
    >>> x, y = torch.eye(4, dtype=torch.float64)[1:3]
    >>> odd = matrix_product(x, y, 1, part="odd")  # a cross product again
    >>> bool(odd[3].abs() > 0.1), bool(odd[:3].abs().max() < 1e-14)
    (True, True)
    """
    y, degrees = check_pair(x, y, lmax_out, layout)
    check_choice(part, "part", _PARITY)
    check_choice(method, "method", _METHODS)

    def product(x: Tensor, y: Tensor) -> Tensor:
        return matrix_once(x, y, degrees, part, method, layout)

    return weighted_sum(product, x, y, weights, degrees, layout)


def matrix_once(x: Tensor, y: Tensor, degrees: tuple[int, int, int], part: str, method: str, layout: str) -> Tensor:
    """Return the product without weights; arguments are checked already."""
    if x.dtype in (torch.float16, torch.bfloat16):
        return matrix_once(x.float(), y.float(), degrees, part, method, layout).to(x.dtype)
    if method == "auto":
        method = choose_method("matrix", degrees, layout, x.device.type)
    if method == "matrix":
        return _multiplied(x, y, degrees, part, layout)
    if method == "dense":
        return dense_route(_dense(part, *degrees, x.dtype, x.device), x, y, layout)
    return sparse_route(matrix_terms(*degrees, _PARITY[part]), x, y, layout)


@kept_table
def _dense(part: str, l1: int, l2: int, l3: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return the full tensor of a part as a matrix."""
    return dense_matrix(matrix_terms(l1, l2, l3, _PARITY[part]), dtype, device)


@kept_table
def _lift(lmax: int, t: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return the matrices flattened, ((lmax+1)^2, (2t+1)^2)."""
    return torch.tensor(lift_matrices(lmax, t), dtype=dtype, device=device).flatten(1)


def _multiplied(x: Tensor, y: Tensor, degrees: tuple[int, int, int], part: str, layout: str) -> Tensor:
    if layout == "ir_mul":
        return _multiplied(x.mT, y.mT, degrees, part, "mul_ir").mT
    l1, l2, l3 = degrees
    t = lift_degree(l1, l2)
    n = 2 * t + 1
    X, Y = (s @ _lift(l, t, s.dtype, s.device) for s, l in ((x, l1), (y, l2)))
    X, Y = X.reshape(*x.shape[:-1], n, n), Y.reshape(*y.shape[:-1], n, n)
    Z = X @ Y
    if part != "both":
        swapped = Y @ X
        Z = (Z + swapped if part == "even" else Z - swapped) / 2
    return Z.flatten(-2) @ _lift(l3, t, x.dtype, x.device).mT
