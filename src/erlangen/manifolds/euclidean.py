"""Arrays of a shape, with the flat metric.

Definition: every operation is that of the vector space; distances are Frobenius norms.
Convention: points are ``(..., *shape)``; ``shape = ()`` is the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.linalg.certificate import Certificate
from erlangen.manifolds.manifold import Manifold
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.shapes import check_points
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer

__all__ = ["Euclidean", "FlatMetric"]


@dataclass(frozen=True)
class FlatMetric(Metric):
    """The inner product of arrays, ``sum(u * v)`` over the axes of a point.

    Parameters
    ----------
    point_axes : int
        Number of axes of one point.

    Examples
    --------
    >>> import numpy as np
    >>> float(FlatMetric(1).dist(np.zeros(2), np.array([3.0, 4.0])))
    5.0
    """

    point_axes: int = 2  # type: ignore[misc]
    name: ClassVar[str] = "flat"

    @array_edge("x", "u", "v")
    def inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        """Return the sum of products, ``(...)``."""
        product = u * v
        return product.sum(tuple(range(-self.point_axes, 0))) if self.point_axes else product

    @array_edge("x", "v")
    def exp(self, x: Tensor, v: Tensor) -> Tensor:
        """Return x + v."""
        return x + v

    @array_edge("x", "y")
    def log(self, x: Tensor, y: Tensor) -> Tensor:
        """Return y - x."""
        return y - x

    @array_edge("x", "y", "v")
    def transport(self, x: Tensor, y: Tensor, v: Tensor, method: str = "auto") -> Tensor:
        """Return v."""
        return v.clone()

    @array_edge("x", "g")
    def riemannian_gradient(self, x: Tensor, g: Tensor) -> Tensor:
        """Return g."""
        return g.clone()

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        W = w.reshape(*w.shape, *(1,) * self.point_axes)
        return (W * X).sum(-self.point_axes - 1), Certificate("weighted sum", 1, 0.0, tol)

    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor:
        W = w.reshape(*w.shape, *(1,) * self.point_axes)
        return (W * X).sum(-self.point_axes - 1)


class Euclidean(Manifold):
    """The vector space of arrays of a shape.

    Parameters
    ----------
    shape : int or sequence of int
        Shape of a point.

    Examples
    --------
    >>> Euclidean((2, 3)), Euclidean((2, 3)).dim
    (Euclidean((2, 3)), 6)
    """

    def __init__(self, shape: int | Sequence[int]) -> None:
        axes = (shape,) if isinstance(shape, int) else tuple(shape)
        sizes = tuple(check_integer(k, "shape", low=1) for k in axes)
        dim = 1
        for k in sizes:
            dim *= k
        super().__init__(sizes, dim, FlatMetric(len(sizes)))

    @array_edge("x")
    def project(self, x: Tensor) -> Tensor:
        """Return x."""
        check_points(x, "x", self.shape)
        return x.clone()

    @array_edge("x", "v")
    def to_tangent(self, x: Tensor, v: Tensor) -> Tensor:
        """Return v."""
        check_points(v, "v", self.shape)
        return v.clone()

    def _refuse(self, x: Tensor) -> None:
        check_points(x, "x", self.shape)

    def random(self, n: int | None = None, *, rng: RngLike = None) -> Tensor:
        """Return n points (or one) of standard normal numbers."""
        shape = self.shape if n is None else (check_integer(n, "n", low=0), *self.shape)
        return torch.from_numpy(as_generator(rng).standard_normal(shape))

    def __repr__(self) -> str:
        return f"Euclidean({self.shape})"
