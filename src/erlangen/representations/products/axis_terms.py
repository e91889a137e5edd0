r"""Products with a function of the polar angle alone, and the rotation that makes one of the harmonics of a direction.

Definition: :math:`Y_{lm}(\hat y) = \sqrt{2l+1}\,\delta_{m0}` (component one), so that a filter about the axis has one number a degree.
Convention: the rotation is the shortest to the axis y; directions below the equator are first turned by half a turn about x.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from erlangen.representations.products.bilinear_terms import BilinearTerms
from erlangen.representations.products.coupling_terms import gaunt_terms
from erlangen.representations.products.kept_table import kept_table

__all__ = ["axis_terms", "turn_to_axis"]


@kept_table
def axis_terms(l1: int, l2: int, l3: int) -> BilinearTerms:
    r"""Return the terms of :math:`\int F_x\,\bigl(\sum_l f_l Y_l(\hat y)\cdot Y_l\bigr)\,Y_{lm}` in x and the numbers f.

    Examples
    --------
    >>> len(axis_terms(2, 2, 2)), len(gaunt_terms(2, 2, 2))
    (27, 83)
    """
    whole = gaunt_terms(l1, l2, l3)
    degree = np.floor(np.sqrt(whole.j)).astype(np.int64)
    on = whole.j == degree * degree + degree
    c = whole.c[on] * np.sqrt(2 * degree[on] + 1)
    return BilinearTerms(whole.i[on], degree[on], whole.k[on], c, whole.d1, l2 + 1, whole.d3)


def turn_to_axis(vectors: Tensor) -> Tensor:
    """Return rotations (..., 3, 3) that turn vectors (..., 3), none of them zero, to the axis y; differentiable on each half of space.

    Examples
    --------
    >>> turn_to_axis(torch.tensor([0.0, 0.0, 2.0])).matmul(torch.tensor([0.0, 0.0, 2.0]))
    tensor([0., 2., 0.])
    """
    u = vectors / vectors.norm(dim=-1, keepdim=True)
    side = torch.where(u[..., 1:2] < 0, -1.0, 1.0).to(u)
    flip = torch.cat([torch.ones_like(side), side, side], -1)  # 1, or half a turn about x
    x, y, z = (u * flip).unbind(-1)
    k = 1 / (1 + y)
    rows = [1 - k * x * x, -x, -k * x * z, x, y, z, -k * x * z, -z, 1 - k * z * z]
    return torch.stack(rows, -1).view(*x.shape, 3, 3) * flip.unsqueeze(-2)
