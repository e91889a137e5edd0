r"""Messages by their kernel, as operations that autograd can follow twice.

Definition: :math:`L = \langle g, M(h, Y, R) \rangle` is linear in each of h, Y, R, g; gradients and their tangents are sums of such products.
Convention: along (a, y, b), g kept, the tangent gives the gradients in h, Y, R and g of :math:`a\cdot\partial_h L + y\cdot\partial_Y L + b\cdot\partial_R L`.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd import Function

from erlangen import native
from erlangen.representations.products.kernel_choice import refuse_third
from erlangen.representations.products.message_plan import MessagePlan, message_terms

__all__ = ["channelwise_product", "messages_native"]

Setting = tuple[Any, int, int, str]  # tables, receivers, threads, level


def messages_native(
    h: Tensor,
    Y: Tensor,
    R: Tensor,
    senders: Tensor,
    receivers: Tensor,
    n: int,
    plan: MessagePlan,
    threads: int,
    level: str,
) -> Tensor:
    """Return the messages by the kernel; shapes and types were checked."""
    setting = channelwise_product(plan), n, plan.dims[2], threads, level
    tensors = (h, Y, R, senders.long(), receivers.long())
    if not (torch.is_grad_enabled() and any(t.requires_grad for t in (h, Y, R))):
        return _values(*tensors, setting)
    run: Any = _Messages.apply
    out: Tensor = run(*tensors, setting)
    return out


@functools.lru_cache(maxsize=64)
def channelwise_product(plan: MessagePlan) -> Any:
    """Return the kernel's tables of a plan, made once: slots (path, node) in order, their entries (result), the terms (edge) of these."""
    terms = message_terms(plan)
    order = np.lexsort((terms.edge, terms.result, terms.node, terms.path))
    rows = np.stack([terms.path, terms.node, terms.result, terms.edge], 1)[order]
    slots, slot_of = np.unique(rows[:, :2], axis=0, return_inverse=True)
    entries, entry_of = np.unique(np.column_stack([slot_of.reshape(-1), rows[:, 2]]), axis=0, return_inverse=True)
    module: Any = native.kernels("native")
    return module.ChannelwiseProduct(
        *plan.dims,
        len(plan.paths),
        _table(slots[:, 0]),
        _table(slots[:, 1]),
        _starts(entries[:, 0], len(slots)),
        _table(entries[:, 1]),
        _starts(entry_of.reshape(-1), len(entries)),
        _table(rows[:, 3]),
        terms.value[order],
    )


def _table(entries: Any) -> Any:
    return np.ascontiguousarray(entries, dtype=np.int32)


def _starts(owner: Any, size: int) -> Any:
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=size))]).astype(np.int32)


def _array(tensor: Tensor) -> Any:
    return (tensor if tensor.is_contiguous() else tensor.contiguous()).detach().numpy()


def _values(h: Tensor, Y: Tensor, R: Tensor, senders: Tensor, receivers: Tensor, setting: Any) -> Tensor:
    product, n, dim, threads, level = setting
    out = h.new_empty(n, dim, h.shape[2])
    module: Any = native.kernels("native")
    module.message_values(product, *map(_array, (h, Y, R, senders, receivers)), out.numpy(), threads, level)
    return out


def _remember(ctx: Any, setting: Any, *tensors: Tensor) -> None:
    ctx.set_materialize_grads(False)
    ctx.save_for_backward(*tensors)
    ctx.setting = setting


class _Messages(Function):
    """The messages."""

    @staticmethod
    def forward(
        ctx: Any, h: Tensor, Y: Tensor, R: Tensor, senders: Tensor, receivers: Tensor, setting: Setting
    ) -> Tensor:
        """Return M."""
        _remember(ctx, setting, h, Y, R, senders, receivers)
        return _values(h, Y, R, senders, receivers, setting)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradients in h, Y and R."""
        if gradients[0] is None:
            return (None,) * 6
        h, Y, R, *ends = ctx.saved_tensors
        if not torch.is_grad_enabled():
            return *_derivatives((h, Y, R, *ends, gradients[0]), (None,) * 4, ctx.setting), None, None, None
        run: Any = _Gradients.apply
        return *run(h, Y, R, gradients[0], *ends, ctx.setting), None, None, None


class _Gradients(Function):
    """Their gradients in all three arguments."""

    @staticmethod
    def forward(
        ctx: Any, h: Tensor, Y: Tensor, R: Tensor, g: Tensor, senders: Tensor, receivers: Tensor, setting: Setting
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the gradients of <g, M>."""
        _remember(ctx, setting, h, Y, R, g, senders, receivers)
        return _derivatives((h, Y, R, senders, receivers, g), (None,) * 4, setting)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradients in h, Y, R and g."""
        refuse_third()
        if all(gradient is None for gradient in gradients):
            return (None,) * 7
        h, Y, R, g, *ends = ctx.saved_tensors
        directions = [torch.zeros_like(t) if d is None else d for t, d in zip((h, Y, R), gradients, strict=True)]
        to_g = torch.empty_like(g, memory_format=torch.contiguous_format)
        found = _derivatives((h, Y, R, *ends, g), (*map(_array, directions), to_g.numpy()), ctx.setting)
        return *found, to_g, None, None, None


def _derivatives(tensors: tuple[Tensor, ...], along: tuple[Any, ...], setting: Any) -> tuple[Tensor, Tensor, Tensor]:
    """Return what the kernel of derivatives writes for h, Y and R."""
    product, _, _, threads, level = setting
    h, Y, R = (torch.empty_like(t, memory_format=torch.contiguous_format) for t in tensors[:3])
    module: Any = native.kernels("native")
    arrays = map(_array, tensors)
    module.message_derivatives(product, *arrays, *along, h.numpy(), Y.numpy(), R.numpy(), threads, level)
    return h, Y, R
