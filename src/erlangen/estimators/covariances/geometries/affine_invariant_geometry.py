r"""The affine-invariant geometry of covariances.

Definition: :math:`d(P, Q) = \lVert \log(P^{-1/2} Q P^{-1/2}) \rVert_F` (Pennec, Fillard, Ayache 2006, eq. 3); the mean minimises the sum of squares.
Convention: coordinates at P are those of :math:`\log(P^{-1/2} X P^{-1/2})` with the symmetric root, as in pyriemann.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import dtrtri

from erlangen.errors import ConvergenceWarning
from erlangen.estimators.covariances.geometries.geometry import Geometry, normalised
from erlangen.estimators.covariances.spectra import Array, function_of, symmetric, unpack
from erlangen.estimators.remarks import remark
from erlangen.linalg import congruence, whitened_eigenvalues, whitened_function
from erlangen.linalg.barycentres import descend

__all__ = ["AffineInvariantGeometry"]

_PATIENCE = 8


class AffineInvariantGeometry(Geometry):
    """Invariant under every change of basis of the channels."""

    name = "riemann"

    def __init__(self, tol: float = 1e-10, max_iter: int = 100) -> None:
        self.tol = tol
        self.max_iter = max_iter

    def mean(self, X: Array, weights: Array | None = None) -> Array:
        r"""Return the mean: descent along the mean logarithm J, with Barzilai–Borwein steps in parallel frames.

        A frame W with :math:`W M W^T = I` moves to :math:`e^{-\nu J / 2} W` with the point, which is parallel transport, so that
        the J of consecutive points may be compared. It stops at :math:`\lVert J \rVert_F \le tol \sqrt n`, or with a last step where a tenth of the
        decrease of the step before leads there.
        """
        w = normalised(weights, len(X))
        goal = self.tol * np.sqrt(X.shape[-1])
        root = np.linalg.cholesky(symmetric(np.tensordot(w, X, axes=1)))
        found = descend("affine", X, w, root, goal, self.max_iter, patience=_PATIENCE, trust=True)
        if found is not None and found.verdict != "lost":
            if found.verdict in ("limited", "stalled"):
                self._remark(len(X), found.iterations, found.residual)
            return symmetric(found.factor @ found.factor.T)
        return self._step_by_step(X, w, root, goal)

    def _step_by_step(self, X: Array, w: Array, root: Array, goal: float) -> Array:
        """Descend from one frame to the next, for matrices that the kernel does not take."""
        W = np.linalg.inv(root)
        step, former, length, least = None, None, 1.0, np.inf
        for _ in range(self.max_iter):
            J = whitened_function(W, X, "log", weights=w, each=False)
            size = float(np.linalg.norm(J))
            if size <= goal:
                break
            if former is not None and step is not None:
                turn = float(np.sum(step * (former - J)))
                ratio = float(np.sum(step * step)) / turn if turn > 0 else 1.0
                length = min(max(ratio, 0.1), 1.0) if size < least else 0.5 * length
            certain = former is not None and length > 0.5 and 10.0 * size * size <= goal * least
            least, former, step = min(size, least), J, length * J
            values, vectors = np.linalg.eigh(step)
            root = root @ (vectors * np.exp(0.5 * values)) @ vectors.T
            if certain:
                break
            W = (vectors * np.exp(-0.5 * values)) @ vectors.T @ W
        else:
            self._remark(len(X), self.max_iter, size)
        return symmetric(root @ root.T)

    @staticmethod
    def _remark(count: int, steps: int, size: float) -> None:
        remark(f"the mean of {count} matrices stopped after {steps} steps at |J| = {size:.3g}", ConvergenceWarning)

    def distances(self, X: Array, means: Array) -> Array:
        """Return the distances, from the eigenvalues of whitened matrices."""
        whiten = np.stack([np.tril(dtrtri(factor, lower=1)[0]) for factor in np.linalg.cholesky(means)])
        values = np.log(whitened_eigenvalues(whiten, X))
        return np.sqrt(np.einsum("kin,kin->ik", values, values))

    def tangent(self, X: Array, point: Array) -> Array:
        """Return the packed logarithms of X whitened by the point."""
        return np.asarray(whitened_function(function_of(point, "inv-sqrt"), X, "log", tangent=True))

    def untangent(self, T: Array, point: Array) -> Array:
        """Return the exponential of the coordinates, coloured by the point."""
        return np.asarray(congruence(function_of(point, "sqrt"), function_of(unpack(T), "exp")))

    def recentre(self, X: Array, mean: Array, scale: float = 1.0) -> Array:
        """Return the power ``scale`` of X whitened by its mean."""
        W = function_of(mean, "inv-sqrt")
        return np.asarray(congruence(W, X) if scale == 1.0 else whitened_function(W, X, float(scale)))
