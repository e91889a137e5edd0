r"""The gradient of the action of a symmetric matrix on a block of columns: the same action on the gradient that arrives.

Definition: :math:`\nabla_B \langle G, f(A) B \rangle = f(A)^T G = f(A) G`.
Convention: the matrix is a constant; derivatives of any order in the block go the same way.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.linalg.product import Product

__all__ = ["symmetric_action"]


class _SymmetricAction(torch.autograd.Function):
    """A linear map that is its own transpose."""

    @staticmethod
    def forward(ctx: Any, block: Tensor, act: Product) -> Tensor:
        ctx.act = act
        result: Tensor = act(block.detach())
        return result

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, None]:
        return symmetric_action(gradients[0], ctx.act), None


def symmetric_action(block: Tensor, act: Product) -> Tensor:
    """Return ``act(block)`` with its gradient.

    Examples
    --------
    >>> x = torch.ones(2, requires_grad=True)
    >>> torch.autograd.grad(symmetric_action(x, lambda b: 3 * b).sum(), x)
    (tensor([3., 3.]),)
    """
    result: Tensor = _SymmetricAction.apply(block, act)  # type: ignore[no-untyped-call]
    return result
