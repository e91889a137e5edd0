"""The two layouts of an equivariant feature, and the way between them.

Definition: a term ``mul x ir`` is stored ``(mul, 2l + 1)`` in the layout ``mul_ir`` and ``(2l + 1, mul)`` in ``ir_mul``, terms one after the other.
Convention: ``mul_ir`` is e3nn's and the default; in ``ir_mul`` the copies of one component lie side by side, as fast kernels want them.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import ShapeError
from erlangen.representations.irreps import Irreps

__all__ = ["to_ir_mul", "to_mul_ir"]


def _swap(x: Tensor, irreps: Irreps, outer_is_mul: bool) -> Tensor:
    if x.ndim == 0 or x.shape[-1] != irreps.dim:
        message = f"x must have a last axis of length {irreps.dim} for {irreps}, got shape {tuple(x.shape)}"
        raise ShapeError(message, hint="features are (..., irreps.dim)")
    parts = []
    for s, (mul, ir) in zip(irreps.slices(), irreps, strict=True):
        part, sizes = x[..., s], (mul, ir.dim) if outer_is_mul else (ir.dim, mul)
        trivial = mul <= 1 or ir.dim == 1
        parts.append(part if trivial else part.reshape(*x.shape[:-1], *sizes).mT.reshape(part.shape))
    return torch.cat(parts, dim=-1) if parts else x.clone()


@array_edge("x")
def to_ir_mul(x: Tensor, irreps: Irreps | str) -> Tensor:
    """Return a feature ``(..., dim)`` of layout ``mul_ir`` in layout ``ir_mul``.

    Raises
    ------
    ShapeError
        If the last axis is not of length ``irreps.dim``.

    Examples
    --------
    >>> to_ir_mul(torch.arange(6.0), "2x1o")
    tensor([0., 3., 1., 4., 2., 5.])
    """
    return _swap(x, Irreps(irreps), outer_is_mul=True)


@array_edge("x")
def to_mul_ir(x: Tensor, irreps: Irreps | str) -> Tensor:
    """Return a feature ``(..., dim)`` of layout ``ir_mul`` in layout ``mul_ir``.

    Raises
    ------
    ShapeError
        If the last axis is not of length ``irreps.dim``.

    Examples
    --------
    >>> to_mul_ir(to_ir_mul(torch.arange(6.0), "2x1o"), "2x1o")
    tensor([0., 1., 2., 3., 4., 5.])
    """
    return _swap(x, Irreps(irreps), outer_is_mul=False)
