"""Derivatives that exist once or twice: a further one is refused, never silently left out.

Definition: :func:`once` and :func:`twice` pass a gradient through and tie it to what it depends on; differentiating it once or twice raises.
Convention: used inside ``backward`` where the formulas there are not followed by autograd as often as that.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.errors import DomainError

__all__ = ["once", "twice"]

_COUNTED = ("a first derivative only; a second", "a first and a second derivative; a third")


def once(gradient: Tensor, what: str, *anchors: Tensor, order: int = 1) -> Tensor:
    """Return a gradient of that order that refuses to be differentiated in ``anchors``.

    Examples
    --------
    >>> x = torch.ones(1, requires_grad=True)
    >>> once(torch.ones(1), "the transport", x).sum().backward()
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: the transport has a first derivative only; a second one was asked for (differentiate it less often)
    """
    return _tied(gradient, what, order, 0, anchors)


def twice(gradient: Tensor, what: str, *anchors: Tensor) -> Tensor:
    """Return a first gradient that can be differentiated, and whose derivative refuses to be.

    Examples
    --------
    >>> x = torch.ones(1, requires_grad=True)
    >>> (slope,) = torch.autograd.grad(twice(x**3, "the mean", x), x, create_graph=True)
    >>> float(slope)
    3.0
    >>> slope.backward()
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: the mean has a first and a second derivative; a third one was asked for (differentiate it less often)
    """
    return _tied(gradient, what, 2, 1, anchors)


def _tied(gradient: Tensor, what: str, order: int, left: int, anchors: tuple[Tensor, ...]) -> Tensor:
    if not torch.is_grad_enabled():
        return gradient
    run: Any = _Tied.apply
    tied: Tensor = run(gradient, what, order, left, *anchors)
    return tied


class _Tied(Function):
    """The identity, with so many derivatives left."""

    @staticmethod
    def forward(ctx: Any, gradient: Tensor, what: str, order: int, left: int, *anchors: Tensor) -> Tensor:
        """Return a copy."""
        ctx.what, ctx.order, ctx.left = what, order, left
        ctx.save_for_backward(*anchors)
        return gradient.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Pass the gradient on, tied again, or refuse."""
        if ctx.left == 0:
            message = f"{ctx.what} has {_COUNTED[ctx.order - 1]} one was asked for"
            raise DomainError(message, hint="differentiate it less often")
        anchors = ctx.saved_tensors
        passed = _tied(gradients[0], ctx.what, ctx.order, ctx.left - 1, anchors)
        return passed, None, None, None, *(None for _ in anchors)
