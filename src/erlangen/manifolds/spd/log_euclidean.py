r"""The log-Euclidean metric.

Definition: the flat metric pulled back by the matrix logarithm: :math:`d(P, Q) = \|\log P - \log Q\|_F`.
Convention: factor 1; means, geodesics and transport are those of the logarithms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from erlangen.linalg.spectral import Exponential, Logarithm, expm, logm
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.spd.chart import Chart, spectral_differential
from erlangen.manifolds.spd.flat import Flat
from erlangen.manifolds.spd.pullback import PulledBack

__all__ = ["LogEuclidean", "MatrixLogarithm"]


@dataclass(frozen=True)
class MatrixLogarithm(Chart):
    """The matrix logarithm, onto all symmetric matrices."""

    def forward(self, x: Tensor) -> Tensor:
        """Return log x."""
        return logm(x)

    def inverse(self, y: Tensor) -> Tensor:
        """Return exp y."""
        return expm(symmetric_part(y))

    def push(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the derivative of the logarithm."""
        return spectral_differential(x, v, Logarithm())

    def pull(self, x: Tensor, w: Tensor) -> Tensor:
        """Return the derivative of the exponential at log x."""
        return spectral_differential(logm(x), symmetric_part(w), Exponential())


@dataclass(frozen=True)
class LogEuclidean(PulledBack):
    """The log-Euclidean metric on SPD matrices: flat, complete, invariant under similarities and inversion.

    References
    ----------
    Arsigny, Fillard, Pennec & Ayache, SIAM J. Matrix Anal. Appl. 29 (2007).

    Examples
    --------
    >>> import numpy as np
    >>> P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
    >>> Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
    >>> float(LogEuclidean().dist(P, Q).round(12))
    1.367715047122
    """

    name: ClassVar[str] = "log-euclidean"
    image = Flat()
    chart = MatrixLogarithm()

    def __repr__(self) -> str:
        return "LogEuclidean()"
