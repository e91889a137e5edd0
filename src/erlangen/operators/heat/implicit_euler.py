r"""Heat by implicit Euler steps with an M-matrix factor: every entry right to relative accuracy, however small.

Definition: :math:`H = (I + \tfrac{t}{S} L)^{-S}`; on a d-manifold the Matérn kernel of smoothness S - d/2 to leading order, and :math:`e^{-tL}` as S grows.
Convention: the far field decays exponentially, not as a Gaussian, where d^2/4t is much above S; ``relative_error`` against e^{-tL} is therefore not bounded.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from erlangen.linalg import MMatrixFactor
from erlangen.operators.graph import Graph
from erlangen.operators.heat.method import HeatMethod
from erlangen.validation import check_integer

__all__ = ["DEFAULT_STEPS", "ImplicitEuler"]

DEFAULT_STEPS = 5


class ImplicitEuler(HeatMethod):
    r"""The kernel :math:`(I + \tfrac{t}{S} L)^{-S}` through one factor of :math:`\mu + \tfrac{t}{S}(D - W)`.

    Nothing is subtracted in factor or solves, so that each entry of a column carries about 13 digits of the kernel of the formula.

    Parameters
    ----------
    graph, laplacian, t, threads
        See :class:`HeatMethod`.
    steps : int
        S >= 1.

    Raises
    ------
    ResourceLimitError
        If the factor would not fit.

    Examples
    --------
    One edge: the eigenvalues of L are 0 and 2.

    >>> H = ImplicitEuler(Graph([[0, 1], [1, 0]]), "combinatorial", 1.0, steps=1).rows(np.array([0]))
    >>> np.allclose(H, [[(1 + 1/3) / 2, (1 - 1/3) / 2]])
    True
    """

    name = "euler"

    def __init__(
        self,
        graph: Graph,
        laplacian: str,
        t: float,
        *,
        steps: int = DEFAULT_STEPS,
        threads: int | None = None,
        factor: MMatrixFactor | None = None,
    ) -> None:
        super().__init__(graph, laplacian, t, threads=threads)
        self.steps = check_integer(steps, "steps", low=1)
        self._mu = graph.measure(laplacian)
        if factor is None:
            factor = MMatrixFactor(graph.weights * (t / self.steps), self._mu, ordering=graph.elimination_order)
        self.factor = factor

    @property
    def order(self) -> int:
        """Number of steps."""
        return self.steps

    @property
    def absolute_error(self) -> float:
        r"""Bound :math:`\sup_x |e^{-x} - (1 + x/S)^{-S}| \le 2 e^{-2} / S` of the distance to the semigroup, in the operator norm."""
        return 2 * math.exp(-2) / self.steps

    def apply(self, B: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``H B`` for columns (n, m)."""
        scaled = B / self.root[:, None]
        return self.root[:, None] * self.factor.solve(scaled, repeat=self.steps, scale=self._mu, threads=self.threads)

    def rows(self, sources: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the rows (m, n) of ``H`` at the sources, without building right-hand sides."""
        H = self.factor.columns(sources, repeat=self.steps, scale=self._mu, threads=self.threads)
        if self.kind != "combinatorial":
            H *= self.root
            H /= self.root[sources][:, None]
        return H

    def part(self, steps: int) -> ImplicitEuler:
        """Return some steps of this method, of the same length and with the same factor."""
        t = self.t * steps / self.steps
        return ImplicitEuler(self.graph, self.given, t, steps=steps, threads=self.threads, factor=self.factor)

    def half(self) -> HeatMethod | None:
        """Return the method of half the steps, whose square this one is, if the steps are even."""
        return None if self.steps % 2 else self.part(self.steps // 2)
