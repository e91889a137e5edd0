r"""The bilinear product as operations of torch's own library, which compiled graphs hold as they are.

Definition: ``erlangen::bilinear`` and ``erlangen::bilinear_cotangents``, each the derivative of the other in the sense of the trilinear form.
Convention: a map is named by its key; an unwanted cotangent is an empty tensor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from erlangen.representations.products.bilinear_kernel import bilinear_cotangents, bilinear_value
from erlangen.representations.products.bilinear_terms import BilinearTerms

__all__ = ["traced_value"]

Backward = Callable[..., Any]


@torch.library.custom_op("erlangen::bilinear", mutates_args=())
def _bilinear(x: Tensor, y: Tensor, key: str) -> Tensor:
    """Return z (n, d3, c)."""
    return bilinear_value(BilinearTerms.known(key), x.contiguous(), y.contiguous())


@torch.library.custom_op("erlangen::bilinear_cotangents", mutates_args=())
def _cotangents(z: Tensor, x: Tensor, y: Tensor, key: str, to_x: bool, to_y: bool) -> tuple[Tensor, Tensor]:
    """Return the cotangents of x and y."""
    arrays = (z.contiguous(), x.contiguous(), y.contiguous())
    left, right = bilinear_cotangents(BilinearTerms.known(key), *arrays, (to_x, to_y))
    return x.new_empty(0) if left is None else left, y.new_empty(0) if right is None else right


@_bilinear.register_fake
def _(x: Tensor, y: Tensor, key: str) -> Tensor:
    return x.new_empty((x.shape[0], BilinearTerms.known(key).d3, *x.shape[2:]))


@_cotangents.register_fake
def _(z: Tensor, x: Tensor, y: Tensor, key: str, to_x: bool, to_y: bool) -> tuple[Tensor, Tensor]:
    return x.new_empty(x.shape if to_x else 0), y.new_empty(y.shape if to_y else 0)


def _keep(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
    count = sum(isinstance(value, Tensor) for value in inputs)
    ctx.save_for_backward(*inputs[:count])
    ctx.how = inputs[count:]


def _derivative_of(operation: Any) -> Callable[[Backward], Backward]:
    """Decorate what is the derivative of an operation."""

    def registered(backward: Backward) -> Backward:
        operation.register_autograd(backward, setup_context=_keep)
        return backward

    return registered


@_derivative_of(_bilinear)
def _value_backward(ctx: Any, gradient: Tensor) -> Any:
    x, y = ctx.saved_tensors
    wanted = ctx.needs_input_grad[:2]
    to_x, to_y = _cotangents(gradient, x, y, *ctx.how, *wanted)
    return to_x if wanted[0] else None, to_y if wanted[1] else None, None


@_derivative_of(_cotangents)
def _cotangents_backward(ctx: Any, a: Tensor, b: Tensor) -> Any:
    z, x, y = ctx.saved_tensors
    key, had_a, had_b = ctx.how
    to_z: Any = None
    if ctx.needs_input_grad[0]:
        to_z = _bilinear(a, y, key) if had_a else 0
        to_z = to_z + _bilinear(x, b, key) if had_b else to_z
    wanted = (ctx.needs_input_grad[1] and had_b, ctx.needs_input_grad[2] and had_a)
    to_x = to_y = None
    if any(wanted):
        to_x, to_y = _cotangents(z, a if had_a else x, b if had_b else y, key, *wanted)
    return to_z, to_x if wanted[0] else None, to_y if wanted[1] else None, None, None, None


def traced_value(terms: BilinearTerms, x: Tensor, y: Tensor) -> Tensor:
    """Return z (n, d3) or (n, d3, c) by the operation of the library.

    Examples
    --------
    >>> dot = BilinearTerms([0, 1], [0, 1], [0, 0], [1.0, 1.0], 2, 2, 1)
    >>> traced_value(dot, torch.ones(1, 2, 1), torch.full((1, 2, 1), 3.0))
    tensor([[[6.]]])
    """
    z: Tensor = _bilinear(x, y, terms.key)
    return z
