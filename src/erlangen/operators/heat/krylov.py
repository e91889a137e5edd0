r"""Heat by Krylov spaces, one for each column, stopped by a proved bound of the error: few products, with an absolute error.

Definition: :math:`e^{-tL} b \approx \|b\|\, Q_m e^{-tT_m} e_1` (Hochbruck, Lubich 1997), see :func:`erlangen.linalg.krylov_action`.
Convention: the error is absolute, relative to the norm of each column; entries below it are noise, and their logarithms mean nothing.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from erlangen.linalg import Certificate
from erlangen.linalg.krylov import norm_from_below
from erlangen.linalg.krylov_columns import krylov_columns
from erlangen.linalg.product import as_product
from erlangen.linalg.scalar_function import as_scalar_function
from erlangen.operators.graph import Graph
from erlangen.operators.heat.method import HeatMethod

__all__ = ["Krylov"]

_MOST = 5000


class Krylov(HeatMethod):
    """The semigroup by products with the Laplacian, to an absolute error; its order adapts to the columns.

    Unlike Chebyshev's series it needs no bound of the largest eigenvalue, and no probability enters. It takes more memory: one vector
    for each step and column; and since each column has a polynomial of its own, rows are symmetric and linear only up to the error.

    Parameters
    ----------
    graph, laplacian, t, threads
        See :class:`HeatMethod`.
    rtol : float
        Largest truncation error, relative to the norm of each column.

    Examples
    --------
    >>> method = Krylov(Graph([[0, 1], [1, 0]]), "combinatorial", 1.0)
    >>> np.allclose(method.rows(np.array([0])), [[(1 + np.exp(-2)) / 2, (1 - np.exp(-2)) / 2]], atol=1e-13)
    True
    """

    name = "krylov"

    def __init__(
        self, graph: Graph, laplacian: str, t: float, *, rtol: float = 1e-10, threads: int | None = None
    ) -> None:
        super().__init__(graph, laplacian, t, threads=threads)
        self.rtol = rtol
        self.L = self.laplacian()
        self._order, self._truncation, self._rounding = 0, 0.0, 0.0

    @property
    def order(self) -> int:
        """Largest dimension of a Krylov space in the last call."""
        return self._order

    @property
    def absolute_error(self) -> float:
        """Truncation and rounding of the last call, relative to the norms of its columns; at least ``rtol``, which every call obeys."""
        return max(self.rtol, self._truncation) + self._rounding

    def apply(self, B: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``H B`` for columns (n, m).

        Warns
        -----
        ConvergenceWarning
            If 5000 products were not enough.
        """
        out, error = krylov_columns(
            as_product(self.L, threads=self.threads),
            B,
            as_scalar_function("exp", -self.t),
            ((0.0, math.inf), True),
            rtol=self.rtol,
            atol=self.rtol,
            most=_MOST,
            size=norm_from_below(self.L),
        )
        norms = np.where(error.norms > 0, error.norms, 1.0)
        self._order = error.steps
        self._truncation = float((error.truncation / norms).max(initial=0.0))
        self._rounding = float((error.rounding / norms).max(initial=0.0))
        proof = Certificate("lanczos", error.steps, self._truncation, self.rtol)
        proof.warn("heat by method='krylov'", "use method='chebyshev' or a larger rtol")
        return np.asarray(out)

    def half(self) -> HeatMethod:
        """Return the method at half the time."""
        return Krylov(self.graph, self.given, self.t / 2, rtol=self.rtol, threads=self.threads)
