r"""The experiments of the paper, each a function from plain arguments to plain numbers, so that it can be a row of a run.

Definition: trials are classified by their covariance matrix (CM) or by the covariance of the delay embedded trial (ACM), order and lag chosen by cross
validation inside the training trials alone (Carrara & Papadopoulo 2023, section III).
Convention: accuracies; MAMEM as 300 training and 200 test trials of other sessions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from erlangen.datasets import (
    SignalTrials,
    basic_motions,
    forearm_emg,
    mamem_ssvep,
    reversed_var_pair,
    simulated_motor_imagery,
)
from erlangen.estimators import MDM, ACMSearchCV, AugmentedCovariance, Covariances, DomainRecentre, TangentSpace
from erlangen.estimators.timeseries import select_embedding
from erlangen.linalg import block_toeplitz

__all__ = [
    "electromyogram",
    "imagery",
    "imagery_landscape",
    "landscape",
    "mamem",
    "motions",
    "reversed_pair",
    "structure",
]

Array = NDArray[np.float64]


def _covariance(order: int, lag: int, estimator: str) -> Any:
    """Return the transformer to covariance matrices; order 1 is the ordinary one."""
    return Covariances(estimator) if order == 1 else AugmentedCovariance(order, lag, estimator=estimator)


def _linear(metric: str = "logeuclid") -> Any:
    """Return the classifier: tangent space, standardised, linear support vector machine."""
    return make_pipeline(TangentSpace(metric=metric), StandardScaler(), SVC(kernel="linear"))


def reversed_pair(seed: int) -> dict[str, float]:
    """Classify two processes that are time reversals of each other, so that their covariance matrices agree."""
    trials = reversed_var_pair(60, 8, 400, rng=seed)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    found = {}
    for name, order in (("cm", 1), ("acm", 2)):
        pipeline = make_pipeline(_covariance(order, 1, "cov"), MDM(metric="riemann"))
        found[name] = float(cross_val_score(pipeline, trials.X, trials.y, cv=folds).mean())
    return found


def motions() -> dict[str, float]:
    """Classify four activities from accelerometer and gyroscope, with the fixed split of the data set."""
    train, test = basic_motions("train"), basic_motions("test")
    found = {}
    for name, order, lag in (("cm", 1, 1), ("acm", 3, 2)):
        features = _covariance(order, lag, "lwf")
        for kind, classifier in (
            ("linear", make_pipeline(TangentSpace(metric="riemann"), LogisticRegression(max_iter=1000))),
            ("mdm", MDM(metric="riemann")),
        ):
            pipeline = make_pipeline(features, classifier).fit(train.X, train.y)
            found[f"{name}_{kind}"] = float(pipeline.score(test.X, test.y))
    return found


def landscape(
    X: Array, y: NDArray[np.int64], orders: list[int], lags: list[int], folds: Any, groups: Any = None
) -> dict[tuple[int, int], float]:
    """Return the cross-validated accuracy of every order and lag; order 1 has one lag only."""
    found = {}
    for order in orders:
        for lag in lags[:1] if order == 1 else lags:
            S = _covariance(order, lag, "oas").fit_transform(X)
            found[order, lag] = float(cross_val_score(_linear(), S, y, cv=folds, groups=groups).mean())
    return found


def mamem(subject: int, folder: str, orders: list[int], lags: list[int]) -> dict[str, Any]:
    """Compare CM and ACM on one subject of MAMEM: order and lag by 3 folds of the training sessions, tested on the others.

    Trials cut from one stimulation stay in one fold.
    """
    trials = mamem_ssvep(subject, folder=folder or None)
    train = np.arange(len(trials.y)) < 300
    folds = StratifiedGroupKFold(3, shuffle=True, random_state=0)
    groups = np.asarray(trials.groups)[train]
    scores = landscape(trials.X[train], trials.y[train], orders, lags, folds, groups)
    (order, lag), _ = max(scores.items(), key=lambda item: item[1])
    found: dict[str, Any] = {"order": order, "lag": lag, "scores": {f"{p},{q}": v for (p, q), v in scores.items()}}
    for name, (p, q) in (("cm", (1, 1)), ("acm", (order, lag))):
        pipeline = make_pipeline(_covariance(p, q, "oas"), _linear()).fit(trials.X[train], trials.y[train])
        found[name] = float(pipeline.score(trials.X[~train], trials.y[~train]))
    return found


def _subset(trials: SignalTrials, keep: NDArray[np.bool_]) -> tuple[Array, NDArray[np.int64]]:
    return trials.X[keep], trials.y[keep]


def electromyogram(per_session: int) -> dict[str, Any]:
    """Let cross validation choose the order on each person's gestures, folds parted by segment: test on the session that was not seen."""
    trials = forearm_emg(per_session=per_session)
    return {who: _chosen(trials, who) for who in ("mg", "rr")}


