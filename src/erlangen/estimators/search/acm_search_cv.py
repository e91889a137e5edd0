"""Exhaustive search for order, lag and classifier of augmented covariances, with shared computation.

Definition: the same scores, ranks and choice as ``GridSearchCV`` over embedding, covariance, tangent space and classifier (arXiv 2302.04508, code).
Convention: lagged products are summed once for all cells, covariances once a cell, the mean and the tangent space once a cell and split, one Gram
matrix for all kernels and penalties; order 1 is evaluated once for all lags; the first best candidate wins.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import sklearn
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import check_scoring
from sklearn.model_selection import StratifiedGroupKFold, check_cv
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import SVC
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from erlangen import linalg
from erlangen.errors import DomainError, ErlangenError
from erlangen.estimators.covariances.domain_recentre import DomainRecentre
from erlangen.estimators.covariances.fg_mdm import FgMDM
from erlangen.estimators.covariances.mdm import MDM
from erlangen.estimators.covariances.reading import read_labels, read_trials
from erlangen.estimators.covariances.tangent_space import TangentSpace
from erlangen.estimators.embeddings.progress import report
from erlangen.estimators.estimator_base import EstimatorBase
from erlangen.estimators.remarks import remark
from erlangen.estimators.search.cell_scores import CLASSIFIERS, CellScores, CellTask
from erlangen.estimators.search.covariance_pipeline import answer, fit_domains
from erlangen.estimators.search.domains import ask_for_domains, read_domains
from erlangen.estimators.search.search_grid import Cell, SearchGrid
from erlangen.estimators.search.search_results import landscape, results_table
from erlangen.estimators.timeseries.assembly import augmented_covariance
from erlangen.estimators.timeseries.augmented_covariances import AugmentedCovariance
from erlangen.estimators.timeseries.products import LagProducts, lag_products
from erlangen.validation import check_choice

__all__ = ["ACMSearchCV"]

Array = NDArray[np.float64]

_COVARIANCES = ("cov", "scm", "oas", "lwf", "block_toeplitz")
_DEFAULT_GRIDS: dict[str, dict[str, Any]] = {
    "ts-svm": {"C": (0.5, 1.0, 1.5), "kernel": ("linear", "rbf")},
    "ts-lr": {},
    "mdm": {},
    "fgmdm": {},
}


def _refitted(name: str) -> Any:
    """Whether the best estimator has a method; before the fit, whether a classifier of its kind has."""

    def check(search: Any) -> bool:
        return hasattr(getattr(search, "best_estimator_", None) or prototype(search.classifier), name)

    return check


class ACMSearchCV(MetaEstimatorMixin, ClassifierMixin, EstimatorBase):
    """Search the order, the lag and the classifier of augmented covariances by cross-validation.

    Parameters
    ----------
    orders, lags : sequences of int
        The grid of embeddings; lags in samples, or in seconds where ``sfreq`` is given.
    estimator_grid : dict or list of dict, optional
        Parameters of the classifier (``SVC``, ``LogisticRegression``); default for "ts-svm": C of .5, 1, 1.5, linear and rbf kernels; else none.
    cv : int, splitter or iterable, optional
        As in scikit-learn; an int with ``groups`` makes stratified folds that keep each group together.
    scoring : str or callable, optional
        One score, as in scikit-learn (default: accuracy). A callable is passed kernels or distances, not trials.
    refit : bool
        Fit the best candidate to all trials.
    n_jobs : int, optional
        Cells in parallel, as joblib counts them. The result does not depend on it.
    classifier : {"ts-svm", "ts-lr", "mdm", "fgmdm"}
        Tangent space with support vectors or logistic regression, minimum distance to mean without or with a discriminant filter.
    metric : str, metric object or dict
        Geometry of the covariances.
    covariance : {"cov", "scm", "oas", "lwf", "block_toeplitz"} or AugmentedCovariance
        Estimator; an object carries options of its own (``effective_samples="auto"``, ``band``, ``direction``), order and lag are set.
    trim : {"moabb", "exact"}
        Whether the last lag of each trial is dropped, as MOABB's ``AugmentedDataset`` does.
    sfreq : float, optional
        Sampling rate in Hz.
    recentre : {"transductive", "fitted", "running"}, optional
        Recentre the ``domains`` of :meth:`fit` inside the folds and in the best estimator, in this mode of :class:`DomainRecentre`.
    error_score : float or "raise"
        Score of a cell that cannot be computed (a singular covariance …), with a warning; or raise the error.

    Attributes
    ----------
    cv_results_ : dict
        As GridSearchCV's, with parameters lag, order and those of the classifier. The time of what settings share is divided among them.
    best_params_, best_score_, best_index_
        The first candidate of the best rank.
    best_estimator_ : Pipeline
        Augmented covariance, tangent space, classifier, fitted to all trials.
    at_border_ : tuple of str
        Which of "order" and "lag" was best at an end of its range.
    landscape_ : ndarray (orders, lags)
        Best mean score of each cell.
    n_splits_, refit_time_, scorer_, classes_, n_features_in_
        As GridSearchCV's.

    Raises
    ------
    DomainError
        From :meth:`fit`, if a cell does not fit into the trials or has too few samples for "cov"; the largest order and lag that fit are named.

    References
    ----------
    I. Carrara, T. Papadopoulo, arXiv 2302.04508.

    Examples
    --------
    >>> from erlangen.datasets import reversed_var_pair
    >>> pair = reversed_var_pair(40, 3, 200, rng=0)
    >>> search = ACMSearchCV([1, 2], [1, 2], cv=3).fit(pair.X, pair.y)
    >>> search.best_params_["order"], search.landscape_[0, 0] < 0.7 < search.best_score_
    (2, True)
    """

    def __init__(
        self,
        orders: Any = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        lags: Any = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        estimator_grid: Any = None,
        *,
        cv: Any = None,
        scoring: Any = None,
        refit: bool = True,
        n_jobs: int | None = None,
        classifier: str = "ts-svm",
        metric: Any = "riemann",
        covariance: str = "cov",
        trim: str = "moabb",
        sfreq: float | None = None,
        recentre: str | None = None,
        error_score: Any = np.nan,
    ) -> None:
        self.orders = orders
        self.lags = lags
        self.estimator_grid = estimator_grid
        self.cv = cv
        self.scoring = scoring
        self.refit = refit
        self.n_jobs = n_jobs
        self.classifier = classifier
        self.metric = metric
        self.covariance = covariance
        self.trim = trim
        self.sfreq = sfreq
        self.recentre = recentre
        self.error_score = error_score

    def get_metadata_routing(self) -> Any:
        """Ask for ``domains`` where they are recentred."""
        requests = super().get_metadata_routing()
        return ask_for_domains(requests) if self.recentre is not None else requests

    def fit(self, X: Any, y: Any, *, groups: Any = None, domains: Any = None, **fit_params: Any) -> ACMSearchCV:
        """Score all candidates on trials (N, n, T) with labels y (N,).

        Parameters
        ----------
        X : array (N, n, T) or list of arrays (n, T_i)
            Trials.
        y : array (N,)
            Labels.
        groups : array (N,), optional
            Session or stretch of recording of each trial: an integer ``cv`` keeps groups together, a splitter is passed them.
        domains : array (N,), optional
            Session of each trial, for ``recentre``; one where it is not given.
        fit_params : dict
            Passed on to the splitter.
        """
        check_choice(self.classifier, "classifier", CLASSIFIERS)
        if isinstance(self.covariance, str) or not hasattr(self.covariance, "set_params"):
            check_choice(self.covariance, "covariance", _COVARIANCES)
        trials = read_trials(self, X)
        known = read_domains(domains, len(trials), self.recentre)
        self.classes_, _ = read_labels(y, len(trials))
        labels = np.asarray(y)
        defaults = _DEFAULT_GRIDS[self.classifier]
        grid = SearchGrid.read(
            self.orders, self.lags, defaults if self.estimator_grid is None else self.estimator_grid, self.sfreq
        )
        shortest = min(trial.shape[-1] for trial in trials)
        simplest = self._covariances(1, 1)
        grid.check(trials[0].shape[0], shortest, simplest.trim, full_rank=simplest.is_plain)
        self._check_settings(grid)
        splits = self._splits(trials, labels, groups, fit_params)
        settings, scorer = grid.settings(), self._scorer()
        task = CellTask(labels, splits, self.classifier, settings, self.metric, scorer, self.recentre, known)
        cells = self._cells(trials, grid, task)
        self.cv_results_ = results_table(grid, cells)
        self.n_splits_ = len(splits)
        self.landscape_ = landscape(grid, self.cv_results_)
        self.best_index_ = int(self.cv_results_["rank_test_score"].argmin())
        self.best_params_ = self.cv_results_["params"][self.best_index_]
        self.best_score_ = float(self.cv_results_["mean_test_score"][self.best_index_])
        self.at_border_ = grid.at_border(self.best_params_)
        if self.refit:
            start = time.perf_counter()
            self.best_estimator_ = fit_domains(self.pipeline(self.best_params_), trials, labels, domains)
            self.refit_time_ = time.perf_counter() - start
        return self

    def _check_settings(self, grid: SearchGrid) -> None:
        """Refuse what the classifier does not know or take, before anything is computed."""
        for setting in grid.settings():
            try:
                model = prototype(self.classifier).set_params(**setting)
                if hasattr(model, "_parameter_constraints"):
                    model._validate_params()
            except ValueError as error:
                message = f"estimator_grid has {setting}: {error}"
                raise DomainError(message, hint=f"parameters of {type(prototype(self.classifier)).__name__}") from error

    def _scorer(self) -> Any:
        """The scorer, or None for accuracy."""
        if isinstance(self.scoring, (list, tuple, set, dict)):
            message = "scoring names several scores"
            raise DomainError(message, hint="one score chooses the candidate; compute others on the best estimator")
        scorer = self.scorer_
        return None if self.scoring in (None, "accuracy") else scorer

    @property
    def scorer_(self) -> Any:
        """The scorer that chose."""
        return check_scoring(prototype(self.classifier), self.scoring)

    def _splits(self, X: Any, y: NDArray[Any], groups: Any, fit_params: dict[str, Any]) -> list[Any]:
        """Train and test indices."""
        if groups is not None and (self.cv is None or isinstance(self.cv, int)):
            folds, found = self.cv or 5, len(np.unique(groups))
            if found < folds:
                message = f"cv = {folds} folds, but groups holds {found} group{'s' if found > 1 else ''}"
                raise DomainError(
                    message, hint=f"cv <= {found}, or cv=LeaveOneGroupOut()" if found > 1 else "pass two or more"
                )
            splitter: Any = StratifiedGroupKFold(folds)
        else:
            splitter = check_cv(self.cv, y, classifier=True)
        return list(splitter.split(X, y, groups, **fit_params))

    def _cells(self, X: Any, grid: SearchGrid, task: CellTask) -> dict[Cell, CellScores]:
        """Scores of every cell."""
        order = grid.cells()
        shared = isinstance(self.covariance, str) and self.covariance == "cov" and not isinstance(X, list)
        products = lag_products(X, orders=grid.orders, lags=grid.lags) if shared else None
        source: Any = X if products is None else products
        jobs = (delayed(self._cell)(source, cell, task) for cell in order)
        found: dict[Cell, CellScores] = {}
        first: ErlangenError | None = None
        for cell, outcome in zip(order, Parallel(n_jobs=self.n_jobs, return_as="generator")(jobs), strict=True):
            found[cell] = self._accepted(cell, outcome, task)
            first = first or (outcome if isinstance(outcome, ErlangenError) else None)
            report(len(found), len(order), f"order {cell[0]}, lag {cell[1]}")
        if all(np.isnan(scores.scores).all() for scores in found.values()):
            message = f"no candidate could be scored; the first was refused because {first}"
            raise DomainError(message) from first
        return found

    def _cell(self, source: Any, cell: Cell, task: CellTask) -> CellScores | ErlangenError:
        """Scores of one cell, or why there are none."""
        with sklearn.config_context(skip_parameter_validation=True, assume_finite=True):
            try:
                return task.run(self._matrices(source, cell))
            except ErlangenError as error:
                return error

    def _matrices(self, source: Any, cell: Cell) -> Any:
        """Covariances of a cell, from lagged products or from trials."""
        if isinstance(source, LagProducts):
            C: Any = augmented_covariance(source, *cell, trim=self.trim)
        else:
            C = self._covariances(*cell).fit_transform(source)
        return linalg.check_spd(C, "C")

    def _accepted(self, cell: Cell, outcome: CellScores | ErlangenError, task: CellTask) -> CellScores:
        """The scores, or ``error_score`` in their place."""
        if isinstance(outcome, CellScores):
            return outcome
        if isinstance(self.error_score, str) and self.error_score == "raise":
            raise outcome
        remark(f"order {cell[0]} at lag {cell[1]} was given the score {self.error_score}: {outcome}")
        shape = (len(task.settings), len(task.splits))
        return CellScores(np.full(shape, float(self.error_score)), np.zeros(shape), np.zeros(shape))

    def _covariances(self, order: int, lag: int) -> AugmentedCovariance:
        """The estimator of the covariances of a cell."""
        if not isinstance(self.covariance, str):
            return clone(self.covariance).set_params(order=order, lag=lag, sfreq=None)
        if self.covariance == "block_toeplitz":
            return AugmentedCovariance(order, lag, structure="block_toeplitz")
        return AugmentedCovariance(order, lag, estimator=self.covariance, trim=self.trim)

    def pipeline(self, candidate: dict[str, Any]) -> Pipeline:
        """Return the estimator of a candidate of the grid, not fitted."""
        setting = {name: value for name, value in candidate.items() if name not in ("order", "lag")}
        moved = [] if self.recentre is None else [DomainRecentre(self.metric, mode=self.recentre)]
        first = [self._covariances(candidate["order"], candidate["lag"]), *moved]
        if self.classifier in ("mdm", "fgmdm"):
            return make_pipeline(*first, (MDM if self.classifier == "mdm" else FgMDM)(metric=self.metric, **setting))
        last = (SVC if self.classifier == "ts-svm" else LogisticRegression)(**{"random_state": 0, **setting})
        return make_pipeline(*first, TangentSpace(metric=self.metric), last)

    def _best(self) -> Pipeline:
        """The refitted estimator."""
        check_is_fitted(self)
        if not self.refit:
            message = "refit=False: there is no fitted estimator"
            raise DomainError(message, hint="search with refit=True")
        return self.best_estimator_

    def predict(self, X: Any, domains: Any = None) -> Any:
        """Return the labels (N,) that the best estimator gives trials (N, n, T); without ``domains`` (N,) these are one session."""
        return answer(self._best(), "predict", X, domains)

    @available_if(_refitted("predict_proba"))
    def predict_proba(self, X: Any, domains: Any = None) -> Any:
        """Return the probabilities (N, K) of the best estimator."""
        return answer(self._best(), "predict_proba", X, domains)

    @available_if(_refitted("decision_function"))
    def decision_function(self, X: Any, domains: Any = None) -> Any:
        """Return the decision values of the best estimator."""
        return answer(self._best(), "decision_function", X, domains)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the score of the best estimator on trials, by the scorer of the search."""
        keywords = {} if sample_weight is None else {"sample_weight": sample_weight}
        return float(self.scorer_(self._best(), X, y, **keywords))


def prototype(classifier: str) -> Any:
    """Return a classifier that has the methods of the one in the search."""
    return {"ts-svm": SVC(), "ts-lr": LogisticRegression(), "mdm": MDM(), "fgmdm": FgMDM()}.get(classifier)
