r"""The usual classifiers of covariance matrices by name, and a scorer that remembers what a search chose.

Definition: [recentring by domain,] then minimum distance to mean, or tangent space and a linear classifier (Barachant et al. 2012, 2013).
Convention: names are those of :class:`AugmentedCovarianceClassifier`; the support vectors are linear with C = 1 where nothing is searched.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import config_context
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import get_scorer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import SVC

from erlangen.estimators.covariances.domain_recentre import DomainRecentre
from erlangen.estimators.covariances.fg_mdm import FgMDM
from erlangen.estimators.covariances.mdm import MDM
from erlangen.estimators.covariances.tangent_space import TangentSpace
from erlangen.validation import check_choice

__all__ = ["CLASSIFIERS", "RememberingScorer", "answer", "covariance_pipeline", "fit_domains", "recentred_predictions"]

CLASSIFIERS = ("mdm", "fgmdm", "ts-svm", "ts-lr")


def covariance_pipeline(classifier: str = "mdm", metric: Any = "riemann", *, recentre: str | None = None) -> Pipeline:
    """Return a classifier of matrices (N, n, n), not fitted.

    Parameters
    ----------
    classifier : {"mdm", "fgmdm", "ts-svm", "ts-lr"}
        Minimum distance to mean without or with a discriminant filter, or tangent space with support vectors or logistic regression.
    metric : str, metric object or dict
        Geometry of all steps.
    recentre : {"transductive", "fitted", "running"}, optional
        Recentre each domain first, in this mode of :class:`DomainRecentre`.

    Raises
    ------
    DomainError
        If the classifier is unknown.

    Examples
    --------
    >>> [name for name, _ in covariance_pipeline("ts-svm", recentre="fitted").steps]
    ['domainrecentre', 'tangentspace', 'svc']
    """
    check_choice(classifier, "classifier", CLASSIFIERS)
    first = [] if recentre is None else [DomainRecentre(metric, mode=recentre)]
    if classifier in ("mdm", "fgmdm"):
        return make_pipeline(*first, (MDM if classifier == "mdm" else FgMDM)(metric))
    last = SVC(kernel="linear", random_state=0) if classifier == "ts-svm" else LogisticRegression(max_iter=1000)
    return make_pipeline(*first, TangentSpace(metric), last)


class RememberingScorer:
    """A scorer of scikit-learn that keeps attributes of what it has scored, in order.

    Examples
    --------
    >>> import numpy as np
    >>> scorer = RememberingScorer("accuracy", ("classes_",))
    >>> X = np.eye(2) * np.array([1.0, 2.0, 8.0, 9.0])[:, None, None]
    >>> scorer(covariance_pipeline().fit(X, [0, 0, 1, 1]), X, [0, 0, 1, 1]), scorer.kept[0]["classes_"]
    (1.0, array([0, 1]))
    """

    def __init__(self, scoring: str, attributes: tuple[str, ...]) -> None:
        self._scorer = get_scorer(scoring)
        self._attributes = attributes
        self.kept: list[dict[str, Any]] = []

    def __call__(self, estimator: Any, X: Any, y: Any) -> float:
        """Return the score on (X, y)."""
        self.kept.append({name: getattr(estimator, name, None) for name in self._attributes})
        return float(self._scorer(estimator, X, y))


def recentred_predictions(model: Pipeline, known: tuple[Any, Any, Any], others: Any) -> NDArray[Any]:
    """Return labels of other matrices (M, n, n), which are one domain of their own, after a fit on known (X, y, domains).

    Examples
    --------
    >>> X = np.eye(2) * np.array([1.0, 4.0, 100.0, 400.0])[:, None, None]
    >>> model = covariance_pipeline("mdm", recentre="transductive")
    >>> recentred_predictions(model, (X, ["low", "high"] * 2, [0, 0, 1, 1]), X[:2] * 1e6)
    array(['low', 'high'], dtype='<U4')
    """
    X, y, domains = known
    fit_domains(model, X, y, domains)
    return np.asarray(answer(model, "predict", others, np.zeros(len(others), dtype=int)))


def fit_domains(model: Pipeline, X: Any, y: Any, domains: Any = None) -> Pipeline:
    """Fit a pipeline to trials or matrices whose domains (N,) the steps that ask for them are told."""
    if domains is None:
        return model.fit(X, y)
    with config_context(enable_metadata_routing=True):
        return model.fit(X, y, domains=domains)


def answer(model: Pipeline, method: str, X: Any, domains: Any = None) -> Any:
    """Return what a method of a fitted pipeline says of samples whose domains (N,) the steps that ask for them are told."""
    if domains is None:
        return getattr(model, method)(X)
    with config_context(enable_metadata_routing=True):
        return getattr(model, method)(X, domains=domains)
