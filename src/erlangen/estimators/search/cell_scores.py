"""Scores of all settings and splits in one cell of the grid.

Definition: the score of a classifier fitted on the training block, on the test block, for covariances (N, m, m) that are there already.
Convention: what settings share (mean, tangent features, Gram matrix) is computed once a split; its time is divided equally among them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from erlangen.estimators.covariances.domain_recentre import DomainRecentre
from erlangen.estimators.covariances.fg_mdm import FgMDM
from erlangen.estimators.covariances.geometries import geometries_of
from erlangen.estimators.search.karcher_logarithms import karcher_frame, karcher_logarithms
from erlangen.estimators.search.precomputed_svc import KernelBlock, predicted
from erlangen.linalg.whitening import packed_triangle, whitened_eigenvalues

__all__ = ["CLASSIFIERS", "CellScores", "CellTask", "NearestMean"]

Array = NDArray[np.float64]
Split = tuple[NDArray[np.int64], NDArray[np.int64]]

CLASSIFIERS = ("ts-svm", "ts-lr", "mdm", "fgmdm")


class CellScores(NamedTuple):
    """Arrays (settings, splits) of one cell."""

    scores: Array
    fit_times: Array
    score_times: Array


class NearestMean(ClassifierMixin, BaseEstimator):
    """A minimum-distance classifier whose samples are their distances (N, K) to the class means."""

    def __init__(self, classes: Any = None) -> None:
        self.classes = classes

    @property
    def classes_(self) -> Any:
        """Labels, in the order of the means."""
        return self.classes

    def predict(self, X: Array) -> Any:
        """Return the label of the nearest mean."""
        return self.classes[np.argmin(X, axis=1)]

    def predict_proba(self, X: Array) -> Array:
        """Return the softmax of minus the squared distances."""
        return np.asarray(softmax(-(X**2), axis=1))


@dataclass(frozen=True)
class CellTask:
    """What all cells have in common.

    Parameters
    ----------
    y : ndarray (N,)
        Labels.
    splits : list of (train, test)
        Indices.
    classifier : str
        One of ``CLASSIFIERS``.
    settings : list of dict
        Settings of the classifier.
    metric : str, metric object or dict
        Geometry.
    scorer : callable, optional
        ``scorer(estimator, X, y)``; ``None`` is accuracy.
    recentre : str, optional
        Recentre the domains of the training and of the test block first, in this mode of :class:`DomainRecentre`.
    domains : ndarray (N,), optional
        Their domains; ``None`` is one.
    """

    y: NDArray[Any]
    splits: list[Split]
    classifier: str
    settings: list[dict[str, Any]]
    metric: Any
    scorer: Any
    recentre: str | None = None
    domains: NDArray[Any] | None = None

    def run(self, C: Array) -> CellScores:
        """Return scores and times for the covariances of a cell."""
        if self.recentre is not None:
            parts = [self._recentred(C, split) for split in self.splits]
            return CellScores(*(np.concatenate(columns, axis=1) for columns in zip(*parts, strict=True)))
        shape = (len(self.settings), len(self.splits))
        out = CellScores(np.empty(shape), np.empty(shape), np.empty(shape))
        begin = time.perf_counter()
        for s, fitter in enumerate(self._fitters(C)):
            shared = (time.perf_counter() - begin) / len(self.settings)
            train, test = self.splits[s]
            for k, setting in enumerate(self.settings):
                start = time.perf_counter()
                model, samples = fitter(setting, self.y[train])
                middle = time.perf_counter()
                out.scores[k, s] = self._score(model, samples[test], self.y[test])
                out.fit_times[k, s] = shared + middle - start
                out.score_times[k, s] = time.perf_counter() - middle
            begin = time.perf_counter()
        return out

    def _recentred(self, C: Array, split: Split) -> CellScores:
        """Return scores and times of one split, whose blocks are recentred as in a pipeline: what is tested is not known in the fit."""
        start, (train, test) = time.perf_counter(), split
        domains = np.zeros(len(C), dtype=np.intp) if self.domains is None else self.domains
        step = DomainRecentre(self.metric, mode=str(self.recentre))
        moved = C.copy()
        moved[train] = step.fit_transform(C[train], domains=domains[train])
        moved[test] = step.transform(C[test], domains=domains[test])
        spent = (time.perf_counter() - start) / len(self.settings)
        found = replace(self, splits=[split], recentre=None).run(moved)
        return found._replace(fit_times=found.fit_times + spent)

    def _score(self, model: Any, X: Array, y: NDArray[Any]) -> float:
        """The score on a test block."""
        if self.scorer is None:
            return float(np.average(predicted(model, X) == y))
        return float(self.scorer(model, X, y))

    def _fitters(self, C: Array) -> Iterator[Any]:
        """Yield for each split ``fit(setting, y_train) -> (model, samples (N, ...))``."""
        if self.classifier == "mdm":
            return self._by_distances(C)
        if self.classifier == "fgmdm":
            return self._by_matrices(C)
        kernels = self.classifier == "ts-svm"
        if self.metric == "riemann":
            return self._by_gram(C) if kernels else self._by_rows(self._riemannian_features(C))
        features = self._features(C)
        return self._by_gram_of(features) if kernels else self._by_rows(features)

    def _by_gram(self, C: Array) -> Iterator[Any]:
        """Affine-invariant tangent spaces: dot products do not ask for the symmetric root."""
        for (train, _), (F, _) in zip(self.splits, karcher_logarithms(C, [s[0] for s in self.splits]), strict=True):
            gram = F @ F.T
            # The entries of the training block have mean zero: the sum of logarithms at the mean is.
            variance = float(np.diagonal(gram)[train].sum()) / (len(train) * F.shape[1])
            yield KernelBlock(gram, train, F.shape[1], variance).fit

    def _by_gram_of(self, features: Iterator[Array]) -> Iterator[Any]:
        """Any other geometry."""
        for (train, _), F in zip(self.splits, features, strict=True):
            yield KernelBlock(F @ F.T, train, F.shape[1], float(F[train].var())).fit

    def _by_rows(self, features: Iterator[Array]) -> Iterator[Any]:
        """Logistic regression on tangent features."""
        for (train, _), F in zip(self.splits, features, strict=True):
            yield lambda setting, y, F=F, train=train: (
                LogisticRegression(**{"random_state": 0, **setting}).fit(F[train], y),
                F,
            )

    def _features(self, C: Array) -> Iterator[Array]:
        """Tangent coordinates of all matrices, split by split."""
        averaging, mapping = geometries_of(self.metric, "mean", "map")
        for train, _ in self.splits:
            yield mapping.tangent(C, averaging.mean(C[train]))

    def _riemannian_features(self, C: Array) -> Iterator[Array]:
        """The same at affine-invariant means: logarithms turned from the frame at hand into that of the symmetric root."""
        for F, W in karcher_logarithms(C, [train for train, _ in self.splits]):
            U, _, Vt = np.linalg.svd(W)
            yield _turned(F, (U @ Vt).T)

    def _by_distances(self, C: Array) -> Iterator[Any]:
        """Distances to class means."""
        measure = self._riemannian_distances if self.metric == "riemann" else self._distances
        for D, classes in measure(C):
            yield lambda setting, y, D=D, classes=classes: (NearestMean(classes, **setting), D)

    def _distances(self, C: Array) -> Iterator[tuple[Array, NDArray[Any]]]:
        """Distances (N, K) to the class means of any geometry, and the classes."""
        averaging, distance = geometries_of(self.metric, "mean", "distance")
        for train, _ in self.splits:
            classes = np.unique(self.y[train])
            means = [averaging.mean(C[train[self.y[train] == label]]) for label in classes]
            yield distance.distances(C, np.stack(means)), classes

    def _riemannian_distances(self, C: Array) -> Iterator[tuple[Array, NDArray[Any]]]:
        """The same, of the test block only; the mean of a class starts from that of the split before."""
        frames: dict[Any, Array] = {}
        for train, test in self.splits:
            classes = np.unique(self.y[train])
            for label in classes:
                frames[label], _ = karcher_frame(C[train[self.y[train] == label]], frames.get(label))
            logarithms = np.log(whitened_eigenvalues(np.stack([frames[k] for k in classes]), C[test], threads=1))
            D = np.full((len(C), len(classes)), np.nan)
            D[test] = np.sqrt(np.einsum("kin,kin->ik", logarithms, logarithms))
            yield D, classes

    def _by_matrices(self, C: Array) -> Iterator[Any]:
        """Discriminant filter and minimum distance, on the shared covariances."""
        for train, _ in self.splits:
            yield lambda setting, y, train=train: (FgMDM(metric=self.metric, **setting).fit(C[train], y), C)


def _turned(F: Array, Q: Array) -> Array:
    """Packed Q S Q^T of packed S."""
    m = len(Q)
    rows, columns = np.triu_indices(m)
    S = np.empty((len(F), m, m))
    S[:, rows, columns] = S[:, columns, rows] = F / np.where(rows == columns, 1.0, np.sqrt(2.0))
    return packed_triangle(Q @ S @ Q.T)
