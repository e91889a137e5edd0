r"""The geometry of block-Toeplitz covariances: one covariance and its partial autocorrelations instead of one large matrix.

Definition: :math:`d^2 = p\, d_{SPD}^2(\Gamma_0) + \sum_l (p - l)\, d_{Siegel}^2(\Omega_l)` (Jeuris & Vandebril 2016), of :class:`BlockToeplitzSPD`.
Convention: matrices are (N, n p, n p) with one block for each lag; n is read off them, as the smallest size of a block that has this form.
"""

from __future__ import annotations

import numpy as np

from erlangen.errors import DomainError
from erlangen.estimators.covariances.geometries.geometry import Geometry
from erlangen.estimators.covariances.spectra import Array
from erlangen.linalg.toeplitz import toeplitz_blocks
from erlangen.manifolds import BlockToeplitzSPD

__all__ = ["BlockToeplitzGeometry", "block_size"]


def block_size(X: Array) -> int:
    """Return the smallest n for which matrices (N, n p, n p) are block-Toeplitz; their whole size where there is no smaller.

    Examples
    --------
    >>> block_size(np.array([[[2.0, 1.0], [1.0, 2.0]]])), block_size(np.array([[[2.0, 1.0], [1.0, 3.0]]]))
    (1, 2)
    """
    size = X.shape[-1]
    tolerance = 1e-8 * max(X.max(), -X.min())

    def repeats(part: Array, n: int) -> bool:
        moved = part[:, n:, n:] - part[:, :-n, :-n]
        return max(moved.max(), -moved.min()) <= tolerance

    for n in range(1, size):  # one matrix is enough to refute a size
        if size % n == 0 and repeats(X[:1], n) and all(repeats(X[i : i + 16], n) for i in range(0, len(X), 16)):
            return n
    return size


class BlockToeplitzGeometry(Geometry):
    """Means and distances cost p problems of size n, where those of the full matrices cost one of size n p."""

    name = "block_toeplitz"

    def mean(self, X: Array, weights: Array | None = None) -> Array:
        """Return the matrix of the mean point."""
        space = self._space(X)
        found = space.metric.mean(_points(space, X), weights=weights)
        return np.asarray(space.to_matrix(np.asarray(found)))

    def distances(self, X: Array, means: Array) -> Array:
        """Return the distances in the product of the cone and the disks."""
        whole = np.concatenate([X, means])
        space = self._space(whole)
        points, centres = np.split(_points(space, whole), [len(X)])
        return np.stack([np.asarray(space.metric.dist(points, centre)) for centre in centres], axis=1)

    @staticmethod
    def _space(X: Array) -> BlockToeplitzSPD:
        n = block_size(X)
        return BlockToeplitzSPD(n, X.shape[-1] // n)

    def _no_tangent_space(self) -> DomainError:
        message = "metric 'block_toeplitz' has means and distances here, no coordinates of matrices"
        return DomainError(message, hint="classify by 'mdm', or use erlangen.manifolds.BlockToeplitzSPD for logarithms")


def _points(space: BlockToeplitzSPD, X: Array) -> Array:
    """Return the coordinates (N, p, n, n) of matrices whose form has been read off, so that their first columns of blocks are enough."""
    return np.asarray(space.from_autocovariances(np.asarray(toeplitz_blocks(X, space.n, rtol=None))))
