r"""The disk of real n x n contractions, where partial autocorrelations live.

Definition: :math:`\{Z : ZZ^T < I\}`, that is, all singular values below 1; open in the space of matrices, of dimension n².
Convention: points are ``(..., n, n)``; every matrix is a tangent vector; see :class:`erlangen.manifolds.SiegelMetric` for the geometry.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.manifolds.manifold import Manifold
from erlangen.manifolds.shapes import check_disk, check_points
from erlangen.manifolds.siegel_metric import SiegelMetric
from erlangen.manifolds.singular_values import tanh_singular
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["Siegel"]


class Siegel(Manifold):
    r"""The real Siegel disk :math:`\{Z \in \mathbb R^{n \times n} : ZZ^T < I\}` with its invariant metric.

    Parameters
    ----------
    n : int
        Size of the matrices.
    metric : SiegelMetric, optional
        The only one offered.

    Raises
    ------
    DomainError
        If n is no positive integer.

    References
    ----------
    Jeuris & Vandebril, SIAM J. Matrix Anal. Appl. 37 (2016); Siegel, Amer. J. Math. 65 (1943).

    Examples
    --------
    >>> import numpy as np
    >>> m = Siegel(2)
    >>> m, m.dim
    (Siegel(2), 4)
    >>> float(m.dist(np.zeros((2, 2)), np.tanh(0.5) * np.eye(2)).round(12)) == round(0.5 * 2**0.5, 12)
    True
    """

    def __init__(self, n: int, metric: SiegelMetric | None = None) -> None:
        self.n = check_integer(n, "n", low=1)
        super().__init__((self.n, self.n), self.n**2, SiegelMetric() if metric is None else metric)

    @array_edge("x")
    def project(self, x: Tensor) -> Tensor:
        r"""Return the nearest matrix with singular values at most :math:`1 - \sqrt\varepsilon`; points inside are returned as they are."""
        check_points(x, "x", self.shape)
        bound = 1 - torch.finfo(x.dtype).eps ** 0.5
        inside = torch.linalg.matrix_norm(x.detach(), 2) <= bound
        if bool(inside.all()):
            return x.clone()
        left, values, right = torch.linalg.svd(x)
        clipped = (left * values.clamp(max=bound).unsqueeze(-2)) @ right
        return torch.where(inside[..., None, None], x, clipped)

    @array_edge("x", "v")
    def to_tangent(self, x: Tensor, v: Tensor) -> Tensor:
        """Return v: the disk is open, every matrix is tangent."""
        check_points(v, "v", self.shape)
        return v.clone()

    def _refuse(self, x: Tensor) -> None:
        check_points(x, "x", self.shape)
        check_disk(x, "x")

    def random(self, n: int | None = None, *, rng: RngLike = None, scale: float = 0.5) -> Tensor:
        """Return n points (or one): ends of geodesics from 0 with normal velocity, of spectral norm about ``2 · scale`` for every n."""
        size = check_real(scale, "scale", low=0.0)
        shape = self.shape if n is None else (check_integer(n, "n", low=0), *self.shape)
        normal = torch.from_numpy(as_generator(rng).standard_normal(shape))
        return tanh_singular(size / self.n**0.5 * normal)

    def __repr__(self) -> str:
        return f"Siegel({self.n})"
