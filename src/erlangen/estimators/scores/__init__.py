"""Scores of distances and embeddings: against true distances, neighbourhoods, labels, and withheld times.

Definition: each name is documented where it is defined; those that need scikit-learn load when they are first used (PEP 562).
Convention: pure functions; what is judged comes first, the truth second; the library's own distances mark an unreached pair by infinity.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from erlangen.estimators.mds.stress_values import kruskal_stress
from erlangen.estimators.scores.discrepancy import mmd
from erlangen.estimators.scores.distances import (
    NormErrors,
    distance_correlation,
    norm_errors,
    precision_at_k,
    saturated_fraction,
)
from erlangen.estimators.scores.neighbourhoods import continuity, demap, trustworthiness
from erlangen.estimators.scores.transport import TransportPlan, mccann_interpolation, sinkhorn, wasserstein

if TYPE_CHECKING:
    from erlangen.estimators.scores.clustering import ClusteringScores, clustering_scores, neighbour_accuracy
    from erlangen.estimators.scores.interpolation import InterpolationScores, interpolation_scores

__all__ = [
    "ClusteringScores",
    "InterpolationScores",
    "NormErrors",
    "TransportPlan",
    "clustering_scores",
    "continuity",
    "demap",
    "distance_correlation",
    "interpolation_scores",
    "kruskal_stress",
    "mccann_interpolation",
    "mmd",
    "neighbour_accuracy",
    "norm_errors",
    "precision_at_k",
    "saturated_fraction",
    "sinkhorn",
    "trustworthiness",
    "wasserstein",
]

_HOMES = {
    "ClusteringScores": "clustering",
    "InterpolationScores": "interpolation",
    "clustering_scores": "clustering",
    "interpolation_scores": "interpolation",
    "neighbour_accuracy": "clustering",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"erlangen.estimators.scores.{_HOMES[name]}"), name)
    message = f"module 'erlangen.estimators.scores' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
