r"""The bracket of two functions on the sphere: the couplings of odd sum, cross products among them, which the Gaunt product lacks.

Definition: :math:`\{A,B\} = \hat r\cdot(\nabla A\times\nabla B)`, the Poisson bracket of the unit sphere up to sign; in coefficients
:math:`z_{lm} = \int \{F_x, F_y\} Y_{lm}`.
Convention: harmonics of integral one; coupling :math:`\beta` times e3nn's 3j tensor; a pseudoscalar sign: natural times natural is anti-natural.
"""

from __future__ import annotations

from torch import Tensor

from erlangen.representations.products.spherical_operations import Weights, prepared_operation, weighted_sum
from erlangen.representations.sphere import SphereRule

__all__ = ["bracket_product", "complete_gaunt_product"]


def bracket_product(
    x: Tensor,
    y: Tensor,
    lmax_out: int | None = None,
    *,
    weights: Weights = None,
    method: str = "auto",
    grid: str | SphereRule = "auto",
    layout: str = "mul_ir",
) -> Tensor:
    r"""Return the bracket of two functions on the sphere, in coefficients.

    .. math:: z_{lm} = \int_{S^2} \hat r\cdot(\nabla F_x\times\nabla F_y)\, Y_{lm}

    Parameters
    ----------
    x, y, lmax_out, weights, grid, layout
        As :func:`gaunt_product`; degree ``L1 + L2`` of the result is always zero.
    method : {"auto", "sparse", "dense", "grid", "grid-separable", "fourier"}
        The route.

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
    Xie et al., arXiv 2602.21466; Heyraud et al., arXiv 2603.08630; Bochkarev et al., arXiv 2605.15073.

    Examples
    --------
    >>> import torch
    >>> x, y = torch.eye(4, dtype=torch.float64)[1:3]
    >>> z = bracket_product(x, y)  # the cross product of two vectors
    >>> bool(z[3].abs() > 0.1), bool(z[[0, 1, 2, 4, 5, 6, 7, 8]].abs().max() < 1e-14)
    (True, True)
    """
    y, degrees, (product,) = prepared_operation(["bracket"], x, y, lmax_out, method, grid, layout)
    return weighted_sum(product, x, y, weights, degrees, layout)


def complete_gaunt_product(
    x: Tensor,
    y: Tensor,
    lmax_out: int | None = None,
    *,
    weights: Weights = None,
    bracket_weights: Weights = None,
    method: str = "auto",
    grid: str | SphereRule = "auto",
    layout: str = "mul_ir",
) -> tuple[Tensor, Tensor]:
    """Return product and bracket of two functions: together they reach every path of the Clebsch-Gordan product.

    Parameters
    ----------
    x, y, lmax_out, grid, layout
        As :func:`gaunt_product`.
    weights, bracket_weights : (a, b, c) or sequence of triples, optional
        Numbers a degree of each half.
    method : {"auto", "sparse", "dense", "grid", "grid-separable", "fourier"}
        The route of both halves.

    Returns
    -------
    (Tensor, Tensor)
        The paths of even sum, with parity as functions multiply, and those of odd sum, with the opposite parity.

    Raises
    ------
    ShapeError, DomainError
        As :func:`gaunt_product`.

    Examples
    --------
    >>> import torch
    >>> x, y = torch.randn(2, 5, 9, generator=torch.Generator().manual_seed(0))
    >>> [tuple(half.shape) for half in complete_gaunt_product(x, y, 2)]
    [(5, 9), (5, 9)]
    """
    y, degrees, (even, odd) = prepared_operation(["gaunt", "bracket"], x, y, lmax_out, method, grid, layout)
    return (
        weighted_sum(even, x, y, weights, degrees, layout),
        weighted_sum(odd, x, y, bracket_weights, degrees, layout),
    )
