r"""The flat metric on matrices.

Definition: :math:`\langle U, V\rangle = \operatorname{tr}(U^T V)` on all matrices ``(..., n, m)``; geodesics are straight lines.
Convention: points are not checked beyond their shape; on an open subset the one who uses it looks after its border.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor

from erlangen.edges import array_edge
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.broadcast import same_batch
from erlangen.manifolds.mean.sample import spread
from erlangen.manifolds.metric import Metric

__all__ = ["Flat"]


@dataclass(frozen=True)
class Flat(Metric):
    """The Frobenius inner product, everywhere the same.

    Examples
    --------
    >>> import numpy as np
    >>> Flat().dist(np.zeros((1, 2)), np.array([[3.0, 4.0]]))
    array(5.)
    """

    name: ClassVar[str] = "flat"

    @array_edge("x", "u", "v")
    def inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        """Return the Frobenius inner product, ``(...)``."""
        u, v, _ = same_batch(u, v, x)
        return (u * v).sum((-2, -1))

    @array_edge("x", "v")
    def exp(self, x: Tensor, v: Tensor) -> Tensor:
        """Return x + v."""
        return x + v

    @array_edge("x", "y")
    def log(self, x: Tensor, y: Tensor) -> Tensor:
        """Return y - x."""
        return y - x

    @array_edge("x", "y", "v")
    def transport(self, x: Tensor, y: Tensor, v: Tensor, *, method: str = "auto") -> Tensor:
        """Return v."""
        return same_batch(v, x, y)[0].clone()

    @array_edge("x", "g")
    def riemannian_gradient(self, x: Tensor, g: Tensor) -> Tensor:
        """Return g."""
        return g.clone()

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        return (spread(w, 2) * X).sum(-3), Certificate("closed form", 1, 0.0, tol)

    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor:
        return (spread(w, 2) * X).sum(-3)

    def retract(self, x: Any, v: Any) -> Any:
        """Return x + v."""
        return self.exp(x, v)
