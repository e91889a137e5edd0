"""Derivatives that exist once: a second one is refused, never silently left out.

Definition: :func:`once` passes a gradient through and ties it to what it depends on; differentiating it raises.
Convention: used inside ``backward`` where the formulas there are not followed by autograd.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.errors import DomainError

__all__ = ["once"]


def once(gradient: Tensor, what: str, *anchors: Tensor) -> Tensor:
    """Return a gradient that refuses to be differentiated in ``anchors``.

    Examples
    --------
    >>> x = torch.ones(1, requires_grad=True)
    >>> once(torch.ones(1), "the transport", x).sum().backward()
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: the transport has a first derivative only; a second one was asked for (differentiate it once)
    """
    if not torch.is_grad_enabled():
        return gradient
    run: Any = _Once.apply
    tied: Tensor = run(gradient, what, *anchors)
    return tied


class _Once(Function):
    """The identity, with a derivative that raises."""

    @staticmethod
    def forward(ctx: Any, gradient: Tensor, what: str, *anchors: Tensor) -> Tensor:
        """Return a copy."""
        ctx.what = what
        return gradient.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Refuse."""
        message = f"{ctx.what} has a first derivative only; a second one was asked for"
        raise DomainError(message, hint="differentiate it once")
