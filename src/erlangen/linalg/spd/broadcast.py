"""Two or three batches of matrices brought to one size, dtype and batch shape.

Definition: matrices ``(..., n, n)`` with equal n; batch axes broadcast as NumPy's do; float32 beside float64 becomes float64.
Convention: expansion is by views, so a gradient is summed over the axes along which its matrix was repeated.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.errors import ShapeError

__all__ = ["same_batch", "same_size"]


def same_size(first: Tensor, second: Tensor, names: tuple[str, str]) -> tuple[Tensor, Tensor]:
    """Return two batches of square matrices in one dtype, refused where their sizes or batch axes do not fit.

    Raises
    ------
    ShapeError
        With both shapes.

    Examples
    --------
    >>> a, b = same_size(torch.eye(2), torch.eye(2, dtype=torch.float64), ("P", "Q"))
    >>> a.dtype
    torch.float64
    """
    fits = first.ndim >= 2 and second.ndim >= 2 and first.shape[-2:] == second.shape[-2:]
    if fits:
        pairs = zip(reversed(first.shape[:-2]), reversed(second.shape[:-2]), strict=False)
        fits = all(i == j or 1 in (i, j) for i, j in pairs)
    if not fits:
        message = f"{names[0]} {tuple(first.shape)} and {names[1]} {tuple(second.shape)} do not fit together"
        raise ShapeError(message, hint="give both the size (..., n, n), with batch axes that broadcast")
    dtype = torch.promote_types(first.dtype, second.dtype)
    return first.to(dtype), second.to(dtype)


def same_batch(*batches: Tensor) -> list[Tensor]:
    """Return batches ``(..., n, m)`` and ``(..., n, n)`` expanded to their common batch shape.

    Examples
    --------
    >>> [tuple(a.shape) for a in same_batch(torch.ones(3, 2, 2), torch.ones(2, 2))]
    [(3, 2, 2), (3, 2, 2)]
    """
    common: Any = torch.broadcast_shapes
    shape = common(*(batch.shape[:-2] for batch in batches))
    return [batch.expand(*shape, *batch.shape[-2:]) for batch in batches]
