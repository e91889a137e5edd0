r"""The Bures–Wasserstein metric with parameter M and power theta.

Definition: :class:`Bures` pulled back by :math:`\varphi(X) = M^{-1/2} X^\theta M^{-1/2}` and divided by :math:`\theta^2` (Han et al. 2023 for M).
Convention: M = I, theta = 1 is the Wasserstein distance of centred Gaussians; at M = P the metric is a quarter of the affine-invariant one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor

from erlangen.edges import to_tensor
from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.spd.check_spd import check_spd
from erlangen.manifolds.spd.bures import Bures
from erlangen.manifolds.spd.chart import Chart
from erlangen.manifolds.spd.plain_distance import bures_squares
from erlangen.manifolds.spd.power_congruence import PowerCongruence, required
from erlangen.manifolds.spd.pullback import PulledBack
from erlangen.validation import check_real

__all__ = ["BuresWasserstein"]


@dataclass(frozen=True, eq=False)
class BuresWasserstein(PulledBack):
    r"""The (theta, M)-Bures–Wasserstein metric on SPD matrices.

    .. math::
        d^2(P, Q) = \operatorname{tr} P + \operatorname{tr} Q - 2\operatorname{tr}(P^{1/2} Q P^{1/2})^{1/2}, \quad
        \log_P Q = (PQ)^{1/2} + (QP)^{1/2} - 2P, \quad \exp_P V = (I + L) P (I + L), \; L = \mathcal L_P[V]

    for M = I and theta = 1; in general with :math:`\varphi(P), \varphi(Q)` in the place of P, Q and distances divided by
    :math:`|\theta|`. Not complete: exp is one-to-one where :math:`I + L` is positive definite, and refused elsewhere. As
    theta -> 0 (M = I) the squared distance tends to a quarter of the log-Euclidean one.

    Parameters
    ----------
    M : Tensor or ndarray (n, n), optional
        Symmetric positive definite; the identity if omitted. May require a gradient.
    theta : float or Tensor (), optional
        Power, not 0. May require a gradient.

    Raises
    ------
    DomainError
        If theta is 0 or not finite; then use :class:`LogEuclidean`.
    NotSPDError
        If M is not symmetric positive definite.

    References
    ----------
    Bhatia, Jain & Lim, Expo. Math. 37 (2019); Malagò, Montrucchio & Pistone, Inf. Geom. 1 (2018); Han et al., arXiv 2110.10464 (M);
    Thanwerdas & Pennec, arXiv 1909.03852 (power).

    Examples
    --------
    >>> import numpy as np
    >>> P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
    >>> Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
    >>> float(BuresWasserstein().dist(P, Q).round(12))
    1.173399582453
    >>> BuresWasserstein().exp(np.eye(2), -3 * np.eye(2))
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: v lies outside the domain of exp: the smallest eigenvalue of I + L_x[v] is -0.5, it must be positive
    (shorten v, or ask with in_exp_domain(x, v) first)
    """

    M: Any = None
    theta: Any = 1.0
    name: ClassVar[str] = "bures-wasserstein"
    image = Bures()
    transports: ClassVar[tuple[str, ...]] = Bures.transports

    def __post_init__(self) -> None:
        theta = self.theta
        value = check_real(float(theta.detach()) if isinstance(theta, Tensor) else theta, "theta")
        if value == 0:
            message = "theta must not be 0"
            raise DomainError(message, hint="use LogEuclidean, four times the limit of the squared distance")
        if not isinstance(theta, Tensor):
            object.__setattr__(self, "theta", value)
        if self.M is not None:
            M = to_tensor(self.M, "M")
            if M.ndim != 2:
                message = f"M must have shape (n, n), got {tuple(M.shape)}"
                raise ShapeError(message, hint="one matrix serves all points")
            check_spd(M.detach(), "M")
            object.__setattr__(self, "M", M)

    @property
    def chart(self) -> Chart:  # type: ignore[override]
        """The map to the plain Bures–Wasserstein metric."""
        return PowerCongruence(self.M, self.theta)

    @property
    def scale(self) -> float | Tensor:  # type: ignore[override]
        """The factor of the squared distance."""
        found: float | Tensor = self.theta**-2
        return found

    def _plain_squares(self, x: Tensor, y: Tensor) -> Tensor | None:
        plain = self.M is None and not isinstance(self.theta, Tensor) and self.theta == 1
        return bures_squares(x, y) if plain else None

    def _key(self) -> tuple[object, ...]:
        """What equality compares: numbers by value, learnable tensors by identity."""
        if required(self.M, self.theta):
            return (id(self.M), id(self.theta))
        M = () if self.M is None else (tuple(self.M.shape), tuple(self.M.detach().flatten().tolist()))
        return (M, float(self.theta))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BuresWasserstein) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((BuresWasserstein, self._key()))

    def __repr__(self) -> str:
        parts = [] if self.M is None else [f"M={self._matrix()}"]
        theta = float(self.theta)
        parts += [] if theta == 1 else [f"theta={theta!r}"]
        return f"BuresWasserstein({', '.join(parts)})"

    def _matrix(self) -> str:
        return repr(self.M.detach().tolist())
