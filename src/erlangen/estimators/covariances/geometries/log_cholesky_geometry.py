r"""The log-Cholesky geometry of covariances.

Definition: :math:`P = L L^T`; :math:`d^2 = \sum_{i>j} (L_{ij} - K_{ij})^2 + \sum_i (\log L_{ii} - \log K_{ii})^2` (Lin 2019, eq. 5).
Convention: coordinates are the lower triangle row by row, logarithms on its diagonal.
"""

from __future__ import annotations

import numpy as np

from erlangen.estimators.covariances.geometries.geometry import Geometry, normalised
from erlangen.estimators.covariances.spectra import Array

__all__ = ["LogCholeskyGeometry"]


def _chart(X: Array) -> Array:
    """Return the coordinates of matrices in the flat chart."""
    n = X.shape[-1]
    L = np.linalg.cholesky(X)
    diagonal = np.arange(n)
    L[..., diagonal, diagonal] = np.log(L[..., diagonal, diagonal])
    rows, columns = np.tril_indices(n)
    return L[..., rows, columns]


def _matrices(t: Array, n: int) -> Array:
    """Return the matrices of coordinates in the flat chart."""
    L = np.zeros((*t.shape[:-1], n, n))
    rows, columns = np.tril_indices(n)
    L[..., rows, columns] = t
    diagonal = np.arange(n)
    L[..., diagonal, diagonal] = np.exp(L[..., diagonal, diagonal])
    return L @ np.swapaxes(L, -1, -2)


class LogCholeskyGeometry(Geometry):
    """Flat, and free of eigenvalues; depends on the order of the channels."""

    name = "logchol"

    def mean(self, X: Array, weights: Array | None = None) -> Array:
        """Return the mean in the chart."""
        return _matrices(normalised(weights, len(X)) @ _chart(X), X.shape[-1])

    def distances(self, X: Array, means: Array) -> Array:
        """Return the distances in the chart."""
        points = _chart(X)
        gaps = (points - mean for mean in _chart(means))
        return np.sqrt(np.stack([np.einsum("id,id->i", gap, gap) for gap in gaps], axis=1))

    def tangent(self, X: Array, point: Array) -> Array:
        """Return differences in the chart."""
        return _chart(X) - _chart(point)

    def untangent(self, T: Array, point: Array) -> Array:
        """Return the matrices at a place of the chart."""
        return _matrices(T + _chart(point), point.shape[-1])
