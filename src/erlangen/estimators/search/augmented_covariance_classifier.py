"""One classifier of trials by augmented covariances, that finds its embedding itself.

Definition: augmented covariance (order, lag), then minimum distance to mean, or tangent space and a linear or kernel classifier (arXiv 2302.04508).
Convention: what is to be found is found on the training trials alone, by cross-validation that keeps groups together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from erlangen.errors import DomainError
from erlangen.estimators.estimator_base import EstimatorBase
from erlangen.estimators.search.acm_search_cv import ACMSearchCV, prototype
from erlangen.estimators.search.covariance_pipeline import answer, fit_domains
from erlangen.estimators.search.domains import ask_for_domains
from erlangen.estimators.timeseries.selection import METHODS, select_embedding
from erlangen.estimators.trials import read_trials
from erlangen.validation import check_choice

__all__ = ["AugmentedCovarianceClassifier"]

_RULES = ("best", "one standard error")
_LONGEST_DELAY = 50


def _last_has(name: str) -> Any:
    """Whether the fitted pipeline has a method; before the fit, whether a classifier of its kind has."""

    def check(model: Any) -> bool:
        return hasattr(getattr(model, "best_estimator_", None) or prototype(model.base), name)

    return check


class AugmentedCovarianceClassifier(ClassifierMixin, EstimatorBase):
    r"""Classify trials (N, n, T) by the covariances of their delay embeddings.

    Parameters
    ----------
    base : {"ts-svm", "ts-lr", "mdm", "fgmdm"}
        What classifies the covariances.
    order : int, "grid", "mdop", "pecuzal", "garcia-almeida", "ami+cao" or "ami+fnn"
        Blocks of the embedding; or what is to be found among ``orders``; or how :func:`select_embedding` chooses order and lag from the signals.
    lag : int or "grid"
        Samples between blocks (seconds where ``sfreq`` is given), or what is to be found among ``lags``.
    orders, lags : sequences of int
        The grid.
    estimator_grid : dict or list of dict, optional
        Parameters of the classifier to search, as in :class:`ACMSearchCV`.
    rule : {"one standard error", "best"}
        Take the best candidate, or the smallest order whose score is within one standard error of the best (of the differences over
        the splits), with the best lag and setting at that order: an embedding must earn its dimensions.
    metric, covariance, trim, cv, scoring, n_jobs, sfreq, recentre
        As in :class:`ACMSearchCV`.

    Attributes
    ----------
    search_ : ACMSearchCV
        The search.
    selection_ : EmbeddingSelection or None
        The choice from the signals, where there was one.
    order_, lag_ : int
        What was chosen, in samples.
    best_params_ : dict
        The same and the setting of the classifier.
    best_estimator_ : Pipeline
        Fitted to all trials.
    classes_, n_features_in_
        As usual.

    References
    ----------
    I. Carrara, T. Papadopoulo, arXiv 2302.04508. L. Breiman et al., Classification and Regression Trees (1984), sec. 3.4.3.

    Examples
    --------
    >>> from erlangen.datasets import reversed_var_pair
    >>> pair = reversed_var_pair(60, 3, 200, rng=0)
    >>> model = AugmentedCovarianceClassifier("mdm", orders=(1, 2, 3), lags=(1, 2), cv=3).fit(pair.X[:40], pair.y[:40])
    >>> model.order_, model.score(pair.X[40:], pair.y[40:]) > 0.9
    (2, True)
    """

    def __init__(
        self,
        base: str = "ts-svm",
        order: Any = "grid",
        lag: Any = "grid",
        *,
        orders: Any = (1, 2, 3, 4, 5, 6),
        lags: Any = (1, 2, 4, 6, 8),
        estimator_grid: Any = None,
        rule: str = "one standard error",
        metric: Any = "riemann",
        covariance: str = "cov",
        trim: str = "exact",
        cv: Any = None,
        scoring: Any = None,
        n_jobs: int | None = None,
        sfreq: float | None = None,
        recentre: str | None = None,
    ) -> None:
        self.base = base
        self.order = order
        self.lag = lag
        self.orders = orders
        self.lags = lags
        self.estimator_grid = estimator_grid
        self.rule = rule
        self.metric = metric
        self.covariance = covariance
        self.trim = trim
        self.cv = cv
        self.scoring = scoring
        self.n_jobs = n_jobs
        self.sfreq = sfreq
        self.recentre = recentre

    def get_metadata_routing(self) -> Any:
        """Ask for ``domains`` where they are recentred."""
        requests = super().get_metadata_routing()
        return ask_for_domains(requests) if self.recentre is not None else requests

    def fit(self, X: Any, y: Any, *, groups: Any = None, domains: Any = None) -> AugmentedCovarianceClassifier:
        """Find what is to be found, and fit it to all trials (N, n, T) with labels y (N,).

        ``groups`` (N,) stay together in the folds; ``domains`` (N,) are the sessions that ``recentre`` moves to one centre.

        Raises
        ------
        DomainError, ShapeError
            As :meth:`ACMSearchCV.fit`.
        """
        check_choice(self.rule, "rule", _RULES)
        orders, lags = self._sought(X)
        self.search_ = ACMSearchCV(
            orders,
            lags,
            self.estimator_grid,
            cv=self.cv,
            scoring=self.scoring,
            refit=False,
            n_jobs=self.n_jobs,
            classifier=self.base,
            metric=self.metric,
            covariance=self.covariance,
            trim=self.trim,
            sfreq=self.sfreq,
            recentre=self.recentre,
        ).fit(X, y, groups=groups, domains=domains)
        index = self.search_.best_index_ if self.rule == "best" else frugal_index(self.search_)
        self.best_params_ = self.search_.cv_results_["params"][index]
        self.order_, self.lag_ = self.best_params_["order"], self.best_params_["lag"]
        self.best_estimator_ = fit_domains(self.search_.pipeline(self.best_params_), X, y, domains)
        self.classes_, self.n_features_in_ = self.search_.classes_, self.search_.n_features_in_
        return self

    def _sought(self, X: Any) -> tuple[Any, Any]:
        """Orders and lags to search."""
        self.selection_ = None
        if self.order not in METHODS:
            return _grid(self.order, "order", self.orders), _grid(self.lag, "lag", self.lags)
        trials = read_trials(X)
        longest = max(1, min(_LONGEST_DELAY, min(trial.shape[-1] for trial in trials) // 3))
        self.selection_ = select_embedding(trials, self.order, max_delay=longest, n_jobs=self.n_jobs)
        step = max(1, self.selection_.lag)
        lag = step if self.sfreq is None else step / self.sfreq
        return [self.selection_.order], [lag if self.lag == "grid" else self.lag]

    def predict(self, X: Any, domains: Any = None) -> Any:
        """Return the labels (N,) of trials (N, n, T); without ``domains`` (N,) these are one session."""
        check_is_fitted(self)
        return answer(self.best_estimator_, "predict", X, domains)

    @available_if(_last_has("predict_proba"))
    def predict_proba(self, X: Any, domains: Any = None) -> Any:
        """Return the probabilities (N, K)."""
        check_is_fitted(self)
        return answer(self.best_estimator_, "predict_proba", X, domains)

    @available_if(_last_has("decision_function"))
    def decision_function(self, X: Any, domains: Any = None) -> Any:
        """Return the decision values."""
        check_is_fitted(self)
        return answer(self.best_estimator_, "decision_function", X, domains)


def frugal_index(search: ACMSearchCV) -> int:
    r"""Return the best candidate of the smallest order that is within one standard error of the best one.

    The error is that of the mean difference over the S splits: standard deviation of the differences over :math:`\sqrt S`.
    """
    table = search.cv_results_
    scores = np.stack([table[f"split{s}_test_score"] for s in range(search.n_splits_)], axis=1)
    means, orders = table["mean_test_score"], np.array([candidate["order"] for candidate in table["params"]])
    for order in np.unique(orders):
        index = int(np.argmax(np.where((orders == order) & ~np.isnan(means), means, -np.inf)))
        lost = scores[search.best_index_] - scores[index]
        error = lost.std(ddof=1) / np.sqrt(len(lost)) if len(lost) > 1 else 0.0
        if lost.mean() <= error:
            return index
    return search.best_index_


def _grid(value: Any, name: str, grid: Any) -> Any:
    """The values to search."""
    if isinstance(value, str):
        if value != "grid":
            methods = f", nor one of {', '.join(map(repr, METHODS))}" if name == "order" else ""
            message = f"{name} = {value!r} is neither a number nor 'grid'{methods}"
            raise DomainError(message, hint=f"pass an int, or 'grid' and {name}s=")
        return grid
    return [value]
