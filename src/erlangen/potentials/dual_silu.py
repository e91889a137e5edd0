r"""The activation of the radial networks, on values and on values with slopes.

Definition: :math:`a(x) = c\,x\,\sigma(x)` with c such that the second moment of a standard normal stays one; on a pair, :math:`(a(x), a'(x)\,\dot x)`.
Convention: c is e3nn's number, a mean over 10⁶ draws (the integral is 1.676532), so that weights carry over; pairs are stacked, values above slopes.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

__all__ = ["SILU_SCALE", "dual_silu", "scaled_silu"]

SILU_SCALE = 1.6791767923989418


def scaled_silu(x: Tensor, scale: float = SILU_SCALE) -> Tensor:
    """Return the activation, differentiable any number of times.

    Examples
    --------
    >>> scaled_silu(torch.tensor([0.0, 1.0])).round(decimals=4)
    tensor([0.0000, 1.2276])
    """
    return torch.nn.functional.silu(x) * scale


def dual_silu(pair: Tensor, scale: float = SILU_SCALE) -> Tensor:
    """Return activations above their slopes (2 P, k) for inputs above their slopes (2 P, k), differentiable once.

    Examples
    --------
    >>> dual_silu(torch.tensor([[0.0], [2.0]])).round(decimals=4)
    tensor([[0.0000],
            [1.6792]])
    """
    return _DualSilu.apply(pair, scale)


class _DualSilu(torch.autograd.Function):
    """Values and slopes together, so that their backward pass shares what it needs."""

    @staticmethod
    def forward(ctx: Any, pair: Tensor, scale: float) -> Tensor:
        x, dx = pair.chunk(2)
        s = torch.sigmoid(x)
        first = torch.addcmul(s, x * s, 1 - s)  # a'(x) / c
        out = torch.empty_like(pair)
        torch.mul(x, s, out=out[: len(x)])
        torch.mul(first, dx, out=out[len(x) :])
        ctx.save_for_backward(pair, s, first)
        ctx.scale = scale
        return out.mul_(scale)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None]:
        pair, s, first = ctx.saved_tensors
        x, dx = pair.chunk(2)
        gx, gdx = g.chunk(2)
        t = 1 - s
        second = s * t * torch.addcmul(x.new_tensor(2.0), x, t - s)  # a''(x) / c
        out = torch.empty_like(pair)
        torch.mul(gdx, first, out=out[len(x) :])
        torch.mul(gx, first, out=out[: len(x)]).addcmul_(gdx.mul(dx), second)
        return out.mul_(ctx.scale), None
