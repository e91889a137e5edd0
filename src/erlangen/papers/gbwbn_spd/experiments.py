r"""The experiments of the paper, each a function from plain arguments to plain numbers, so that it can be a row of a run.

Definition: spread after the layer against the scale of the batch; gestures across sessions; networks with one normalisation or another on matrices
of controlled condition and on evoked potentials (Wang et al. 2025, sections 4 and 5).
Convention: accuracies; a gain is over the same network, data and seed without normalisation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from erlangen.datasets import conditioned_spd, forearm_emg, mamem_ssvep
from erlangen.edges import to_numpy, to_tensor
from erlangen.estimators import MDM, Covariances, DomainRecentre, SPDNetClassifier, TangentSpace
from erlangen.manifolds import AffineInvariant, BuresWasserstein, LogCholesky, LogEuclidean, Metric
from erlangen.nn import SPDBatchNorm

__all__ = ["NORMS", "PATHS", "conditioned", "evoked_potentials", "gestures", "paths", "spread"]

Array = NDArray[np.float64]
_SVM = {"raw": None, "recentred": False, "recentred and scaled": True}


def spread(scale: float, seed: int) -> dict[str, float]:
    """Normalise one batch, multiplied by ``scale``, as released and with the variance about the mean; measure what comes out.

    ``folds`` is the share of samples that leave the domain of the exponential in the released form.
    """
    rng = np.random.default_rng(seed)
    G = rng.normal(size=(200, 12, 24))
    X = scale * (G @ G.transpose(0, 2, 1) / 24)
    found = {}
    for name, options in (
        ("released", {"variance": "released", "on_domain_exit": "fold"}),
        ("ours", {"mean_iterations": "converged"}),
    ):
        layer = SPDBatchNorm(12, metric="wasserstein", **options).train()  # type: ignore[arg-type]
        out = np.asarray(to_numpy(layer(to_tensor(X, "X"))))
        metric = BuresWasserstein()
        mean = metric.mean(out)
        found[name] = float(np.mean(metric.squared_dist(mean, out)))
        found[f"{name}_offset"] = float(np.linalg.norm(mean - np.eye(12)))
    found["folds"] = _folds(X)
    return found


def _folds(X: Array) -> float:
    """Return the share of samples whose vector, carried to I, lies outside the domain of the exponential there."""
    metric, identity = BuresWasserstein(), np.eye(X.shape[-1])
    mean = metric.mean(X)
    carried = metric.transport(mean, identity, metric.log(mean, X))
    return float(np.mean(~np.asarray(metric.in_exp_domain(identity, carried))))


def gestures(per_session: int) -> dict[str, dict[str, float]]:
    """Train on one session of a person's electromyogram, test on the other, both ways: sessions as they are, recentred, and scaled."""
    trials = forearm_emg(per_session=per_session)
    S = Covariances("oas").fit_transform(trials.X)
    person, session = np.asarray(trials.subject), np.asarray(trials.session)
    return {who: _across(S[person == who], trials.y[person == who], session[person == who]) for who in ("mg", "rr")}


def _across(S: Array, y: NDArray[np.int64], session: NDArray[np.str_]) -> dict[str, float]:
    """Return the mean accuracy on the other session, by classifier and by what was done to the sessions."""
    found: dict[str, list[float]] = {}
    for name, dispersion in _SVM.items():
        matrices = S
        if dispersion is not None:
            matrices = DomainRecentre("riemann", dispersion=dispersion).fit_transform(S, domains=session)
        for first in ("s1", "s2"):
            train = session == first
            for kind, classifier in (
                ("mdm", MDM(metric="riemann")),
                ("svm", make_pipeline(TangentSpace(metric="riemann"), StandardScaler(), SVC())),
            ):
                score = classifier.fit(matrices[train], y[train]).score(matrices[~train], y[~train])
                found.setdefault(f"{kind} {name}", []).append(float(score))
    return {name: float(np.mean(values)) for name, values in found.items()}


NORMS: dict[str, str | None] = {
    "none": None,
    "wasserstein": "wasserstein",
    "riemann": "riemann",
    "logeuclid": "logeuclid",
}


def conditioned(condition: float, norm: str, seed: int, epochs: int) -> float:
    """Return the test accuracy of a network on two classes of matrices whose means have a given condition number."""
    sample = conditioned_spd(300, 10, condition=condition, separation=1.0, dispersion=1.0, rng=seed)
    train = np.arange(300) < 150
    network = SPDNetClassifier(
        (6,), NORMS[norm], max_epochs=epochs, batch_size=30, lr=5e-3, validation_fraction=0.0, random_state=seed
    )
    return float(network.fit(sample.X[train], sample.y[train]).score(sample.X[~train], sample.y[~train]))


def evoked_potentials(subject: int, folder: str, norm: str, seed: int, epochs: int) -> dict[str, float]:
    """Train the paper's network on the first 300 trials of one subject; return the accuracy on both blocks that follow.

    125 spatial filters, 15 filters of width 36 in time, covariance, 15 to 12, normalisation, rectifier, logarithm, one linear layer;
    batches of 30, no early stopping, no choice of the epoch.
    """
    trials = mamem_ssvep(subject, folder=folder or None)
    train = slice(0, 300)
    network = SPDNetClassifier(
        (12,),
        NORMS[norm],
        filters=(125, 15, 36),
        max_epochs=epochs,
        batch_size=30,
        lr=2e-3,
        validation_fraction=0.0,
        random_state=seed,
    ).fit(trials.X[train], trials.y[train])
    blocks = {"first": slice(300, 400), "second": slice(400, 500)}
    return {name: float(network.score(trials.X[part], trials.y[part])) for name, part in blocks.items()}


PATHS: dict[str, Metric] = {
    "riemann": AffineInvariant(),
    "logeuclid": LogEuclidean(),
    "logchol": LogCholesky(),
    "wasserstein": BuresWasserstein(),
    "generalised": BuresWasserstein(M=np.array([[0.12, 0.0], [0.0, 1.0]])),
}


def paths(steps: int = 61) -> dict[str, Any]:
    """Return the geodesics (steps, 2, 2) of five metrics between two matrices, and where an exponential at I folds."""
    P, Q = np.array([[3.2, 0.75], [0.75, 0.22]]), np.array([[1.1, -1.35], [-1.35, 2.2]])
    t = np.linspace(0.0, 1.0, steps)
    times = np.linspace(0.0, 3.0, 151)
    velocity = np.diag([0.5, -1.2])
    return {
        "geodesics": {name: np.stack([metric.geodesic(P, Q, float(s)) for s in t]) for name, metric in PATHS.items()},
        "times": times,
        "eigenvalues": (1 + times[:, None] * np.diag(velocity) / 2) ** 2,
        "inside": float(2 / 1.2),
    }
