r"""Minimum distance to mean: the class whose mean is nearest.

Definition: :math:`\hat k(X) = \arg\min_k d(X, M_k)`, :math:`M_k` the mean of class k (Barachant, Bonnet, Congedo, Jutten 2012, eq. 10).
Convention: probabilities are the softmax of :math:`-d^2`, as in pyriemann; ties go to the first class.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import ClassifierMixin, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from erlangen.errors import DomainError
from erlangen.estimators.covariances.geometries import geometries_of
from erlangen.estimators.covariances.reading import read_labels, read_matrices, read_weights
from erlangen.estimators.estimator_base import EstimatorBase

__all__ = ["MDM"]

Array = NDArray[Any]


class MDM(ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClassifierMixin, EstimatorBase):
    r"""Classify symmetric positive definite matrices by the nearest class mean.

    .. math:: \hat k(X) = \arg\min_k d(X, M_k)

    Parameters
    ----------
    metric : str, metric object or dict
        "riemann", "logeuclid", "logchol", "wasserstein", "euclid", "harmonic", "logdet", "kullback", "kullback_right", "kullback_sym"
        or "block_toeplitz" (of block-Toeplitz matrices, at the price of their blocks):
        Geometry of means and distances; a dictionary ``{"mean": ..., "distance": ...}`` gives one for each.
    n_jobs : int, optional
        Class means in parallel threads, as joblib counts them.

    Attributes
    ----------
    classes_ : ndarray (K,)
        Labels, sorted.
    covmeans_ : ndarray (K, n, n)
        Class means, in the unit of the data.
    n_features_in_ : int
        Size n of the matrices.

    References
    ----------
    Barachant, Bonnet, Congedo, Jutten, Multiclass brain–computer interface classification by Riemannian geometry, IEEE TBME 59 (2012), eq. 10.

    Examples
    --------
    >>> X = np.array([[1.0, 0.0], [0.0, 1.0]]) * np.array([1.0, 2.0, 8.0, 16.0])[:, None, None]
    >>> MDM().fit(X, ["low", "low", "high", "high"]).predict(X[:, ::-1, ::-1])
    array(['low', 'low', 'high', 'high'], dtype='<U4')
    """

    def __init__(self, metric: Any = "riemann", n_jobs: int | None = 1) -> None:
        self.metric = metric
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> MDM:
        """Average the matrices ``(N, n, n)`` of every class.

        Raises
        ------
        NotSPDError, DomainError, ShapeError
            If a matrix is not symmetric positive definite, or y has one class only, or a class has no weight.
        """
        matrices = read_matrices(self, X)
        self.classes_, members = read_labels(y, len(matrices))
        weights = read_weights(sample_weight, len(matrices))
        averaging, self._distance = geometries_of(self.metric, "mean", "distance")
        groups = [members == k for k in range(len(self.classes_))]
        empty = [k for k, group in enumerate(groups) if weights is not None and not weights[group].any()]
        if empty:
            message = f"sample_weight: class {self.classes_.tolist()[empty[0]]!r} has weight zero"
            raise DomainError(message, hint="leave its samples out, or give one a weight")
        tasks = [(matrices[g], None if weights is None else weights[g]) for g in groups]
        if self.n_jobs in (None, 1):
            means = [averaging.mean(*task) for task in tasks]
        else:
            means = Parallel(n_jobs=self.n_jobs, prefer="threads")(delayed(averaging.mean)(*task) for task in tasks)
        self.covmeans_ = np.stack(means)
        self._n_features_out = len(self.classes_)
        return self

    def transform(self, X: Any) -> Array:
        """Return the distances ``(N, K)`` to the class means."""
        check_is_fitted(self)
        return self._distance.distances(read_matrices(self, X, reset=False), self.covmeans_)

    def predict(self, X: Any) -> Array:
        """Return the label of the nearest mean, ``(N,)``."""
        distances = self.transform(X)
        return self.classes_[np.argmin(np.asarray(distances), axis=1)]

    def predict_proba(self, X: Any) -> Array:
        r"""Return the softmax ``(N, K)`` of :math:`-d^2`."""
        return softmax(-(np.asarray(self.transform(X)) ** 2), axis=1)
