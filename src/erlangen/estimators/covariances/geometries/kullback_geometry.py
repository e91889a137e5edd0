r"""The symmetrised Kullback–Leibler divergence of centred Gaussians.

Definition: :math:`d(P, Q) = \frac12 \operatorname{tr}(P^{-1} Q + Q^{-1} P) - n` (Jeffreys 1946); the mean is A # H (Moakher, Batchelor 2006).
Convention: the divergence itself, as pyriemann's ``kullback_sym``; it has no tangent space.
"""

from __future__ import annotations

import numpy as np

from erlangen.estimators.covariances.geometries.geometry import Geometry, normalised
from erlangen.estimators.covariances.spectra import Array, function_of, symmetric

__all__ = ["KullbackGeometry"]


class KullbackGeometry(Geometry):
    """Invariant under every change of basis of the channels, with a mean in closed form."""

    name = "kullback_sym"

    def mean(self, X: Array, weights: Array | None = None) -> Array:
        """Return the geometric mean of the arithmetic and the harmonic mean."""
        w = normalised(weights, len(X))
        arithmetic = symmetric(np.tensordot(w, X, axes=1))
        harmonic = np.linalg.inv(symmetric(np.tensordot(w, np.linalg.inv(X), axes=1)))
        L = np.linalg.cholesky(arithmetic)
        inverse = np.linalg.inv(L)
        return symmetric(L @ function_of(symmetric(inverse @ harmonic @ inverse.T), "sqrt") @ L.T)

    def distances(self, X: Array, means: Array) -> Array:
        """Return the divergences."""
        traces = np.einsum("kij,aij->ak", np.linalg.inv(means), X) + np.einsum("aij,kij->ak", np.linalg.inv(X), means)
        return 0.5 * traces - X.shape[-1]
