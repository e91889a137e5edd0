"""What the groups of orthogonal matrices of space share.

Definition: products, inverses, the unit and the algebra of antisymmetric matrices, of O(3) as of SO(3).
Convention: elements ``(..., 3, 3)`` act on columns; the algebra's basis are the turns about x, y and z.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.groups.axis_angle import hat

__all__ = ["MatricesOfSpace"]


class MatricesOfSpace:
    """The part of a group of orthogonal matrices that does not depend on which it is.

    Examples
    --------
    >>> group = MatricesOfSpace()
    >>> group.algebra_basis.shape, float(group.inverse(group.identity).trace())
    (torch.Size([3, 3, 3]), 3.0)
    """

    shape: ClassVar[tuple[int, int]] = (3, 3)
    dim: ClassVar[int] = 3
    unimodular: ClassVar[bool] = True

    @property
    def identity(self) -> Tensor:
        """The unit matrix ``(3, 3)``, double precision."""
        return torch.eye(3, dtype=torch.float64)

    @property
    def algebra_basis(self) -> Tensor:
        """The generators of the turns about x, y and z, ``(3, 3, 3)``."""
        basis: Tensor = hat(torch.eye(3, dtype=torch.float64))
        return basis

    @array_edge("a", "b")
    def compose(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the products ``a b``, ``(..., 3, 3)``: first b, then a."""
        return a @ b

    @array_edge("a")
    def inverse(self, a: Tensor) -> Tensor:
        """Return the transposes."""
        return a.mT
