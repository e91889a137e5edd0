r"""The Gaunt tensor product: signals are functions on the sphere, and the product is that of functions.

Definition: :math:`z_{lm} = \int_{S^2} F_x F_y Y_{lm}`, or :math:`\sum_r c^r_{l_3}\,G(a^r x, b^r y)` with one number a degree (rank r).
Convention: harmonics of integral one; a path (l1, l2, l3) is coupled iff its sum is even; natural parity ``(-1)^l`` or its opposite throughout.
"""

from __future__ import annotations

from torch import Tensor

from erlangen.representations.products.spherical_operations import Weights, prepared_operation, weighted_sum
from erlangen.representations.sphere import SphereRule

__all__ = ["gaunt_product"]


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
    >>> import torch
    >>> x = torch.tensor([0.0, 1, 0, 0], dtype=torch.float64)  # sqrt(3 / 4 pi) x on the sphere
    >>> z = gaunt_product(x, x)  # 3 / 4 pi x^2: degrees 0 and 2
    >>> bool(torch.allclose(z[0], torch.tensor(4 * torch.pi, dtype=z.dtype) ** -0.5)), z[1:4].abs().max().item() < 1e-15
    (True, True)
    """
    y, degrees, (product,) = prepared_operation(["gaunt"], x, y, lmax_out, method, grid, layout)
    return weighted_sum(product, x, y, weights, degrees, layout)
