r"""What the embeddings by distances along a neighbour graph have in common: points, graph, landmarks, lengths, layout, new points.

Definition: X -> graph -> rows of a dissimilarity -> power and unit -> metric scaling; only the dissimilarity differs between the final classes.
Convention: scikit-learn's; attributes that end in ``_`` are there after fitting; with landmarks, distances are kept point by landmark.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from erlangen.errors import DomainError
from erlangen.estimators.embeddings.distance_kinds import LENGTHS
from erlangen.estimators.embeddings.jobs import thread_count
from erlangen.estimators.embeddings.layout import MDS, WEIGHTS, lay_out, place_on
from erlangen.estimators.embeddings.length_calibration import length_unit, midpoint_power
from erlangen.estimators.embeddings.point_graph import PointGraph, build_point_graph
from erlangen.estimators.embeddings.progress import report
from erlangen.estimators.embeddings.reading import read_graph, read_points
from erlangen.estimators.embeddings.side_by_side import side_by_side
from erlangen.estimators.remarks import remark
from erlangen.operators import Graph, bridge_components, denoise
from erlangen.random import as_generator
from erlangen.validation import check_choice, check_integer, check_memory, check_real

__all__ = ["NeighbourEmbedding"]

_ALL_PAIRS = 5000
_LANDMARKS = 500
_BLOCK = 64
_SINGLE_PRECISION = 60_000_000
_NEW_ENTRIES = 2**24

Array = NDArray[np.float64]
Rows = Callable[[NDArray[np.int64]], Array]


class NeighbourEmbedding(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator, ABC):
    """Embedding by a dissimilarity on a neighbour graph; final classes give the dissimilarity.

    A final class has at least the parameters ``n_components``, ``n_neighbors``, ``metric``, ``n_landmarks``, ``mds``, ``random_state``
    and ``n_jobs``; what else it has of ``smoothing``, ``n_pca``, ``kernel``, ``decay``, ``anisotropy``, ``rho``, ``power``, ``bridge`` and
    ``weights`` is used, what it lacks has the neutral value.
    """

    n_components: int
    n_neighbors: int
    metric: str
    n_landmarks: Any
    mds: str
    random_state: Any
    n_jobs: int | None

    @abstractmethod
    def _dissimilarity_rows(
        self, place: PointGraph, sources: NDArray[np.int64], full: bool, rng: np.random.Generator
    ) -> Rows:
        """Return the function that gives rows (m, n) of the dissimilarity for some of the sources."""

    def fit(self, X: Any, y: Any = None) -> NeighbourEmbedding:
        """Embed points (n, p), or the vertices of a precomputed graph (n, n).

        Raises
        ------
        DomainError
            If a parameter lies outside its range, ``X`` is not finite, or there are not more distinct points than neighbours.
        ResourceLimitError
            If the distances would not fit in memory, see :meth:`memory_estimate`.
        """
        self._fit(X)
        return self

    def fit_transform(self, X: Any, y: Any = None) -> Array:
        """Return the embedding (n, d) of the points themselves."""
        self._fit(X)
        return self.embedding_.copy()

    def transform(self, X: Any) -> Array:
        """Return places (m, d) for new points (m, p): their distances are the weighted means of those of their neighbours.

        A point of the training data is at the place it has in ``embedding_``.

        Raises
        ------
        DomainError
            If the estimator was fitted on a precomputed graph.
        """
        check_is_fitted(self)
        if self.metric == "precomputed":
            message = f"{type(self).__name__} was fitted on a precomputed graph: new points have no place in it"
            raise DomainError(message, hint="fit on points to use transform")
        neighbours, affinities, same = self._place.join(read_points(self, X, reset=False))
        label = self.graph_.components()[neighbours]
        shares = np.where(label == label[:, :1], affinities, 0.0)
        shares /= shares.sum(axis=1, keepdims=True)
        landmarks = self._vertices[self._columns]
        Z = np.empty((len(shares), landmarks.shape[1]))
        size = max(1, _NEW_ENTRIES // (shares.shape[1] * len(landmarks)))
        for start in range(0, len(Z), size):
            block = slice(start, start + size)
            D = self._mean_distances(neighbours[block], shares[block])
            Z[block] = place_on(landmarks, D, threads=thread_count(self.n_jobs))
        Z[same >= 0] = self._vertices[same[same >= 0]]
        return Z

    def _mean_distances(self, neighbours: NDArray[np.int64], shares: Array) -> Array:
        """Return the weighted means (b, m) of the neighbours' distances; what the nearest does not reach is not reached."""
        D = self._distances[neighbours].astype(np.float64)
        reached = np.isfinite(D[:, 0])
        return np.where(reached, np.einsum("bk,bkl->bl", shares, np.where(np.isfinite(D), D, 0.0)), np.inf)

    def memory_estimate(self, n: int) -> float:
        """Return the bytes that the distances of ``n`` points take at their peak: all of them, and what a block of rows needs; graph and factor come on top.

        Examples
        --------
        >>> from erlangen.estimators import HeatGeodesicEmbedding
        >>> f"{HeatGeodesicEmbedding().memory_estimate(1_000_000) / 2**30:.1f} GiB"
        '4.3 GiB'
        """
        n = check_integer(n, "n", low=1)
        m = self._landmark_count(n)
        if m == n:
            return 8.0 * 4 * n * n
        return n * m * (4.0 if n * m > _SINGLE_PRECISION else 8.0) + 8.0 * n * (5 * _BLOCK + 4)

    @property
    def dissimilarity_(self) -> Array:
        """Distances between all points (n, n), in the unit of the points; only where all pairs were computed."""
        check_is_fitted(self)
        if self.landmarks_ is not None:
            message = f"with {len(self.landmarks_)} landmarks there are no distances between all points"
            raise DomainError(message, hint="use landmark_distances_, or fit with n_landmarks=None")
        rows = self._place.rows
        return self._distances if len(rows) == len(self._distances) else self._distances[np.ix_(rows, rows)]

    def dissimilarity(self, i: int, j: int) -> float:
        """Return the distance between two points of the training data, of which one is a landmark where there are landmarks.

        Raises
        ------
        DomainError
            If an index is no point, or neither point is a landmark.
        """
        check_is_fitted(self)
        rows = self._place.rows
        a, b = (int(rows[check_integer(k, name, low=0, high=len(rows) - 1)]) for k, name in ((i, "i"), (j, "j")))
        for point, other in ((a, b), (b, a)):
            column = np.flatnonzero(self._columns == other)
            if column.size:
                return float(self._distances[point, column[0]])
        message = f"neither point {i} nor point {j} is a landmark, so that their distance was not computed"
        raise DomainError(message, hint="choose one of landmarks_, or fit with n_landmarks=None")

    @property
    def landmark_distances_(self) -> NDArray[Any]:
        """Distances (n, m) of all points to the landmarks (to all points where there are none)."""
        check_is_fitted(self)
        return self._distances[self._place.rows]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self.metric == "precomputed"
        tags.input_tags.sparse = self.metric == "precomputed"
        return tags

    def _fit(self, X: Any) -> None:
        rng = as_generator(self.random_state)
        self._check_parameters()
        report(0, 3, "neighbour graph")
        place = self._read(X)
        graph = place.graph
        self._check_room(place.n)
        columns = self._choose_landmarks(graph, rng)
        full = len(columns) == graph.n
        D = self._fill(self._dissimilarity_rows(place, columns, full, rng), graph.n, columns)
        D = self._corrected(D, columns, full)
        D = self._measured(D, columns, place, rng)
        self.graph_, self._place, self._columns = graph, place, columns
        self.n_connected_components_ = graph.n_components
        self.connected_ = graph.is_connected
        parts = _blocks(graph.n, len(columns))
        report(parts + 1, parts + 2, "layout")
        self._vertices, self.stress_ = self._laid_out(D, columns, place, rng)
        report(parts + 2, parts + 2, "done")
        self._distances = D
        self.embedding_ = self._vertices[place.rows]
        self.landmarks_ = None if full else np.array([np.argmax(place.rows == c) for c in columns])
        self._n_features_out = int(self.n_components)

    def _option(self, name: str, neutral: Any) -> Any:
        """Return a parameter of the final class, or its neutral value."""
        return getattr(self, name, neutral)

    def _check_parameters(self) -> None:
        """Refuse what can be refused before any work is done."""
        check_integer(self.n_components, "n_components", low=1)
        check_integer(self.n_neighbors, "n_neighbors", low=1)
        check_choice(self.mds, "mds", MDS)
        check_choice(self._option("weights", "uniform"), "weights", WEIGHTS)
        check_real(self._option("rho", 0.0), "rho", low=0.0, high=1.0)
        power = self._option("power", 1.0)
        if isinstance(power, str):
            check_choice(power, "power", ("auto",))
        else:
            check_real(power, "power", low=0.0, open_low=True)
        if isinstance(self.n_landmarks, str):
            check_choice(self.n_landmarks, "n_landmarks", ("auto",))

    def _read(self, X: Any) -> PointGraph:
        """Return the points on their graph, or the graph that was given."""
        k = int(self.n_neighbors)
        if self.metric == "precomputed":
            graph = read_graph(self, X)
            return PointGraph(None, None, graph, np.arange(graph.n), k, {})
        points = read_points(self, X)
        names = {"smoothing": 0.0, "n_pca": None, "kernel": "alpha-decay", "decay": 40.0, "anisotropy": 0.0}
        options = {name: self._option(name, neutral) for name, neutral in names.items()}
        return build_point_graph(points, k, metric=self.metric, n_jobs=self.n_jobs, **options)

    def _landmark_count(self, n: int) -> int:
        """Return the number of landmarks for n vertices; n means all pairs."""
        if self.n_landmarks is None:
            return n
        if isinstance(self.n_landmarks, str) and self.n_landmarks == "auto":
            return n if n <= _ALL_PAIRS else _LANDMARKS
        return check_integer(self.n_landmarks, "n_landmarks", low=int(self.n_components) + 1, high=n)

    def _check_room(self, n: int) -> None:
        if not self.n_components < n:
            message = f"n_components = {self.n_components}, but there are {n} distinct points"
            raise DomainError(message, hint=f"use n_components <= {n - 1}")
        hint = "pass n_landmarks=500" if self._landmark_count(n) == n else "use fewer landmarks"
        check_memory(self.memory_estimate(n), f"the distances of {n} points", hint=hint)

    def _choose_landmarks(self, graph: Graph, rng: np.random.Generator) -> NDArray[np.int64]:
        """Return landmark vertices, ascending: at random, at least one in each component; all vertices where there are none."""
        n = graph.n
        m = self._landmark_count(n)
        if m == n:
            return np.arange(n)
        order = rng.permutation(n)
        _, first = np.unique(graph.components()[order], return_index=True)
        if len(first) > m:
            message = f"the graph has {len(first)} components, more than the {m} landmarks"
            raise DomainError(message, hint="use more neighbours, or n_landmarks=None")
        rest = np.delete(order, first)
        return np.sort(np.concatenate([order[first], rest[: m - len(first)]]))

    def _fill(self, rows: Rows, n: int, columns: NDArray[np.int64]) -> NDArray[Any]:
        """Return distances (n, m), computed row by row in blocks; for all pairs symmetrised."""
        m = len(columns)
        parts = _blocks(n, m)
        report(1, parts + 2, "distances")
        if m == n:
            D = rows(columns)
            D += D.T.copy()
            D *= 0.5
            return D
        out = np.empty((n, m), dtype=np.float32 if n * m > _SINGLE_PRECISION else np.float64)
        for part in range(parts):
            block = slice(part * _BLOCK, (part + 1) * _BLOCK)
            out[:, block] = rows(columns[block]).T
            report(part + 2, parts + 2, "distances")
        return out

    def _corrected(self, D: NDArray[Any], columns: NDArray[np.int64], full: bool) -> NDArray[Any]:
        r"""Return :math:`(1 - \rho) D + \rho d_T`; with landmarks the triplet distance is over them, scaled to all points."""
        rho = float(self._option("rho", 0.0))
        if rho == 0:
            return D
        if full:
            return denoise(D, rho)
        unreached = np.isinf(D)
        values = np.where(unreached, 0.0, D.astype(np.float64))
        own = values[columns]
        squares = (values**2).sum(axis=1)[:, None] + (own**2).sum(axis=1) - 2.0 * (values @ own.T)
        triplet = np.sqrt(np.maximum(squares, 0.0) * (len(D) / len(columns)))
        triplet[columns, np.arange(len(columns))] = 0.0
        values *= 1 - rho
        values += rho * triplet
        values[unreached] = np.inf
        return values.astype(D.dtype, copy=False)

    def _measured(
        self, D: NDArray[Any], columns: NDArray[np.int64], place: PointGraph, rng: np.random.Generator
    ) -> NDArray[Any]:
        """Raise to the power that makes lengths of dissimilarities, and measure them in the unit of the points."""
        power = self._option("power", 1.0)
        length = self._option("distance", "harnack") in LENGTHS
        if isinstance(power, str) and power == "auto" and length:
            power = 1.0
        elif isinstance(power, str) and power == "auto":
            power = midpoint_power(D, columns, rng)
        self.power_ = float(power)
        self.scale_ = 1.0
        if self.power_ != 1:
            np.power(D, self.power_, out=D)
        if place.places is not None and hasattr(self, "power") and not length:
            self.scale_ = length_unit(D, columns, place.lengths())
            D *= self.scale_
        return D

    def _laid_out(
        self, D: NDArray[Any], columns: NDArray[np.int64], place: PointGraph, rng: np.random.Generator
    ) -> tuple[Array, float]:
        """Return the vertices' places (n, d) and the stress; components are bridged, or laid side by side."""
        options: dict[str, Any] = {"mds": self.mds, "rng": rng, "threads": thread_count(self.n_jobs)}
        weights = self._option("weights", None)
        if weights is not None:
            options["weights"] = weights
            options["H"] = self._heat_weights(columns) if weights == "heat" else None
        graph, d = place.graph, int(self.n_components)
        if graph.is_connected:
            return lay_out(D, columns, d, **options)
        bridged = place.places is not None and self._option("bridge", True)
        message = (
            f"the graph has {graph.n_components} components; they are "
            f"{'joined by the shortest bridges' if bridged else 'embedded one by one and laid side by side'}: "
            "distances between them are not read off the data (use more neighbours)"
        )
        remark(message)
        if bridged:
            unit = 1.0 if hasattr(self, "power") else None
            rows = bridge_components(D.T, place.places, graph.components(), sources=columns, scale=unit)
            D[:] = (rows + rows.T) / 2 if len(columns) == len(D) else rows.T
            return lay_out(D, columns, d, **options)
        return side_by_side(D, columns, graph.components(), d, **options)

    def _heat_weights(self, columns: NDArray[np.int64]) -> Array:
        """Return the heat kernel among the columns, for the weights ``heat``."""
        message = f"weights='heat' needs a heat kernel, which {type(self).__name__} has not"
        raise DomainError(message, hint="choose other weights")


def _blocks(n: int, m: int) -> int:
    """Return in how many blocks the distances of n points to m of them are computed."""
    return 1 if m == n else -(-m // _BLOCK)
