r"""The power-Euclidean metrics, flat in a power of the matrix; the harmonic one is that of the inverse.

Definition: the flat metric pulled back by :math:`X \mapsto X^\theta` and divided by :math:`\theta^2`: :math:`d(P, Q) = \|P^\theta - Q^\theta\|_F / |\theta|`.
Convention: theta = 1 is Frobenius, 1/2 the root-Euclidean metric, -1 the harmonic one, theta -> 0 log-Euclidean; not complete: powers may become singular.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from erlangen.errors import DomainError
from erlangen.manifolds.spd.chart import Chart
from erlangen.manifolds.spd.flat import Flat
from erlangen.manifolds.spd.power_congruence import PowerCongruence
from erlangen.manifolds.spd.pullback import PulledBack
from erlangen.manifolds.spd.spd_metric import positive_definite
from erlangen.validation import check_real

__all__ = ["MatrixPower", "PowerEuclidean"]


class MatrixPower(PowerCongruence):
    """The power theta of a matrix, onto the positive definite ones."""

    def contains(self, y: Tensor) -> Tensor:
        """Return whether y is positive definite."""
        return positive_definite(y)


@dataclass(frozen=True)
class PowerEuclidean(PulledBack):
    r"""The power-Euclidean metric on SPD matrices, with the mean :math:`(\sum_i w_i X_i^\theta)^{1/\theta}`.

    Parameters
    ----------
    theta : float
        Exponent, not 0.

    Raises
    ------
    DomainError
        If theta is 0 (that is :class:`LogEuclidean`) or not finite.

    References
    ----------
    Dryden, Pennec & Peyrat, arXiv 1009.3045; Thanwerdas & Pennec, Linear Algebra Appl. 661 (2023).

    Examples
    --------
    >>> import numpy as np
    >>> PowerEuclidean(-1.0).mean(np.array([[[1.0]], [[3.0]]])).item()  # harmonic
    1.5
    """

    theta: float = 0.5
    name: ClassVar[str] = "power-euclidean"
    image = Flat()

    def __post_init__(self) -> None:
        theta = check_real(self.theta, "theta")
        if theta == 0:
            message = "theta must not be 0"
            raise DomainError(message, hint="use LogEuclidean, the limit")
        object.__setattr__(self, "theta", theta)

    @property
    def chart(self) -> Chart:  # type: ignore[override]
        """The power."""
        return MatrixPower(theta=self.theta)

    @property
    def scale(self) -> float:  # type: ignore[override]
        """The factor of the squared distance."""
        return self.theta**-2

    def __repr__(self) -> str:
        return f"PowerEuclidean(theta={self.theta!r})"
