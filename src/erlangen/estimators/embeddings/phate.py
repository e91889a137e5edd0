r"""PHATE: potential distances of a random walk, placed by metric scaling.

Definition: :math:`\| U_\gamma(P^t(x, \cdot)) - U_\gamma(P^t(y, \cdot)) \|`, :math:`U_1 = -\ln(\cdot + 10^{-7})`, P the walk of the
alpha-decay kernel with loops (Moon et al. 2019).
Convention: with landmarks, potentials are compared over the landmarks' columns of the power, computed exactly; embeddings are in units of potential.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.estimators.embeddings.jobs import thread_count
from erlangen.estimators.embeddings.neighbour_embedding import NeighbourEmbedding, Rows
from erlangen.estimators.embeddings.point_graph import PointGraph
from erlangen.estimators.embeddings.walk_time import walk_steps
from erlangen.operators import Graph, random_walk_kernel
from erlangen.validation import check_choice, check_integer, check_memory, check_real

__all__ = ["PHATE"]

_FLOOR = 1e-7

Array = NDArray[np.float64]


class PHATE(NeighbourEmbedding):
    r"""Embed points by their potential distances.

    Parameters
    ----------
    n_components, n_neighbors, anisotropy, metric, n_pca, bridge, random_state, n_jobs
        See :class:`HeatGeodesicEmbedding`; nothing is smoothed.
    decay : float
        Exponent of the kernel.
    t : "auto" or int
        Steps of the walk; ``auto`` is the knee of the von Neumann entropy. Above some 5,000 points it can be too short, so that the picture
        folds: compare with t = 100 there.
    gamma : float
        In [-1, 1]: 1 logarithmic potential, 0 square roots, -1 the probabilities themselves.
    n_landmarks : "auto", int or None
        Landmarks; ``None`` all points, ``auto`` all up to 5,000 and 500 above.
    mds : {"sgd", "smacof", "classical"}
        Metric scaling, with equal weights.

    Attributes
    ----------
    embedding_, stress_, graph_, connected_, n_connected_components_, landmarks_
        See :class:`HeatGeodesicEmbedding`.
    t_ : int
        Steps used.

    Raises
    ------
    DomainError
        From :meth:`fit`, if a parameter lies outside its range.

    References
    ----------
    K. R. Moon et al., Nature Biotechnology 37 (2019) 1482.

    Examples
    --------
    >>> from erlangen.datasets import tree
    >>> PHATE(n_neighbors=5).fit_transform(tree(3, 40, rng=0).X).shape
    (120, 2)
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        n_neighbors: int = 5,
        decay: float = 40.0,
        t: Any = "auto",
        gamma: float = 1.0,
        anisotropy: float = 0.0,
        metric: str = "euclidean",
        n_pca: int | None = 100,
        n_landmarks: Any = "auto",
        bridge: bool = True,
        mds: str = "sgd",
        weights: str = "uniform",
        random_state: Any = 0,
        n_jobs: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.n_neighbors = n_neighbors
        self.decay = decay
        self.t = t
        self.gamma = gamma
        self.anisotropy = anisotropy
        self.metric = metric
        self.n_pca = n_pca
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
        gamma = check_real(self.gamma, "gamma", low=-1.0, high=1.0)
        if isinstance(self.t, str):
            check_choice(self.t, "t", ("auto",))
            self.t_ = walk_steps(graph)
        else:
            self.t_ = check_integer(self.t, "t", low=1)
        check_memory(24.0 * graph.n * len(sources), f"potentials of {graph.n} points")
        U = _potentials(graph, self.t_, sources, gamma, thread_count(self.n_jobs))
        squares = np.einsum("ij,ij->i", U, U)
        components = graph.components()

        def rows(chosen: NDArray[np.int64]) -> Array:
            D = squares[chosen][:, None] + squares - 2.0 * (U[chosen] @ U.T)
            D = np.sqrt(np.maximum(D, 0.0))
            D[components[chosen][:, None] != components] = np.inf
            D[np.arange(len(chosen)), chosen] = 0.0
            return D

        return rows


def _potentials(graph: Graph, steps: int, columns: NDArray[np.int64], gamma: float, threads: int | None) -> Array:
    """Return the potentials (n, m) of all points over some columns of the walk's power, less their means: distances stay."""
    if graph.n < 3:
        message = f"the graph has {graph.n} vertices; at least 3 are needed"
        raise DomainError(message, hint="pass more points")
    P = random_walk_kernel(graph, steps, sources=columns, self_loops=1.0, threads=threads)
    # Reversibility: P(i, l) d_i = P(l, i) d_l, so that columns follow from rows.
    degrees = graph.degrees + 1.0
    P *= degrees[columns][:, None]
    P /= degrees
    if gamma == 1:
        P += _FLOOR
        np.log(P, out=P)
    else:
        np.power(P, (1 - gamma) / 2, out=P)
        P *= 2 / (1 - gamma)
    U = np.ascontiguousarray(P.T)
    U -= U.mean(axis=0)
    return U
