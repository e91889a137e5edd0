r"""What a classifier asks of a geometry on symmetric positive definite matrices.

Definition: the mean of a set, distances of a set to some means, coordinates of a set in the tangent space at a point, and the way back.
Convention: coordinates are isometric, their dot product is the metric at the point, and parallel transport to I keeps them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from erlangen.errors import DomainError
from erlangen.estimators.covariances.spectra import Array

__all__ = ["Geometry", "normalised"]


class Geometry(ABC):
    """A way to average and to compare matrices ``(N, n, n)``; ``mean`` and ``distances`` are what every one has."""

    name = "geometry"

    @abstractmethod
    def mean(self, X: Array, weights: Array | None = None) -> Array:
        """Return the weighted mean ``(n, n)``; the weights are non-negative and need not sum to one."""

    @abstractmethod
    def distances(self, X: Array, means: Array) -> Array:
        """Return the distances ``(N, k)`` of matrices to means ``(k, n, n)``."""

    def tangent(self, X: Array, point: Array) -> Array:
        """Return coordinates ``(N, n (n + 1) / 2)`` of the logarithms of X at a point."""
        raise self._no_tangent_space()

    def untangent(self, T: Array, point: Array) -> Array:
        """Return the matrices ``(N, n, n)`` whose coordinates at the point are T."""
        raise self._no_tangent_space()

    def recentre(self, X: Array, mean: Array, scale: float = 1.0) -> Array:
        """Return X moved along the geodesic from its mean to I, its distances to the mean multiplied by ``scale``."""
        return self.untangent(scale * self.tangent(X, mean), np.eye(X.shape[-1]))

    def _no_tangent_space(self) -> DomainError:
        message = f"metric {self.name!r} has no tangent space"
        return DomainError(message, hint="use 'riemann', 'logeuclid', 'logchol', 'wasserstein' or 'euclid'")


def normalised(weights: Array | None, count: int) -> Array:
    """Return weights that sum to one; equal ones where there are none."""
    if weights is None:
        return np.full(count, 1.0 / count)
    return weights / weights.sum()
