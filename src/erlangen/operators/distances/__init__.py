"""Distances that heat, walks, currents and paths carry, all as functions of rows.

Definition: each name is documented where it is defined.
Convention: results are (m, n), zero for a vertex itself, infinite for unreached pairs; nothing is floored.
"""

from __future__ import annotations

from erlangen.operators.distances.bridges import bridge_components
from erlangen.operators.distances.calibrated import calibrated_distance
from erlangen.operators.distances.diffusion import diffusion_distance
from erlangen.operators.distances.harnack import HarnackReport, harnack_distance
from erlangen.operators.distances.matern import MaternInverse, log_matern
from erlangen.operators.distances.multiscale import multiscale_distance, multiscale_weights
from erlangen.operators.distances.pagerank import pagerank_distance
from erlangen.operators.distances.paths import graph_distance, neighbour_lengths
from erlangen.operators.distances.potential import potential_distance
from erlangen.operators.distances.resistance import resistance_distance
from erlangen.operators.distances.triplet import denoise, triplet_distance
from erlangen.operators.distances.varadhan import varadhan_distance

__all__ = [
    "HarnackReport",
    "MaternInverse",
    "bridge_components",
    "calibrated_distance",
    "denoise",
    "diffusion_distance",
    "graph_distance",
    "harnack_distance",
    "log_matern",
    "multiscale_distance",
    "multiscale_weights",
    "neighbour_lengths",
    "pagerank_distance",
    "potential_distance",
    "resistance_distance",
    "triplet_distance",
    "varadhan_distance",
]
