"""From a recipe and trials to scores, and to labels of other trials.

Definition: :func:`features` estimates covariances, :func:`scores` evaluates a recipe fold by fold, :func:`predictions` trains on all.
Convention: what is searched is searched on the training trials of a fold alone; covariances of a fixed embedding belong to one trial each and are
estimated once; recentring reads no labels: by the training trials of the session, or, across sessions, by those of the session to be tested.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from erlangen.cli.recipe import Plan, Recipe, Score, Scores
from erlangen.errors import DomainError
from erlangen.estimators.covariances import Covariances
from erlangen.estimators.embeddings.progress import reporting
from erlangen.estimators.evaluation import CrossSession, CrossSubject, WithinSession, evaluate
from erlangen.estimators.evaluation.fold import Fold
from erlangen.estimators.evaluation.inner_search import group_inner_folds
from erlangen.estimators.evaluation.metadata import Metadata, read_metadata
from erlangen.estimators.evaluation.splitter import Splitter
from erlangen.estimators.search import AugmentedCovarianceClassifier
from erlangen.estimators.search.covariance_pipeline import (
    RememberingScorer,
    covariance_pipeline,
    recentred_predictions,
)
from erlangen.estimators.timeseries import AugmentedCovariance
from erlangen.linalg import check_spd

__all__ = ["features", "model", "predictions", "scores"]

Array = NDArray[Any]
Tell = Callable[[int, int, str], None]


def features(recipe: Recipe, X: Array, name: str) -> Array:
    """Return what the model takes: trials where it searches, else covariances (N, n p, n p).

    Whichever, the covariances of all trials are checked at once, so that a refusal counts the trials as the file does.
    """
    matrices: Any = X if recipe.matrices else _covariances(recipe, X)
    checked = check_spd(matrices, name)
    return X if recipe.searches else np.asarray(checked)


def _covariances(recipe: Recipe, X: Array) -> Array:
    """Return the covariances of a fixed embedding, or those of the channels where it is searched."""
    if recipe.order == 1 or recipe.searches:
        return np.asarray(Covariances(recipe.estimator, recipe.effective_samples).fit_transform(X))
    embedding: Any = (recipe.order, recipe.lag)
    counted = recipe.effective_samples
    return AugmentedCovariance(*embedding, estimator=recipe.estimator, effective_samples=counted).fit_transform(X)


def model(recipe: Recipe, *, mode: str = "transductive", scoring: str = "accuracy") -> Any:
    """Return the classifier of these features, not fitted."""
    if not recipe.searches:
        return covariance_pipeline(recipe.classifier, recipe.metric, recentre=mode if recipe.recentre else None)
    covariance: Any = recipe.estimator
    if recipe.effective_samples is not None:
        covariance = AugmentedCovariance(estimator=recipe.estimator, effective_samples=recipe.effective_samples)
    return AugmentedCovarianceClassifier(
        recipe.classifier,
        "grid" if recipe.order == "auto" else recipe.order,
        "grid" if recipe.lag == "auto" else recipe.lag,
        orders=recipe.orders,
        lags=recipe.lags,
        metric=recipe.metric,
        covariance=covariance,
        scoring=scoring,
        n_jobs=recipe.jobs,
        recentre=mode if recipe.recentre else None,
    )


def predictions(
    recipe: Recipe,
    known: tuple[Array, Array, Mapping[str, Array]],
    others: Array,
    *,
    on_progress: Tell | None = None,
) -> tuple[Array, dict[str, Any]]:
    """Return the labels of other features by a model of all known (X, y, columns), and what it chose; the others are one session."""
    X, y, columns = known
    classifier = model(recipe)
    if recipe.searches:
        classifier = _grouped(classifier, y, columns.get("group", _sessions(columns)))
        with reporting(on_progress):
            if recipe.recentre:
                classifier.fit(X, y, domains=_sessions(columns))
                labels = classifier.predict(others, domains=np.full(len(others), -1))  # a session of its own
            else:
                labels = classifier.fit(X, y).predict(others)
        return np.asarray(labels), {"order": classifier.order_, "lag": classifier.lag_}
    if recipe.recentre:
        return recentred_predictions(classifier, (X, y, _sessions(columns)), others), {}
    return np.asarray(classifier.fit(X, y).predict(others)), {}


def _sessions(columns: Mapping[str, Array]) -> Array:
    """Return a number for each session of each subject."""
    return read_metadata(columns, len(columns["session"])).pair


def _grouped(classifier: Any, y: Array, groups: Array) -> Any:
    """Return a classifier whose inner folds part no group."""
    return group_inner_folds(classifier, y, np.unique(groups, return_inverse=True)[1])


def _splitter(plan: Plan, grouped: bool) -> Any:
    """Return the splitter of the library."""
    if plan.across is None:
        return WithinSession(plan.folds, plan.seed, "group" if grouped else None)
    return CrossSession() if plan.across == "sessions" else CrossSubject()


class _OneFold(Splitter):
    """A splitter of one fold, so that every fold can be told of."""

    def __init__(self, fold: Fold, inner_groups: str) -> None:
        self.fold = fold
        self.inner_groups = inner_groups

    def folds(self, y: Array, metadata: Metadata) -> list[Fold]:
        """Return it."""
        return [self.fold]


def scores(
    recipe: Recipe, plan: Plan, X: Array, y: Array, columns: Mapping[str, Array], *, on_progress: Tell | None = None
) -> Scores:
    """Return the scores of a recipe on features X (N, …) with labels y (N,).

    ``columns`` hold "subject", "session" and, where trials belong together, "group"; ``on_progress(step, total, message)`` hears how far it is.
    """
    metadata = read_metadata(columns, len(y))
    splitter = _splitter(plan, "group" in columns)
    scoring = plan.scoring
    if scoring == "auto":
        scoring = "roc_auc" if len(np.unique(y)) == 2 else "accuracy"
    folds = splitter.folds(y, metadata)
    _check_tests(folds, y, scoring)
    start, rows = time.perf_counter(), []
    for k, fold in enumerate(folds):
        if on_progress is not None:
            on_progress(k, len(folds), f"fold {k + 1}")
        tell = None if on_progress is None else _inside(on_progress, k, len(folds))
        one = _OneFold(fold, splitter.inner_groups)
        rows += _fold_rows(recipe, plan, scoring, one, (X, y, columns), tell)
    chance, bound = _chance(scoring, [y[row[2]] for fold in folds for row in fold.rows])
    return Scores(scoring, tuple(rows), chance, bound, time.perf_counter() - start)


def _check_tests(folds: list[Any], y: Array, scoring: str) -> None:
    """Refuse tests of one class where the score needs two."""
    for fold in folds:
        for subject, session, test in fold.rows:
            classes = np.unique(y[test]).tolist()
            if len(classes) < 2 and scoring != "accuracy":
                message = f"subject {subject}, session {session}: a test holds {len(test)} trials, all of class {classes[0]!r}"
                raise DomainError(message, hint="use --scoring accuracy, fewer folds, or another --groups")


def _inside(on_progress: Tell, k: int, folds: int) -> Tell:
    """Return who hears of the steps inside one fold."""
    return lambda step, total, message: on_progress(k * total + step, folds * total, f"fold {k + 1}: {message}")


def _fold_rows(
    recipe: Recipe, plan: Plan, scoring: str, one: _OneFold, data: tuple[Array, Array, Any], tell: Tell | None
) -> list[Score]:
    """Return the rows of one fold, by the library's evaluation."""
    X, y, columns = data
    train = one.fold.train
    classifier = model(recipe, mode="fitted" if plan.across is None else "transductive", scoring=scoring)
    if recipe.searches and plan.across is None and "group" in columns:
        classifier = _grouped(classifier, y[train], columns["group"][train])
    scorer = RememberingScorer(scoring, ("order_", "lag_"))
    with reporting(tell):
        table = evaluate({"model": classifier}, X, y, columns, one, scoring=scorer)
    sizes = [len(row[2]) for row in one.fold.rows]
    return [
        Score(
            str(row["subject"]),
            str(row["session"]),
            len(train),
            size,
            row["score"],
            row["time"],
            found["order_"],
            found["lag_"],
        )
        for row, size, found in zip(table, sizes, scorer.kept, strict=True)
    ]


def _chance(scoring: str, tested: Sequence[Array]) -> tuple[float, float | None]:
    """Return what guessing scores, and below which the mean stays in 95 of 100 cases with such tests (``None`` where unknown).

    Accuracy: always the commonest class, the number of hits binomial. ROC AUC: one half, normal with the variance (m + n + 1) / (12 m n)
    of a rank sum in each test. Balanced accuracy: one over the number of classes.

    Examples
    --------
    >>> chance, bound = _chance("roc_auc", [np.repeat([0, 1], 50)])
    >>> chance, round(bound, 3)
    (0.5, 0.595)
    """
    counts = np.unique(np.concatenate(tested), return_counts=True)[1]
    if scoring == "roc_auc":
        pairs = [np.unique(y, return_counts=True)[1].astype(float) for y in tested]
        variances = [(m + n + 1) / (12 * m * n) for m, n in pairs]
        return 0.5, 0.5 + 1.6449 * float(np.sqrt(np.sum(variances))) / len(pairs)
    if scoring == "accuracy":
        share = float(counts.max() / counts.sum())
        return share, float(binom.ppf(0.95, int(counts.sum()), share) / counts.sum())
    return 1.0 / len(counts), None
