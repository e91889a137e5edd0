r"""Features as a list of blocks, one a term of their irreps, in either layout.

Definition: a feature of ``16x0e+8x1o`` is the concatenation of its terms' blocks, each (mul, 2l+1) or (2l+1, mul) numbers.
Convention: ``mul_ir`` (the default) keeps copies outside components, as e3nn stores them; ``ir_mul`` keeps copies innermost.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from erlangen.errors import DtypeError, ShapeError
from erlangen.nn.precision import full_precision
from erlangen.representations import Irreps
from erlangen.representations.tensor_kinds import check_floating
from erlangen.validation import check_choice

__all__ = ["LAYOUTS", "check_features", "check_layout", "half_returns", "join_blocks", "split_blocks"]

LAYOUTS = ("mul_ir", "ir_mul")


def check_layout(layout: object) -> str:
    """Return the name of a layout, or refuse it."""
    return check_choice(layout, "layout", LAYOUTS)


def half_returns(forward: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Decorate a layer's ``forward`` so that half types are computed in float32 and come back as they were, the route ``fourier`` apart.

    Raises
    ------
    DtypeError
        If the first argument is no floating tensor, or of a half type where the layer goes by Fourier coefficients.
    """
    inner = full_precision(forward)

    @functools.wraps(forward)
    def wrapped(layer: Any, x: Tensor, *rest: Any, **options: Any) -> Tensor:
        check_floating(x, "x")
        half = x.dtype in (torch.float16, torch.bfloat16)
        if half and getattr(layer, "route", None) == "fourier":
            message = f"route='fourier' takes float32 or float64, got {x.dtype}: there are no complex numbers of half precision"
            raise DtypeError(message, hint="convert to float32, or use another route")
        z: Tensor = inner(layer, x, *rest, **options)
        return z.to(x.dtype) if half else z

    return wrapped


def check_features(x: Tensor, irreps: Irreps, name: str, *, owner: str) -> None:
    """Refuse what is not a floating tensor (..., irreps.dim).

    Raises
    ------
    DtypeError
        If it is no floating tensor.
    ShapeError
        If its last axis has another length.
    """
    check_floating(x, f"{owner}: {name}")
    if x.ndim < 1 or x.shape[-1] != irreps.dim:
        message = f"{owner}: {name} must have shape (..., {irreps.dim}) for {irreps}, got {tuple(x.shape)}"
        raise ShapeError(message, hint="check the irreps and the layout")


def split_blocks(x: Tensor, irreps: Irreps, layout: str) -> list[Tensor]:
    """Return the blocks, views of shape (..., mul, 2l+1) whatever the layout.

    Examples
    --------
    >>> [tuple(block.shape) for block in split_blocks(torch.zeros(5, 11), Irreps("2x0e+3x1o"), "ir_mul")]
    [(5, 2, 1), (5, 3, 3)]
    """
    blocks: list[Tensor] = []
    if not len(irreps):
        return blocks
    parts = x.split([mul * ir.dim for mul, ir in irreps], dim=-1)  # one gradient for all, where slices have one each
    for (mul, ir), part in zip(irreps, parts, strict=True):
        if layout == "mul_ir":
            blocks.append(part.reshape(*x.shape[:-1], mul, ir.dim))
        else:
            blocks.append(part.reshape(*x.shape[:-1], ir.dim, mul).transpose(-1, -2))
    return blocks


def join_blocks(blocks: Iterable[Tensor], layout: str, *, like: Tensor) -> Tensor:
    """Return the feature of blocks (..., mul, 2l+1), the inverse of :func:`split_blocks`; ``like`` gives the batch if there are none.

    Examples
    --------
    >>> x = torch.arange(11.0)
    >>> torch.equal(join_blocks(split_blocks(x, Irreps("2x0e+3x1o"), "ir_mul"), "ir_mul", like=x), x)
    True
    """
    flat = [(block if layout == "mul_ir" else block.transpose(-1, -2)).flatten(-2) for block in blocks]
    if not flat:
        return like.new_zeros(*like.shape[:-1], 0)
    return flat[0] if len(flat) == 1 else torch.cat(flat, dim=-1)
