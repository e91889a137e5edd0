"""Metric multidimensional scaling: points whose distances are those given.

Definition: classical scaling, majorisation (SMACOF), stochastic descent, landmarks and single points; each documented where it is defined.
Convention: NumPy input loads no torch; embeddings are centred and keep the units of the distances.
"""

from __future__ import annotations

from erlangen.estimators.mds.classical import classical_scaling
from erlangen.estimators.mds.landmarks import landmark_scaling
from erlangen.estimators.mds.majorisation import smacof
from erlangen.estimators.mds.mds_result import MDSResult
from erlangen.estimators.mds.placement import place_points
from erlangen.estimators.mds.stress_descent import stress_sgd
from erlangen.estimators.mds.stress_values import kruskal_stress, stress
from erlangen.estimators.mds.weights import weights_from

__all__ = [
    "MDSResult",
    "classical_scaling",
    "kruskal_stress",
    "landmark_scaling",
    "place_points",
    "smacof",
    "stress",
    "stress_sgd",
    "weights_from",
]
