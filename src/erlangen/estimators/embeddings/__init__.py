"""Embeddings of points by distances along their neighbour graph.

Definition: one file a final class; what they share is in :mod:`erlangen.estimators.embeddings.neighbour_embedding`.
Convention: scikit-learn's; lengths are in the unit of the points.
"""

from __future__ import annotations

from erlangen.estimators.embeddings.annotated import heat_geodesic
from erlangen.estimators.embeddings.diffusion_maps import DiffusionMaps
from erlangen.estimators.embeddings.heat_geodesic_embedding import HeatGeodesicEmbedding
from erlangen.estimators.embeddings.phate import PHATE
from erlangen.estimators.embeddings.random_walk_geodesic_embedding import RandomWalkGeodesicEmbedding
from erlangen.estimators.embeddings.shortest_path_embedding import ShortestPathEmbedding

__all__ = [
    "PHATE",
    "DiffusionMaps",
    "HeatGeodesicEmbedding",
    "RandomWalkGeodesicEmbedding",
    "ShortestPathEmbedding",
    "heat_geodesic",
]
