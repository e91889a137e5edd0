r"""The log-Cholesky metric.

Definition: :math:`d^2(P, Q) = \|\lfloor L \rfloor - \lfloor K \rfloor\|_F^2 + \|\log \operatorname{diag} L - \log\operatorname{diag} K\|^2`.
Convention: :math:`P = LL^T, Q = KK^T`; as Lin 2019, sec. 3, factor 1 on the strictly lower part and on the logarithms of the diagonal of L.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from erlangen.manifolds.spd.cholesky_coordinates import CholeskyCoordinates
from erlangen.manifolds.spd.flat import Flat
from erlangen.manifolds.spd.pullback import PulledBack

__all__ = ["LogCholesky"]


@dataclass(frozen=True)
class LogCholesky(PulledBack):
    """The log-Cholesky metric on SPD matrices: flat, complete, without eigendecompositions; depends on the order of the rows.

    References
    ----------
    Lin, SIAM J. Matrix Anal. Appl. 40 (2019).

    Examples
    --------
    >>> import numpy as np
    >>> float(LogCholesky().dist(np.eye(1), np.exp(2.0) * np.eye(1)).round(12))  # L = e
    1.0
    """

    name: ClassVar[str] = "log-cholesky"
    image = Flat()
    chart = CholeskyCoordinates()

    def __repr__(self) -> str:
        return "LogCholesky()"
