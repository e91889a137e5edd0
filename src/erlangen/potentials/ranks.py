"""Sums over the processes of torch.distributed, where there are several.

Definition: each rank takes every k-th frame of a batch; sums of losses and gradients over ranks are those of one process.
Convention: without an initialised process group there is one rank, and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.distributed as dist
from torch import Tensor

__all__ = ["broadcast", "rank_and_size", "sum_over_ranks"]


def rank_and_size() -> tuple[int, int]:
    """Return the number of this process and of all.

    Examples
    --------
    >>> rank_and_size()
    (0, 1)
    """
    if dist.is_available() and dist.is_initialized():
        return dist.get_rank(), dist.get_world_size()
    return 0, 1


def sum_over_ranks(tensors: Sequence[Tensor]) -> list[Tensor]:
    """Return the sums of tensors over all ranks, sent as one.

    Examples
    --------
    >>> sum_over_ranks([torch.ones(2)])
    [tensor([1., 1.])]
    """
    if rank_and_size()[1] == 1:
        return list(tensors)
    flat = torch.cat([item.reshape(-1) for item in tensors])
    dist.all_reduce(flat)
    parts = flat.split([item.numel() for item in tensors])
    return [part.reshape(item.shape) for part, item in zip(parts, tensors, strict=True)]


def broadcast(tensors: Sequence[Tensor]) -> None:
    """Give all ranks the tensors of the first, in place.

    Examples
    --------
    >>> broadcast([torch.ones(2)])
    """
    if rank_and_size()[1] > 1:
        for item in tensors:
            dist.broadcast(item, 0)
