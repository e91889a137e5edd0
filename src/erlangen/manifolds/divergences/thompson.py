r"""Thompson's distance, the largest logarithm of a relative eigenvalue.

Definition: :math:`d(P, Q) = \max_j |t_j| = \|\log(P^{-1/2}QP^{-1/2})\|_2`, :math:`t_j` the logarithms of the eigenvalues of :math:`Q^{-1}P`.
Convention: a Finsler metric: geodesics and means are not unique, so none is given.
"""

from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.errors import DomainError
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.broadcast import same_batch
from erlangen.manifolds.divergences.divergence import Divergence
from erlangen.manifolds.once import once
from erlangen.manifolds.spd.graded_frame import framed_eigenpairs, whiten

__all__ = ["Thompson"]


class Thompson(Divergence):
    """Thompson's distance; two extreme eigenvalues decide it. It has a first derivative where the largest is simple.

    References
    ----------
    Thompson, Proc. Amer. Math. Soc. 14 (1963); Mostajeran et al., SIAM J. Matrix Anal. Appl. 45 (2024).

    Examples
    --------
    >>> import numpy as np
    >>> Thompson().dist(np.eye(2), np.diag([np.e, np.exp(-2.0)])).round(12)
    np.float64(2.0)
    """

    name: ClassVar[str] = "thompson"

    def _dist(self, x: Tensor, y: Tensor) -> Tensor:
        x, y = same_batch(x, y)
        run: Any = _Largest.apply
        found: Tensor = run(x, y)
        return found

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        message = "Thompson's distance has no mean: its minimisers are not unique, and inductive means depend on the order of the matrices"
        raise DomainError(message, hint="use AffineInvariant().mean, whose distance it bounds from below")

    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor:
        return mean


class _Largest(Function):
    """The largest absolute logarithm and its gradient: that of one eigenvalue, in closed form."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor) -> Tensor:
        """Return the distance."""
        C = torch.linalg.cholesky(y)
        values, vectors = framed_eigenpairs(C, x, whiten(C, x))
        t = values.log()
        last = t[..., -1] >= -t[..., 0]
        u = torch.where(last.unsqueeze(-1), vectors[..., -1], vectors[..., 0])
        chosen = torch.where(last, t[..., -1], t[..., 0])
        ctx.save_for_backward(x, y, torch.linalg.solve_triangular(C.mT, u.unsqueeze(-1), upper=True), chosen)
        return chosen.abs().to(x.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradients, zero where x = y."""
        x, y, v, t = ctx.saved_tensors
        with torch.no_grad():
            outer = (gradients[0] * t.sign().to(x.dtype))[..., None, None] * (v @ v.mT)
            found = outer * (-t).exp().to(x.dtype)[..., None, None], -outer
        return tuple(once(item, "Thompson's distance", x, y, gradients[0]) for item in found)
