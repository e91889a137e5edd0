"""What every manifold of this library gives: its points, its tangent vectors, and the metric it has.

Definition: points are arrays ``(..., *shape)`` in an ambient space; ``to_tangent`` is a linear projection onto the tangent space at a point.
Convention: a manifold *has* a metric and forwards its operations to it, so that ``SPD(3).dist(P, Q)`` reads as the field writes it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from torch import Tensor

from erlangen.edges import to_tensor
from erlangen.errors import ErlangenError, ShapeError
from erlangen.manifolds.metric import Metric
from erlangen.random import RngLike

__all__ = ["Manifold"]


class Manifold(ABC):
    """A set of points in an array space, with a metric; values are frozen.

    A subclass writes ``project``, ``to_tangent``, ``random`` and ``_refuse``, which raises where a point does not belong.

    Parameters
    ----------
    shape : tuple of int
        Shape of one point.
    dim : int
        Dimension of the manifold.
    metric : Metric
        Its Riemannian metric.

    Examples
    --------
    >>> from erlangen.manifolds import SPD
    >>> m = SPD(3)
    >>> m.shape, m.dim, m.metric
    ((3, 3), 6, AffineInvariant())
    """

    shape: tuple[int, ...]
    dim: int
    metric: Metric

    def __init__(self, shape: tuple[int, ...], dim: int, metric: Metric) -> None:
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "dim", dim)
        object.__setattr__(self, "metric", metric)

    @abstractmethod
    def project(self, x: Any) -> Any:
        """Return the nearest points, ``(..., *shape)``."""

    @abstractmethod
    def to_tangent(self, x: Any, v: Any) -> Any:
        """Return the tangential part of ``v`` at ``x``, ``(..., *shape)``."""

    @abstractmethod
    def random(self, n: int | None = None, *, rng: RngLike = None) -> Tensor:
        """Return ``n`` random points ``(n, *shape)``, or one."""

    @abstractmethod
    def _refuse(self, x: Tensor) -> None:
        """Raise where a batch holds something that is no point."""

    def sample(self, n: int, rng: RngLike = None) -> Tensor:
        """Return ``n`` random points, as the batteries of :mod:`erlangen.testing` ask for them."""
        return self.random(n, rng=rng)

    def check(self, x: Any, explain: bool = False) -> Any:
        """Return whether ``x`` consists of points, and with ``explain`` also the reason if not.

        Examples
        --------
        >>> import numpy as np
        >>> from erlangen.manifolds import SPD
        >>> SPD(2).check(np.eye(2)), SPD(2).check(-np.eye(2))
        (True, False)
        """
        try:
            self._refuse(to_tensor(x, "x"))
        except ErlangenError as error:
            return (False, str(error)) if explain else False
        return (True, "") if explain else True

    def _sized(self, x: Any, name: str) -> Any:
        """Return x, refused where its last axes are not those of a point; other arguments must then agree with it."""
        shape = tuple(x.shape) if hasattr(x, "shape") else np.shape(x)
        if shape[max(len(shape) - len(self.shape), 0) :] != self.shape:
            message = f"{name} must have shape (..., {', '.join(map(str, self.shape))}), got {shape}"
            raise ShapeError(message, hint="check the order of the axes")
        return x

    def inner(self, x: Any, u: Any, v: Any) -> Any:
        """Return the inner product of tangent vectors, ``(...)``; see the metric."""
        return self.metric.inner(self._sized(x, "x"), u, v)

    def norm(self, x: Any, v: Any) -> Any:
        """Return the length of a tangent vector, ``(...)``."""
        return self.metric.norm(self._sized(x, "x"), v)

    def exp(self, x: Any, v: Any, **options: Any) -> Any:
        """Return the end of the geodesic that leaves ``x`` with velocity ``v``; see the metric."""
        return self.metric.exp(self._sized(x, "x"), v, **options)

    def log(self, x: Any, y: Any) -> Any:
        """Return the velocity at ``x`` of the minimal geodesic to ``y``; see the metric."""
        return self.metric.log(self._sized(x, "x"), y)

    def transport(self, x: Any, y: Any, v: Any, **options: Any) -> Any:
        """Return ``v`` transported in parallel from ``x`` to ``y``; see the metric."""
        return self.metric.transport(self._sized(x, "x"), y, v, **options)

    def retract(self, x: Any, v: Any) -> Any:
        """Return a point near the end of the geodesic, cheaply; see the metric."""
        return self.metric.retract(self._sized(x, "x"), v)

    def dist(self, x: Any, y: Any) -> Any:
        """Return the geodesic distance, ``(...)``."""
        return self.metric.dist(self._sized(x, "x"), y)

    def squared_dist(self, x: Any, y: Any) -> Any:
        """Return the squared geodesic distance, ``(...)``."""
        return self.metric.squared_dist(self._sized(x, "x"), y)

    def geodesic(self, x: Any, y: Any, t: Any) -> Any:
        """Return the point at ``t`` on the geodesic from ``x`` (t = 0) to ``y`` (t = 1)."""
        return self.metric.geodesic(self._sized(x, "x"), y, t)

    def riemannian_gradient(self, x: Any, g: Any) -> Any:
        """Return the gradient under the metric from the Euclidean one."""
        return self.metric.riemannian_gradient(self._sized(x, "x"), g)

    def in_exp_domain(self, x: Any, v: Any) -> Any:
        """Return whether ``exp(x, v)`` is defined, ``(...)``."""
        return self.metric.in_exp_domain(self._sized(x, "x"), v)

    def mean(self, X: Any, weights: Any = None, **options: Any) -> Any:
        """Return the weighted Fréchet mean; see :meth:`erlangen.manifolds.Metric.mean`."""
        return self.metric.mean(self._sized(X, "X"), weights, **options)

    def median(self, X: Any, weights: Any = None, **options: Any) -> Any:
        """Return the weighted geometric median; see :meth:`erlangen.manifolds.Metric.median`."""
        return self.metric.median(self._sized(X, "X"), weights, **options)

    def __setattr__(self, name: str, value: object) -> None:
        if name in self.__dict__:
            message = f"{type(self).__name__}.{name} is frozen"
            raise AttributeError(message)
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, Manifold) and type(self) is type(other)
        return same and self.shape == getattr(other, "shape", None) and self.metric == getattr(other, "metric", None)

    def __hash__(self) -> int:
        return hash((type(self), self.shape, self.metric))
