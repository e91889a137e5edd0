r"""Two metrics of the Stiefel manifold, canonical and Euclidean, as members of one family.

Definition: :math:`\langle U, V\rangle_X = \operatorname{tr} U^T(I - (1 - \beta) XX^T) V`; :math:`\beta = 1/2` canonical, 1 Euclidean (Zimmermann & Hüper 2022).
Convention: points are ``(..., n, p)`` with orthonormal columns; a tangent vector is :math:`V = XA + K`, A skew, :math:`X^T K = 0`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import ConvergenceError, DomainError
from erlangen.linalg.certificate import Certificate
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.shapes import check_pair, place
from erlangen.manifolds.stiefel_log import refine, solve_log
from erlangen.manifolds.stiefel_retractions import RETRACTIONS
from erlangen.manifolds.stiefel_transport import flow, skew, transport
from erlangen.validation import check_choice

__all__ = ["StiefelMetric"]

_BETA = {"canonical": 0.5, "euclidean": 1.0}
# Below this length a geodesic is the only shortest one: pi for the Euclidean metric (Zimmermann & Stoye 2024), sqrt(4/5) pi from
# curvature <= 5/4 and closed geodesics of length >= 2 pi for the canonical one (Rentmeesters 2013, ch. 5); spheres and O(n) have pi.
_RADIUS = {"canonical": (4 / 5) ** 0.5 * torch.pi, "euclidean": torch.pi}


def split(x: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Return the skew matrix A and the normal part K of a tangent vector v = x A + K."""
    inside = x.mT @ v
    return skew(inside), v - x @ inside


