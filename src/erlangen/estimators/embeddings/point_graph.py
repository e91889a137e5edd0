r"""Points joined to a neighbour graph, and the way new points join it.

Definition: duplicates become one vertex; coordinates may flow along the graph for a short time, :math:`Y = e^{-\tau L} X`, before the final graph is built on Y
(manifold denoising: Hein, Maier 2006); the strength is :math:`\tau` times the mean degree.
Convention: vertices are the distinct points in order of first appearance; ``rows`` maps each given point to its vertex.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.estimators.embeddings.jobs import thread_count
from erlangen.estimators.embeddings.smoothing import automatic_smoothing
from erlangen.operators import Graph, cross_neighbours, heat_action, knn_graph, merge_duplicates
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["PointGraph", "build_point_graph"]

_WIDER = 3
_STRONGEST = 100.0
_WEAKER = (1.0, 0.5, 0.25, 0.125)

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PointGraph:
    """Distinct points, where the flow took them, and their graph.

    Parameters
    ----------
    points : ndarray (n, p), or None
        Distinct points as given; ``None`` for a graph without coordinates.
    places : ndarray (n, p), or None
        The same after the flow.
    graph : Graph
        On the places.
    rows : ndarray (N,)
        The vertex of each given point.
    n_neighbors : int
        Neighbours of a vertex.
    options : dict
        Of the graph: kernel, metric, decay, search.
    tau : float
        Time of the flow.
    axes : ndarray (q, p), optional
        Principal axes on which the points were projected, about ``centre`` (q,).
    """

    points: Array | None
    places: Array | None
    graph: Graph
    rows: NDArray[np.int64]
    n_neighbors: int
    options: dict[str, Any]
    tau: float = 0.0
    axes: Array | None = None
    centre: Array | None = None

    @property
    def n(self) -> int:
        """Number of vertices."""
        return self.graph.n

    def lengths(self) -> Any:
        """Return the Euclidean lengths of the graph's edges between places, sparse (n, n); a length of zero becomes the smallest number."""
        if self.places is None:
            message = "the graph was given without points, so that its edges have no length"
            raise DomainError(message, hint="pass points, or a distance that needs no lengths")
        W = self.graph.weights
        source = np.repeat(np.arange(self.n), np.diff(W.indptr))
        length = np.linalg.norm(self.places[source] - self.places[W.indices], axis=1)
        return sp.csr_array((np.maximum(length, np.finfo(np.float64).tiny), W.indices, W.indptr), shape=W.shape)

    def join(self, X: Array) -> tuple[NDArray[np.int64], Array, NDArray[np.int64]]:
        r"""Return how new points hang on the graph.

        Returns
        -------
        neighbours : ndarray (m, k)
            Nearest vertices of each new point, among the places.
        affinities : ndarray (m, k)
            Theirs, :math:`e^{-(d/d_k)^a}`, whatever the kernel of the graph.
        same : ndarray (m,)
            The vertex that a new point coincides with, -1 where there is none.
        """
        if self.points is None or self.places is None:
            message = "the estimator was fitted on a graph without points: it cannot tell where new points are"
            raise DomainError(message, hint="fit on points to use transform")
        new = X if self.axes is None or self.centre is None else (X - self.centre) @ self.axes.T
        k = min(self.n_neighbors, self.n)
        search = {"metric": self.options["metric"], "n_jobs": self.options["n_jobs"]}
        near = min(_WIDER * k, self.n) if self.tau else k
        distances, indices = cross_neighbours(new, self.points, near, **search)
        same = self._same(new, indices)
        if self.tau:
            weights = _affinities(distances, self.options["decay"])
            pulled = (weights[:, :, None] * self.places[indices]).sum(axis=1)
            new = (new + self.tau * pulled) / (1 + self.tau * weights.sum(axis=1, keepdims=True))
            distances, indices = cross_neighbours(new, self.places, k, **search)
        return indices, _affinities(distances, self.options["decay"]), same

    def _same(self, new: Array, indices: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return which of the nearest vertices (m, k) each point coincides with, -1 for none; projected points up to rounding."""
        points = np.empty((0, 0)) if self.points is None else self.points
        rounding = 0.0 if self.axes is None else 64 * np.finfo(np.float64).eps * float(np.abs(points).max())
        same = np.full(len(new), -1, dtype=np.int64)
        for column in indices.T[::-1]:
            same = np.where((np.abs(new - points[column]) <= rounding).all(axis=1), column, same)
        return same


def _affinities(distances: Array, decay: float) -> Array:
    """Alpha-decay affinities (m, k) by the distance to the last neighbour."""
    width = np.where(distances[:, -1:] > 0, distances[:, -1:], 1.0)
    return np.exp(-((distances / width) ** decay))


def build_point_graph(
    X: Array,
    n_neighbors: int,
    *,
    smoothing: float | str = 0.0,
    n_pca: int | None = None,
    kernel: str = "alpha-decay",
    metric: str = "euclidean",
    decay: float = 40.0,
    anisotropy: float = 0.0,
    n_jobs: int | None = None,
) -> PointGraph:
    """Return the graph of points (N, p).

    Parameters
    ----------
    X : ndarray (N, p)
        Points.
    n_neighbors : int
        Less than the number of distinct points.
    smoothing : "auto" or float
        Time of the flow times the mean degree, on a graph of three times as many neighbours; 1 moves a point about half way to their mean,
        0 leaves it; at most 100. Where the flow
        would tear the graph apart it is made weaker, down to an eighth, then left out.
        ``auto`` is 1 where noise has opened shortcuts and 0 elsewhere, see :func:`automatic_smoothing`.
    n_pca : int, optional
        Project on so many principal axes first.
    kernel, metric, decay, anisotropy, n_jobs
        See :func:`erlangen.operators.knn_graph`.

    Raises
    ------
    DomainError
        If there are fewer than three distinct points, or not more of them than neighbours.

    Examples
    --------
    >>> build_point_graph(np.array([[0.0], [1.0], [2.0], [1.0]]), 1).rows
    array([0, 1, 2, 1])
    """
    if isinstance(smoothing, str):
        check_choice(smoothing, "smoothing", ("auto",))
    else:
        smoothing = check_real(smoothing, "smoothing", low=0.0, high=_STRONGEST)
    axes = centre = None
    if n_pca is not None and check_integer(n_pca, "n_pca", low=1) < X.shape[1]:
        centre = X.mean(axis=0)
        axes = np.linalg.svd(X - centre, full_matrices=False)[2][:n_pca]
        X = (X - centre) @ axes.T
    points, _, rows = merge_duplicates(X)
    if len(points) < 3:
        message = f"X holds {len(points)} distinct points of {len(X)}; at least 3 are needed"
        raise DomainError(message, hint="an embedding of fewer points says nothing")
    if not n_neighbors < len(points):
        message = f"n_neighbors = {n_neighbors}, but X holds {len(points)} distinct points"
        raise DomainError(message, hint=f"use n_neighbors <= {len(points) - 1}")
    threads = thread_count(n_jobs)
    options: dict[str, Any] = {"kernel": kernel, "metric": metric, "decay": decay, "n_jobs": threads}
    graph = knn_graph(points, n_neighbors, anisotropy=anisotropy, **options)
    places, tau = points, 0.0
    strength = automatic_smoothing(graph, threads=threads) if isinstance(smoothing, str) else smoothing
    wide = knn_graph(points, min(_WIDER * n_neighbors, len(points) - 1), **options) if strength else graph
    for weaker in _WEAKER if strength else ():
        flow = weaker * strength / float(wide.degrees.mean())
        moved = heat_action(wide, points - points.mean(axis=0), flow, rtol=1e-8) + points.mean(axis=0)
        joined = knn_graph(moved, n_neighbors, anisotropy=anisotropy, **options)
        if joined.n_components <= graph.n_components:
            places, tau, graph = moved, flow, joined
            break
    return PointGraph(points, places, graph, rows, n_neighbors, options, tau, axes, centre)
