r"""The Stiefel manifold: matrices with orthonormal columns, or with orthonormal rows.

Definition: :math:`\{X \in \mathbb R^{n \times p} : X^T X = I\}`, of dimension :math:`np - p(p + 1)/2`; p = n gives the orthogonal group.
Convention: points are ``(..., n, p)``; with ``rows=True`` they are ``(..., p, n)`` with :math:`WW^T = I`, as weights of a bilinear layer stand.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.linalg.spd.polar import polar
from erlangen.manifolds.manifold import Manifold
from erlangen.manifolds.shapes import check_points, place
from erlangen.manifolds.stiefel_metric import StiefelMetric
from erlangen.manifolds.stiefel_retractions import q_factor
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer

__all__ = ["Stiefel"]


class Stiefel(Manifold):
    r"""Matrices with p orthonormal columns of length n, under the canonical or the Euclidean metric.

    Parameters
    ----------
    n, p : int
        Length and number of the columns, n >= p.
    metric : {"canonical", "euclidean"} or StiefelMetric
        See :class:`StiefelMetric`.
    retraction : {"polar", "qr", "cayley"}
        What ``retract`` uses.
    rows : bool
        Store the transposes, ``(..., p, n)`` with orthonormal rows.

    Raises
    ------
    DomainError
        If n < p, or a name is unknown.

    References
    ----------
    Edelman, Arias & Smith, SIAM J. Matrix Anal. Appl. 20 (1998); Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds.

    Examples
    --------
    >>> import numpy as np
    >>> m = Stiefel(4, 2)
    >>> m, m.dim
    (Stiefel(4, 2), 5)
    >>> x = m.project(np.arange(8.0).reshape(4, 2))
    >>> bool(np.allclose(x.T @ x, np.eye(2)))
    True
    """

    def __init__(
        self,
        n: int,
        p: int,
        metric: str | StiefelMetric = "canonical",
        *,
        retraction: str = "polar",
        rows: bool = False,
    ) -> None:
        self.p = check_integer(p, "p", low=1)
        self.n = check_integer(n, "n", low=self.p)
        chosen = metric if isinstance(metric, StiefelMetric) else StiefelMetric(metric, retraction, rows)
        shape = (self.p, self.n) if chosen.rows else (self.n, self.p)
        super().__init__(shape, self.n * self.p - self.p * (self.p + 1) // 2, chosen)

    @property
    def rows(self) -> bool:
        """Whether points have orthonormal rows."""
        return isinstance(self.metric, StiefelMetric) and self.metric.rows

    def _turn(self, x: Tensor) -> Tensor:
        return x.mT if self.rows else x

    @array_edge("x")
    def project(self, x: Tensor) -> Tensor:
        r"""Return the nearest point, the polar factor :math:`UV^T` of :math:`x = U \Sigma V^T`.

        Raises
        ------
        DomainError
            If x has not full rank: then there is no single nearest point.
        """
        check_points(x, "x", self.shape)
        columns = self._turn(x)
        values = torch.linalg.svdvals(columns.detach())
        bad = values[..., -1] <= self.n * torch.finfo(x.dtype).eps * values[..., 0]
        if bool(bad.any()):
            where, index = place("x", bad)
            message = f"{where} has not full rank: its smallest singular value is {float(values[index][-1]):.3g}"
            raise DomainError(message, hint="no single point is nearest; perturb the matrix")
        return self._turn(polar(columns)[0])

    @array_edge("x", "v")
    def to_tangent(self, x: Tensor, v: Tensor) -> Tensor:
        r"""Return :math:`v - x \operatorname{sym}(x^T v)`, the orthogonal projection of the ambient space."""
        check_points(v, "v", self.shape)
        x, v = self._turn(x), self._turn(v)
        inside = x.mT @ v
        return self._turn(v - x @ (inside + inside.mT) / 2)

    def _refuse(self, x: Tensor) -> None:
        check_points(x, "x", self.shape)
        columns = self._turn(x)
        one = torch.eye(self.p, dtype=x.dtype, device=x.device)
        gap = (columns.mT @ columns - one).abs().amax((-2, -1))
        limit = 100 * self.n * torch.finfo(x.dtype).eps
        bad = ~(gap <= limit)
        if bool(bad.any()):
            where, index = place("x", bad)
            kind = "rows" if self.rows else "columns"
            message = (
                f"{where} has no orthonormal {kind}: an inner product is off by {float(gap[index]):.3g} > {limit:.2g}"
            )
            raise DomainError(message, hint="project it first")

    def random(self, n: int | None = None, *, rng: RngLike = None) -> Tensor:
        """Return n uniformly distributed points (or one): Q factors of normal matrices."""
        shape = () if n is None else (check_integer(n, "n", low=0),)
        normal = torch.from_numpy(as_generator(rng).standard_normal((*shape, self.n, self.p)))
        return self._turn(q_factor(normal))

    def __repr__(self) -> str:
        parts = [f"{self.n}, {self.p}"]
        metric = self.metric
        if isinstance(metric, StiefelMetric):
            parts += [repr(metric.kind)] if metric.kind != "canonical" else []
            parts += [f"retraction={metric.retraction!r}"] if metric.retraction != "polar" else []
            parts += ["rows=True"] if metric.rows else []
        return f"Stiefel({', '.join(parts)})"
