r"""Rows of distances read off heat, block by block, for all sources of an embedding.

Definition: one factor or series serves every block; volumes :math:`H_{ii}` are exact where all rows are wanted; for landmarks they are probed, and the
probes corrected by the exact volumes of some landmarks, as their error varies as slowly as heat does.
Convention: ``distance`` names a function of :mod:`erlangen.operators`; distances are in the unit that the function gives.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.estimators.embeddings.harnack_rows import HarnackRows
from erlangen.estimators.remarks import remark
from erlangen.linalg import factor_estimate
from erlangen.operators import Graph, HeatOperator, varadhan_distance

__all__ = ["HEAT_METHODS", "HeatSource", "heat_way"]

HEAT_METHODS = ("auto", "euler", "uniformisation", "squaring")
_LARGEST_FACTOR = 30_000_000
_ENTRIES_PER_VERTEX = 200
_SMALL = 3000
_PROBES = 64
_MIXED = 1e-6
_ANCHORS = 64
_BLOCK = 32
_SHARPNESS = 8

Array = NDArray[np.float64]


def heat_way(graph: Graph, method: str) -> str:
    """Return the method for the heat of a graph: implicit steps where their factor has at most 3e7 entries or 200 a vertex, else uniformisation.

    Examples
    --------
    >>> heat_way(Graph([[0, 1], [1, 0]]), "auto")
    'euler'
    """
    if method != "auto":
        return method
    if graph.n <= _SMALL:
        return "euler"
    entries = factor_estimate(graph.weights, order=graph.elimination_order).entries
    return "euler" if entries <= max(_LARGEST_FACTOR, _ENTRIES_PER_VERTEX * graph.n) else "uniformisation"


class HeatSource:
    """Rows of Varadhan's or Harnack's distance of a graph at one time.

    Parameters
    ----------
    graph : Graph
        The graph.
    t : float
        Time.
    sigma : float
        Weight of the volume term; 0 is Varadhan's distance.
    laplacian, method, steps, threads
        See :class:`erlangen.operators.HeatOperator`.
    sources : ndarray (m,)
        Vertices whose rows will be wanted; of all n, volumes are the diagonal.
    rng : Generator
        Of the probes.
    heat : HeatOperator, optional
        The operator of these options where it is there already.

    Examples
    --------
    >>> square = Graph([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]])
    >>> source = HeatSource(square, 0.1, sigma=1.0, sources=np.arange(4), rng=np.random.default_rng(0))
    >>> D = source.rows(np.arange(4))
    >>> bool(D[0, 1] < D[0, 2])
    True
    """

    def __init__(
        self,
        graph: Graph,
        t: float,
        *,
        sigma: float,
        sources: NDArray[np.int64],
        rng: np.random.Generator,
        laplacian: str = "combinatorial",
        method: str = "euler",
        steps: int = 6,
        threads: int | None = None,
        heat: HeatOperator | None = None,
    ) -> None:
        self.t, self.sigma, self._laplacian = t, sigma, laplacian
        kind = "symmetric" if laplacian == "random-walk" else laplacian
        options: dict[str, Any] = {"laplacian": kind, "method": method, "steps": steps, "threads": threads}
        self.heat = HeatOperator(graph, t, **options) if heat is None else heat
        self._warn_if_mixed(graph)
        self._volumes: Array | None = None
        self._distances = HarnackRows(t, sigma, estimated=len(sources) < graph.n)
        if sigma and len(sources) < graph.n:
            self._volumes = self._estimated_volumes(sources, rng)

    def _estimated_volumes(self, sources: NDArray[np.int64], rng: np.random.Generator) -> Array:
        r"""Return probed volumes (n,) times the mean of exact over probed at up to 64 of the sources, which heat brings from there.

        The mean is of logarithms, with weights :math:`(H_{aj}^2 / H_{aa} H_{jj})^4`; far from all of them the probes stand.
        """
        volumes = self.heat.diagonal(probes=_PROBES, rng=rng)
        anchors = sources[np.unique(np.linspace(0, len(sources) - 1, _ANCHORS).astype(np.int64))]
        total, weight = np.zeros(len(volumes)), np.full(len(volumes), 1e-3)
        for start in range(0, len(anchors), _BLOCK):
            chosen = anchors[start : start + _BLOCK]
            H = self.heat.rows(chosen)
            exact = H[np.arange(len(chosen)), chosen]
            share = np.minimum(H / np.sqrt(exact[:, None] * volumes), 1.0) ** _SHARPNESS
            total += np.log(exact / volumes[chosen]) @ share
            weight += share.sum(axis=0)
        return np.asarray(volumes * np.exp(total / weight))

    def _warn_if_mixed(self, graph: Graph) -> None:
        """Warn where heat from the vertex of largest degree is the same everywhere in its component, up to 1e-6."""
        source = np.array([int(graph.degrees.argmax())])
        label = graph.components()
        own = label == label[source[0]]
        root = np.sqrt(graph.measure(self._laplacian))[own]
        values = self.heat.rows(source)[0, own] / root
        spread = float(np.ptp(values)) / float(values.max())
        if own.sum() > 1 and not spread > _MIXED:
            message = (
                f"t = {self.t:g} is too large: heat from vertex {source[0]} is the same everywhere up to {spread:.1e}, "
                "so that distances are rounding (pass a smaller t)"
            )
            remark(message)

    def rows(self, sources: NDArray[np.int64]) -> Array:
        """Return distances (m, n) from some vertices to all."""
        H = self.heat.rows(sources)
        if not self.sigma:
            return varadhan_distance(H, self.t, sources=sources)
        volumes = H[np.arange(len(sources)), sources] if self._volumes is None else self._volumes
        return self._distances(H, sources, volumes)
