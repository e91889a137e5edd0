r"""Heat by a Chebyshev series whose degree is fixed beforehand by a proved bound: fast, with an absolute error.

Definition: :math:`e^{-tL} \approx \sum_k c_k T_k(2L/\lambda - I)`, :math:`\lambda` a safe bound of the spectrum (Druskin, Knizhnerman 1989).
Convention: the error is absolute; entries below it are noise, may be negative, and their logarithms mean nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.linalg import chebyshev_action, heat_coefficients, largest_eigenvalue_bound
from erlangen.operators.graph import Graph
from erlangen.operators.heat.method import HeatMethod

__all__ = ["Chebyshev"]

_BLOCK = 256


class Chebyshev(HeatMethod):
    """The semigroup by products with the Laplacian, to an absolute error.

    The bound of the spectrum fails with probability 1e-12 over its random start, see :func:`erlangen.linalg.largest_eigenvalue_bound`.

    Parameters
    ----------
    graph, laplacian, t, threads
        See :class:`HeatMethod`.
    rtol : float
        Largest truncation error, relative to the largest eigenvalue of the kernel, which is one.

    Examples
    --------
    >>> method = Chebyshev(Graph([[0, 1], [1, 0]]), "combinatorial", 1.0)
    >>> np.allclose(method.rows(np.array([0])), [[(1 + np.exp(-2)) / 2, (1 - np.exp(-2)) / 2]], atol=1e-13)
    True
    """

    name = "chebyshev"

    def __init__(
        self, graph: Graph, laplacian: str, t: float, *, rtol: float = 1e-10, threads: int | None = None
    ) -> None:
        super().__init__(graph, laplacian, t, threads=threads)
        self.rtol = rtol
        self.L = self.laplacian()
        self.highest = largest_eigenvalue_bound(self.L, lower=0.0) if graph.weights.nnz else 0.0
        self.series = heat_coefficients(t * self.highest / 2, min(rtol, 0.5))

    @property
    def order(self) -> int:
        """Degree of the series."""
        return self.series.order

    @property
    def absolute_error(self) -> float:
        r"""Truncation, and rounding :math:`u g \sum_k |c_k| (k+1)(k+2)/2`: an error of step j reaches :math:`T_k` at most k - j + 1 times."""
        k = np.arange(self.order + 1)
        growth = float(np.abs(self.series.coefficients) @ ((k + 1) * (k + 2) / 2))
        longest = int(np.diff(self.L.indptr).max(initial=0))
        return self.series.truncation + 5 * (longest + 4) * growth * float(np.finfo(np.float64).eps)

    def apply(self, B: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``H B`` for columns (n, m), by blocks."""
        if self.highest == 0:
            return B.copy()
        out = np.empty_like(B)
        for start in range(0, B.shape[1], _BLOCK):
            block = np.ascontiguousarray(B[:, start : start + _BLOCK])
            out[:, start : start + _BLOCK] = chebyshev_action(
                self.L, block, self.series, (0.0, self.highest), threads=self.threads
            )
        return out

    def half(self) -> HeatMethod:
        """Return the method at half the time."""
        return Chebyshev(self.graph, self.given, self.t / 2, rtol=self.rtol, threads=self.threads)
