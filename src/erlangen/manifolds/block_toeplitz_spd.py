r"""Block-Toeplitz covariances as a product of one SPD matrix and partial autocorrelations.

Definition: :math:`G \mapsto (\Gamma_0, \Omega_1, \dots, \Omega_{p-1})`, :math:`d^2 = p\, d_{SPD}^2 + \sum_l (p - l)\, d_{Siegel}^2` (Jeuris & Vandebril 2016).
Convention: points are ``(..., p, n, n)``; the np x np matrix is formed only by :meth:`BlockToeplitzSPD.to_matrix`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.toeplitz import block_toeplitz, levinson_whittle, toeplitz_blocks, toeplitz_from_partials
from erlangen.manifolds.manifold import Manifold
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.shapes import check_points
from erlangen.manifolds.siegel import Siegel
from erlangen.manifolds.siegel_metric import SiegelMetric
from erlangen.manifolds.spd import SPD, AffineInvariant
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer

__all__ = ["BlockToeplitzMetric", "BlockToeplitzSPD"]

_DISK = SiegelMetric()


def _join(head: Tensor, tail: Tensor) -> Tensor:
    return torch.cat([head.unsqueeze(-3), tail], dim=-3)


@dataclass(frozen=True)
class BlockToeplitzMetric(Metric):
    r"""The metric :math:`p\, g_{SPD} + \sum_{l=1}^{p-1} (p - l)\, g_{Siegel}` on ``(..., p, n, n)``; all disks are treated in one batch.

    Parameters
    ----------
    head : Metric
        Metric of :math:`\Gamma_0`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[1.0]], [[0.0]]])
    >>> float(BlockToeplitzMetric().squared_dist(x, np.array([[[np.e]], [[np.tanh(1.0)]]])).round(12))
    3.0
    """

    head: Metric = AffineInvariant()  # noqa: RUF009 - a frozen value
    name: ClassVar[str] = "block-toeplitz"
    point_axes: ClassVar[int] = 3

    @staticmethod
    def _weights(x: Tensor) -> Tensor:
        """Return p - 1, …, 1."""
        return torch.arange(x.shape[-3] - 1, 0, -1, dtype=x.dtype, device=x.device)

    def _sum(self, x: Tensor, first: Tensor, rest: Tensor) -> Tensor:
        return x.shape[-3] * first + (self._weights(x) * rest).sum(-1)

    @array_edge("x", "u", "v")
    def inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        """Return the weighted sum of inner products, ``(...)``."""
        (a, A), (b, B), (c, C) = map(_split, (x, u, v))
        return self._sum(x, self.head.inner(a, b, c), _DISK.inner(A, B, C))

    @array_edge("x", "v")
    def exp(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the ends of the factors' geodesics."""
        (a, A), (b, B) = map(_split, (x, v))
        return _join(self.head.exp(a, b), _DISK.exp(A, B))

    @array_edge("x", "y")
    def log(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the factors' logarithms."""
        (a, A), (b, B) = map(_split, (x, y))
        return _join(self.head.log(a, b), _DISK.log(A, B))

    @array_edge("x", "y", "v")
    def transport(self, x: Tensor, y: Tensor, v: Tensor) -> Tensor:
        """Return the factors' parallel transports."""
        (a, A), (b, B), (c, C) = map(_split, (x, y, v))
        return _join(self.head.transport(a, b, c), _DISK.transport(A, B, C))

    @array_edge("x", "y")
    def squared_dist(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the weighted sum of squared distances, ``(...)``; costs p problems of size n."""
        (a, A), (b, B) = map(_split, (x, y))
        return self._sum(x, self.head.squared_dist(a, b), _DISK.squared_dist(A, B))

    @array_edge("x", "g")
    def riemannian_gradient(self, x: Tensor, g: Tensor) -> Tensor:
        """Return the factors' gradients, divided by p and p - l."""
        (a, A), (b, B) = map(_split, (x, g))
        rest: Tensor = _DISK.riemannian_gradient(A, B)
        return _join(self.head.riemannian_gradient(a, b) / x.shape[-3], rest / self._weights(x)[:, None, None])

    @array_edge("x", "v")
    def in_exp_domain(self, x: Tensor, v: Tensor) -> Tensor:
        """Return whether the exponential of the first factor is defined, ``(...)``."""
        found: Tensor = self.head.in_exp_domain(x[..., 0, :, :], v[..., 0, :, :])
        return found

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        starts: tuple[Any, Any] = (None, None) if init is None else _split(init)
        first, record = self.head._mean(X[..., 0, :, :], w, tol, max_iter, starts[0])
        if X.shape[-3] == 1:
            return first.unsqueeze(-3), record
        tail = X[..., 1:, :, :].movedim(-3, -4)  # (..., p - 1, N, n, n)
        rest, other = _DISK._mean(tail, w.unsqueeze(-2).expand(tail.shape[:-2]), tol, max_iter, starts[1])
        return _join(first, rest), max(record, other, key=lambda one: one.residual)


def _split(x: Tensor) -> tuple[Tensor, Tensor]:
    return x[..., 0, :, :], x[..., 1:, :, :]


class BlockToeplitzSPD(Manifold):
    r"""Positive definite block-Toeplitz matrices of p x p blocks of size n, in coordinates :math:`(\Gamma_0, \Omega_1, \dots, \Omega_{p-1})`.

    The coordinates are a covariance and p - 1 partial autocorrelations (:func:`erlangen.linalg.levinson_whittle`); every choice of them
    is a point. Distances, logarithms and means cost p problems of size n instead of one of size np.

    Parameters
    ----------
    n : int
        Channels.
    order : int
        Number p of block rows.

    References
    ----------
    Jeuris & Vandebril, SIAM J. Matrix Anal. Appl. 37 (2016); Cabanes, thesis, Bordeaux 2022.

    Examples
    --------
    >>> import numpy as np
    >>> m = BlockToeplitzSPD(1, 3)
    >>> x = m.from_autocovariances(np.array([[[2.0]], [[1.0]], [[0.5]]]))
    >>> x.ravel().round(12) + 0.0, m.to_matrix(x).round(12)[0]
    (array([2. , 0.5, 0. ]), array([2. , 1. , 0.5]))
    """

    def __init__(self, n: int, order: int) -> None:
        self.n = check_integer(n, "n", low=1)
        self.order = check_integer(order, "order", low=1)
        dim = self.n * (self.n + 1) // 2 + (self.order - 1) * self.n**2
        super().__init__((self.order, self.n, self.n), dim, BlockToeplitzMetric())

    @array_edge("gammas")
    def from_autocovariances(self, gammas: Tensor) -> Tensor:
        r"""Return the points of sequences :math:`\Gamma(0), \dots, \Gamma(p - 1)`, ``(..., p, n, n)``; refuses what is not definite."""
        check_points(gammas, "gammas", self.shape)
        found = levinson_whittle(gammas)
        return _join(found.forward[..., 0, :, :], found.partials)

    @array_edge("x")
    def to_autocovariances(self, x: Tensor) -> Tensor:
        """Return the sequences of points, ``(..., p, n, n)``."""
        check_points(x, "x", self.shape)
        return toeplitz_from_partials(*_split(x))

    @array_edge("G")
    def from_matrix(self, G: Tensor, direction: str = "future") -> Tensor:
        """Return the points of block-Toeplitz matrices ``(..., n p, n p)``; refuses what has not this form."""
        found: Tensor = self.from_autocovariances(toeplitz_blocks(G, self.n, direction))
        return found

    @array_edge("x")
    def to_matrix(self, x: Tensor, direction: str = "future") -> Tensor:
        """Return the block-Toeplitz matrices of points, ``(..., n p, n p)``."""
        return block_toeplitz(self.to_autocovariances(x), direction=direction)

    @array_edge("x")
    def project(self, x: Tensor) -> Tensor:
        """Return the nearest coordinates, factor by factor."""
        check_points(x, "x", self.shape)
        head, tail = _split(x)
        return _join(SPD(self.n).project(head), Siegel(self.n).project(tail))

    @array_edge("x", "v")
    def to_tangent(self, x: Tensor, v: Tensor) -> Tensor:
        """Return v with its first matrix made symmetric."""
        check_points(v, "v", self.shape)
        head, tail = _split(v)
        return _join((head + head.mT) / 2, tail)

    def _refuse(self, x: Tensor) -> None:
        check_points(x, "x", self.shape)
        head, tail = _split(x)
        SPD(self.n)._refuse(head)
        Siegel(self.n)._refuse(tail)

    def random(self, n: int | None = None, *, rng: RngLike = None) -> Tensor:
        """Return n points (or one)."""
        generator = as_generator(rng)
        count = 1 if n is None else check_integer(n, "n", low=0)
        tail = Siegel(self.n).random(count * (self.order - 1), rng=generator)
        points = _join(SPD(self.n).random(count, rng=generator), tail.reshape(count, self.order - 1, self.n, self.n))
        return points[0] if n is None else points

    def __repr__(self) -> str:
        return f"BlockToeplitzSPD({self.n}, {self.order})"
