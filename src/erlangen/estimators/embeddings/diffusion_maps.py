r"""Diffusion maps: points at the eigenvectors of the random walk, scaled by powers of its eigenvalues.

Definition: :math:`z_i = (\mu_1^t \psi_1(i), \dots, \mu_d^t \psi_d(i))`, :math:`P \psi = \mu \psi`, P the walk of
:math:`K_{ij} / (q_i q_j)^a`, K = W + I, q = K 1; :math:`\psi` orthonormal in the stationary measure (Coifman, Lafon 2006).
Convention: Euclidean distances of all coordinates are diffusion distances; the constant vector is left out; the entry of largest modulus is positive.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from erlangen.errors import DomainError
from erlangen.estimators.embeddings.point_graph import build_point_graph
from erlangen.estimators.embeddings.reading import read_points
from erlangen.estimators.remarks import remark
from erlangen.linalg import lowest_eigenpairs
from erlangen.random import as_generator
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["DiffusionMaps"]


class DiffusionMaps(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Embed points by the leading eigenvectors of the walk on their neighbour graph.

    Parameters
    ----------
    n_components : int
        Dimensions, less than the number of distinct points.
    n_neighbors, kernel, metric, n_jobs
        Of the graph, see :class:`HeatGeodesicEmbedding`; each vertex has a loop of weight one before densities are removed.
    anisotropy : float
        Exponent a, 0 to 1: 1 removes the density of the points, 0 leaves it.
    t : "auto" or float
        Power of the eigenvalues, not negative; ``auto`` is 1.
    random_state : int, Generator or None
        Of the Lanczos start.

    Attributes
    ----------
    embedding_ : ndarray (n, d)
        The coordinates.
    eigenvalues_ : ndarray (d,)
        Of the walk, falling.
    t_ : float
        Power used.
    connected_, n_connected_components_ : bool, int
        Whether the graph is connected.

    Raises
    ------
    DomainError
        From :meth:`fit`, if a parameter lies outside its range or the points are too few.

    References
    ----------
    R. R. Coifman, S. Lafon, Appl. Comput. Harmon. Anal. 21 (2006) 5–30.

    Examples
    --------
    >>> x = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    >>> Z = DiffusionMaps(n_neighbors=4).fit_transform(np.c_[np.cos(x), np.sin(x)])
    >>> bool(np.ptp(np.linalg.norm(Z, axis=1)) < 1e-6)
    True
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        n_neighbors: int = 10,
        t: Any = "auto",
        anisotropy: float = 1.0,
        kernel: str = "alpha-decay",
        metric: str = "euclidean",
        random_state: Any = 0,
        n_jobs: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.n_neighbors = n_neighbors
        self.t = t
        self.anisotropy = anisotropy
        self.kernel = kernel
        self.metric = metric
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any = None) -> DiffusionMaps:
        """Embed points (n, p)."""
        d = check_integer(self.n_components, "n_components", low=1)
        k = check_integer(self.n_neighbors, "n_neighbors", low=1)
        check_real(self.anisotropy, "anisotropy", low=0.0, high=1.0)
        if isinstance(self.t, str):
            check_choice(self.t, "t", ("auto",))
        self.t_ = 1.0 if isinstance(self.t, str) else check_real(self.t, "t", low=0.0)
        points = read_points(self, X)
        self._place = build_point_graph(points, k, kernel=self.kernel, metric=self.metric, n_jobs=self.n_jobs)
        graph = self._place.graph
        if not d < graph.n:
            message = f"n_components = {d}, but there are {graph.n} distinct points"
            raise DomainError(message, hint=f"use n_components <= {graph.n - 1}")
        self.connected_, self.n_connected_components_ = graph.is_connected, graph.n_components
        if not graph.is_connected:
            message = f"the graph has {graph.n_components} components: leading eigenvectors only tell which is which (use more neighbours)"
            remark(message)
        self.eigenvalues_, self._psi = self._eigenvectors(graph.weights, d)
        self._vertices = self._psi * np.abs(self.eigenvalues_) ** self.t_
        self.embedding_ = self._vertices[self._place.rows]
        self._n_features_out = d
        return self

    def _eigenvectors(self, W: Any, d: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the d largest eigenvalues of the walk after one, and their vectors (n, d)."""
        K = sp.csr_array(W + sp.eye_array(W.shape[0]))
        self._density = np.asarray(K.sum(axis=1)).ravel() ** -float(self.anisotropy)
        K = sp.diags_array(self._density) @ K @ sp.diags_array(self._density)
        degrees = np.asarray(K.sum(axis=1)).ravel()
        root = sp.diags_array(1 / np.sqrt(degrees))
        L = sp.eye_array(K.shape[0]) - root @ K @ root
        rng = as_generator(self.random_state)
        low, vectors = lowest_eigenpairs(sp.csr_array((L + L.T) / 2), d + 1, lower=0.0, rng=rng)
        psi = vectors[:, 1:] * np.sqrt(degrees.sum() / degrees)[:, None]
        psi *= np.where(psi[np.abs(psi).argmax(axis=0), np.arange(d)] < 0, -1.0, 1.0)
        return 1 - low[1:], psi

    def fit_transform(self, X: Any, y: Any = None) -> NDArray[np.float64]:
        """Return the embedding (n, d) of the points themselves."""
        return self.fit(X).embedding_.copy()

    def transform(self, X: Any) -> NDArray[np.float64]:
        r"""Return places (m, d) of new points by Nyström's formula.

        .. math:: \psi(x) = \frac{\sum_j k(x, j) \psi(j)}{\mu \sum_j k(x, j) - (1 - \mu) k(x, x)}

        solves :math:`P \psi = \mu \psi` at x; where the denominator is below a tenth of the sum (:math:`\mu` small) the mean is taken instead.
        """
        check_is_fitted(self)
        neighbours, affinities, same = self._place.join(read_points(self, X, reset=False))
        own = (1 + affinities.sum(axis=1)) ** -float(self.anisotropy)
        kernel = affinities * self._density[neighbours]
        total = kernel.sum(axis=1)[:, None]
        scale = self.eigenvalues_ * total - (1 - self.eigenvalues_) * own[:, None]
        psi = np.einsum("mk,mkd->md", kernel, self._psi[neighbours])
        Z = psi / np.where(scale > 0.1 * total, scale, total) * np.abs(self.eigenvalues_) ** self.t_
        Z[same >= 0] = self._vertices[same[same >= 0]]
        return np.asarray(Z)
