r"""The sparse bilinear product of features, with derivatives of any order.

Definition: :math:`z_{kc} = \sum c_{t}\, x_{ic}\, y_{jc}`; its derivative is the same trilinear form with the roles exchanged, and so are all further ones.
Convention: ``mul_ir`` has components last, (..., d); ``ir_mul`` has channels last, (..., d, c), and a y of (..., d2) is shared by the channels of x.
"""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor

from erlangen.errors import ShapeError
from erlangen.representations.products.bilinear_product import bilinear_product, fits
from erlangen.representations.products.bilinear_terms import BilinearTerms
from erlangen.representations.tensor_kinds import check_floating, check_one_kind
from erlangen.validation import check_choice

__all__ = ["contract"]


def contract(
    terms: BilinearTerms, x: Tensor, y: Tensor, *, layout: str = "mul_ir", backend: str = "auto", level: str = "auto"
) -> Tensor:
    r"""Return a bilinear map of two batches of features.

    .. math:: z_k = \sum_t c_t\, x_{i_t} y_{j_t}\,[k_t = k]

    Parameters
    ----------
    terms : BilinearTerms
        The map.
    x : Tensor (..., d1), or (..., d1, c) with ``layout="ir_mul"``
        float32 or float64; half types are computed in float32.
    y : Tensor (..., d2), or (..., d2, c) with ``layout="ir_mul"``
        Of the same dtype and device; with ``ir_mul`` one axis less than x means one y for all channels.
    layout : {"mul_ir", "ir_mul"}
        Whether there is an axis of channels after the components.
    backend : {"auto", "native", "python"}
        The kernel (on the CPU) or its twin in torch.
    level : str
        Instruction set of the kernel, see :func:`erlangen.native.cpu_levels`.

    Returns
    -------
    Tensor (..., d3) or (..., d3, c)
        Differentiable to any order; leading axes are broadcast.

    Raises
    ------
    ShapeError
        If a feature has the wrong length.
    DtypeError
        If the arguments are not floating tensors of one dtype and device.

    Examples
    --------
    >>> cross = BilinearTerms([1, 2, 2, 0, 0, 1], [2, 1, 0, 2, 1, 0], [0, 0, 1, 1, 2, 2], [1.0, -1, 1, -1, 1, -1], 3, 3, 3)
    >>> contract(cross, torch.tensor([1.0, 0, 0]), torch.tensor([0, 1.0, 0]))
    tensor([0., 0., 1.])
    """
    if layout == "mul_ir" and fits(terms, x, y):  # the common case, at once
        return bilinear_product(terms, x, y, backend, level)
    channelled = check_choice(layout, "layout", ("mul_ir", "ir_mul")) == "ir_mul"
    check_floating(x, "x")
    check_floating(y, "y")
    check_one_kind(x, y)
    if x.dtype in (torch.float16, torch.bfloat16):
        return contract(terms, x.float(), y.float(), layout=layout, backend=backend, level=level).to(x.dtype)
    if not channelled:
        x, y = x.unsqueeze(-1), y.unsqueeze(-1)
    elif y.ndim == x.ndim - 1:
        y = y.unsqueeze(-1)
    _check_shapes(terms, x, y)
    if x.shape[-1] < y.shape[-1]:  # x is the one that the channels share
        if torch.compiler.is_compiling():
            x = x.expand(*x.shape[:-1], y.shape[-1])
        else:
            terms, x, y = _swapped(terms), y, x
    lead = x.shape[:-2]
    if y.shape[:-2] != lead:
        lead = torch.broadcast_shapes(lead, y.shape[:-2])  # type: ignore[no-untyped-call]
        x, y = x.expand(*lead, *x.shape[-2:]), y.expand(*lead, *y.shape[-2:])
    rows = math.prod(lead)
    z = bilinear_product(terms, x.reshape(rows, *x.shape[-2:]), y.reshape(rows, *y.shape[-2:]), backend, level)
    z = z.reshape(*lead, *z.shape[-2:])
    return z if channelled else z.squeeze(-1)


@lru_cache(maxsize=64)
def _swapped(terms: BilinearTerms) -> BilinearTerms:
    return terms.swapped()


def _check_shapes(terms: BilinearTerms, x: Tensor, y: Tensor) -> None:
    """Refuse features of the wrong length and channels that do not fit."""
    for value, d, name in ((x, terms.d1, "x"), (y, terms.d2, "y")):
        if value.ndim < 2 or value.shape[-2] != d:
            message = f"{name} has {value.shape[-2] if value.ndim > 1 else 'no'} components, the map takes {d}"
            raise ShapeError(message, hint="check the irreps and the layout")
    if 1 not in (x.shape[-1], y.shape[-1]) and x.shape[-1] != y.shape[-1]:
        message = f"x has {x.shape[-1]} channels, y has {y.shape[-1]}"
        raise ShapeError(message, hint="equal numbers, or one of them shared by all channels of the other")
