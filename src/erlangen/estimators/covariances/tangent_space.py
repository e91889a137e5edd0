r"""Covariances as vectors in the tangent space at their mean.

Definition: :math:`X \mapsto` coordinates of :math:`\log_M X`, for affine-invariance :math:`\log(M^{-1/2} X M^{-1/2})` (Barachant et al. 2012, eq. 8).
Convention: n(n+1)/2 isometric coordinates, row by row of the upper triangle, off-diagonal entries times :math:`\sqrt 2`: their dot product is the metric at M.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from erlangen.errors import ShapeError
from erlangen.estimators.covariances.geometries import geometries_of
from erlangen.estimators.covariances.reading import read_matrices, read_weights
from erlangen.estimators.estimator_base import EstimatorBase
from erlangen.validation import check_matrix

__all__ = ["TangentSpace"]

Array = NDArray[Any]


class TangentSpace(ClassNamePrefixFeaturesOutMixin, TransformerMixin, EstimatorBase):
    r"""Map symmetric positive definite matrices to the tangent space at their mean.

    .. math:: t(X) = \operatorname{pack} \log(M^{-1/2} X M^{-1/2})

    for ``"riemann"``, where it equals pyriemann's; for every metric :math:`t(X) \cdot t(Y) = g_M(\log_M X, \log_M Y)`.

    Parameters
    ----------
    metric : {"riemann", "logeuclid", "logchol", "wasserstein", "euclid"}, metric object or dict
        Geometry of mean and map; a dictionary ``{"mean": ..., "map": ...}`` gives one for each.
    tsupdate : bool
        Take the mean of the matrices at hand in ``transform`` instead of that of the fit (Barachant et al. 2013).

    Attributes
    ----------
    reference_ : ndarray (n, n)
        The mean M, in the unit of the data.
    n_features_in_ : int
        Size n of the matrices.

    References
    ----------
    Barachant, Bonnet, Congedo, Jutten, Classification of covariance matrices using a Riemannian-based kernel, Neurocomputing 112 (2013).

    Examples
    --------
    >>> X = np.stack([np.eye(2), np.diag([np.e, 1.0]), np.diag([1 / np.e, 1.0])])
    >>> TangentSpace().fit_transform(X).round(12) + 0.0
    array([[ 0.,  0.,  0.],
           [ 1.,  0.,  0.],
           [-1.,  0.,  0.]])
    """

    def __init__(self, metric: Any = "riemann", tsupdate: bool = False) -> None:
        self.metric = metric
        self.tsupdate = tsupdate

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> TangentSpace:
        """Average the matrices ``(N, n, n)``.

        Raises
        ------
        NotSPDError, DomainError, ShapeError
            If a matrix is not symmetric positive definite, or a weight is negative.
        """
        self._fit(X, sample_weight)
        return self

    def fit_transform(self, X: Any, y: Any = None, sample_weight: Any = None) -> Array:
        """Average the matrices and return their coordinates ``(N, n (n + 1) / 2)``."""
        matrices = self._fit(X, sample_weight)
        return self._map.tangent(matrices, self.reference_)

    def transform(self, X: Any) -> Array:
        """Return the coordinates ``(N, n (n + 1) / 2)`` of matrices ``(N, n, n)``."""
        check_is_fitted(self)
        matrices = read_matrices(self, X, reset=False)
        return self._map.tangent(matrices, self._mean.mean(matrices) if self.tsupdate else self.reference_)

    def inverse_transform(self, X: Any) -> Array:
        """Return the matrices ``(N, n, n)`` of coordinates ``(N, n (n + 1) / 2)`` at the mean of the fit.

        Raises
        ------
        ShapeError
            If the rows have another length.
        """
        check_is_fitted(self)
        rows = check_matrix(X, "X").astype(np.float64, copy=False)
        if rows.shape[1] != self._n_features_out:
            message = f"X has rows of length {rows.shape[1]}, those of matrices of size {self.n_features_in_} have {self._n_features_out}"
            raise ShapeError(message, hint="pass what transform returned")
        return self._map.untangent(rows, self.reference_)

    def _fit(self, X: Any, sample_weight: Any) -> Array:
        matrices = read_matrices(self, X)
        self._mean, self._map = geometries_of(self.metric, "mean", "map")
        self.reference_ = self._mean.mean(matrices, read_weights(sample_weight, len(matrices)))
        n = matrices.shape[-1]
        self._n_features_out = n * (n + 1) // 2
        return matrices
