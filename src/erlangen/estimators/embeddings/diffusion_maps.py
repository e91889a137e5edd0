r"""Diffusion maps: points at the eigenvectors of the random walk, scaled by powers of its eigenvalues.

Definition: :math:`z_i = (\mu_1^t \psi_1(i), \dots, \mu_d^t \psi_d(i))`, :math:`P \psi = \mu \psi`,
:math:`\psi` orthonormal in the stationary measure (Coifman, Lafon 2006).
Convention: Euclidean distances of all coordinates are diffusion distances; the constant vector is left out; the entry of largest modulus is positive.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from erlangen.errors import DomainError, DomainWarning
from erlangen.estimators.embeddings.point_graph import build_point_graph
from erlangen.linalg import lowest_eigenpairs
from erlangen.random import as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["DiffusionMaps"]


class DiffusionMaps(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Embed points by the leading eigenvectors of the walk on their neighbour graph.

    Parameters
    ----------
    n_components : int
        Dimensions, less than the number of distinct points.
    n_neighbors, kernel, metric, n_jobs
        Of the graph, see :class:`HeatGeodesicEmbedding`; each vertex has a loop of weight one.
    anisotropy : float
        1 removes the density of the points, 0 leaves it.
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
        points = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        d = check_integer(self.n_components, "n_components", low=1)
        self.t_ = 1.0 if isinstance(self.t, str) and self.t == "auto" else check_real(self.t, "t", low=0.0)
        options: dict[str, Any] = {"kernel": self.kernel, "metric": self.metric, "n_jobs": self.n_jobs}
        k = check_integer(self.n_neighbors, "n_neighbors", low=1)
        self._place = build_point_graph(points, k, anisotropy=self.anisotropy, **options)
        graph = self._place.graph
        if not d < graph.n:
            message = f"n_components = {d}, but there are {graph.n} distinct points"
            raise DomainError(message, hint=f"use n_components <= {graph.n - 1}")
        self.connected_, self.n_connected_components_ = graph.is_connected, graph.n_components
        if not graph.is_connected:
            message = f"the graph has {graph.n_components} components: leading eigenvectors only tell which is which (use more neighbours)"
            warnings.warn(message, DomainWarning, stacklevel=2)
        degrees = graph.degrees + 1.0
        root = sp.diags_array(1 / np.sqrt(degrees))
        L = sp.eye_array(graph.n) - root @ (graph.weights + sp.eye_array(graph.n)) @ root
        rng = as_generator(self.random_state)
        low, vectors = lowest_eigenpairs(sp.csr_array((L + L.T) / 2), d + 1, lower=0.0, rng=rng)
        psi = vectors[:, 1:] * np.sqrt(degrees.sum() / degrees)[:, None]
        psi *= np.where(psi[np.abs(psi).argmax(axis=0), np.arange(d)] < 0, -1.0, 1.0)
        self.eigenvalues_ = 1 - low[1:]
        self._vertices = psi * self.eigenvalues_**self.t_ if self.t_ else psi
        self.embedding_ = self._vertices[self._place.rows]
        self._n_features_out = d
        return self

    def fit_transform(self, X: Any, y: Any = None) -> NDArray[np.float64]:
        """Return the embedding (n, d) of the points themselves."""
        return self.fit(X).embedding_.copy()

    def transform(self, X: Any) -> NDArray[np.float64]:
        r"""Return places (m, d) of new points by Nyström's formula, :math:`\psi(x) = \mu^{-1} \sum_j p(x, j) \psi(j)`."""
        check_is_fitted(self)
        new = validate_data(self, X, reset=False, dtype=np.float64)
        neighbours, shares, same = self._place.join(new)
        Z = np.einsum("mk,mkd->md", shares, self._vertices[neighbours])
        Z /= np.where(np.abs(self.eigenvalues_) > 0.1, self.eigenvalues_, 1.0)
        Z[same >= 0] = self._vertices[same[same >= 0]]
        return Z
