"""Isomap on the neighbour graph: shortest paths, placed by metric scaling.

Definition: the length of the shortest path along edges of Euclidean length (Tenenbaum, de Silva, Langford 2000).
Convention: the same graph and layout as the heat geodesic embedding, so that only the distance differs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.estimators.embeddings.neighbour_embedding import NeighbourEmbedding, Rows
from erlangen.estimators.embeddings.point_graph import PointGraph
from erlangen.operators import graph_distance

__all__ = ["ShortestPathEmbedding"]


class ShortestPathEmbedding(NeighbourEmbedding):
    """Embed points by the lengths of shortest paths in their neighbour graph.

    Parameters
    ----------
    n_components, n_neighbors, smoothing, kernel, metric, n_landmarks, bridge, mds, weights, random_state, n_jobs
        See :class:`HeatGeodesicEmbedding`; nothing is smoothed by default. ``metric="precomputed"`` takes edge *lengths*.

    Attributes
    ----------
    embedding_, stress_, graph_, connected_, n_connected_components_, landmarks_
        See :class:`HeatGeodesicEmbedding`.

    References
    ----------
    J. B. Tenenbaum, V. de Silva, J. C. Langford, Science 290 (2000) 2319.

    Examples
    --------
    >>> x = np.linspace(0, 3, 60)
    >>> Z = ShortestPathEmbedding(1, n_neighbors=4).fit_transform(np.c_[np.cos(x), np.sin(x)])
    >>> bool(abs(abs(Z[-1, 0] - Z[0, 0]) - 3) < 0.05)
    True
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        n_neighbors: int = 10,
        smoothing: float = 0.0,
        kernel: str = "alpha-decay",
        metric: str = "euclidean",
        n_landmarks: Any = "auto",
        bridge: bool = True,
        mds: str = "sgd",
        weights: str = "inverse-square",
        random_state: Any = 0,
        n_jobs: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.n_neighbors = n_neighbors
        self.smoothing = smoothing
        self.kernel = kernel
        self.metric = metric
        self.n_landmarks = n_landmarks
        self.bridge = bridge
        self.mds = mds
        self.weights = weights
        self.random_state = random_state
        self.n_jobs = n_jobs

    def _dissimilarity_rows(
        self, place: PointGraph, sources: NDArray[np.int64], full: bool, rng: np.random.Generator
    ) -> Rows:
        lengths = place.graph.weights if place.places is None else place.lengths()
        return lambda chosen: graph_distance(lengths, chosen)