@dataclass(frozen=True)
class StiefelMetric(Metric):
    r"""The canonical or the Euclidean metric of matrices with orthonormal columns (or rows).

    .. math::
        \langle U, V\rangle_X &= \operatorname{tr} U^T (I - (1 - \beta) X X^T) V, \\
        \exp_X(XA + K) &= [X, K] \exp\begin{pmatrix} 2\beta A & -K^T K \\ I & 0 \end{pmatrix}
                          \begin{pmatrix} I \\ 0 \end{pmatrix} e^{(1 - 2\beta) A}

    Blocks are 2p x 2p and no basis of the complement is built, so that the map is smooth also at V = 0 and for 2p > n. The Stiefel
    manifold is naturally reductive for every :math:`\beta`, hence parallel transport solves a linear equation with constant coefficients,
    :math:`v' = -\tfrac12 [\xi, v]_{\mathfrak m}`, and is computed to rounding; projection onto the tangent space, which is *not* parallel,
    is not offered under this name.

    Parameters
    ----------
    kind : {"canonical", "euclidean"}
        Which of the two.
    retraction : {"polar", "qr", "cayley"}
        What :meth:`retract` uses.
    rows : bool
        Points are ``(..., p, n)`` with orthonormal rows.

    References
    ----------
    Edelman, Arias & Smith, SIAM J. Matrix Anal. Appl. 20 (1998); Zimmermann, SIAM J. Matrix Anal. Appl. 38 (2017);
    Zimmermann & Hüper, SIAM J. Matrix Anal. Appl. 43 (2022).

    Examples
    --------
    >>> import numpy as np
    >>> m = StiefelMetric("canonical")
    >>> x, v = np.eye(3)[:, :1], np.array([[0.0], [np.pi / 2], [0.0]])
    >>> m.exp(x, v).ravel().round(12) + 0.0
    array([0., 1., 0.])
    """

    kind: str = "canonical"
    retraction: str = "polar"
    rows: bool = False
    name: ClassVar[str] = "stiefel"

    def __post_init__(self) -> None:
        check_choice(self.kind, "kind", _BETA)
        check_choice(self.retraction, "retraction", RETRACTIONS)

    @property
    def beta(self) -> float:
        """The weight of the skew part."""
        return _BETA[self.kind]

    def radius(self, n: int, p: int) -> float:
        """Return the length below which a geodesic is known to be the only shortest one (a bound for most shapes)."""
        return torch.pi if p in (1, n) else _RADIUS[self.kind]

    def _columns(self, *matrices: Tensor) -> list[Tensor]:
        for other in matrices[1:]:
            check_pair(matrices[0], other, "the point", "the other argument")
        return [m.mT for m in matrices] if self.rows else list(matrices)

    def _back(self, x: Tensor) -> Tensor:
        return x.mT if self.rows else x

    @array_edge("x", "u", "v")
    def inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        r"""Return :math:`\operatorname{tr} U^T(I - (1 - \beta) XX^T)V`, ``(...)``."""
        x, u, v = self._columns(x, u, v)
        return (u * v).sum((-2, -1)) - (1 - self.beta) * ((x.mT @ u) * (x.mT @ v)).sum((-2, -1))

    @array_edge("x", "v")
    def exp(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the end of the geodesic; defined for every v."""
        x, v = self._columns(x, v)
        A, K = split(x, v)
        top, bottom = flow(A, K.mT @ K, self.beta)
        return self._back(x @ top + K @ bottom)

    @array_edge("x", "y")
    def log(self, x: Tensor, y: Tensor, certificate: bool = False) -> Tensor | tuple[Tensor, Certificate]:
        """Return the velocity of the shortest geodesic, by Newton's iteration on p x p matrices.

        Parameters
        ----------
        x, y : Tensor or ndarray (..., n, p)
            Points.
        certificate : bool
            Return also a :class:`erlangen.linalg.Certificate`, residual ``|exp(x, v) - y|``.

        Raises
        ------
        ConvergenceError
            If the iteration finds no geodesic.
        DomainError
            If the geodesic is longer than the injectivity radius, so that it need not be the shortest.
        """
        x, y = self._columns(x, y)
        M = x.mT @ y
        L = y - x @ M
        A, C, record = solve_log(M, L.mT @ L, self.beta)
        if not record.converged:
            message = f"log: no geodesic from x to y was found, residual {record.residual:.3g} after {record.iterations} steps"
            remedy = "the points are near or beyond the cut locus; go through a point between them"
            raise ConvergenceError(message, residual=record.residual, iterations=record.iterations, hint=remedy)
        if torch.is_grad_enabled() and (M.requires_grad or L.requires_grad):
            A, C = refine(M, L.mT @ L, A, C, self.beta)
        v = self._back(x @ A + L @ C)
        self._within(self._back(x), v)
        return (v, record) if certificate else v

    def _within(self, x: Tensor, v: Tensor) -> None:
        length = self.inner(x, v, v).detach().clamp_min(0).sqrt()
        radius = self.radius(max(x.shape[-2:]), min(x.shape[-2:]))
        bad = ~(length < radius * (1 - 1e-9))
        if bool(bad.any()):
            where, index = place("log(x, y)", bad)
            message = (
                f"{where} has length {float(length[index]):.6g}, beyond the injectivity radius {radius:.6g} of the "
                f"{self.kind} metric: it need not be the shortest"
            )
            raise DomainError(message, hint="go through a point between them")

    @array_edge("x", "y", "v")
    def transport(self, x: Tensor, y: Tensor, v: Tensor, method: str = "auto") -> Tensor:
        """Return the parallel transport along the geodesic from x to y; refuses where :meth:`log` does.

        ``method="projection"`` returns the tangential part of v at y instead, a vector transport that is not parallel and asks no log.
        """
        check_choice(method, "method", ("auto", "closed", "projection"))
        if method == "projection":
            y, v = self._columns(y, v)
            a, k = split(y, v)
            return self._back(y @ a + k)
        along: Any = self.log(x, y)
        x, along, v = self._columns(x, along, v)
        return self._back(transport(x, split(x, along), split(x, v), self.beta))

    @array_edge("x", "g")
    def riemannian_gradient(self, x: Tensor, g: Tensor) -> Tensor:
        r"""Return :math:`X \operatorname{skew}(X^T G)/\beta + (I - XX^T) G`."""
        x, g = self._columns(x, g)
        a, k = split(x, g)
        return self._back(x @ a / self.beta + k)

    @array_edge("x", "v")
    def retract(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the retraction named at construction; all three agree with :meth:`exp` to first order."""
        x, v = self._columns(x, v)
        step: Callable[[Tensor, Tensor], Tensor] = RETRACTIONS[self.retraction]
        return self._back(step(x, v))
