"""Scores of pipelines by subject and session.

Definition: every fold fits a clone of every pipeline on its training trials only, and scores it on each row of its test trials.
Convention: MOABB's columns; ROC AUC for two classes and accuracy for more; inner searches keep sessions (or subjects) together.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn import config_context
from sklearn.base import clone
from sklearn.metrics import get_scorer

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.evaluation.fold import Fold
from erlangen.estimators.evaluation.inner_search import group_inner_folds
from erlangen.estimators.evaluation.metadata import Metadata, read_metadata
from erlangen.estimators.evaluation.result_table import ResultTable
from erlangen.estimators.evaluation.routed import Routed, asks_for_domains
from erlangen.estimators.evaluation.splitter import Splitter
from erlangen.validation import check_choice

__all__ = ["evaluate"]

Row = tuple[Any, Any, float, float, int]


def evaluate(
    pipelines: Mapping[str, Any],
    X: Any,
    y: Any,
    metadata: Any,
    splitter: Splitter,
    *,
    scoring: Any = "auto",
    domains: str = "session",
    inner_groups: str | None = "auto",
    dataset: str = "data",
    n_jobs: int | None = 1,
) -> ResultTable:
    """Return the scores of pipelines on every row of a split.

    Parameters
    ----------
    pipelines : mapping of str to estimator
        By the names that the table shows; they are cloned, never fitted themselves.
    X : array (N, n, T) or (N, n, n), list of trials, or MNE Epochs
        One sample a trial.
    y : array (N,)
        Labels.
    metadata : data frame or dict of arrays
        Columns ``subject`` and ``session``, one entry a trial.
    splitter : WithinSession, CrossSession or CrossSubject
        The protocol.
    scoring : str or callable
        A scorer of scikit-learn; ``"auto"`` is ``"roc_auc"`` for two classes, else ``"accuracy"``.
    domains : {"session", "subject"}
        What steps that ask for ``domains`` are told, at fit and at prediction (no labels are); see :class:`DomainRecentre`.
    inner_groups : {"auto", "session", "subject"}, optional
        What the inner folds of a search keep together; ``"auto"`` is the splitter's own, ``None`` leaves the searches alone.
    dataset : str
        Name in the table.
    n_jobs : int, optional
        Folds in parallel, as joblib counts them; the scores do not depend on it.

    Returns
    -------
    ResultTable

    Raises
    ------
    ShapeError, DomainError
        If X, y and metadata differ in length, or a fold is impossible (with subject and session).

    Examples
    --------
    >>> from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    >>> from erlangen.estimators.evaluation import CrossSession
    >>> y = np.tile([0, 1], 20)
    >>> X = np.random.default_rng(0).standard_normal((40, 2)) + 4 * y[:, None]
    >>> metadata = {"subject": np.ones(40, int), "session": np.repeat(["0", "1"], 20)}
    >>> table = evaluate({"LDA": LinearDiscriminantAnalysis()}, X, y, metadata, CrossSession())
    >>> table["session"], table["score"]
    (array(['0', '1'], dtype='<U1'), array([1., 1.]))
    """
    labels = np.asarray(y)
    check_choice(domains, "domains", ("session", "subject"))
    if inner_groups is not None:
        check_choice(inner_groups, "inner_groups", ("auto", "session", "subject"))
    if not isinstance(pipelines, Mapping) or not pipelines:
        message = "pipelines must be a mapping of names to estimators, with at least one"
        raise DomainError(message, hint='pass {"MDM": make_pipeline(Covariances(), MDM())}')
    if len(X) != len(labels):
        message = f"X has {len(X)} trials, y has {len(labels)} labels"
        raise ShapeError(message, hint="one label a trial")
    table = read_metadata(metadata, len(labels))
    folds = splitter.folds(labels, table)
    scorer = get_scorer(("roc_auc" if len(np.unique(labels)) == 2 else "accuracy") if scoring == "auto" else scoring)
    inner = splitter.inner_groups if inner_groups == "auto" else inner_groups
    groups = None if inner is None else table.groups(inner)
    tasks = [(name, fold) for name in pipelines for fold in folds]
    results = Parallel(n_jobs=n_jobs)(
        delayed(_run)(pipelines[name], X, labels, fold, scorer, groups, table.groups(domains)) for name, fold in tasks
    )
    shared = {"dataset": dataset, "channels": _channels(X)}
    return _table([name for name, _ in tasks], results, table, shared)


def _run(
    pipeline: Any,
    X: Any,
    y: NDArray[Any],
    fold: Fold,
    scorer: Any,
    groups: NDArray[np.intp] | None,
    domains: NDArray[np.intp],
) -> list[Row]:
    """Fit one clone on one fold and score its rows."""
    train = fold.train
    estimator = clone(pipeline)
    if groups is not None:
        estimator = group_inner_folds(estimator, y[train], groups[train])
    routed = asks_for_domains(estimator)
    start = time.perf_counter()
    if routed:
        with config_context(enable_metadata_routing=True):
            estimator.fit(_take(X, train), y[train], domains=domains[train])
    else:
        estimator.fit(_take(X, train), y[train])
    spent = time.perf_counter() - start
    rows = []
    for subject, session, test in fold.rows:
        judge = Routed(estimator, domains[test]) if routed else estimator
        rows.append((subject, session, float(scorer(judge, _take(X, test), y[test])), spent, fold.samples))
    return rows


def _take(X: Any, index: NDArray[np.intp]) -> Any:
    """Return some samples of an array, a list, or Epochs."""
    return [X[i] for i in index] if isinstance(X, (list, tuple)) else X[index]


def _channels(X: Any) -> int:
    """Return the number of channels, as MOABB counts them."""
    if hasattr(X, "get_data") and hasattr(X, "ch_names"):
        return len(X.ch_names)
    return int(np.shape(X[0])[0]) if np.ndim(X[0]) else 1


def _table(names: list[str], results: list[list[Row]], metadata: Metadata, shared: dict[str, Any]) -> ResultTable:
    """Return the rows, averaged over folds that share one."""
    merged: dict[tuple[str, str, str], list[Row]] = {}
    for name, rows in zip(names, results, strict=True):
        for row in rows:
            merged.setdefault((name, str(row[0]), str(row[1])), []).append(row)
    found = []
    for (name, subject, session), rows in merged.items():
        found.append(
            {
                "score": float(np.mean([row[2] for row in rows])),
                "time": float(np.mean([row[3] for row in rows])),
                "samples": rows[0][4],
                "subject": subject,
                "session": session,
                "channels": shared["channels"],
                "n_sessions": len(metadata.sessions(rows[0][0])),
                "dataset": shared["dataset"],
                "pipeline": name,
            }
        )
    return ResultTable(found)
