r"""The heat geodesic embedding with a power of the random walk in the place of the heat kernel.

Definition: :math:`d^2 = -4t \ln Q_{ij} + 4t\sigma \ln \tfrac12 (Q_{ii} + Q_{jj})`, :math:`Q = D^{1/2} P^t D^{-1/2}`
(Huguet et al. 2023, section on related methods).
Convention: t counts steps; the walk is lazy by a loop of weight one at each vertex, so that all parities are reached.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.estimators.embeddings.harnack_rows import HarnackRows
from erlangen.estimators.embeddings.jobs import thread_count
from erlangen.estimators.embeddings.neighbour_embedding import NeighbourEmbedding, Rows
from erlangen.estimators.embeddings.point_graph import PointGraph
from erlangen.estimators.embeddings.walk_time import walk_steps
from erlangen.operators import graph_distance, random_walk_kernel
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["RandomWalkGeodesicEmbedding"]

Array = NDArray[np.float64]


class RandomWalkGeodesicEmbedding(NeighbourEmbedding):
    """Embed points by heat-geodesic distances of the lazy random walk.

    A walk of t steps reaches t edges far; pairs beyond take the shortest path over what is reached, in the same unit.

    Parameters
    ----------
    n_components, n_neighbors, sigma, rho, smoothing, power, kernel, metric, n_landmarks, bridge, mds, weights, random_state, n_jobs
        See :class:`HeatGeodesicEmbedding`.
    t : "auto" or int
        Steps; ``auto`` is the knee of the von Neumann entropy.

    Attributes
    ----------
    embedding_, stress_, graph_, connected_, n_connected_components_, landmarks_, t_, sigma_, power_, scale_
        See :class:`HeatGeodesicEmbedding`.
    unreached_ : float
        Share of the pairs that the walk did not reach.

    Examples
    --------
    >>> from erlangen.datasets import swiss_roll
    >>> RandomWalkGeodesicEmbedding(t=20).fit_transform(swiss_roll(200, rng=0).X).shape
    (200, 2)
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        n_neighbors: int = 10,
        t: Any = "auto",
        sigma: Any = "auto",
        rho: float = 0.0,
        smoothing: Any = "auto",
        power: Any = "auto",
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
        self.t = t
        self.sigma = sigma
        self.rho = rho
        self.smoothing = smoothing
        self.power = power
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
        graph = place.graph
        if isinstance(self.t, str):
            check_choice(self.t, "t", ("auto",))
            self.t_ = walk_steps(graph)
        else:
            self.t_ = check_integer(self.t, "t", low=1)
        automatic = isinstance(self.sigma, str) and self.sigma == "auto"
        self.sigma_ = 1.0 if automatic else check_real(self.sigma, "sigma", low=0.0, high=2.0)
        self.unreached_ = 0.0
        volumes = _return_probabilities(place, self.t_, thread_count(self.n_jobs)) if self.sigma_ else np.ones(graph.n)
        hops = graph.weights.copy()
        hops.data = np.sqrt(-4.0 * self.t_ * np.log(np.minimum(0.5, hops.data / (1 + hops.data))))

        distances = HarnackRows(self.t_, self.sigma_)

        def rows(chosen: NDArray[np.int64]) -> Array:
            Q = random_walk_kernel(
                graph, self.t_, sources=chosen, form="symmetric", self_loops=1.0, threads=thread_count(self.n_jobs)
            )
            return self._reached(distances(Q, chosen, volumes), hops, chosen, graph.components(), len(sources))

        return rows

    def _reached(self, D: Array, hops: Any, chosen: NDArray[np.int64], label: NDArray[np.int32], total: int) -> Array:
        """Fill pairs of one component that the walk did not reach: their paths in hops, in the unit of the largest distance reached."""
        beyond = np.isinf(D) & (label[chosen][:, None] == label)
        if beyond.any():
            paths = graph_distance(hops, chosen)
            usable = np.isfinite(D) & (D > 0)
            far = float(D.max(initial=0.0, where=usable))
            unit = far / float(paths.max(initial=np.finfo(np.float64).tiny, where=usable))
            D[beyond] = np.maximum(far, paths[beyond] * unit)
            self.unreached_ += float(np.count_nonzero(beyond)) / (total * D.shape[1])
        return D


def _return_probabilities(place: PointGraph, steps: int, threads: int | None) -> Array:
    """Return the diagonal (n,) of the walk's power, in blocks of rows."""
    n = place.graph.n
    out = np.empty(n)
    size = max(1, 4_000_000 // n)
    for start in range(0, n, size):
        block = np.arange(start, min(n, start + size))
        Q = random_walk_kernel(place.graph, steps, sources=block, form="symmetric", self_loops=1.0, threads=threads)
        out[block] = Q[np.arange(len(block)), block]
    return out
