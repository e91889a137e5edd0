r"""The unit sphere with the metric of the space around it.

Definition: :math:`S^n = \{x \in \mathbb R^{n+1} : |x| = 1\}`; distance is the angle, in radians.
Convention: points are ``(..., n + 1)``; angles come from sine and cosine together, so that small and nearly straight ones keep their digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.groups.sinc import ARCSINC, SEAM, SINC, series
from erlangen.manifolds.manifold import Manifold
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.shapes import check_points, place
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer

__all__ = ["RoundMetric", "Sphere"]


def _split(squared: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return where a squared angle is small, the small ones and the roots of the others."""
    near = squared < SEAM
    return near, torch.where(near, squared, 0.0), torch.where(near, 1.0, squared).sqrt()


@dataclass(frozen=True)
class RoundMetric(Metric):
    r"""The metric of the unit sphere, all formulas closed.

    .. math::
        \exp_x v = \cos|v|\, x + \frac{\sin|v|}{|v|} v, \qquad
        P_{x \to y} v = v - \frac{\langle y, v\rangle}{1 + \langle x, y\rangle}(x + y)

    Examples
    --------
    >>> import numpy as np
    >>> float(RoundMetric().dist(np.array([1.0, 0.0]), np.array([0.0, 1.0])).round(12)) == round(np.pi / 2, 12)
    True
    """

    name: ClassVar[str] = "round"
    point_axes: ClassVar[int] = 1

    @array_edge("x", "u", "v")
    def inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        """Return the scalar product, ``(...)``."""
        return (u * v).sum(-1)

    @array_edge("x", "v")
    def exp(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the end of the great circle's arc of length ``|v|``."""
        squared = (v * v).sum(-1, keepdim=True)
        near, small, angle = _split(squared)
        ratio = torch.where(near, series(small, SINC), angle.sin() / angle)
        cosine = torch.where(near, 1 - small / 2 * series(small / 4, SINC).square(), angle.cos())
        return cosine * x + ratio * v

    @array_edge("x", "y")
    def log(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the velocity of the shortest arc.

        Raises
        ------
        DomainError
            If x and y are antipodes: no shortest arc is the only one.
        """
        bad = (x + y).detach().norm(dim=-1) <= torch.finfo(x.dtype).eps ** 0.5
        if bool(bad.any()):
            where, _ = place("x", bad)
            message = (
                f"{where} and {where.replace('x', 'y', 1)} are antipodes: no shortest arc between them is the only one"
            )
            raise DomainError(message, hint="go through a point between them")
        cosine = (x * y).sum(-1, keepdim=True)
        across = y - cosine * x
        squared = (across * across).sum(-1, keepdim=True)
        near, small, sine = _split(torch.where(cosine > 0, squared, squared + SEAM))
        sine = torch.where(cosine > 0, sine, torch.where(cosine > 0, 1.0, squared).sqrt())
        ratio = torch.where(near, series(small, ARCSINC), torch.atan2(sine, cosine) / sine)
        return ratio * across

    @array_edge("x", "y", "v")
    def transport(self, x: Tensor, y: Tensor, v: Tensor, method: str = "auto") -> Tensor:
        """Return the parallel transport along the shortest arc; refuses antipodes."""
        one = 1 + (x * y).sum(-1, keepdim=True)
        bad = one.detach().squeeze(-1) <= torch.finfo(x.dtype).eps
        if bool(bad.any()):
            where, _ = place("x", bad)
            message = f"{where} and its target are antipodes: transport between them depends on the way"
            raise DomainError(message, hint="go through a point between them")
        return v - (y * v).sum(-1, keepdim=True) / one * (x + y)

    @array_edge("x", "y")
    def squared_dist(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the squared angle, ``(...)``; at antipodes pi², without a derivative there."""
        opposite = (x + y).detach().norm(dim=-1, keepdim=True) <= torch.finfo(x.dtype).eps ** 0.5
        v: Tensor = self.log(x, torch.where(opposite, x, y))
        return torch.where(opposite.squeeze(-1), torch.pi**2, (v * v).sum(-1))

    @array_edge("x", "g")
    def riemannian_gradient(self, x: Tensor, g: Tensor) -> Tensor:
        """Return the tangential part of g."""
        return g - (x * g).sum(-1, keepdim=True) * x

    @array_edge("x", "v")
    def retract(self, x: Tensor, v: Tensor) -> Tensor:
        """Return ``(x + v)/|x + v|``."""
        moved = x + v
        return moved / moved.norm(dim=-1, keepdim=True)


class Sphere(Manifold):
    r"""The unit sphere :math:`S^n` in :math:`\mathbb R^{n+1}`.

    Parameters
    ----------
    n : int
        Dimension of the sphere; points have n + 1 coordinates.

    Examples
    --------
    >>> import numpy as np
    >>> m = Sphere(2)
    >>> m, m.shape
    (Sphere(2), (3,))
    >>> m.project(np.array([0.0, 3.0, 4.0]))
    array([0. , 0.6, 0.8])
    """

    def __init__(self, n: int) -> None:
        self.n = check_integer(n, "n", low=1)
        super().__init__((self.n + 1,), self.n, RoundMetric())

    @array_edge("x")
    def project(self, x: Tensor) -> Tensor:
        """Return ``x/|x|``; the origin is refused."""
        check_points(x, "x", self.shape)
        length = x.norm(dim=-1, keepdim=True)
        bad = length.detach().squeeze(-1) == 0
        if bool(bad.any()):
            message = f"{place('x', bad)[0]} is the origin: all points of the sphere are equally near"
            raise DomainError(message, hint="pass a vector with a direction")
        return x / length

    @array_edge("x", "v")
    def to_tangent(self, x: Tensor, v: Tensor) -> Tensor:
        """Return v - <x, v> x."""
        check_points(v, "v", self.shape)
        return v - (x * v).sum(-1, keepdim=True) * x

    def _refuse(self, x: Tensor) -> None:
        check_points(x, "x", self.shape)
        gap = (x.norm(dim=-1) - 1).abs()
        limit = 100 * torch.finfo(x.dtype).eps
        bad = ~(gap <= limit)
        if bool(bad.any()):
            where, index = place("x", bad)
            message = f"{where} is not of length 1: off by {float(gap[index]):.3g} > {limit:.2g}"
            raise DomainError(message, hint="project it first")

    def random(self, n: int | None = None, *, rng: RngLike = None) -> Tensor:
        """Return n uniformly distributed points (or one)."""
        shape = self.shape if n is None else (check_integer(n, "n", low=0), *self.shape)
        normal = torch.from_numpy(as_generator(rng).standard_normal(shape))
        return normal / normal.norm(dim=-1, keepdim=True)

    def __repr__(self) -> str:
        return f"Sphere({self.n})"
