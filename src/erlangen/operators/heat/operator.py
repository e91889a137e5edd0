r"""The heat semigroup of a graph at one time as a linear operator, its factor or series computed once.

Definition: :math:`B \mapsto e^{-tL} B`; the contract is ``shape, dtype, matmul, adjoint, tags``, see :func:`erlangen.testing.check_operator`.
Convention: symmetric and positive semi-definite, except for the random walk, whose adjoint is :math:`D^{1/2} e^{-tL_{sym}} D^{-1/2}`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.operators.graph import Graph
from erlangen.operators.heat.choice import check_sources, heat_method
from erlangen.operators.heat.diagonal import probed_diagonal
from erlangen.operators.heat.implicit_euler import DEFAULT_STEPS
from erlangen.operators.heat.kernel import checked_columns, kernel_rows, walk_action
from erlangen.random import RngLike
from erlangen.validation import check_integer, check_memory

__all__ = ["HeatOperator"]


class HeatOperator:
    """The operator ``e^{-tL}`` of a graph.

    Parameters
    ----------
    graph, t, laplacian, method, steps, rtol, rank, threads
        See :func:`heat_kernel`; ``chebyshev`` is the default because it is fast on any function. For logarithms of rows take ``euler``,
        ``uniformisation`` or ``auto``.

    Examples
    --------
    >>> heat = HeatOperator([[0, 1], [1, 0]], 0.5)
    >>> heat
    HeatOperator(n=2, t=0.5, laplacian='combinatorial', method='chebyshev')
    >>> heat.matmul(np.array([1.0, -1.0])).round(6)
    array([ 0.367879, -0.367879])
    """

    def __init__(
        self,
        graph: Any,
        t: float,
        *,
        laplacian: str = "combinatorial",
        method: str = "chebyshev",
        steps: int = DEFAULT_STEPS,
        rtol: float = 1e-12,
        rank: int | None = None,
        threads: int | None = None,
    ) -> None:
        self.graph = Graph.coerce(graph)
        options: dict[str, Any] = {"laplacian": laplacian, "method": method, "steps": steps, "rtol": rtol, "rank": rank}
        self._way = heat_method(self.graph, t, **options, threads=threads)
        self._transposed = False

    def __repr__(self) -> str:
        way = self._way
        return f"HeatOperator(n={way.graph.n}, t={way.t:g}, laplacian={way.given!r}, method={way.name!r})"

    @property
    def t(self) -> float:
        """Time."""
        return self._way.t

    @property
    def method(self) -> str:
        """Name of the method in use."""
        return self._way.name

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, (n, n)."""
        return self.graph.n, self.graph.n

    @property
    def dtype(self) -> np.dtype[np.float64]:
        """Always float64."""
        return np.dtype(np.float64)

    @property
    def tags(self) -> frozenset[str]:
        """``symmetric`` and ``psd``, but for the random walk none."""
        return frozenset() if self._way.given == "random-walk" else frozenset({"symmetric", "psd"})

    @property
    def absolute_error(self) -> float:
        """Bound of the distance to the semigroup of the symmetric form, in the operator norm."""
        return self._way.absolute_error

    def matmul(self, B: Any) -> NDArray[np.float64]:
        """Return ``H B`` for B (n,) or (n, m)."""
        columns = checked_columns(B, self.graph.n)
        block = columns.reshape(self.graph.n, -1)
        return walk_action(self._way, block, transposed=self._transposed).reshape(columns.shape)

    def __matmul__(self, B: Any) -> NDArray[np.float64]:
        return self.matmul(B)

    def adjoint(self) -> HeatOperator:
        """Return the transposed operator, with the same factor."""
        if "symmetric" in self.tags:
            return self
        other = object.__new__(HeatOperator)
        other.graph, other._way, other._transposed = self.graph, self._way, not self._transposed
        return other

    def rows(self, sources: Any = None) -> NDArray[np.float64]:
        """Return rows (m, n) at the sources (default: all), as :func:`heat_kernel` does."""
        vertices = check_sources(sources, self.graph.n)
        check_memory(16.0 * len(vertices) * self.graph.n, f"{len(vertices)} rows of {self.graph.n} vertices")
        H = kernel_rows(self._way, vertices)
        if self._transposed:
            H *= (self._way.root[vertices][:, None] / self._way.root) ** 2
        return H

    def diagonal(self, *, probes: int | None = None, rng: RngLike = 0) -> NDArray[np.float64]:
        """Return the diagonal (n,), see :func:`heat_diagonal`."""
        if probes is None:
            return self._way.diagonal()
        return probed_diagonal(self._way, check_integer(probes, "probes", low=1), rng)

    def to_dense(self) -> NDArray[np.float64]:
        """Return the matrix (n, n)."""
        return self.rows()
