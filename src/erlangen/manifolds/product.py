r"""Products of manifolds.

Definition: :math:`\langle u, v\rangle = \sum_k w_k \langle u_k, v_k\rangle_{x_k}`; geodesics, transport and means are those of the factors.
Convention: factors of one shape s are stacked, ``(..., k, *s)``; factors of several shapes are flattened and joined, ``(..., N)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.certificate import Certificate
from erlangen.manifolds.manifold import Manifold
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.shapes import check_points
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_real

__all__ = ["Product", "ProductMetric"]


@dataclass(frozen=True)
class ProductMetric(Metric):
    r"""The weighted sum of the factors' metrics, :math:`d^2 = \sum_k w_k d_k^2`.

    Parameters
    ----------
    metrics : tuple of Metric
        Those of the factors.
    shapes : tuple of tuple of int
        Shapes of the factors' points.
    weights : tuple of float
        Positive.

    Examples
    --------
    >>> import numpy as np
    >>> from erlangen.manifolds import FlatMetric
    >>> m = ProductMetric((FlatMetric(0), FlatMetric(0)), ((), ()), (1.0, 4.0))
    >>> float(m.squared_dist(np.zeros(2), np.array([3.0, 1.0])))
    13.0
    """

    metrics: tuple[Metric, ...]
    shapes: tuple[tuple[int, ...], ...]
    weights: tuple[float, ...]
    name: ClassVar[str] = "product"

    @property
    def stacked(self) -> bool:
        """Whether all factors have one shape."""
        return len(set(self.shapes)) == 1

    @property
    def point_axes(self) -> int:  # type: ignore[override]
        """Number of axes of one point."""
        return len(self.shapes[0]) + 1 if self.stacked else 1

    def split(self, x: Tensor) -> list[Tensor]:
        """Return the factors' parts of points or vectors."""
        if self.stacked:
            return list(x.unbind(-self.point_axes))
        cut: Any = x.split
        parts: tuple[Tensor, ...] = cut([math.prod(s) for s in self.shapes], dim=-1)
        return [part.reshape(*x.shape[:-1], *s) for part, s in zip(parts, self.shapes, strict=True)]

    def join(self, parts: Sequence[Tensor]) -> Tensor:
        """Return points or vectors from their parts."""
        if self.stacked:
            return torch.stack(list(parts), dim=-self.point_axes)
        pairs = zip(parts, self.shapes, strict=True)
        return torch.cat([part.reshape(*part.shape[: part.ndim - len(s)], -1) for part, s in pairs], dim=-1)

    def _each(self, act: Callable[..., Tensor], *arguments: Tensor) -> list[Tensor]:
        return [act(metric, *parts) for metric, *parts in zip(self.metrics, *map(self.split, arguments), strict=True)]

    def _sum(self, values: list[Tensor]) -> Tensor:
        return torch.stack([w * value for w, value in zip(self.weights, values, strict=True)]).sum(0)

    @array_edge("x", "u", "v")
    def inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        """Return the weighted sum of inner products, ``(...)``."""
        return self._sum(self._each(lambda m, a, b, c: m.inner(a, b, c), x, u, v))

    @array_edge("x", "v")
    def exp(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the ends of the factors' geodesics."""
        return self.join(self._each(lambda m, a, b: m.exp(a, b), x, v))

    @array_edge("x", "y")
    def log(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the factors' logarithms."""
        return self.join(self._each(lambda m, a, b: m.log(a, b), x, y))

    @array_edge("x", "y", "v")
    def transport(self, x: Tensor, y: Tensor, v: Tensor) -> Tensor:
        """Return the factors' transports."""
        return self.join(self._each(lambda m, a, b, c: m.transport(a, b, c), x, y, v))

    @array_edge("x", "v")
    def retract(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the factors' retractions."""
        return self.join(self._each(lambda m, a, b: m.retract(a, b), x, v))

    @array_edge("x", "y")
    def squared_dist(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the weighted sum of squared distances, ``(...)``."""
        return self._sum(self._each(lambda m, a, b: m.squared_dist(a, b), x, y))

    @array_edge("x", "g")
    def riemannian_gradient(self, x: Tensor, g: Tensor) -> Tensor:
        """Return the factors' gradients, each divided by its weight."""
        parts = self._each(lambda m, a, b: m.riemannian_gradient(a, b), x, g)
        return self.join([part / w for part, w in zip(parts, self.weights, strict=True)])

    @array_edge("x", "v")
    def in_exp_domain(self, x: Tensor, v: Tensor) -> Tensor:
        """Return whether every factor's exponential is defined, ``(...)``."""
        return torch.stack(self._each(lambda m, a, b: m.in_exp_domain(a, b), x, v)).all(0)

    def _points(self, X: Tensor, name: str = "X") -> Tensor:
        return self.join([m._points(part, name) for m, part in zip(self.metrics, self.split(X), strict=True)])

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        starts: list[Any] = [None] * len(self.metrics) if init is None else list(self.split(init))
        triples = zip(self.metrics, self.split(X), starts, strict=True)
        found = [m._mean(part, w, tol, max_iter, start) for m, part, start in triples]
        worst = max(found, key=lambda pair: pair[1].residual)[1]
        return self.join([mean for mean, _ in found]), worst

    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor:
        triples = zip(self.metrics, self.split(mean), self.split(X), strict=True)
        return self.join([m._attach(part, sample, w) for m, part, sample in triples])


class Product(Manifold):
    """The product of manifolds, with the weighted sum of their metrics.

    Parameters
    ----------
    *factors : Manifold
        One at least.
    weights : sequence of float, optional
        Positive weights of the factors' metrics; 1 by default. They change lengths, not geodesics, transport or means.

    Raises
    ------
    ShapeError, DomainError
        If there is no factor, or weights do not fit or are not positive.

    Examples
    --------
    >>> from erlangen.manifolds import SPD, Sphere
    >>> m = Product(SPD(2), Sphere(2), weights=[1.0, 2.0])
    >>> m.shape, m.dim, [tuple(part.shape) for part in m.split(m.random(rng=0))]
    ((7,), 5, [(2, 2), (3,)])
    >>> Product(SPD(2), SPD(2)).shape
    (2, 2, 2)
    """

    def __init__(self, *factors: Manifold, weights: Sequence[float] | None = None) -> None:
        if not factors or not all(isinstance(f, Manifold) for f in factors):
            message = f"factors must be manifolds, one at least, got {factors!r}"
            raise DomainError(message, hint="Product(SPD(2), Sphere(2))")
        given = [1.0] * len(factors) if weights is None else list(weights)
        if len(given) != len(factors):
            message = f"weights holds {len(given)} numbers for {len(factors)} factors"
            raise ShapeError(message, hint="give one weight a factor")
        checked = tuple(check_real(w, "weights", low=0.0, open_low=True) for w in given)
        self.factors = factors
        metric = ProductMetric(tuple(f.metric for f in factors), tuple(f.shape for f in factors), checked)
        shape = (len(factors), *factors[0].shape) if metric.stacked else (sum(math.prod(f.shape) for f in factors),)
        super().__init__(shape, sum(f.dim for f in factors), metric)

    @property
    def _metric(self) -> ProductMetric:
        metric: Any = self.metric
        return metric

    def split(self, x: Tensor) -> list[Tensor]:
        """Return the factors' parts of points or vectors (tensors)."""
        return self._metric.split(x)

    def join(self, parts: Sequence[Tensor]) -> Tensor:
        """Return points or vectors from their parts (tensors)."""
        return self._metric.join(parts)

    @array_edge("x")
    def project(self, x: Tensor) -> Tensor:
        """Return the factors' nearest points."""
        check_points(x, "x", self.shape)
        return self.join([f.project(part) for f, part in zip(self.factors, self.split(x), strict=True)])

    @array_edge("x", "v")
    def to_tangent(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the factors' tangential parts."""
        check_points(v, "v", self.shape)
        triples = zip(self.factors, self.split(x), self.split(v), strict=True)
        return self.join([f.to_tangent(a, b) for f, a, b in triples])

    def _refuse(self, x: Tensor) -> None:
        check_points(x, "x", self.shape)
        for factor, part in zip(self.factors, self.split(x), strict=True):
            factor._refuse(part)

    def random(self, n: int | None = None, *, rng: RngLike = None) -> Tensor:
        """Return n points (or one), factor by factor."""
        generator = as_generator(rng)
        return self.join([f.random(n, rng=generator) for f in self.factors])

    def __repr__(self) -> str:
        weights = self._metric.weights
        last = [] if set(weights) == {1.0} else [f"weights={list(weights)}"]
        return f"Product({', '.join([*map(repr, self.factors), *last])})"
