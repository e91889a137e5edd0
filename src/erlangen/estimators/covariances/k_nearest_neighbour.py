r"""The class most frequent among the nearest matrices.

Definition: votes of the k training matrices of least distance in the metric.
Convention: ties go to the first class, probabilities are shares of votes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from erlangen.estimators.covariances.geometries import geometry_of
from erlangen.estimators.covariances.reading import read_labels, read_matrices
from erlangen.estimators.estimator_base import EstimatorBase
from erlangen.validation import check_integer

__all__ = ["KNearestNeighbour"]

Array = NDArray[Any]


class KNearestNeighbour(ClassifierMixin, EstimatorBase):
    r"""Classify symmetric positive definite matrices by their nearest neighbours.

    .. math:: \hat y(X) = \arg\max_c \#\{ i \in N_k(X) : y_i = c \}

    Parameters
    ----------
    n_neighbors : int
        The number k of neighbours.
    metric : str or metric object
        "riemann", "logeuclid", "logchol", "wasserstein", "euclid", "harmonic", "logdet", "kullback", "kullback_right", "kullback_sym"
        or "block_toeplitz" (of block-Toeplitz matrices, at the price of their blocks):
        Geometry of the distance.

    Attributes
    ----------
    classes_ : ndarray (K,)
        Labels, sorted.
    matrices_ : ndarray (N, n, n)
        The training matrices.
    n_features_in_ : int
        Size n of the matrices.

    Examples
    --------
    >>> X = np.eye(2) * np.array([1.0, 1.5, 8.0, 9.0])[:, None, None]
    >>> KNearestNeighbour(1).fit(X, ["low", "low", "high", "high"]).predict(2 * X)
    array(['low', 'low', 'high', 'high'], dtype='<U4')
    """

    def __init__(self, n_neighbors: int = 5, metric: Any = "riemann") -> None:
        self.n_neighbors = n_neighbors
        self.metric = metric

    def fit(self, X: Any, y: Any) -> KNearestNeighbour:
        """Keep the matrices ``(N, n, n)`` and their labels.

        Raises
        ------
        NotSPDError, DomainError, ShapeError
            If a matrix is not symmetric positive definite, y has one class only, or there are fewer matrices than neighbours.
        """
        matrices = read_matrices(self, X)
        self.classes_, self._members = read_labels(y, len(matrices))
        check_integer(self.n_neighbors, "n_neighbors", low=1, high=len(matrices))
        self._geometry = geometry_of(self.metric)
        self.matrices_ = matrices
        return self

    def predict_proba(self, X: Any) -> Array:
        """Return the shares of votes, ``(N, K)``."""
        check_is_fitted(self)
        distances = self._geometry.distances(read_matrices(self, X, reset=False), self.matrices_)
        nearest = np.argsort(distances, axis=1, kind="stable")[:, : self.n_neighbors]
        votes = self._members[nearest][:, :, None] == np.arange(len(self.classes_))
        return votes.mean(axis=1)

    def predict(self, X: Any) -> Array:
        """Return the label with the most votes, ``(N,)``."""
        shares = self.predict_proba(X)
        return self.classes_[np.argmax(shares, axis=1)]
