r"""The log-det geometry of covariances, Bhattacharyya's distance of centred Gaussians.

Definition: :math:`d^2(P, Q) = \log\det\frac{P + Q}{2} - \frac12 \log\det P Q` (Sra 2016, eq. 1.2); the mean minimises the sum of squares.
Convention: the distance is the root, as pyriemann's ``logdet``; from the eigenvalues :math:`\lambda` of :math:`P^{-1}Q` its square is
:math:`\sum_j \operatorname{log1p}\big((\sqrt{\lambda_j} - 1)^2 / (2\sqrt{\lambda_j})\big)`, which cancels nowhere. It has no tangent space.
"""

from __future__ import annotations

import numpy as np

from erlangen.errors import ConvergenceWarning
from erlangen.estimators.covariances.geometries.geometry import Geometry, normalised
from erlangen.estimators.covariances.spectra import Array, symmetric
from erlangen.estimators.remarks import remark
from erlangen.linalg import whitened_eigenvalues

__all__ = ["LogDetGeometry"]


class LogDetGeometry(Geometry):
    """Invariant under every change of basis of the channels, without an eigendecomposition in its mean."""

    name = "logdet"

    def __init__(self, tol: float = 1e-12, max_iter: int = 200) -> None:
        self.tol = tol
        self.max_iter = max_iter

    def mean(self, X: Array, weights: Array | None = None) -> Array:
        r"""Return the fixed point :math:`K = \big(\sum_i w_i (\tfrac{X_i + K}{2})^{-1}\big)^{-1}` (Chebbi & Moakher 2012).

        The map is a contraction of Thompson's metric; the last step is measured in the frame of K, without unit.
        """
        w = normalised(weights, len(X))
        K = symmetric(np.tensordot(w, X, axes=1))
        size = np.inf
        for _ in range(self.max_iter):
            moved = np.linalg.inv(symmetric(np.tensordot(w, np.linalg.inv((X + K) / 2), axes=1)))
            frame = np.linalg.inv(np.linalg.cholesky(K))
            size = float(np.linalg.norm(frame @ (moved - K) @ frame.T))
            K = symmetric(moved)
            if size <= self.tol * np.sqrt(X.shape[-1]):
                break
        else:
            message = f"the log-det mean of {len(X)} matrices stopped after {self.max_iter} steps, the last of relative length {size:.3g}"
            remark(message, ConvergenceWarning)
        return K

    def distances(self, X: Array, means: Array) -> Array:
        """Return the distances, from the eigenvalues of whitened matrices."""
        whiten = np.linalg.inv(np.linalg.cholesky(means))
        root = np.sqrt(whitened_eigenvalues(whiten, X))
        return np.asarray(np.sqrt(np.log1p((root - 1) ** 2 / (2 * root)).sum(axis=-1)).T)
