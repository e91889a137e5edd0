"""Geometries of covariances: means, distances and tangent coordinates of whole sets.

Definition: one file a geometry; :func:`geometry_of` finds one for a name or wraps a metric object of :mod:`erlangen.manifolds`.
Convention: names are pyriemann's.
"""

from __future__ import annotations

from erlangen.estimators.covariances.geometries.choice import geometries_of, geometry_of
from erlangen.estimators.covariances.geometries.geometry import Geometry

__all__ = ["Geometry", "geometries_of", "geometry_of"]
