r"""The Kullback–Leibler divergence of centred Gaussians, either way round.

Definition: :math:`d(P, Q) = \frac12 \sum_j (\lambda_j - 1 - \log \lambda_j)`, :math:`\lambda` the eigenvalues of :math:`Q^{-1} P`; the mean minimises the sum.
Convention: ``kullback`` compares X with the mean in the second place, whose minimum is the arithmetic mean; ``kullback_right`` in the first, whose minimum
is the harmonic mean. The divergence itself, as pyriemann's; it has no tangent space.
"""

from __future__ import annotations

import numpy as np

from erlangen.estimators.covariances.geometries.geometry import Geometry, normalised
from erlangen.estimators.covariances.spectra import Array, symmetric
from erlangen.linalg import whitened_eigenvalues

__all__ = ["DirectedKullbackGeometry"]


class DirectedKullbackGeometry(Geometry):
    """The divergence from a matrix to the mean, or with ``right`` from the mean to a matrix."""

    def __init__(self, right: bool = False) -> None:
        self.right = right
        self.name = "kullback_right" if right else "kullback"

    def mean(self, X: Array, weights: Array | None = None) -> Array:
        """Return the arithmetic mean, or with ``right`` the harmonic one."""
        w = normalised(weights, len(X))
        if not self.right:
            return symmetric(np.tensordot(w, X, axes=1))
        return symmetric(np.linalg.inv(symmetric(np.tensordot(w, np.linalg.inv(X), axes=1))))

    def distances(self, X: Array, means: Array) -> Array:
        """Return the divergences."""
        logs = np.log(whitened_eigenvalues(np.linalg.inv(np.linalg.cholesky(means)), X))
        logs = -logs if self.right else logs
        return np.asarray(0.5 * (np.expm1(logs) - logs).sum(axis=-1).T)
