r"""The bilinear product under autograd, with derivatives of any order.

Definition: value and cotangents are two operations of one trilinear form :math:`\\sum c\\,x_i y_j \\bar z_k`; the derivatives of each are the two again.
Convention: x (n, d1) or (n, d1, c); compiled graphs go by the operations of torch's library, torch.func by the twin.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.representations.products.bilinear_kernel import bilinear_cotangents, bilinear_value
from erlangen.representations.products.bilinear_operations import traced_value
from erlangen.representations.products.bilinear_terms import BilinearTerms
from erlangen.representations.products.bilinear_twin import bilinear_twin

__all__ = ["bilinear_product", "fits"]

Grad = Tensor | None
_KINDS = (torch.float32, torch.float64)


def bilinear_product(terms: BilinearTerms, x: Tensor, y: Tensor, backend: str = "auto", level: str = "auto") -> Tensor:
    """Return z (n, d3) or (n, d3, c) of operands that fit; see :func:`erlangen.representations.products.contract`.

    Examples
    --------
    >>> dot = BilinearTerms([0, 1], [0, 1], [0, 0], [1.0, 1.0], 2, 2, 1)
    >>> bilinear_product(dot, torch.ones(1, 2), torch.full((1, 2), 3.0))
    tensor([[6.]])
    """
    if torch.compiler.is_compiling():
        return traced_value(terms, x, y)
    if torch._C._are_functorch_transforms_active():
        return bilinear_twin(terms, x, y)
    x, y = x.contiguous(), y.contiguous()
    if torch.is_grad_enabled() and (x.requires_grad or y.requires_grad):
        return _apply(_Value, x, y, (terms, backend, level))
    return bilinear_value(terms, x, y, None, backend, level)


def fits(terms: BilinearTerms, x: Tensor, y: Tensor) -> bool:
    """Return whether x is (n, d1) and y (n, d2), of one kind that the kernels take.

    Examples
    --------
    >>> fits(BilinearTerms([0], [0], [0], [1.0], 2, 2, 1), torch.ones(3, 2), torch.ones(3, 2))
    True
    """
    if not (isinstance(x, Tensor) and isinstance(y, Tensor)) or x.dtype not in _KINDS:
        return False
    left, right = x.shape, y.shape
    shaped = len(left) == 2 and len(right) == 2 and left[1] == terms.d1 and right[1] == terms.d2 and left[0] == right[0]
    return shaped and x.dtype == y.dtype and ((x.is_cpu and y.is_cpu) or x.device == y.device)


def _apply(operation: type[Function], *arguments: object) -> Any:
    """Run an operation under autograd."""
    run: Any = operation.apply
    return run(*arguments)


def _cotangents(z: Tensor, x: Tensor, y: Tensor, wanted: tuple[bool, bool], how: Any) -> tuple[Grad, Grad]:
    """Return the cotangents, under autograd where a graph of them is wanted."""
    if torch.is_grad_enabled():
        found: tuple[Grad, Grad] = _apply(_Cotangents, z, x, y, wanted, how)
        return found
    terms, backend, level = how
    return bilinear_cotangents(terms, z, x, y, wanted, backend, level)


class _Value(Function):
    """z = B(x, y)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor, how: Any) -> Tensor:
        """Return the value and keep both arguments."""
        ctx.save_for_backward(x, y)
        ctx.how = how
        terms, backend, level = how
        return bilinear_value(terms, x, y, None, backend, level)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the cotangents, an operation of their own."""
        x, y = ctx.saved_tensors
        wanted = ctx.needs_input_grad[:2]
        return (*_cotangents(gradients[0].contiguous(), x, y, wanted, ctx.how), None)


class _Cotangents(Function):
    """The cotangents of x and y; linear in that of z, and in the other argument each."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, x: Tensor, y: Tensor, wanted: tuple[bool, bool], how: Any) -> tuple[Grad, Grad]:
        """Return both cotangents, None where not wanted, and keep the three arguments."""
        ctx.save_for_backward(z, x, y)
        ctx.wanted, ctx.how = wanted, how
        ctx.set_materialize_grads(False)
        terms, backend, level = how
        return bilinear_cotangents(terms, z, x, y, wanted, backend, level)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return z' = B(a, y) + B(x, b), x' from (z, b), y' from (z, a): the same two operations."""
        z, x, y = ctx.saved_tensors
        a, b = (
            g.contiguous() if want and g is not None else None for g, want in zip(gradients, ctx.wanted, strict=True)
        )
        needs = ctx.needs_input_grad
        to_z = _sum_of_values(x, y, a, b, ctx.how) if needs[0] else None
        wanted = (needs[1] and b is not None, needs[2] and a is not None)
        to_x = to_y = None
        if any(wanted):
            to_x, to_y = _cotangents(z, x if a is None else a, y if b is None else b, wanted, ctx.how)
        return to_z, to_x, to_y, None, None


def _sum_of_values(x: Tensor, y: Tensor, a: Grad, b: Grad, how: Any) -> Grad:
    """Return B(a, y) + B(x, b), in one pass where no graph of it is wanted."""
    terms, backend, level = how
    if a is not None and b is not None and not torch.is_grad_enabled():
        return bilinear_value(terms, a, y, (x, b), backend, level)
    left = None if a is None else bilinear_product(terms, a, y, backend, level)
    right = None if b is None else bilinear_product(terms, x, b, backend, level)
    return left if right is None else right if left is None else left + right
