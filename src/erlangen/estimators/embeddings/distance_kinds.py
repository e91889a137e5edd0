r"""The other distances that a neighbour graph carries, as rows for an embedding.

Definition: diffusion, potential, resistance, PageRank and shortest-path distances (:mod:`erlangen.operators`), and the calibrated one:
the kernel of implicit steps inverted in d dimensions, with density :math:`\rho_i = k / v_d r_k^d` and diffusivity
:math:`\kappa = \tfrac1{2d} \langle \sum_j w_{ij} |x_i - x_j|^2 \rangle`.
Convention: rows (m, n) by source, zero at the source; only ``calibrated`` and ``graph`` are lengths in the unit of the points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from erlangen.errors import DomainError
from erlangen.estimators.embeddings.point_graph import PointGraph
from erlangen.operators import (
    Graph,
    HeatOperator,
    calibrated_distance,
    diffusion_distance,
    graph_distance,
    nearest_neighbours,
    pagerank_distance,
    resistance_distance,
)
from erlangen.operators.neighbours import local_dimension
from erlangen.validation import check_memory

__all__ = ["DISTANCES", "LENGTHS", "calibrated_time", "intrinsic_dimension", "kind_rows"]

DISTANCES = ("harnack", "varadhan", "calibrated", "diffusion", "potential", "resistance", "pagerank", "graph")
LENGTHS = ("calibrated", "graph")
_PROBES = 256
_SPACINGS = 16.0

Array = NDArray[np.float64]
Rows = Callable[[NDArray[np.int64]], Array]


def kind_rows(
    kind: str, place: PointGraph, t: float, sources: NDArray[np.int64], rng: np.random.Generator, **options: Any
) -> Rows:
    """Return the function that gives rows of a distance other than Varadhan's and Harnack's; ``options`` are those of the heat.

    Raises
    ------
    DomainError
        If the distance needs points or implicit steps, and there are none.

    Examples
    --------
    >>> from erlangen.estimators.embeddings.point_graph import build_point_graph
    >>> line = build_point_graph(np.arange(5.0)[:, None], 2)
    >>> kind_rows("graph", line, 1.0, np.arange(5), np.random.default_rng(0))(np.array([0])).round(6)
    array([[0., 1., 2., 3., 4.]])
    """
    graph = place.graph
    if kind == "graph":
        lengths = place.lengths()
        return lambda chosen: graph_distance(lengths, chosen)
    if kind == "resistance":
        return lambda chosen: resistance_distance(graph, chosen, threads=options.get("threads"))
    if kind == "pagerank":
        jumps = t * float(graph.degrees.mean())
        return lambda chosen: pagerank_distance(graph, jumps, sources=chosen, threads=options.get("threads"))
    if kind == "calibrated":
        return _calibrated(place, t, options)
    if kind == "diffusion":
        return _diffusion(graph, t, sources, rng, options)
    return _potential(graph, t, sources, options)


def intrinsic_dimension(place: PointGraph) -> float:
    """Return Levina and Bickel's estimate of the dimension from the distances to the neighbours, at least 1.

    Examples
    --------
    >>> from erlangen.estimators.embeddings.point_graph import build_point_graph
    >>> x = np.random.default_rng(0).random((2000, 2))
    >>> bool(abs(intrinsic_dimension(build_point_graph(x, 10)) - 2) < 0.2)
    True
    """
    distances, _ = nearest_neighbours(place.places, place.n_neighbors, n_jobs=place.options.get("n_jobs"))
    return max(1.0, local_dimension(distances))


def _flat_model(place: PointGraph) -> tuple[float, Array, float]:
    """Return dimension (rounded), density (n,) and diffusivity of the manifold that the points are taken for."""
    dimension = float(round(intrinsic_dimension(place)))
    distances, _ = nearest_neighbours(place.places, place.n_neighbors, n_jobs=place.options.get("n_jobs"))
    log_ball = dimension / 2 * np.log(np.pi) - gammaln(dimension / 2 + 1)
    radius = np.maximum(distances[:, -1], np.finfo(np.float64).tiny)
    density = place.n_neighbors / np.exp(log_ball + dimension * np.log(radius))
    squares = place.graph.weights.data * place.lengths().data ** 2
    return dimension, density, float(squares.sum()) / (2 * dimension * place.n)


def calibrated_time(place: PointGraph) -> float:
    r"""Return the time :math:`16 h^2 / \kappa`, above two dimensions :math:`4 h^2 / \kappa`; h is the spacing, :math:`\kappa` the diffusivity.

    Examples
    --------
    >>> from erlangen.estimators.embeddings.point_graph import build_point_graph
    >>> x = np.random.default_rng(0).random((500, 2))
    >>> bool(2 < calibrated_time(build_point_graph(x, 10)) < 8)
    True
    """
    dimension, density, diffusivity = _flat_model(place)
    spacings = _SPACINGS if dimension <= 2 else _SPACINGS / 4
    return spacings * float(np.median(density ** (-2 / dimension))) / diffusivity


def _calibrated(place: PointGraph, t: float, options: dict[str, Any]) -> Rows:
    """Rows of calibrated distances; the dimension is rounded to a whole number."""
    if place.places is None or options["method"] != "euler" or options["laplacian"] != "combinatorial":
        message = "distance='calibrated' needs points, implicit steps and the combinatorial Laplacian"
        raise DomainError(message, hint="pass points, method='euler' and laplacian='combinatorial'")
    dimension, density, diffusivity = _flat_model(place)
    heat = HeatOperator(place.graph, t, **options)

    def rows(chosen: NDArray[np.int64]) -> Array:
        u = heat.rows(chosen) * np.sqrt(density[chosen][:, None] * density)
        return calibrated_distance(u, diffusivity * t, options["steps"], dimension, sources=chosen)

    return rows


def _diffusion(
    graph: Graph, t: float, sources: NDArray[np.int64], rng: np.random.Generator, options: dict[str, Any]
) -> Rows:
    r"""Rows of diffusion distances: of all pairs from the kernel at twice the time, for landmarks from a sketch.

    The sketch is :math:`Y = H \Omega / \sqrt q` with q = 256 random signs a vertex: :math:`|Y_i - Y_j|` is the distance with a standard deviation of 4 %
    (Johnson, Lindenstrauss 1984), also for near pairs, where a probed diagonal would cancel.
    """
    kind = "symmetric" if options["laplacian"] == "random-walk" else options["laplacian"]
    settings = {**options, "laplacian": kind}
    if len(sources) == graph.n:
        heat = HeatOperator(graph, 2 * t, **{**settings, "steps": 2 * options["steps"]})
        diagonal = heat.diagonal()
        return lambda chosen: diffusion_distance(
            heat.rows(chosen), row_diagonal=diagonal[chosen], column_diagonal=diagonal, sources=chosen
        )
    check_memory(24.0 * graph.n * _PROBES, f"a sketch of {graph.n} points")
    signs = rng.choice(np.array([-1.0, 1.0]), size=(graph.n, _PROBES)) / np.sqrt(_PROBES)
    return _between_rows(HeatOperator(graph, t, **settings) @ signs, graph)


def _between_rows(U: Array, graph: Graph) -> Rows:
    """Distances between the rows of U (n, q), infinite between components."""
    squares = np.einsum("ij,ij->i", U, U)
    components = graph.components()

    def rows(chosen: NDArray[np.int64]) -> Array:
        D = np.sqrt(np.maximum(squares[chosen][:, None] + squares - 2.0 * (U[chosen] @ U.T), 0.0))
        D[components[chosen][:, None] != components] = np.inf
        D[np.arange(len(chosen)), chosen] = 0.0
        return D

    return rows


def _potential(graph: Graph, t: float, sources: NDArray[np.int64], options: dict[str, Any]) -> Rows:
    """Rows of distances between logarithms of the kernel over the columns of the sources."""
    check_memory(24.0 * graph.n * len(sources), f"potentials of {graph.n} points")
    H = HeatOperator(graph, t, **options).rows(sources)
    with np.errstate(divide="ignore"):
        U = np.log(H, out=H).T
    reached = np.isfinite(U)
    U = np.where(reached, U, 0.0)
    return _between_rows(U, graph)
