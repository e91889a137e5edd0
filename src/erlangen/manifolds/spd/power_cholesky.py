r"""The power-Cholesky metrics.

Definition: :math:`d^2(P, Q) = \|\lfloor L \rfloor - \lfloor K \rfloor\|_F^2 + \theta^{-2}\|\operatorname{diag}(L)^\theta - \operatorname{diag}(K)^\theta\|^2`.
Convention: theta -> 0 is log-Cholesky, theta = 1 Frobenius on the factors; not complete: the diagonal may reach 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from erlangen.errors import DomainError
from erlangen.manifolds.spd.cholesky_coordinates import CholeskyCoordinates
from erlangen.manifolds.spd.flat import Flat
from erlangen.manifolds.spd.pullback import PulledBack
from erlangen.validation import check_real

__all__ = ["PowerCholesky"]


@dataclass(frozen=True)
class PowerCholesky(PulledBack):
    r"""The power-Cholesky metric on SPD matrices.

    Parameters
    ----------
    theta : float
        Exponent of the diagonal of the Cholesky factor; at 1/2 the diagonal carries four times the one-dimensional
        Bures–Wasserstein metric.

    Raises
    ------
    DomainError
        If theta is 0 (that is :class:`LogCholesky`) or not finite.

    References
    ----------
    Chen et al., "Product geometries on Cholesky manifolds with applications to SPD manifolds", arXiv 2407.02607.

    Examples
    --------
    >>> import numpy as np
    >>> float(PowerCholesky(1.0).dist(np.eye(1), 9 * np.eye(1)))
    2.0
    """

    theta: float = 0.5
    name: ClassVar[str] = "power-cholesky"
    image = Flat()

    def __post_init__(self) -> None:
        theta = check_real(self.theta, "theta")
        if theta == 0:
            message = "theta must not be 0"
            raise DomainError(message, hint="use LogCholesky, the limit")
        object.__setattr__(self, "theta", theta)
        object.__setattr__(self, "chart", CholeskyCoordinates(theta))

    def __repr__(self) -> str:
        return f"PowerCholesky(theta={self.theta!r})"
