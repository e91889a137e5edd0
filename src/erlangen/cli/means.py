"""Means of covariances with their certificates, and the distances to and between them.

Definition: the mean under a metric or divergence (:meth:`erlangen.manifolds.Metric.mean`) of all matrices, or of each class.
Convention: a refusal of matrices says what the spectra of all of them ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.cli.classification import features
from erlangen.cli.recipe import Recipe
from erlangen.cli.signals.signals import Signals
from erlangen.errors import NotSPDError
from erlangen.linalg import condition_report
from erlangen.manifolds import divergence_named

__all__ = ["between", "condition_report", "matrices", "means"]

Array = NDArray[Any]


def matrices(signals: Signals, estimator: str, *, given: bool) -> Array:
    """Return the covariances of trials, or the matrices that are given.

    Raises
    ------
    NotSPDError
        With its index, and what the spectra ask for.
    """
    try:
        return features(Recipe(estimator, matrices=given), signals.X, signals.name)
    except NotSPDError as error:
        if given:
            error.hint = condition_report(signals.X).advice
        raise


def means(
    C: Array,
    metric: str,
    weights: Array | None,
    labels: Array | None,
    limits: Mapping[str, Any],
    *,
    on_progress: Callable[[int, int, str], None],
) -> list[dict[str, Any]]:
    """Return the mean of all, or of each class, with its certificate and the distances to it; ``limits`` are ``tol`` and ``max_iter``."""
    geometry: Any = divergence_named(metric)
    classes: list[Any] = [None] if labels is None else np.unique(labels).tolist()
    found = []
    for k, value in enumerate(classes):
        on_progress(k, len(classes), "" if value is None else str(value))
        own = np.flatnonzero(np.ones(len(C), dtype=bool) if labels is None else labels == value)
        chosen = None if weights is None else weights[own]
        mean, certificate = geometry.mean(C[own], chosen, certificate=True, **limits)
        found.append({"class": value, "count": len(own), "mean": np.asarray(mean), **_told(certificate)})
        found[-1]["distances"] = _distances(np.asarray(geometry.dist(C[own], mean)), own)
    return found


def _told(certificate: Any) -> dict[str, Any]:
    """Return a certificate as plain values."""
    return {
        "method": certificate.method,
        "iterations": certificate.iterations,
        "residual": float(certificate.residual),
        "tolerance": float(certificate.tolerance),
        "converged": bool(certificate.converged),
    }


def _distances(distances: Array, own: Array) -> dict[str, Any]:
    """Return median and largest of the distances to a mean, and which trial that is."""
    far = int(np.argmax(distances))
    return {"median": float(np.median(distances)), "largest": float(distances[far]), "of": int(own[far])}


def between(found: Array, metric: str) -> list[list[float]]:
    """Return the distances between means (K, n, n); nothing for one.

    Examples
    --------
    >>> between(np.array([[[1.0]], [[np.e]]]), "riemann")
    [[0.0, 1.0], [1.0, 0.0]]
    """
    if len(found) < 2:
        return []
    geometry: Any = divergence_named(metric)
    return [list(map(float, geometry.dist(found, np.broadcast_to(mean, found.shape)))) for mean in found]
