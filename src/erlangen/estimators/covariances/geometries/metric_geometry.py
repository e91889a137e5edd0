r"""The geometry of a metric object: any Riemannian metric of the manifolds room.

Definition: mean, distances, exponential, logarithm and transport are the object's; the Gram matrix :math:`G_{kl} = g_P(E_k, E_l)` makes coordinates isometric.
Convention: coordinates are :math:`v L` for the packed logarithm v and :math:`G = L L^T`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from erlangen.estimators.covariances.geometries.geometry import Geometry
from erlangen.estimators.covariances.spectra import Array, pack, symmetric, unpack

__all__ = ["MetricGeometry"]


class MetricGeometry(Geometry):
    """Whatever a metric object says, for whole sets."""

    def __init__(self, metric: Any) -> None:
        self.metric = metric
        self.name = str(getattr(metric, "name", type(metric).__name__))

    def mean(self, X: Array, weights: Array | None = None) -> Array:
        """Return the metric's Fréchet mean."""
        return symmetric(np.asarray(self.metric.mean(X, weights=weights)))

    def distances(self, X: Array, means: Array) -> Array:
        """Return the metric's distances."""
        return np.stack([np.asarray(self.metric.dist(X, mean)) for mean in means], axis=1)

    def tangent(self, X: Array, point: Array) -> Array:
        """Return the coordinates of the metric's logarithms."""
        return pack(symmetric(np.asarray(self.metric.log(point, X)))) @ self._frame(point)

    def untangent(self, T: Array, point: Array) -> Array:
        """Return the metric's exponentials."""
        vectors = unpack(np.linalg.solve(self._frame(point).T, T.T).T)
        return symmetric(np.asarray(self.metric.exp(point, vectors)))

    def recentre(self, X: Array, mean: Array, scale: float = 1.0) -> Array:
        """Return the exponentials at I of the logarithms at the mean, transported in parallel."""
        identity = np.eye(X.shape[-1])
        vectors = self.metric.transport(mean, identity, scale * np.asarray(self.metric.log(mean, X)))
        return symmetric(np.asarray(self.metric.exp(identity, np.asarray(vectors))))

    def _frame(self, point: Array) -> Array:
        """Return the Cholesky factor of the Gram matrix at a point."""
        n = point.shape[-1]
        basis = unpack(np.eye(n * (n + 1) // 2))
        gram = np.stack([np.asarray(self.metric.inner(point, vector, basis)) for vector in basis])
        return np.linalg.cholesky(symmetric(gram))
