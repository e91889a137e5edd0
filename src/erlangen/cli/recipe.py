"""What ``erlangen covariance classify`` is asked to do, and what comes of it.

Definition: a :class:`Recipe` is a covariance estimator with order and lag, a geometry and a classifier; a :class:`Plan` says who is tested.
Convention: nothing is loaded here, so that ``--help`` is quick; :mod:`erlangen.cli.classification` computes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["CLASSIFIERS", "ESTIMATORS", "MEANS", "METRICS", "SEARCHES", "Plan", "Recipe", "Score", "Scores"]

# The library's names, written out so that --help loads no estimator.
CLASSIFIERS = ("mdm", "fgmdm", "ts-svm", "ts-lr")
ESTIMATORS = ("cov", "scm", "oas", "lwf")
METRICS = ("riemann", "logeuclid", "logchol", "wasserstein")
MEANS = (*METRICS, "chol", "euclid", "harmonic", "kullback_sym", "logdet")
SEARCHES = ("auto", "mdop", "pecuzal", "garcia-almeida", "ami+cao", "ami+fnn")


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
    effective_samples: float | str | None = None
    jobs: int = 1

    @property
    def searches(self) -> bool:
        """Whether order or lag are found on the training trials."""
        return not self.matrices and (isinstance(self.order, str) or (self.order > 1 and self.lag == "auto"))


@dataclass(frozen=True)
class Plan:
    """Who is trained on and who is tested: ``across`` is ``None`` for folds within a session, else "sessions" or "subjects"."""

    across: str | None = None
    folds: int = 5
    scoring: str = "auto"
    seed: int = 42


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
