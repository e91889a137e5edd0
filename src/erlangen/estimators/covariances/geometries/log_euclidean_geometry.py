r"""The log-Euclidean geometry of covariances.

Definition: :math:`d(P, Q) = \lVert \log P - \log Q \rVert_F` (Arsigny et al. 2007); the mean is :math:`\exp \sum_i w_i \log X_i`.
Convention: coordinates at P are those of :math:`\log X - \log P`.
"""

from __future__ import annotations

import numpy as np

from erlangen.estimators.covariances.geometries.geometry import Geometry, normalised
from erlangen.estimators.covariances.spectra import Array, function_of, unpack
from erlangen.linalg import whitened_function

__all__ = ["LogEuclideanGeometry"]


def _log(A: Array) -> Array:
    return function_of(A, "log")


def _packed_log(A: Array) -> Array:
    return np.asarray(whitened_function(None, A, "log", tangent=True))


class LogEuclideanGeometry(Geometry):
    """Flat: the logarithm maps it onto a vector space."""

    name = "logeuclid"

    def mean(self, X: Array, weights: Array | None = None) -> Array:
        """Return the exponential of the mean logarithm."""
        return function_of(whitened_function(None, X, "log", weights=normalised(weights, len(X)), each=False), "exp")

    def distances(self, X: Array, means: Array) -> Array:
        """Return the distances of logarithms."""
        points = _packed_log(X)
        gaps = (points - mean for mean in _packed_log(means))
        return np.sqrt(np.stack([np.einsum("id,id->i", gap, gap) for gap in gaps], axis=1))

    def tangent(self, X: Array, point: Array) -> Array:
        """Return differences of logarithms."""
        return _packed_log(X) - _packed_log(point[None])

    def untangent(self, T: Array, point: Array) -> Array:
        """Return exponentials."""
        return function_of(unpack(T) + _log(point), "exp")
