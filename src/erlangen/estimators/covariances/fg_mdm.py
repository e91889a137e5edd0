r"""Minimum distance to mean after geodesic filtering: what does not separate the classes is taken out first.

Definition: :math:`t \mapsto t W^T (W W^T)^+ W` in the tangent space, W shrunk linear discriminants, then MDM (Barachant et al. 2010).
Convention: as pyriemann; the filtered vectors go back to matrices by the exponential at the mean of the fit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import ClassifierMixin, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.utils.validation import check_is_fitted

from erlangen.errors import DomainError
from erlangen.estimators.covariances.mdm import MDM
from erlangen.estimators.covariances.reading import read_labels, read_matrices
from erlangen.estimators.covariances.tangent_space import TangentSpace
from erlangen.estimators.estimator_base import EstimatorBase

__all__ = ["FgMDM"]

Array = NDArray[Any]


class FgMDM(ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClassifierMixin, EstimatorBase):
    """Classify matrices by the nearest class mean after a discriminant filter in the tangent space.

    Parameters
    ----------
    metric : {"riemann", "logeuclid", "logchol", "wasserstein"}, metric object or dict
        Geometry; a dictionary ``{"mean": ..., "distance": ..., "map": ...}`` gives one for each use.
    tsupdate : bool
        As :class:`TangentSpace`.
    n_jobs : int, optional
        As :class:`MDM`.

    Attributes
    ----------
    classes_ : ndarray (K,)
        Labels, sorted.
    filter_ : ndarray (d, d)
        Orthogonal projector of tangent vectors onto the discriminant directions.
    n_features_in_ : int
        Size n of the matrices.

    References
    ----------
    Barachant, Bonnet, Congedo, Jutten, Riemannian geometry applied to BCI classification, LVA/ICA 2010, sec. 3.3.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(20) % 2
    >>> S = rng.standard_normal((20, 3, 40)) * np.array([1, 1, 1])[:, None]
    >>> S[y == 1, 0] *= 3
    >>> X = S @ S.transpose(0, 2, 1) / 40
    >>> FgMDM().fit(X, y).score(X, y)
    1.0
    """

    def __init__(self, metric: Any = "riemann", tsupdate: bool = False, n_jobs: int | None = 1) -> None:
        self.metric = metric
        self.tsupdate = tsupdate
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any) -> FgMDM:
        """Learn the filter and the class means of filtered matrices ``(N, n, n)``.

        Raises
        ------
        NotSPDError, DomainError, ShapeError
            If a matrix is not symmetric positive definite, or y has one class only.
        """
        matrices = read_matrices(self, X)
        self.classes_, members = read_labels(y, len(matrices))
        if len(matrices) <= len(self.classes_):
            message = f"X has {len(matrices)} samples of {len(self.classes_)} classes; a discriminant needs more samples than classes"
            raise DomainError(message, hint="add samples, or use MDM")
        mapping, distance = self._metrics()
        self._tangent = TangentSpace(mapping, self.tsupdate)
        vectors = self._tangent.fit_transform(matrices)
        analysis = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(vectors, members)
        directions = analysis.coef_
        self.filter_ = directions.T @ np.linalg.pinv(directions @ directions.T) @ directions
        filtered = self._tangent.inverse_transform(vectors @ self.filter_)
        self._mdm = MDM(distance, self.n_jobs).fit(filtered, members)
        self._n_features_out = len(self.classes_)
        return self

    def transform(self, X: Any) -> Array:
        """Return the distances ``(N, K)`` of filtered matrices to the class means."""
        check_is_fitted(self)
        matrices = read_matrices(self, X, reset=False)
        vectors = np.asarray(self._tangent.transform(matrices)) @ self.filter_
        return np.asarray(self._mdm.transform(self._tangent.inverse_transform(vectors)))

    def predict(self, X: Any) -> Array:
        """Return the label of the nearest mean, ``(N,)``."""
        distances = self.transform(X)
        return self.classes_[np.argmin(np.asarray(distances), axis=1)]

    def predict_proba(self, X: Any) -> Array:
        r"""Return the softmax ``(N, K)`` of :math:`-d^2`."""
        return softmax(-(np.asarray(self.transform(X)) ** 2), axis=1)

    def _metrics(self) -> tuple[Any, Any]:
        """Return the metrics of the tangent space and of MDM."""
        if not isinstance(self.metric, dict):
            return self.metric, self.metric
        if set(self.metric) != {"mean", "distance", "map"}:
            message = f"metric has the keys {sorted(map(str, self.metric))}; 'mean', 'distance', 'map' are needed"
            raise DomainError(message, hint="give a name or an object for each")
        mean = self.metric["mean"]
        return {"mean": mean, "map": self.metric["map"]}, {"mean": mean, "distance": self.metric["distance"]}
