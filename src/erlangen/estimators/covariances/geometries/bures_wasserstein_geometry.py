r"""The Bures–Wasserstein geometry of covariances.

Definition: :math:`d^2(P, Q) = \min_O \lVert A - B O \rVert_F^2`, :math:`P = A A^T`, :math:`Q = B B^T` (Bhatia, Jain, Lim 2019, theorem 1).
Convention: coordinates at P are those of :math:`V_{ij} / \sqrt{2 (p_i + p_j)}` in the eigenbasis of P, turned back to the basis of the channels.
"""

from __future__ import annotations

import numpy as np

import erlangen
from erlangen.estimators.covariances.geometries.geometry import Geometry, normalised
from erlangen.estimators.covariances.spectra import Array, pack, symmetric, unpack
from erlangen.estimators.remarks import remark
from erlangen.linalg import bures_distances, congruence, whitened_function

__all__ = ["BuresWassersteinGeometry"]


class BuresWassersteinGeometry(Geometry):
    """Optimal transport between Gaussians; robust where matrices are nearly singular."""

    name = "wasserstein"

    def mean(self, X: Array, weights: Array | None = None) -> Array:
        r"""Return the barycentre, the fixed point of :math:`K \mapsto \bar T K \bar T` (Álvarez-Esteban et al. 2016)."""
        return np.asarray(erlangen.manifolds.BuresWasserstein().mean(X, weights=normalised(weights, len(X))))

    def distances(self, X: Array, means: Array) -> Array:
        """Return the distances, without cancellation for close matrices."""
        return np.asarray(bures_distances(X, means))

    def tangent(self, X: Array, point: Array) -> Array:
        """Return the coordinates of the logarithms :math:`(X P)^{1/2} + (P X)^{1/2} - 2 P`."""
        values, vectors = np.linalg.eigh(point)
        root = np.sqrt(values)
        inner = whitened_function((vectors * root).T, X, "sqrt")  # of P^{1/2} X P^{1/2}, in the eigenbasis of P
        ratio = root[:, None] / root
        V = (ratio + ratio.T) * inner - np.diag(2.0 * values)
        V /= np.sqrt(2.0 * (values[:, None] + values))
        return pack(congruence(vectors, V))

    def untangent(self, T: Array, point: Array) -> Array:
        """Return the exponentials :math:`(I + L_P[V]) P (I + L_P[V])`; vectors beyond its domain are shortened to it, with a warning."""
        values, vectors = np.linalg.eigh(point)
        L = (vectors.T @ unpack(T) @ vectors) * np.sqrt(2.0 / (values[:, None] + values))
        least = np.linalg.eigvalsh(L)[..., 0]
        outside = least <= -1.0 + 1e-6
        if outside.any():
            message = (
                f"{int(outside.sum())} of {len(T)} tangent vectors leave the domain of the exponential (first: row "
                f"{int(np.argmax(outside))}, eigenvalue {least[outside][0]:.3g} <= -1); they are shortened to its border"
            )
            remark(message)
            L = L * np.where(outside, (1e-3 - 1.0) / np.where(outside, least, 1.0), 1.0)[..., None, None]
        half = vectors @ (np.eye(len(values)) + L) * np.sqrt(values)
        return symmetric(half @ np.swapaxes(half, -1, -2))
