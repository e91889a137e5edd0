r"""The heat geodesic embedding: distances read off the heat kernel of a neighbour graph, placed by metric scaling.

Definition: :math:`d_t(i,j)^2 = -4t \ln H_t(i,j) + 4t\sigma \ln \tfrac12 (H_t(i,i) + H_t(j,j))` (Huguet et al. 2023, definition 4.1).
Convention: t is in units of 1/weight; the kernel is :math:`(I + \tfrac tS L)^{-S}` to full relative accuracy in every entry, so that logarithms need no floor.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.estimators.embeddings.distance_kinds import DISTANCES, calibrated_time, kind_rows
from erlangen.estimators.embeddings.heat_source import HEAT_METHODS, HeatSource, heat_way
from erlangen.estimators.embeddings.heat_time import automatic_time
from erlangen.estimators.embeddings.jobs import thread_count
from erlangen.estimators.embeddings.neighbour_embedding import NeighbourEmbedding, Rows
from erlangen.estimators.embeddings.point_graph import PointGraph
from erlangen.operators import HeatOperator, heat_kernel, multiscale_distance
from erlangen.operators.graph import LAPLACIANS
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["HeatGeodesicEmbedding"]


class HeatGeodesicEmbedding(NeighbourEmbedding):
    r"""Embed points so that distances in the plane are geodesic distances along the data.

    Parameters
    ----------
    n_components : int
        Dimensions of the embedding, d.
    n_neighbors : int
        Neighbours in the graph, k.
    t : "auto", float or sequence of float
        Diffusion time; several times are averaged with the weights of :func:`erlangen.operators.multiscale_weights`. ``auto`` takes the
        shortest time at which heat covers 70 % of the data, between 60 and 300 jumps of the walk.
    sigma : "auto" or float
        Weight of the volume term, 0 to 2. ``auto`` is 1, the largest value at which no radicand can be negative, as
        :math:`H_{ij} \le (H_{ii} + H_{jj})/2`.
    rho : float
        Share of the triplet distance, 0 to 1.
    smoothing : "auto" or float
        Heat flow of the coordinates before the graph is built, in mean jumps; 0 leaves the points where they are. ``auto`` is 1 where noise
        has opened shortcuts, so that heat covers half of the graph within 90 jumps, and 0 elsewhere.
    power : "auto" or float
        Power of the dissimilarity; ``auto`` is the one at which midpoints lie in the middle, see the notes (1 for distances that are lengths).
    distance : {"harnack", "varadhan", "calibrated", "diffusion", "potential", "resistance", "pagerank", "graph"}
        What is read off the graph: the dissimilarity of the paper, the same without volume term, the kernel of implicit steps inverted in the
        estimated dimension (lengths in the unit of the points), or one of its relatives; ``resistance`` and ``graph`` know no time.
    laplacian : {"combinatorial", "symmetric", "random-walk", "mass"}
        Kind of Laplacian; the random walk's symmetric form is taken.
    kernel, decay, anisotropy, metric
        Of the graph, see :func:`erlangen.operators.knn_graph`; ``metric="precomputed"`` takes a graph instead of points: weights (n, n)
        dense or sparse, a :class:`erlangen.operators.Graph`, a networkx graph, or an AnnData object with ``obsp["connectivities"]``.
    n_pca : int, optional
        Project the points on so many principal axes first.
    method : {"auto", "euler", "uniformisation", "squaring"}
        How heat is computed; ``auto`` takes implicit steps unless their factor would be too large.
    steps : int
        Implicit steps S.
    n_landmarks : "auto", int or None
        Points from which heat is started; ``None`` all pairs, ``auto`` all up to 5,000 points and 500 landmarks above.
    bridge : bool
        Join components of the graph by the shortest bridges, or embed them one by one.
    mds : {"sgd", "smacof", "classical"}
        Metric scaling.
    weights : {"inverse-square", "uniform", "inverse", "gaussian", "heat"}
        Weights of the stress; ``heat`` emphasises near points as stochastic neighbour embedding does.
    random_state : int, Generator or None
        Of landmarks and the order of descent; fixed by default.
    n_jobs : int, optional
        Threads (default: all processors).

    Attributes
    ----------
    embedding_ : ndarray (n, d)
        The places, in the unit of the points.
    t_ : float
        The (longest) time used.
    sigma_, power_, scale_ : float
        What was used of volume term, power and unit.
    stress_ : float
        Normalised stress of what was scaled.
    graph_ : Graph
        The graph on distinct points.
    connected_, n_connected_components_ : bool, int
        Whether the graph is connected, and into how many parts it falls.
    landmarks_ : ndarray (m,) or None
        Rows of ``X`` that are landmarks.
    dissimilarity_, landmark_distances_
        Distances (n, n) where all pairs were computed, (n, m) to the landmarks.

    Raises
    ------
    DomainError
        From :meth:`fit`, if a parameter lies outside its range or the points are too few.
    ResourceLimitError
        From :meth:`fit`, if the distances would not fit in memory.

    Notes
    -----
    At finite t the dissimilarity is a concave function of length. On a geodesic space the midpoint of i and j has
    :math:`\max(D_{ik}, D_{kj}) = D_{ij}/2`; the power for which this holds in the median makes a length of it.

    References
    ----------
    G. Huguet, A. Tong, E. De Brouwer, Y. Zhang, G. Wolf, I. Adelstein, S. Krishnaswamy, *A heat diffusion perspective on geodesic
    preserving dimensionality reduction*, NeurIPS 2023, arXiv 2305.19043.

    Examples
    --------
    >>> from erlangen.datasets import swiss_roll
    >>> from erlangen.estimators.scores import distance_correlation
    >>> roll = swiss_roll(500, noise=0.1, rng=0)
    >>> embedding = HeatGeodesicEmbedding().fit(roll.X)
    >>> embedding.embedding_.shape
    (500, 2)
    >>> bool(distance_correlation(embedding.dissimilarity_, roll.geodesics()) > 0.98)
    True
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
        distance: str = "harnack",
        laplacian: str = "combinatorial",
        kernel: str = "alpha-decay",
        decay: float = 40.0,
        anisotropy: float = 0.0,
        metric: str = "euclidean",
        n_pca: int | None = None,
        method: str = "auto",
        steps: int = 6,
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
        self.distance = distance
        self.laplacian = laplacian
        self.kernel = kernel
        self.decay = decay
        self.anisotropy = anisotropy
        self.metric = metric
        self.n_pca = n_pca
        self.method = method
        self.steps = steps
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
        check_choice(self.laplacian, "laplacian", LAPLACIANS)
        way = heat_way(graph, check_choice(self.method, "method", HEAT_METHODS))
        self.sigma_ = 1.0 if isinstance(self.sigma, str) and self.sigma == "auto" else _checked_sigma(self.sigma)
        options: dict[str, Any] = {
            "laplacian": self.laplacian,
            "method": way,
            "steps": check_integer(self.steps, "steps", low=1),
            "threads": thread_count(self.n_jobs),
        }
        kind = check_choice(self.distance, "distance", DISTANCES)
        made: dict[float, HeatOperator] = {}
        times = self._times(place, options, rng, made)
        self.t_ = max(times)
        self._heat_of = partial(heat_kernel, graph, self.t_, **options)
        if kind in ("harnack", "varadhan"):
            self.sigma_ = self.sigma_ if kind == "harnack" else 0.0
            common: dict[str, Any] = {"sigma": self.sigma_, "sources": sources, "rng": rng, **options}
            heats = [HeatSource(graph, t, heat=made.get(t), **common) for t in times]
            scales: list[Rows] = [heat.rows for heat in heats]
        else:
            scales = [kind_rows(kind, place, t, sources, rng, **options) for t in times]
        if len(scales) == 1:
            return scales[0]
        return lambda chosen: multiscale_distance([rows(chosen) for rows in scales], times)

    def _times(
        self, place: PointGraph, options: dict[str, Any], rng: np.random.Generator, made: dict[float, HeatOperator]
    ) -> list[float]:
        """Return the times asked for, or the automatic one, whose operator is left in ``made``."""
        graph = place.graph
        if isinstance(self.t, str):
            check_choice(self.t, "t", ("auto",))
            if self.distance == "calibrated" and place.places is not None:
                return [calibrated_time(place)]

            def rows(t: float, vertices: NDArray[np.int64]) -> NDArray[np.float64]:
                made.clear()
                made[t] = HeatOperator(graph, t, **options)
                return made[t].rows(vertices)

            t = automatic_time(graph, self.laplacian, rows, rng)
            if self.laplacian == "random-walk":
                made.clear()
            return [t]
        many = [self.t] if np.ndim(self.t) == 0 else list(self.t)
        if not many:
            message = "t is an empty list of times"
            raise DomainError(message, hint="pass a positive number, or 'auto'")
        return [check_real(t, "t", low=0.0, open_low=True) for t in many]

    def _heat_weights(self, columns: NDArray[np.int64]) -> NDArray[np.float64]:
        H = self._heat_of(sources=columns)[:, columns]
        return np.asarray((H + H.T) / 2)


def _checked_sigma(sigma: Any) -> float:
    """Return sigma in [0, 2]; texts other than 'auto' are refused by name."""
    if isinstance(sigma, str):
        check_choice(sigma, "sigma", ("auto",))
    return check_real(sigma, "sigma", low=0.0, high=2.0)
