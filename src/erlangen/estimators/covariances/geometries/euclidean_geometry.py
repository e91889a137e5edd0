r"""The Euclidean geometry of covariances: the flat space of symmetric matrices.

Definition: :math:`d(P, Q) = \lVert P - Q \rVert_F`; the mean is the arithmetic one.
Convention: coordinates at P are those of X − P; a tangent vector may lead out of the cone, which is refused.
"""

from __future__ import annotations

import numpy as np

from erlangen.errors import DomainError
from erlangen.estimators.covariances.geometries.geometry import Geometry, normalised
from erlangen.estimators.covariances.spectra import Array, pack, symmetric, unpack

__all__ = ["EuclideanGeometry"]


class EuclideanGeometry(Geometry):
    """No notion of definiteness; for comparison."""

    name = "euclid"

    def mean(self, X: Array, weights: Array | None = None) -> Array:
        """Return the arithmetic mean."""
        return symmetric(np.tensordot(normalised(weights, len(X)), X, axes=1))

    def distances(self, X: Array, means: Array) -> Array:
        """Return Frobenius norms."""
        gap = pack(X)[:, None] - pack(means)
        return np.sqrt(np.einsum("ikd,ikd->ik", gap, gap))

    def tangent(self, X: Array, point: Array) -> Array:
        """Return differences."""
        return pack(X) - pack(point)

    def untangent(self, T: Array, point: Array) -> Array:
        """Return sums; one that is not positive definite is refused."""
        out = unpack(T) + point
        least = np.linalg.eigvalsh(out)[..., 0]
        bad = np.flatnonzero(least <= 0)
        if len(bad):
            message = f"row {bad[0]} leads out of the cone: smallest eigenvalue {least[bad[0]]:.3g}"
            raise DomainError(message, hint="use metric='riemann', whose exponential is defined everywhere")
        return out
