r"""The Euclidean metric on the cone of SPD matrices.

Definition: :math:`g(U, V) = \operatorname{tr}(UV)`; geodesics are straight lines and leave the cone.
Convention: the domain of exp is where :math:`P + V` is positive definite; the mean is the arithmetic one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from erlangen.manifolds.spd.chart import Chart
from erlangen.manifolds.spd.flat import Flat
from erlangen.manifolds.spd.pullback import PulledBack
from erlangen.manifolds.spd.spd_metric import positive_definite

__all__ = ["Frobenius", "Inclusion"]


@dataclass(frozen=True)
class Inclusion(Chart):
    """The cone as a part of the symmetric matrices."""

    def forward(self, x: Tensor) -> Tensor:
        """Return x."""
        return x

    def inverse(self, y: Tensor) -> Tensor:
        """Return y."""
        return y

    def push(self, x: Tensor, v: Tensor) -> Tensor:
        """Return v."""
        return v

    def pull(self, x: Tensor, w: Tensor) -> Tensor:
        """Return w."""
        return w

    def covector(self, x: Tensor, g: Tensor) -> Tensor:
        """Return g."""
        return g

    def contains(self, y: Tensor) -> Tensor:
        """Return whether y is positive definite."""
        return positive_definite(y)


@dataclass(frozen=True)
class Frobenius(PulledBack):
    """The Frobenius distance on SPD matrices; the arithmetic mean swells determinants, the other metrics do not.

    Examples
    --------
    >>> import numpy as np
    >>> Frobenius().mean(np.array([np.eye(2), 3 * np.eye(2)]))
    array([[2., 0.],
           [0., 2.]])
    """

    name: ClassVar[str] = "frobenius"
    image = Flat()
    chart = Inclusion()

    def __repr__(self) -> str:
        return "Frobenius()"
