"""The table behind solid harmonics as a tensor, in compiled graphs too.

Definition: the numbers of :func:`erlangen.representations.harmonic_tables.recursion_table`, made by NumPy in float64, then rounded to the type asked for.
Convention: a graph calls an operator for them; were it to trace their making, it would do so in torch's arithmetic and lose half of the digits.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.representations.harmonic_tables import kernel_table

__all__ = ["recursion_numbers"]


def recursion_numbers(lmax: int, normalization: str, like: Tensor) -> Tensor:
    """Return the rows a, b, top (3, (lmax + 1) (lmax + 2) / 2) of the recursion.

    Examples
    --------
    >>> recursion_numbers(1, "norm", torch.ones(1))
    tensor([[0., 1., 0.],
            [0., 0., 0.],
            [1., 1., 0.]])
    """
    if torch.compiler.is_compiling():
        return _traced(like.detach(), lmax, normalization)
    return torch.from_numpy(kernel_table(lmax, normalization)[:3]).to(like)


@torch.library.custom_op("erlangen::harmonic_recursion", mutates_args=())
def _traced(like: Tensor, lmax: int, normalization: str) -> Tensor:
    return torch.from_numpy(kernel_table(lmax, normalization)[:3].copy()).to(like)


@_traced.register_fake
def _(like: Tensor, lmax: int, normalization: str) -> Tensor:
    return like.new_empty((3, (lmax + 1) * (lmax + 2) // 2))
