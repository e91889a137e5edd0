"""From the options of ``erlangen covariance classify`` to scores of a pipeline, and to a model that predicts.

Definition: a :class:`Recipe` is a covariance estimator with order and lag, a geometry and a classifier; :func:`scores` evaluates it fold by fold.
Convention: what is searched is searched on the training trials of a fold alone; covariances of a fixed embedding belong to one trial each and are
estimated once; recentring reads no labels: by the training trials of the session, or, across sessions, by those of the session to be tested.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError

__all__ = ["CLASSIFIERS", "ESTIMATORS", "METRICS", "SEARCHES", "Plan", "Recipe", "Score", "Scores", "scores"]

# The library's names, written out so that --help loads no estimator.
CLASSIFIERS = ("mdm", "fgmdm", "ts-svm", "ts-lr")
ESTIMATORS = ("cov", "scm", "oas", "lwf")
METRICS = ("riemann", "logeuclid", "logchol", "wasserstein")
SEARCHES = ("auto", "mdop", "pecuzal", "ami+cao", "ami+fnn")

Array = NDArray[Any]
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Recipe:
    """How trials become labels; ``order`` and ``lag`` are numbers or how they are found."""

    estimator: str = "cov"
    order: int | str = 1
    lag: int | str = "auto"
    orders: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
    lags: tuple[int, ...] = (1, 2, 4, 6, 8)
    classifier: str = "mdm"
    metric: str = "riemann"
    recentre: bool = False
    matrices: bool = False
    jobs: int = 1

    @property
    def searches(self) -> bool:
        """Whether order or lag are found on the training trials."""
        return not self.matrices and (isinstance(self.order, str) or (self.order > 1 and self.lag == "auto"))

    def features(self, X: Array, name: str) -> Array:
        """Return what the model takes: trials where it searches, else covariances (N, n p, n p).

        Whichever, the covariances of all trials are checked at once, so that a refusal counts the trials as the file does.
        """
        matrices: Any = X if self.matrices else self._covariances(X)
        checked = import_module("erlangen.linalg").check_spd(matrices, name)
        return X if self.searches else np.asarray(checked)

    def _covariances(self, X: Array) -> Array:
        """Return the covariances of a fixed embedding, or those of the channels where it is searched."""
        rooms = import_module("erlangen.estimators")
        if self.order == 1 or self.searches:
            return np.asarray(rooms.Covariances(self.estimator).fit_transform(X))
        timeseries = import_module("erlangen.estimators.timeseries")
        return np.asarray(
            timeseries.AugmentedCovariance(self.order, self.lag, estimator=self.estimator).fit_transform(X)
        )

    def model(self, *, mode: str = "transductive", scoring: str = "accuracy") -> Any:
        """Return the classifier of these features, not fitted."""
        search = import_module("erlangen.estimators.search")
        if not self.searches:
            pipelines = import_module("erlangen.estimators.search.covariance_pipeline")
            return pipelines.covariance_pipeline(self.classifier, self.metric, recentre=mode if self.recentre else None)
        if self.recentre:
            message = (
                "--recentre takes a fixed --order and --lag: a search inside the folds would not know the sessions"
            )
            raise DomainError(message, hint="find them without --recentre first, then give them")
        return search.AugmentedCovarianceClassifier(
            self.classifier,
            "grid" if self.order == "auto" else self.order,
            "grid" if self.lag == "auto" else self.lag,
            orders=self.orders,
            lags=self.lags,
            metric=self.metric,
            covariance=self.estimator,
            scoring=scoring,
            n_jobs=self.jobs,
        )

    def predict(
        self, X: Array, y: Array, columns: Mapping[str, Array], others: Array, *, on_progress: Tell | None = None
    ) -> tuple[Array, dict[str, Any]]:
        """Return the labels of other features by a model of all (X, y), and what it chose; the others are one session when recentred."""
        reporting = import_module("erlangen.estimators.embeddings.progress").reporting
        model = self.model()
        if self.searches:
            model = _grouped(model, y, columns.get("group", _sessions(columns)))
            with reporting(on_progress):
                labels = model.fit(X, y).predict(others)
            return np.asarray(labels), {"order": model.order_, "lag": model.lag_}
        if self.recentre:
            pipelines = import_module("erlangen.estimators.search.covariance_pipeline")
            return np.asarray(pipelines.recentred_predictions(model, (X, y, _sessions(columns)), others)), {}
        return np.asarray(model.fit(X, y).predict(others)), {}


def _sessions(columns: Mapping[str, Array]) -> Array:
    """Return a number for each session of each subject."""
    metadata = import_module("erlangen.estimators.evaluation.metadata")
    return np.asarray(metadata.read_metadata(columns, len(columns["session"])).pair)


def _grouped(model: Any, y: Array, groups: Array) -> Any:
    """Return a model whose inner folds part no group."""
    inner = import_module("erlangen.estimators.evaluation.inner_search")
    return inner.group_inner_folds(model, y, np.unique(groups, return_inverse=True)[1])


@dataclass(frozen=True)
class Plan:
    """Who is trained on and who is tested: ``across`` is ``None`` for folds within a session, else "sessions" or "subjects"."""

    across: str | None = None
    folds: int = 5
    scoring: str = "auto"
    seed: int = 42

    def splitter(self, grouped: bool) -> Any:
        """Return the splitter of the library."""
        evaluation = import_module("erlangen.estimators.evaluation")
        if self.across is None:
            return evaluation.WithinSession(self.folds, self.seed, "group" if grouped else None)
        return (evaluation.CrossSession if self.across == "sessions" else evaluation.CrossSubject)()


@dataclass(frozen=True)
class Score:
    """One row: which subject and session was tested, and how well."""

    subject: str
    session: str
    trained: int
    tested: int
    score: float
    seconds: float
    order: int | None = None
    lag: int | None = None


@dataclass(frozen=True)
class Scores:
    """All rows, with what guessing would give."""

    scoring: str
    rows: tuple[Score, ...]
    chance: float
    bound: float | None
    seconds: float

    @property
    def mean(self) -> float:
        """Mean over the rows."""
        return float(np.mean([row.score for row in self.rows]))

    @property
    def deviation(self) -> float:
        """Standard deviation over the rows; zero for one."""
        return float(np.std([row.score for row in self.rows], ddof=1)) if len(self.rows) > 1 else 0.0


@dataclass(frozen=True)
class _OneFold:
    """A splitter of one fold, so that every fold can be told of."""

    fold: Any
    inner_groups: str

    def folds(self, y: Array, metadata: Any) -> list[Any]:
        return [self.fold]


def scores(
    recipe: Recipe, plan: Plan, X: Array, y: Array, columns: Mapping[str, Array], *, on_progress: Tell | None = None
) -> Scores:
    """Return the scores of a recipe on features X (N, …) with labels y (N,).

    ``columns`` hold "subject", "session" and, where trials belong together, "group"; ``on_progress(step, total, message)`` hears how far it is.
    """
    rooms = import_module("erlangen.estimators.evaluation.metadata")
    metadata = rooms.read_metadata(columns, len(y))
    splitter = plan.splitter("group" in columns)
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
    evaluation = import_module("erlangen.estimators.evaluation")
    pipelines = import_module("erlangen.estimators.search.covariance_pipeline")
    reporting = import_module("erlangen.estimators.embeddings.progress").reporting
    train = one.fold.train
    model = recipe.model(mode="fitted" if plan.across is None else "transductive", scoring=scoring)
    if recipe.searches and plan.across is None and "group" in columns:
        model = _grouped(model, y[train], columns["group"][train])
    scorer = pipelines.RememberingScorer(scoring, ("order_", "lag_"))
    with reporting(tell):
        table = evaluation.evaluate({"model": model}, X, y, columns, one, scoring=scorer)
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
        stats = import_module("scipy.stats")
        return share, float(stats.binom.ppf(0.95, int(counts.sum()), share) / counts.sum())
    return 1.0 / len(counts), None
