r"""Linear maps that mix channels and leave components alone: the only ones that commute with rotations.

Definition: :math:`y_{kc} = \sum_{b:\, t(b) = k} \sum_{c'} x_{bc'} W_{o(b) c' c}`, W one matrix for each summand o(b) that component b belongs to.
Convention: features are ``(nodes, components, channels)``; components of one irrep share a matrix.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["component_owner", "mix_channels"]


def component_owner(degrees: tuple[int, ...]) -> Tensor:
    """Return for each component the number of its irrep, for irreps of the given degrees.

    Examples
    --------
    >>> component_owner((0, 1))
    tensor([0, 1, 1, 1])
    """
    return torch.repeat_interleave(torch.arange(len(degrees)), torch.tensor([2 * l + 1 for l in degrees]))


def mix_channels(x: Tensor, matrices: Tensor, owner: Tensor, target: Tensor | None = None, count: int = 0) -> Tensor:
    """Return mixed features (nodes, components, channels out); with ``target`` components are summed into ``count``.

    Parameters
    ----------
    x : Tensor (nodes, components, C)
        Features.
    matrices : Tensor (irreps, C, C')
        One for each irrep.
    owner : Tensor (components,)
        The irrep of each component.
    target : Tensor (components,), optional
        The component of the result that each is added to.
    count : int
        How many components the result then has.

    Examples
    --------
    >>> mix_channels(torch.ones(1, 4, 2), torch.ones(2, 2, 1), component_owner((0, 1))).flatten()
    tensor([2., 2., 2., 2.])
    """
    mixed = torch.bmm(x.transpose(0, 1), matrices.index_select(0, owner))
    if target is not None:
        mixed = mixed.new_zeros((count, *mixed.shape[1:])).index_add(0, target, mixed)
    return mixed.transpose(0, 1)
