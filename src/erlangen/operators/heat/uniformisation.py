r"""Heat by uniformisation: a Poisson mixture of powers of a non-negative matrix, with a proved relative error in every entry.

Definition: :math:`e^{-tL} = \sum_k e^{-x} \frac{x^k}{k!} P^k`, :math:`x = ct`, :math:`P = I - L/c \ge 0`, c the largest diagonal entry of L (Jensen 1953).
Convention: partial sums are lower bounds, the entries of P^k are at most one, so (tail of the Poisson law) / (partial sum) bounds the relative error.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg.blas import daxpy

from erlangen.linalg import spmm
from erlangen.operators.graph import Graph
from erlangen.operators.heat.method import HeatMethod
from erlangen.operators.heat.poisson import log_poisson_tail, poisson_order, poisson_weights

__all__ = ["FLOOR", "Uniformisation", "jump_matrix"]

FLOOR = 1e-300
_BLOCK = 64
_CHECK_EVERY = 8


def jump_matrix(graph: Graph, kind: str) -> tuple[Any, float]:
    """Return ``P = I - L/c`` in compressed rows, its entries computed without cancellation beyond c - L_ii, and the rate c.

    Examples
    --------
    >>> P, c = jump_matrix(Graph([[0, 1], [1, 0]]), "combinatorial")
    >>> P.toarray(), c
    (array([[0., 1.],
           [1., 0.]]), 1.0)
    """
    mu = graph.measure(kind)
    half = 1 / np.sqrt(mu)
    diagonal = graph.degrees / mu
    c = float(diagonal.max()) if graph.n else 0.0
    if c == 0:
        return sp.csr_array(sp.eye_array(graph.n)), 0.0
    scaled = sp.diags_array(half / c) @ graph.weights @ sp.diags_array(half)
    P = sp.csr_array(scaled + sp.diags_array((c - diagonal) / c))
    P.eliminate_zeros()
    return P, c


class Uniformisation(HeatMethod):
    r"""The semigroup itself, each entry of at least 1e-300 to a relative error of ``rtol``.

    The number of terms is fixed beforehand from the Poisson tail at ``rtol * 1e-300``; the sum stops earlier once every entry that
    can be reached is large enough for the tail left.

    Parameters
    ----------
    graph, laplacian, t, threads
        See :class:`HeatMethod`.
    rtol : float
        Largest relative error by truncation.

    Examples
    --------
    >>> cycle = Graph(sp.csr_array(np.roll(np.eye(6), 1, 0) + np.roll(np.eye(6), -1, 0)))
    >>> method = Uniformisation(cycle, "combinatorial", 0.1)
    >>> bool(abs(method.rows(np.array([0])).sum() - 1) < 1e-14), method.relative_error < 1e-10
    (True, True)
    """

    name = "uniformisation"

    def __init__(
        self, graph: Graph, laplacian: str, t: float, *, rtol: float = 1e-10, threads: int | None = None
    ) -> None:
        super().__init__(graph, laplacian, t, threads=threads)
        self.rtol = rtol
        self.P, self.rate = jump_matrix(graph, self.kind)
        self.x = self.rate * t
        self.largest_order = poisson_order(self.x, math.log(rtol * FLOOR)) if self.x > 0 else 0
        self._weights = poisson_weights(self.x, self.largest_order) if self.x > 0 else np.ones(1)
        self._order, self._truncation, self._tail = 0, 0.0, 0.0

    @property
    def order(self) -> int:
        """Largest number of terms taken in the last call."""
        return self._order

    @property
    def absolute_error(self) -> float:
        """Poisson tail left out in the last call, and rounding."""
        return self._tail + self._rounding()

    @property
    def relative_error(self) -> float:
        """Largest ratio of the tail left out to an entry, in the last call of :meth:`rows`, and a bound of the rounding."""
        return self._truncation + self._rounding()

    def _rounding(self) -> float:
        longest = int(np.diff(self.P.indptr).max(initial=0))
        return (self._order * (longest + 2) + 4 * self.x) * float(np.finfo(np.float64).eps)

    def apply(self, B: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``H B`` for columns (n, m); the error is relative in each entry for B >= 0, absolute otherwise."""
        self._order, self._truncation = 0, float("inf")
        tail = log_poisson_tail(self.x, self.largest_order) if self.x > 0 else -math.inf
        self._tail = math.exp(tail)
        blocks = [self._sum(B[:, i : i + _BLOCK], None) for i in range(0, B.shape[1], _BLOCK)]
        return np.concatenate(blocks, axis=1) if blocks else B.copy()

    def rows(self, sources: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the rows (m, n) of ``H`` at the sources, stopping where the certificate allows."""
        n = self.graph.n
        out = np.empty((len(sources), n))
        self._order, self._truncation, self._tail = 0, 0.0, 0.0
        components = self.graph.components()
        for start in range(0, len(sources), _BLOCK):
            block = sources[start : start + _BLOCK]
            E = np.zeros((n, len(block)))
            E[block, np.arange(len(block))] = 1.0
            reachable = components[:, None] == components[block]
            out[start : start + _BLOCK] = self._sum(E, reachable).T
        return out

    def _sum(self, B: NDArray[np.float64], reachable: NDArray[np.bool_] | None) -> NDArray[np.float64]:
        """Add terms until all are taken, or until each reachable entry dominates the tail."""
        now, spare = np.ascontiguousarray(B), np.empty_like(B, order="C")
        total = now * self._weights[0]
        k = 0
        for k in range(1, self.largest_order + 1):
            image = spmm(self.P, now, out=spare, threads=self.threads)
            now, spare = image, (np.empty_like(image) if k == 1 else now)
            if self._weights[k] > 0:
                daxpy(now.ravel(), total.ravel(), a=self._weights[k])
            if reachable is not None and k % _CHECK_EVERY == 0 and k > self.x:
                tail = log_poisson_tail(self.x, k)
                if tail < -36 and math.exp(tail) <= self.rtol * float(total.min(where=reachable, initial=np.inf)):
                    break
        self._order = max(self._order, k)
        if reachable is not None:
            self._certify(total, k)
        return total

    def _certify(self, total: NDArray[np.float64], order: int) -> None:
        """Record tail and relative error of a finished block."""
        if self.x == 0:
            return
        tail = log_poisson_tail(self.x, order)
        least = float(total.min(where=total >= FLOOR, initial=np.inf))
        self._tail = max(self._tail, math.exp(tail))
        self._truncation = max(self._truncation, math.exp(tail - math.log(least)))

    def half(self) -> HeatMethod | None:
        """Return the method at half the time."""
        return Uniformisation(self.graph, self.given, self.t / 2, rtol=self.rtol, threads=self.threads)