def _chosen(trials: SignalTrials, who: str) -> dict[str, Any]:
    """Return the order chosen for one person, and what it and order 1 achieve."""
    own = np.asarray(trials.subject) == who
    first = own & (np.asarray(trials.session) == "s1")
    X, y = _subset(trials, first)
    groups = np.asarray(trials.groups)[first]
    scores = landscape(X, y, [1, 2, 4], [1, 2], GroupKFold(5), groups)
    (order, lag), _ = max(scores.items(), key=lambda item: item[1])
    found: dict[str, Any] = {"order": order, "lag": lag}
    for name, (p, q) in (("cm", (1, 1)), ("acm", (order, lag))):
        found[f"{name}_within"] = scores[p, q]
        pipeline = make_pipeline(_covariance(p, q, "oas"), _linear()).fit(X, y)
        found[f"{name}_across"] = float(pipeline.score(*_subset(trials, own & ~first)))
    return found


def imagery(seed: int, effect: float, snr: float) -> dict[str, float]:
    """Classify simulated motor imagery across sessions (rotated cap, other gains), each session recentred by its own mean."""
    trials = simulated_motor_imagery(80, 12, sessions=2, effect=effect, snr=snr, rng=seed)
    session = np.asarray(trials.session)
    first = session == session[0]
    found = {}
    for name, order, lag in (("cm", 1, 1), ("acm", 4, 4)):
        S = _covariance(order, lag, "oas").fit_transform(trials.X)
        for kind, matrices in (
            ("raw", S),
            ("recentred", DomainRecentre("riemann").fit_transform(S, domains=trials.session)),
        ):
            classifier = _linear("riemann").fit(matrices[first], trials.y[first])
            found[f"{name}_{kind}"] = float(classifier.score(matrices[~first], trials.y[~first]))
    return found


def imagery_landscape(seed: int, orders: list[int], lags: list[int]) -> dict[str, float]:
    """Return the cross-validated accuracy over order and lag on one session of simulated imagery, by key "order,lag"."""
    trials = simulated_motor_imagery(80, 8, sessions=1, effect=0.3, snr=0.0, rng=seed)
    search = ACMSearchCV(orders, lags, {"C": (1.0,)}, cv=3, covariance="oas", refit=False).fit(trials.X, trials.y)
    grid = np.asarray(search.landscape_)
    return {f"{p},{q}": float(grid[i, j]) for i, p in enumerate(orders) for j, q in enumerate(lags)}


def structure(seed: int) -> tuple[Array, Array]:
    """Return the exact augmented matrix (20, 20) of a process of 4 channels at order 5, and its blocks (5, 4, 4)."""
    gammas = np.asarray(reversed_var_pair(2, 4, 50, max_lag=4, rng=seed).truth["autocovariances"][0])
    return np.asarray(block_toeplitz(gammas)), gammas


def attractor(n: int = 1500, step: float = 0.1) -> tuple[Array, Array, int]:
    """Return a trajectory (n, 3) of Rössler's system, its first coordinate in delay coordinates (n, 2), and the lag, in samples.

    The lag is the first minimum of the self mutual information.
    """

    def velocity(_: float, state: Array) -> list[float]:
        x, y, z = state
        return [-y - z, x + 0.2 * y, 0.2 + z * (x - 5.7)]

    start, spare = 100.0, 60
    times = start + step * np.arange(n + spare)
    path = solve_ivp(velocity, (0.0, float(times[-1])), [1.0, 1.0, 0.0], t_eval=times, rtol=1e-9, atol=1e-9).y
    chosen = select_embedding(path[None, :1], method="ami+fnn", max_delay=spare - 10)
    lag = int(chosen.lag)
    return path[:, :n].T, np.stack([path[0, :n], path[0, lag : n + lag]], axis=1), lag
