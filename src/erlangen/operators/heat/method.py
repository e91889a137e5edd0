r"""What each way of computing the heat semigroup of a graph provides: its action on columns, and its columns at given vertices.

Definition: :math:`H = e^{-tL}`, L the symmetric form :math:`\mu^{-1/2} (D - W) \mu^{-1/2}` of the Laplacian, :math:`\mu` its measure.
Convention: methods are final classes over :class:`HeatMethod`; all work on the symmetric form, the random walk's is a diagonal similarity away.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.operators.graph import Graph
from erlangen.validation import check_memory

__all__ = ["HeatMethod"]

_BLOCK_ENTRIES = 2**24


class HeatMethod(ABC):
    """One way of computing the symmetric heat semigroup of ``graph`` at time ``t``.

    Parameters
    ----------
    graph : Graph
        The graph.
    laplacian : str
        Kind of Laplacian, see :meth:`Graph.laplacian`.
    t : float
        Time, positive.
    threads : int, optional
        Threads of the kernels.
    """

    name: str

    def __init__(self, graph: Graph, laplacian: str, t: float, *, threads: int | None = None) -> None:
        self.graph = graph
        self.given = laplacian
        self.kind = "symmetric" if laplacian == "random-walk" else laplacian
        self.t = t
        self.threads = threads
        self.root: NDArray[np.float64] = np.sqrt(graph.measure(laplacian))

    @property
    @abstractmethod
    def order(self) -> int:
        """Steps, terms, degree, or eigenpairs."""

    @property
    @abstractmethod
    def absolute_error(self) -> float:
        """Bound of the entrywise distance to the exact semigroup; a bound in the operator norm serves."""

    @property
    def relative_error(self) -> float:
        """Bound of the entrywise relative distance, for what was last computed; ``inf`` where none is known."""
        return float("inf")

    @abstractmethod
    def apply(self, B: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``H B`` for columns (n, m)."""

    def rows(self, sources: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the rows (m, n) of ``H`` at the sources."""
        n, m = self.graph.n, len(sources)
        check_memory(24.0 * n * m, f"{m} rows of a heat kernel of {n} vertices")
        E = np.zeros((n, m))
        E[sources, np.arange(m)] = 1.0
        return np.ascontiguousarray(self.apply(E).T)

    def diagonal(self) -> NDArray[np.float64]:
        r"""Return the diagonal (n,), by blocks of rows: :math:`H_{ii} = \sum_j (H_{t/2})_{ij}^2`, or rows of H where there is no half."""
        n, half = self.graph.n, self.half()
        method = half or self
        out = np.empty(n)
        size = max(1, _BLOCK_ENTRIES // max(1, n))
        for start in range(0, n, size):
            block = np.arange(start, min(n, start + size))
            H = method.rows(block)
            out[block] = H[np.arange(len(block)), block] if half is None else np.einsum("ij,ij->i", H, H)
        return out

    def half(self) -> HeatMethod | None:
        """Return the method at time t/2 whose square this one is, or ``None`` where there is no such thing."""
        return None

    def laplacian(self) -> Any:
        """Return the symmetric form of the Laplacian, sparse (n, n)."""
        return self.graph.laplacian(self.kind)
