r"""Heat by eigenpairs of the Laplacian, all of them or the lowest: one decomposition serves every time.

Definition: :math:`e^{-tL} \approx V e^{-t\Lambda} V^\top`; for the k lowest pairs the rest is at most :math:`e^{-t\lambda_k}` in the operator norm.
Convention: the error is absolute; eigenvalues that rounding made negative count as zero.
"""

from __future__ import annotations

import math

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from erlangen.linalg import lowest_eigenpairs
from erlangen.operators.graph import Graph
from erlangen.operators.heat.method import HeatMethod
from erlangen.validation import check_integer, check_memory

__all__ = ["Eigenbasis"]

_Pairs = tuple[NDArray[np.float64], NDArray[np.float64], float, float]


class Eigenbasis(HeatMethod):
    """The semigroup in an eigenbasis.

    Parameters
    ----------
    graph, laplacian, t, threads
        See :class:`HeatMethod`.
    rank : int, optional
        Number of lowest eigenpairs; all, by a dense decomposition, where it is left away.
    pairs : tuple, optional
        Values (k,), vectors (n, k), residual and skewness, where they are known already.

    Raises
    ------
    ResourceLimitError
        If a dense decomposition does not fit.

    Examples
    --------
    >>> method = Eigenbasis(Graph([[0, 1], [1, 0]]), "combinatorial", 1.0)
    >>> np.allclose(method.rows(np.array([0])), [[(1 + np.exp(-2)) / 2, (1 - np.exp(-2)) / 2]], atol=1e-15)
    True
    """

    def __init__(
        self,
        graph: Graph,
        laplacian: str,
        t: float,
        *,
        rank: int | None = None,
        threads: int | None = None,
        pairs: _Pairs | None = None,
    ) -> None:
        super().__init__(graph, laplacian, t, threads=threads)
        self.rank = None if rank is None else check_integer(rank, "rank", low=1, high=graph.n)
        self.name = "eigh" if rank is None else "lowrank"
        self.values, self.vectors, self.residual, self.skew = self._pairs() if pairs is None else pairs

    def _pairs(self) -> _Pairs:
        """Return eigenvalues, vectors, a bound of ``||L V - V Lambda||`` for orthonormal V, and what V lacks of that."""
        n, L = self.graph.n, self.laplacian()
        if self.rank is None:
            check_memory(
                40.0 * n * n, f"a dense eigendecomposition of {n} vertices", hint="use method='uniformisation'"
            )
            values, vectors = scipy.linalg.eigh(L.toarray())
        else:
            values, vectors = lowest_eigenpairs(L, self.rank, lower=0.0)
        values = np.maximum(values, 0.0)
        skew = float(np.linalg.norm(vectors.T @ vectors - np.eye(len(values))))
        defect = float(np.linalg.norm(L @ vectors - vectors * values))
        norm = 2 * float((self.graph.degrees / self.graph.measure(self.given)).max(initial=0.0))
        return values, vectors, defect + 2 * skew * norm, skew

    @property
    def order(self) -> int:
        """Number of eigenpairs."""
        return len(self.values)

    @property
    def absolute_error(self) -> float:
        """Residual times t, the part beyond the last eigenvalue, and rounding of the sum."""
        rest = 0.0 if self.rank is None or self.rank == self.graph.n else math.exp(-self.t * self.values[-1])
        return self.t * self.residual + 2 * self.skew + rest + 4 * self.order * float(np.finfo(np.float64).eps)

    def apply(self, B: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``H B`` for columns (n, m)."""
        return self.vectors @ (np.exp(-self.t * self.values)[:, None] * (self.vectors.T @ B))

    def rows(self, sources: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the rows (m, n) of ``H`` at the sources."""
        return (self.vectors[sources] * np.exp(-self.t * self.values)) @ self.vectors.T

    def diagonal(self) -> NDArray[np.float64]:
        """Return the diagonal (n,)."""
        return np.einsum("ik,k,ik->i", self.vectors, np.exp(-self.t * self.values), self.vectors)

    def half(self) -> HeatMethod:
        """Return the method at half the time, on the same basis."""
        pairs = (self.values, self.vectors, self.residual, self.skew)
        return Eigenbasis(self.graph, self.given, self.t / 2, rank=self.rank, threads=self.threads, pairs=pairs)
