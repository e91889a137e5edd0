"""Signals as stacks of degrees: what degree a length stands for, and one number a degree.

Definition: a signal of degree L has ``(L+1)**2`` coefficients, degrees ascending, ``m = -l..l`` inside; each degree occurs once a channel.
Convention: ``mul_ir`` has components last, (..., d); ``ir_mul`` has channels last, (..., d, c).
"""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.representations.kept_tensors import ordinary_tensors
from erlangen.representations.tensor_kinds import check_floating, check_one_kind
from erlangen.validation import check_choice, check_integer

__all__ = ["check_pair", "check_signal", "cut_degrees", "degree_index", "pad_degrees", "scale_degrees"]


def check_signal(x: Tensor, name: str, layout: str) -> int:
    """Return the degree of a floating tensor (..., (L+1)^2) or (..., (L+1)^2, c).

    Raises
    ------
    DtypeError
        If it is no floating tensor.
    ShapeError
        If its length is not the square of an integer.

    Examples
    --------
    >>> check_signal(torch.zeros(7, 9), "x", "mul_ir")
    2
    """
    check_floating(x, name)
    axis = -1 if check_choice(layout, "layout", ("mul_ir", "ir_mul")) == "mul_ir" else -2
    size = x.shape[axis] if x.ndim >= -axis else 0
    L = math.isqrt(size) - 1
    if size < 1 or size != (L + 1) ** 2:
        message = f"{name} has {size} components on axis {axis}; a signal of degree L has (L+1)^2"
        raise ShapeError(message, hint="pad missing degrees with zeros, and check the layout")
    return L


def check_pair(x: Tensor, y: Tensor, lmax_out: int | None, layout: str) -> tuple[Tensor, tuple[int, int, int]]:
    """Return y, with an axis of channels if it is shared by those of x, and the degrees of x, y and the result (``l1 + l2`` unless given).

    Raises
    ------
    DtypeError
        If x and y differ in dtype or device.
    DomainError
        If ``lmax_out`` cannot be reached.
    """
    if layout == "ir_mul" and isinstance(y, Tensor) and isinstance(x, Tensor) and y.ndim == x.ndim - 1:
        y = y.unsqueeze(-1)
    l1, l2 = check_signal(x, "x", layout), check_signal(y, "y", layout)
    check_one_kind(x, y)
    if lmax_out is None:
        return y, (l1, l2, l1 + l2)
    l3 = check_integer(lmax_out, "lmax_out", low=0)
    if l3 > l1 + l2:
        message = f"lmax_out={l3} is above l1 + l2 = {l1} + {l2}, the highest degree of the product"
        raise DomainError(message, hint=f"choose lmax_out <= {l1 + l2}; reachable are 0 … {l1 + l2}")
    return y, (l1, l2, l3)


@lru_cache(maxsize=256)
@ordinary_tensors
def degree_index(lmax: int, device: torch.device) -> Tensor:
    """Return the degree of each component, ((L+1)^2,).

    Examples
    --------
    >>> degree_index(1, torch.device("cpu"))
    tensor([0, 1, 1, 1])
    """
    return torch.tensor([l for l in range(lmax + 1) for _ in range(2 * l + 1)], device=device)


def scale_degrees(x: Tensor, weight: Tensor | None, lmax: int, layout: str, name: str) -> Tensor:
    """Return the signal with each degree times its number; ``weight`` is (..., L+1), or (L+1,) or (..., L+1, c) with ``ir_mul``.

    Examples
    --------
    >>> scale_degrees(torch.ones(4), torch.tensor([2.0, 3.0]), 1, "mul_ir", "a")
    tensor([2., 3., 3., 3.])
    """
    if weight is None:
        return x
    vector = layout == "mul_ir" or weight.ndim == 1
    axis = -1 if vector else -2
    if weight.ndim < 1 or weight.shape[axis] != lmax + 1:
        message = (
            f"weight {name} must have {lmax + 1} numbers, one a degree, on axis {axis}; got shape {tuple(weight.shape)}"
        )
        raise ShapeError(message, hint="one number for each degree 0 … L, and for each channel if wanted")
    spread = weight.to(x.dtype).index_select(axis, degree_index(lmax, x.device))
    return x * (spread.unsqueeze(-1) if vector and layout == "ir_mul" else spread)


def cut_degrees(x: Tensor, lmax: int, layout: str) -> Tensor:
    """Return the degrees up to ``lmax`` of a signal.

    Examples
    --------
    >>> cut_degrees(torch.ones(9), 1, "mul_ir")
    tensor([1., 1., 1., 1.])
    """
    return x[..., : (lmax + 1) ** 2] if layout == "mul_ir" else x[..., : (lmax + 1) ** 2, :]


def pad_degrees(x: Tensor, lmax: int, layout: str) -> Tensor:
    """Return the signal with zeros up to degree ``lmax``.

    Examples
    --------
    >>> pad_degrees(torch.ones(1), 1, "mul_ir")
    tensor([1., 0., 0., 0.])
    """
    missing = (lmax + 1) ** 2 - x.shape[-1 if layout == "mul_ir" else -2]
    if missing <= 0:
        return x
    return torch.nn.functional.pad(x, (0, missing) if layout == "mul_ir" else (0, 0, 0, missing))
