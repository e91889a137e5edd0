"""Operators on graphs: neighbour graphs, Laplacians, the heat semigroup, and the distances that heat carries.

Definition: each name is documented where it is defined.
Convention: rows are sources; time t is in units of 1 / weight (combinatorial) or without unit (symmetric, random walk).
"""

from __future__ import annotations

from erlangen.operators.affinity import adaptive_bandwidths, bistochastic, knn_graph
from erlangen.operators.distances import (
    HarnackReport,
    MaternInverse,
    bridge_components,
    calibrated_distance,
    denoise,
    diffusion_distance,
    graph_distance,
    harnack_distance,
    log_matern,
    multiscale_distance,
    multiscale_weights,
    neighbour_lengths,
    pagerank_distance,
    potential_distance,
    resistance_distance,
    triplet_distance,
    varadhan_distance,
)
from erlangen.operators.graph import Graph
from erlangen.operators.heat import (
    HeatCertificate,
    HeatOperator,
    diffusion_entropy,
    heat_action,
    heat_diagonal,
    heat_kernel,
    heat_trace,
    knee,
    von_neumann_entropy,
)
from erlangen.operators.neighbours import cross_neighbours, merge_duplicates, nearest_neighbours
from erlangen.operators.random_walk import random_walk_kernel

__all__ = [
    "Graph",
    "HarnackReport",
    "HeatCertificate",
    "HeatOperator",
    "MaternInverse",
    "adaptive_bandwidths",
    "bistochastic",
    "bridge_components",
    "calibrated_distance",
    "cross_neighbours",
    "denoise",
    "diffusion_distance",
    "diffusion_entropy",
    "graph_distance",
    "harnack_distance",
    "heat_action",
    "heat_diagonal",
    "heat_kernel",
    "heat_trace",
    "knee",
    "knn_graph",
    "log_matern",
    "merge_duplicates",
    "multiscale_distance",
    "multiscale_weights",
    "nearest_neighbours",
    "neighbour_lengths",
    "pagerank_distance",
    "potential_distance",
    "random_walk_kernel",
    "resistance_distance",
    "triplet_distance",
    "varadhan_distance",
    "von_neumann_entropy",
]
