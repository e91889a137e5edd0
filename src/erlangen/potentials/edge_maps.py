"""Linear maps between atoms, directed edges and undirected pairs, each with its adjoint.

Definition: differences of an edge's ends; values of pairs handed to both of their edges; values attached to distances with known slopes.
Convention: adjoints are autograd functions of one another, so that derivatives of any order exist; sums run in a fixed order.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

__all__ = ["attach_slope", "edge_differences", "pairs_to_edges"]


def edge_differences(positions: Tensor, senders: Tensor, receivers: Tensor) -> Tensor:
    """Return receiver minus sender (E, 3).

    Examples
    --------
    >>> edge_differences(torch.tensor([[1.0], [3.0]]), torch.tensor([0]), torch.tensor([1]))
    tensor([[2.]])
    """
    return _Difference.apply(positions, senders, receivers)


def pairs_to_edges(values: Tensor, pair: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """Return the values (E, k) of each edge's pair, from values (E/2, k).

    Examples
    --------
    >>> pairs_to_edges(torch.tensor([[5.0]]), torch.tensor([0, 0]), torch.tensor([0]), torch.tensor([1]))
    tensor([[5.],
            [5.]])
    """
    return _Spread.apply(values, pair, first, second)


def attach_slope(distance: Tensor, value: Tensor, slope: Tensor) -> Tensor:
    """Return ``value`` (P, k), whose derivative by ``distance`` (P,) is ``slope``; second derivatives by distances are refused.

    Examples
    --------
    >>> r = torch.tensor([2.0], requires_grad=True)
    >>> attach_slope(r, torch.ones(1, 1), torch.full((1, 1), 7.0)).sum().backward()
    >>> r.grad
    tensor([7.])
    """
    return _Attached.apply(distance, value, slope)


class _Difference(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, positions: Tensor, senders: Tensor, receivers: Tensor) -> Tensor:
        ctx.save_for_backward(senders, receivers)
        ctx.count = len(positions)
        return positions.index_select(0, receivers) - positions.index_select(0, senders)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None, None]:
        senders, receivers = ctx.saved_tensors
        return _Divergence.apply(g, senders, receivers, ctx.count), None, None


class _Divergence(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, flow: Tensor, senders: Tensor, receivers: Tensor, count: int) -> Tensor:
        ctx.save_for_backward(senders, receivers)
        out = flow.new_zeros((count, flow.shape[1]))
        return out.index_add_(0, receivers, flow).index_add_(0, senders, flow, alpha=-1)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None, None, None]:
        return _Difference.apply(g, *ctx.saved_tensors), None, None, None


class _Spread(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor, pair: Tensor, first: Tensor, second: Tensor) -> Tensor:
        ctx.save_for_backward(pair, first, second)
        return values.index_select(0, pair)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None, None, None]:
        return _Gather.apply(g, *ctx.saved_tensors), None, None, None


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor, pair: Tensor, first: Tensor, second: Tensor) -> Tensor:
        ctx.save_for_backward(pair, first, second)
        return values.index_select(0, first).add_(values.index_select(0, second))

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None, None, None]:
        return _Spread.apply(g, *ctx.saved_tensors), None, None, None


class _Attached(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, distance: Tensor, value: Tensor, slope: Tensor) -> Tensor:
        ctx.save_for_backward(distance, slope)
        return value.view_as(value)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        distance, slope = ctx.saved_tensors
        along = _Along.apply(distance, g, slope) if ctx.needs_input_grad[0] else None
        return along, g if ctx.needs_input_grad[1] else None, None


class _Along(torch.autograd.Function):
    """The derivative by the distance, itself differentiable by everything but the distance."""

    @staticmethod
    def forward(ctx: Any, distance: Tensor, g: Tensor, slope: Tensor) -> Tensor:
        ctx.save_for_backward(g, slope)
        return (g * slope).sum(-1)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, h: Tensor) -> tuple[Tensor | None, Tensor, Tensor]:
        g, slope = ctx.saved_tensors
        h = h.unsqueeze(-1)
        return None, h * slope, h * g
