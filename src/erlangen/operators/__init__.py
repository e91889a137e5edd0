"""Operators on graphs: neighbour graphs, Laplacians, the heat semigroup, and the distances that heat carries.

Definition: each name is documented where it is defined.
Convention: rows are sources; time t is in units of 1 / weight (combinatorial) or without unit (symmetric, random walk).
"""

from __future__ import annotations

from erlangen.operators.affinity import adaptive_bandwidths, bistochastic, knn_graph
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

__all__ = [
    "Graph",
    "HeatCertificate",
    "HeatOperator",
    "adaptive_bandwidths",
    "bistochastic",
    "cross_neighbours",
    "diffusion_entropy",
    "heat_action",
    "heat_diagonal",
    "heat_kernel",
    "heat_trace",
    "knee",
    "knn_graph",
    "merge_duplicates",
    "nearest_neighbours",
    "von_neumann_entropy",
]
