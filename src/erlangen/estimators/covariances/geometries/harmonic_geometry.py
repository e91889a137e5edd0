r"""The harmonic geometry of covariances: flat in the inverse.

Definition: :math:`d(P, Q) = \lVert P^{-1} - Q^{-1} \rVert_F`; the mean is the inverse of the mean of the inverses.
Convention: coordinates at P are those of :math:`P^{-1} - X^{-1}`, so that they grow with X; precision matrices are what it averages.
"""

from __future__ import annotations

import numpy as np

from erlangen.errors import DomainError
from erlangen.estimators.covariances.geometries.geometry import Geometry, normalised
from erlangen.estimators.covariances.spectra import Array, pack, symmetric, unpack

__all__ = ["HarmonicGeometry"]


class HarmonicGeometry(Geometry):
    """Averages precision matrices; small eigenvalues weigh most."""

    name = "harmonic"

    def mean(self, X: Array, weights: Array | None = None) -> Array:
        r"""Return :math:`(\sum_i w_i X_i^{-1})^{-1}`."""
        w = normalised(weights, len(X))
        return symmetric(np.linalg.inv(symmetric(np.tensordot(w, np.linalg.inv(X), axes=1))))

    def distances(self, X: Array, means: Array) -> Array:
        """Return the Frobenius distances of the inverses."""
        inverses, others = np.linalg.inv(X), np.linalg.inv(means)
        return np.stack([np.linalg.norm(inverses - other, axis=(1, 2)) for other in others], axis=1)

    def tangent(self, X: Array, point: Array) -> Array:
        """Return the packed differences of inverses."""
        return pack(symmetric(np.linalg.inv(point) - np.linalg.inv(X)))

    def untangent(self, T: Array, point: Array) -> Array:
        """Return the matrices with these differences.

        Raises
        ------
        DomainError
            If a vector leaves the matrices that are positive definite.
        """
        precisions = symmetric(np.linalg.inv(point) - unpack(T))
        least = np.linalg.eigvalsh(precisions)[..., 0]
        if (least <= 0).any():
            place = int(np.argmax(least <= 0))
            message = f"tangent vector {place} leads to a precision matrix with eigenvalue {least[place]:.6g}, it must be positive"
            raise DomainError(message, hint="shorten it, or use a metric that is complete, e.g. 'riemann'")
        return symmetric(np.linalg.inv(precisions))
