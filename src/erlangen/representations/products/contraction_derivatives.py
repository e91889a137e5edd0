r"""The symmetric contraction by its kernel, as operations that autograd can follow twice.

Definition: :math:`L = \langle g, B(x, W) \rangle`; the transpose of the gradient :math:`(\partial_x L, \partial_W L)` is the tangent of B and of it.
Convention: along (a, b), g kept, the tangent gives the gradients in x, W and g of :math:`\langle a, \partial_x L\rangle + \langle b, \partial_W L\rangle`.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.representations.products.kernel_choice import refuse_third
from erlangen.representations.products.symmetric_basis import SymmetricBasis
from erlangen.representations.products.symmetric_program import sparse_polynomial

__all__ = ["contraction_native"]

Setting = tuple[SymmetricBasis, int, str]  # paths, threads, level


def contraction_native(x: Tensor, weights: Tensor, elements: Tensor, setting: Setting) -> Tensor:
    """Return the symmetric contraction by the kernel; arguments were checked."""
    elements = elements.long()
    if not (torch.is_grad_enabled() and (x.requires_grad or weights.requires_grad)):
        return _value(x, weights, elements, setting)
    run: Any = _Value.apply
    out: Tensor = run(x, weights, elements, setting)
    return out


def _value(x: Tensor, weights: Tensor, elements: Tensor, setting: Setting) -> Tensor:
    maps, threads, level = setting
    out = x.new_empty(x.shape[0], maps.dim_out, x.shape[2])
    module, polynomial = sparse_polynomial(maps)
    module.contraction_value(polynomial, _array(x), _array(weights), _array(elements), out.numpy(), threads, level)
    return out


def _array(tensor: Tensor) -> Any:
    return (tensor if tensor.is_contiguous() else tensor.contiguous()).detach().numpy()


def _remember(ctx: Any, setting: Any, *tensors: Tensor) -> None:
    ctx.set_materialize_grads(False)
    ctx.save_for_backward(*tensors)
    ctx.setting = setting


class _Value(Function):
    """The contraction (forward takes its context: torch would bind the arguments to a signature at every call otherwise)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weights: Tensor, elements: Tensor, setting: Setting) -> Tensor:
        """Return B."""
        _remember(ctx, setting, x, weights, elements)
        return _value(x, weights, elements, setting)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradients in x and W."""
        if gradients[0] is None:
            return None, None, None, None
        x, weights, elements = ctx.saved_tensors
        setting = (*ctx.setting, ctx.needs_input_grad[1])
        run: Any = _Gradient.apply if torch.is_grad_enabled() else _gradient
        to_x, to_weights = run(x, weights, gradients[0], elements, setting)
        return to_x, to_weights, None, None


def _gradient(x: Tensor, weights: Tensor, g: Tensor, elements: Tensor, setting: Any) -> tuple[Tensor, Tensor | None]:
    maps, threads, level, weighted = setting
    module, polynomial = sparse_polynomial(maps)
    to_x = torch.empty_like(x, memory_format=torch.contiguous_format)
    to_weights = torch.empty_like(weights, memory_format=torch.contiguous_format) if weighted else None
    arrays = map(_array, (x, weights, elements, g))
    results = None, None, None, to_x.numpy(), None if to_weights is None else to_weights.numpy()
    module.contraction_derivative(polynomial, *arrays, *results, threads, level)
    return to_x, to_weights


class _Gradient(Function):
    """Its gradients in features and weights."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weights: Tensor, g: Tensor, elements: Tensor, setting: Any
    ) -> tuple[Tensor, Tensor | None]:
        """Return the gradients of <g, B>."""
        _remember(ctx, setting, x, weights, g, elements)
        return _gradient(x, weights, g, elements, setting)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradients in x, W and g."""
        refuse_third()
        a, b = gradients
        if a is None and b is None:
            return None, None, None, None, None
        x, weights, g, elements = ctx.saved_tensors
        maps, threads, level, _ = ctx.setting
        module, polynomial = sparse_polynomial(maps)
        to_x, to_weights, to_g = (torch.empty_like(t, memory_format=torch.contiguous_format) for t in (x, weights, g))
        directions = _array(torch.zeros_like(x) if a is None else a), None if b is None else _array(b)
        arrays = map(_array, (x, weights, elements, g))
        results = to_g.numpy(), to_x.numpy(), to_weights.numpy()
        module.contraction_derivative(polynomial, *arrays, *directions, *results, threads, level)
        return to_x, to_weights, to_g, None, None
