"""Estimators in scikit-learn's form, metric scaling below them, and the scores that judge them.

Definition: each name is documented where it is defined, and loaded when it is first used (PEP 562).
Convention: ``fit``, ``transform``, ``predict`` as scikit-learn means them; ``mds`` and ``scores`` are pure functions on distances and points.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = [
    "MDM",
    "PHATE",
    "VAR",
    "ACMSearchCV",
    "AugmentedCovariance",
    "AugmentedCovarianceClassifier",
    "Covariances",
    "CrossSession",
    "CrossSubject",
    "DelayEmbedding",
    "DiffusionMaps",
    "DomainRecentre",
    "FgMDM",
    "HeatGeodesicEmbedding",
    "KNearestNeighbour",
    "RandomWalkGeodesicEmbedding",
    "ResultTable",
    "SPDNetClassifier",
    "ShortestPathEmbedding",
    "TangentSpace",
    "WithinSession",
    "covariances",
    "embeddings",
    "evaluate",
    "evaluation",
    "heat_geodesic",
    "mds",
    "paired_test",
    "scores",
    "search",
    "select_embedding",
    "timeseries",
]

# The module each estimator lives in; the other names are rooms of functions.
_HOMES: dict[str, str] = {
    "PHATE": "embeddings",
    "AugmentedCovariance": "timeseries",
    "DelayEmbedding": "timeseries",
    "VAR": "timeseries",
    "DiffusionMaps": "embeddings",
    "HeatGeodesicEmbedding": "embeddings",
    "RandomWalkGeodesicEmbedding": "embeddings",
    "ShortestPathEmbedding": "embeddings",
    "heat_geodesic": "embeddings",
    "select_embedding": "timeseries",
    "ACMSearchCV": "search",
    "AugmentedCovarianceClassifier": "search",
    "MDM": "covariances",
    "Covariances": "covariances",
    "DomainRecentre": "covariances",
    "FgMDM": "covariances",
    "KNearestNeighbour": "covariances",
    "SPDNetClassifier": "covariances",
    "TangentSpace": "covariances",
    "CrossSession": "evaluation",
    "CrossSubject": "evaluation",
    "ResultTable": "evaluation",
    "WithinSession": "evaluation",
    "evaluate": "evaluation",
    "paired_test": "evaluation",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"erlangen.estimators.{_HOMES[name]}"), name)
    if name in __all__:
        return import_module(f"erlangen.estimators.{name}")
    message = f"module 'erlangen.estimators' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
