r"""Heat of all pairs by scaling and squaring of a non-negative matrix: no subtraction, so that far entries keep their digits.

Definition: :math:`e^{-tL} = \big(e^{-y} \sum_{k \le K} \tfrac{y^k}{k!} P^k\big)^{2^s}`, :math:`y = ct/2^s`, :math:`P = I - L/c \ge 0`.
Convention: K and s are fixed beforehand so that walks of every length that matters are kept; the reach is :math:`K 2^s` edges.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from erlangen.linalg import spmm
from erlangen.operators.graph import Graph
from erlangen.operators.heat.method import HeatMethod
from erlangen.operators.heat.poisson import poisson_order, poisson_weights
from erlangen.operators.heat.uniformisation import FLOOR, jump_matrix
from erlangen.validation import check_memory

__all__ = ["Squaring", "squaring_plan"]

_DENSE_GAIN = 16.0


def squaring_plan(x: float, rtol: float, n: int, density: float = 0.05) -> tuple[int, int, float]:
    r"""Return terms K, squarings s, and the bound of the relative error, of the cheapest plan for :math:`x = ct`.

    The coefficient of :math:`P^k` in the truncated power is that of the full series times the chance that k balls in :math:`2^s` boxes
    leave at most K in each, hence too small by at most :math:`2^s \Pr(\mathrm{Bin}(k, 2^{-s}) > K)`, relative to itself. Walks longer than
    :math:`k_{\max}` are left out; they sum to less than ``rtol`` of an entry of 1e-300.

    Parameters
    ----------
    x : float
        Mean number of jumps.
    rtol : float
        Largest relative error.
    n : int
        Vertices: no more squarings are planned than the mean number of jumps asks for, or than keep the rounding below ``rtol``.
    density : float
        Non-zero entries of P over n^2: the price of a term against that of a squaring.

    Examples
    --------
    >>> K, s, error = squaring_plan(1000.0, 1e-10, 500)
    >>> K * 2**s > 2000, error <= 1e-10
    (True, True)
    """
    longest = poisson_order(x, math.log(rtol / 2 * FLOOR))
    best = (longest, 0, 0.0)
    cost = longest * density * _DENSE_GAIN
    rounding = 4 * (n + 100) * float(np.finfo(np.float64).eps)
    most = int(max(math.ceil(math.log2(x)), math.log2(rtol / rounding), 0.0))
    for s in range(1, most + 1):
        if s >= cost:
            break
        boxes = 2.0**s
        target = rtol / 2 / boxes
        low = max(1, int(longest / boxes))
        K = int(_least_cut(longest, 1 / boxes, target, low))
        price = s + K * density * _DENSE_GAIN
        if price < cost:
            cost, best = price, (K, s, boxes * float(bdtrc(K, longest, 1 / boxes)))
    return best[0], best[1], best[2] + rtol / 2


def _least_cut(trials: int, chance: float, target: float, low: int) -> int:
    """Return the least K >= low at which the binomial tail beyond K is below the target, by bisection."""
    high = low
    while high < trials and bdtrc(high, trials, chance) > target:
        high = min(trials, 2 * high)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if bdtrc(middle, trials, chance) <= target else (middle + 1, high)
    return high


class Squaring(HeatMethod):
    """The semigroup of all pairs, dense; entries of at least 1e-300 to a relative error of ``rtol`` and rounding.

    Parameters
    ----------
    graph, laplacian, t, threads
        See :class:`HeatMethod`.
    rtol : float
        Largest relative error by truncation.

    Raises
    ------
    ResourceLimitError
        If two dense matrices (n, n) do not fit.

    Examples
    --------
    >>> H = Squaring(Graph([[0, 1], [1, 0]]), "combinatorial", 1.0).rows(np.array([0]))
    >>> np.allclose(H, [[(1 + np.exp(-2)) / 2, (1 - np.exp(-2)) / 2]], rtol=1e-14)
    True
    """

    name = "squaring"

    def __init__(
        self, graph: Graph, laplacian: str, t: float, *, rtol: float = 1e-10, threads: int | None = None
    ) -> None:
        super().__init__(graph, laplacian, t, threads=threads)
        self.rtol = rtol
        n = graph.n
        check_memory(32.0 * n * n, f"squaring a dense heat kernel of {n} vertices", hint="use method='uniformisation'")
        self.P, rate = jump_matrix(graph, self.kind)
        self.x = rate * t
        if self.x > 0:
            self.terms, self.squarings, self._truncation = squaring_plan(self.x, rtol, n, self.P.nnz / max(1, n * n))
        else:
            self.terms, self.squarings, self._truncation = 0, 0, 0.0
        self._kernel: NDArray[np.float64] | None = None

    @property
    def order(self) -> int:
        """Edges that the kernel reaches: terms times powers of two."""
        return self.terms * 2**self.squarings

    @property
    def relative_error(self) -> float:
        """Bound of truncation and rounding, for entries of at least 1e-300."""
        longest = int(np.diff(self.P.indptr).max(initial=0))
        each = self.terms * (longest + 2) + 4 * self.x / 2.0**self.squarings + self.graph.n + 1
        return self._truncation + 2.0**self.squarings * each * float(np.finfo(np.float64).eps)

    @property
    def absolute_error(self) -> float:
        """The relative bound, since no entry exceeds one."""
        return self.relative_error + FLOOR

    @property
    def kernel(self) -> NDArray[np.float64]:
        """The symmetric heat kernel (n, n), computed once."""
        if self._kernel is None:
            self._kernel = self._compute()
        return self._kernel

    def _compute(self) -> NDArray[np.float64]:
        """Taylor terms by sparse products, then squarings by dense ones."""
        n = self.graph.n
        power = np.eye(n)
        if self.terms == 0:
            return power
        weights = poisson_weights(self.x / 2.0**self.squarings, self.terms)
        total = power * weights[0]
        for k in range(1, self.terms + 1):
            power = spmm(self.P, power, threads=self.threads)
            if weights[k] > 0:
                total += weights[k] * power
        del power
        for _ in range(self.squarings):
            total = self._conserving(total)
            total = total @ total.T
        return self._conserving(total)

    def _conserving(self, H: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scale rows and columns so that heat is conserved to rounding, which keeps squarings from doubling the defect."""
        scale = np.sqrt(self.root / (H @ self.root))
        H *= scale
        H *= scale[:, None]
        return H

    def apply(self, B: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``H B`` for columns (n, m)."""
        return self.kernel @ B

    def rows(self, sources: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the rows (m, n) of ``H`` at the sources."""
        return self.kernel[sources]

    def diagonal(self) -> NDArray[np.float64]:
        """Return the diagonal (n,)."""
        return self.kernel.diagonal().copy()

    def half(self) -> HeatMethod:
        """Return the method at half the time."""
        return Squaring(self.graph, self.given, self.t / 2, rtol=self.rtol, threads=self.threads)
