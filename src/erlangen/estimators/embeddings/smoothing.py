r"""Whether coordinates should be smoothed before distances are read off their graph.

Definition: where noise has opened shortcuts between distant parts of the data, heat covers half of the graph within
90 jumps; then coordinates flow for one jump, on a graph of three times as many neighbours.
Convention: the strength is a time in mean jumps of the walk; clean manifolds keep their points where they are.
"""

from __future__ import annotations

import numpy as np

from erlangen.estimators.embeddings.heat_source import heat_way
from erlangen.estimators.embeddings.heat_time import covered_share, some_vertices, time_bounds
from erlangen.operators import Graph, HeatOperator

__all__ = ["MIXED", "automatic_smoothing"]

MIXED = 0.5
_STRENGTH = 1.0
_LONGER = 1.5  # 90 jumps where the least time has 60
_SEED = 0


def automatic_smoothing(graph: Graph, *, threads: int | None = None) -> float:
    """Return 1 where heat covers half of the graph within 90 jumps (of a small graph, within 0.27 a vertex), otherwise 0.

    Examples
    --------
    >>> from erlangen.datasets import swiss_roll
    >>> from erlangen.operators import knn_graph
    >>> [automatic_smoothing(knn_graph(swiss_roll(500, noise=s, dim=10, rng=0).X, 10)) for s in (0.1, 1.5)]
    [0.0, 1.0]
    """
    t = _LONGER * time_bounds(graph, "combinatorial")[0]
    sources = some_vertices(graph.n, np.random.default_rng(_SEED))
    H = HeatOperator(graph, t, method=heat_way(graph, "auto"), steps=6, threads=threads).rows(sources)
    share = covered_share(graph, H, sources)
    return _STRENGTH if share >= MIXED else 0.0
