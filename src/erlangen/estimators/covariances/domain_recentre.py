r"""Covariances of several sessions or subjects brought to one centre, without labels.

Definition: every domain is moved along the geodesic from its own mean to I, e.g. :math:`X \mapsto M_d^{-1/2} X M_d^{-1/2}` (Zanini et al. 2018);
with ``dispersion`` its distances to the mean are divided by their root mean square (Rodrigues, Jutten, Congedo 2019).
Convention: centring is parallel transport of :math:`\log_M X` to I, which is whitening only for affine-invariance; labels are never read.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.covariances.geometries import Geometry, geometry_of
from erlangen.estimators.covariances.reading import read_matrices
from erlangen.estimators.estimator_base import ArrayTransformer
from erlangen.estimators.remarks import remark
from erlangen.validation import check_choice

__all__ = ["DomainRecentre"]

Array = NDArray[Any]


class DomainRecentre(ArrayTransformer):
    r"""Move every domain (session, subject) to I by its own unlabelled mean.

    .. math:: X \mapsto \exp_I\big(s_d\, \Gamma_{M_d \to I} \log_{M_d} X\big), \qquad s_d^{-2} = \tfrac1N \textstyle\sum_i d^2(M_d, X_i)

    with ``dispersion``, else :math:`s_d = 1`.

    Parameters
    ----------
    metric : {"riemann", "logeuclid", "logchol", "wasserstein"} or metric object
        Geometry of mean, transport and dispersion.
    dispersion : bool
        Also divide distances to the mean by their root mean square.
    mode : {"transductive", "fitted", "running"}
        Whose mean: that of the domain's matrices at hand in ``transform`` (all of a session must be there, no labels are read); that
        of the same domain in ``fit``; or that of all matrices of the domain up to each one (starting from ``fit``), as on line.

    Attributes
    ----------
    domains_ : list
        Domains of the fit; one, ``None``, where none were given.
    means_, scales_ : ndarray (D, n, n), (D,)
        Their means and factors :math:`s_d`.
    counts_ : ndarray (D,)
        How many matrices each mean rests on.
    n_features_in_ : int
        Size n of the matrices.

    Notes
    -----
    ``fit`` and ``transform`` ask for ``domains`` by scikit-learn's metadata routing:
    ``pipeline.fit(X, y, domains=session)`` where routing is enabled. :func:`erlangen.estimators.evaluate` does this by itself.

    References
    ----------
    Zanini, Congedo, Jutten, Said, Berthoumieu, IEEE TBME 65 (2018), eq. 7; Rodrigues, Jutten, Congedo, IEEE TBME 66 (2019), sec. III.

    Examples
    --------
    >>> X = np.eye(2) * np.array([1.0, 4.0, 100.0, 400.0])[:, None, None]
    >>> DomainRecentre().fit_transform(X, domains=["a", "a", "b", "b"])[:, 0, 0].round(12)
    array([0.5, 2. , 0.5, 2. ])
    """

    __metadata_request__fit: ClassVar[dict[str, bool]] = {"domains": True}
    __metadata_request__transform: ClassVar[dict[str, bool]] = {"domains": True}

    def __init__(self, metric: Any = "riemann", dispersion: bool = False, mode: str = "transductive") -> None:
        self.metric = metric
        self.dispersion = dispersion
        self.mode = mode

    def fit(self, X: Any, y: Any = None, domains: Any = None) -> DomainRecentre:
        """Take the mean of every domain of the matrices ``(N, n, n)``; ``domains`` is one label a matrix.

        Raises
        ------
        NotSPDError, DomainError, ShapeError
            If a matrix is not symmetric positive definite, or there is not one domain a matrix.
        """
        matrices = read_matrices(self, X)
        self._fit(matrices, _codes(domains, len(matrices)))
        return self

    def fit_transform(self, X: Any, y: Any = None, domains: Any = None) -> Array:
        """Fit, and return the recentred matrices ``(N, n, n)``."""
        matrices = read_matrices(self, X)
        labels = _codes(domains, len(matrices))
        self._fit(matrices, labels)
        return self._transform(matrices, labels)

    def transform(self, X: Any, domains: Any = None) -> Array:
        """Return the recentred matrices ``(N, n, n)``.

        Raises
        ------
        DomainError
            In mode ``"fitted"``, if a domain was not there in the fit.
        """
        check_is_fitted(self)
        matrices = read_matrices(self, X, reset=False)
        return self._transform(matrices, _codes(domains, len(matrices)))

    def _fit(self, matrices: Array, labels: list[Any]) -> None:
        check_choice(self.mode, "mode", ("transductive", "fitted", "running"))
        geometry = geometry_of(self.metric)
        self.domains_ = list(dict.fromkeys(labels))
        members = [_members(labels, domain) for domain in self.domains_]
        self.means_ = np.stack([geometry.mean(matrices[own]) for own in members])
        factors = [self._scale(geometry, matrices[own], mean) for own, mean in zip(members, self.means_, strict=True)]
        self.scales_ = np.array(factors)
        self.counts_ = np.array([len(own) for own in members])

    def _transform(self, matrices: Array, labels: list[Any]) -> Array:
        geometry = geometry_of(self.metric)
        out = np.empty_like(matrices)
        for domain in dict.fromkeys(labels):
            own = _members(labels, domain)
            if self.mode == "running":
                out[own] = self._causal(geometry, matrices[own], domain)
                continue
            if self.mode == "fitted":
                mean, scale = self._stored(domain)
            else:
                mean = geometry.mean(matrices[own])
                scale = self._scale(geometry, matrices[own], mean)
                if len(own) == 1:
                    remark(
                        f"domain {domain!r} has one matrix at hand: it becomes I (give whole sessions, or use mode='running')"
                    )
            out[own] = geometry.recentre(matrices[own], mean, scale)
        return out

    def _scale(self, geometry: Geometry, matrices: Array, mean: Array) -> float:
        """Return the factor of distances: 1, or the reciprocal of their root mean square."""
        if not self.dispersion:
            return 1.0
        spread = float(np.sqrt(np.mean(geometry.distances(matrices, mean[None]) ** 2)))
        return 1.0 / spread if spread > 1e-12 else 1.0

    def _stored(self, domain: Any) -> tuple[Array, float]:
        """Return mean and factor of a domain of the fit."""
        if domain not in self.domains_:
            message = f"domain {domain!r} was not there in the fit, which had {', '.join(map(repr, self.domains_))}"
            raise DomainError(message, hint="use mode='transductive', which takes the mean of the matrices at hand")
        place = self.domains_.index(domain)
        return self.means_[place], float(self.scales_[place])

    def _causal(self, geometry: Geometry, matrices: Array, domain: Any) -> Array:
        """Return matrices recentred by the mean of all before and including each, moved by a geodesic step of 1/count."""
        mean, count, spread = None, 0, 0.0
        if domain in self.domains_:
            place = self.domains_.index(domain)
            mean, count = self.means_[place], int(self.counts_[place])
            spread = count / float(self.scales_[place]) ** 2
        out = np.empty_like(matrices)
        for i, matrix in enumerate(matrices):
            count += 1
            mean = matrix if mean is None else geometry.untangent(geometry.tangent(matrix[None], mean) / count, mean)[0]
            spread += float(geometry.distances(matrix[None], mean[None])[0, 0]) ** 2
            scale = np.sqrt(count / spread) if self.dispersion and spread > 1e-12 else 1.0
            out[i] = geometry.recentre(matrix[None], mean, scale)[0]
        return out


def _codes(domains: Any, count: int) -> list[Any]:
    """Return one domain a matrix as plain labels; ``None`` is one domain."""
    if domains is None:
        return [None] * count
    labels = np.asarray(domains)
    if labels.shape != (count,):
        message = f"domains must have shape ({count},), one label a matrix, got {labels.shape}"
        raise ShapeError(message, hint="pass the session (or subject) of every matrix")
    return list(labels.tolist())


def _members(labels: list[Any], domain: Any) -> NDArray[np.intp]:
    return np.array([i for i, label in enumerate(labels) if label == domain], dtype=np.intp)
