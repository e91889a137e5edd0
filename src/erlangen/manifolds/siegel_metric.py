r"""The invariant metric of the disk of real contractions.

Definition: :math:`\langle U, V\rangle_Z = \operatorname{tr}[(I - ZZ^T)^{-1} U (I - Z^T Z)^{-1} V^T]`.
Convention: with Cholesky factors :math:`C C^T = I - ZZ^T`, :math:`D D^T = I - Z^T Z` the map :math:`U \mapsto C^{-1} U D^{-T}` leads to the tangent space at 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.linalg import eigvalsh
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spectral import sqrtm
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.shapes import check_disk, check_pair
from erlangen.manifolds.singular_values import artanh_singular, tanh_singular
from erlangen.validation import check_choice

__all__ = ["SiegelMetric"]


def _frames(Z: Tensor) -> tuple[Tensor, Tensor]:
    """Return the Cholesky factors of I - Z Zᵀ and I - Zᵀ Z."""
    one = torch.eye(Z.shape[-1], dtype=Z.dtype, device=Z.device)
    return torch.linalg.cholesky(one - Z @ Z.mT), torch.linalg.cholesky(one - Z.mT @ Z)


def _to_zero(C: Tensor, D: Tensor, V: Tensor) -> Tensor:
    """Return C⁻¹ V D⁻ᵀ."""
    half = torch.linalg.solve_triangular(C, V, upper=False)
    return torch.linalg.solve_triangular(D.mT, half, upper=True, left=False)


def _translate(A: Tensor, C: Tensor, D: Tensor, Z: Tensor) -> Tensor:
    """Return C⁻¹ (Z - A)(I - Aᵀ Z)⁻¹ D, the image of Z when A moves to 0, up to rotations left and right."""
    one = torch.eye(Z.shape[-1], dtype=Z.dtype, device=Z.device)
    moved: Tensor = torch.linalg.solve(one - A.mT @ Z, Z - A, left=False)
    return torch.linalg.solve_triangular(C, moved @ D, upper=False)


def _translate_back(A: Tensor, C: Tensor, D: Tensor, W: Tensor) -> Tensor:
    """Return the Z whose image is W when A moves to 0."""
    one = torch.eye(A.shape[-1], dtype=A.dtype, device=A.device)
    Y = torch.linalg.solve_triangular(D, C @ W, upper=False, left=False)
    moved: Tensor = torch.linalg.solve(one + Y @ A.mT, A + Y)
    return moved


@dataclass(frozen=True)
class SiegelMetric(Metric):
    r"""The metric that every Möbius map of the disk preserves; of non-positive curvature, complete, geodesics unique.

    .. math::
        \varphi_A(Z) = (I - AA^T)^{-1/2}(Z - A)(I - A^T Z)^{-1}(I - A^T A)^{1/2}, \qquad
        d(A, Z) = \|\operatorname{artanh}\sigma(\varphi_A(Z))\|_2

    The disk is :math:`SO_0(n, n)/(SO(n) \times SO(n))`, the fixed points of complex conjugation in the disk of complex contractions;
    Siegel's disk proper, of *symmetric* complex matrices, is another totally geodesic part of the same space, with the same formulas and
    adjoints in place of transposes. For n = 1 it is the interval (-1, 1) with :math:`d = |\operatorname{artanh} a - \operatorname{artanh} b|`.
    The factor is that of Jeuris and Vandebril's block-Toeplitz metric; the Poincaré disk of curvature -1 has twice this distance.

    References
    ----------
    Siegel, Amer. J. Math. 65 (1943); Jeuris & Vandebril, SIAM J. Matrix Anal. Appl. 37 (2016), sec. 3; Cabanes, thesis, Bordeaux 2022.

    Examples
    --------
    >>> import numpy as np
    >>> m = SiegelMetric()
    >>> float(m.dist(np.zeros((1, 1)), np.array([[np.tanh(0.7)]])).round(12))
    0.7
    """

    name: ClassVar[str] = "siegel"

    @array_edge("x", "u", "v")
    def inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        r"""Return :math:`\operatorname{tr}[(I - ZZ^T)^{-1} U (I - Z^T Z)^{-1} V^T]`, ``(...)``."""
        check_disk(x, "x")
        C, D = _frames(x)
        return (_to_zero(C, D, u) * _to_zero(C, D, v)).sum((-2, -1))

    @array_edge("x", "v")
    def exp(self, x: Tensor, v: Tensor) -> Tensor:
        r"""Return the end of the geodesic, :math:`\varphi_{-A}(\tanh \sigma(C^{-1} V D^{-T}))`.

        Raises
        ------
        DomainError
            If the geodesic is so long that its end cannot be told from the boundary.
        """
        check_pair(x, v, "x", "v")
        check_disk(x, "x")
        C, D = _frames(x)
        end = _translate_back(x, C, D, tanh_singular(_to_zero(C, D, v)))
        check_disk(end, "exp(x, v)", hint="shorten v; lengths beyond about 18 end on the boundary in float64")
        return end

    @array_edge("x", "y")
    def log(self, x: Tensor, y: Tensor) -> Tensor:
        r"""Return the velocity of the geodesic to y, :math:`C \operatorname{artanh}\sigma(\varphi_A(Z)) D^T`."""
        W, C, D = self._image(x, y)
        return C @ artanh_singular(W) @ D.mT

    def _image(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        check_pair(x, y, "x", "y")
        check_disk(x, "x")
        check_disk(y, "y")
        C, D = _frames(x)
        return _translate(x, C, D, y), C, D

    @array_edge("x", "y", "v")
    def transport(self, x: Tensor, y: Tensor, v: Tensor, method: str = "auto") -> Tensor:
        """Return the parallel transport along the geodesic: the differential of the transvection that moves x to y."""
        check_choice(method, "method", ("auto", "closed"))
        W, C, D = self._image(x, y)
        one = torch.eye(x.shape[-1], dtype=x.dtype, device=x.device)
        left, right = sqrtm(one - W @ W.mT), sqrtm(one - W.mT @ W)
        moved = left @ _to_zero(C, D, v) @ right
        before = torch.linalg.solve_triangular(C.mT, moved, upper=True)
        back = torch.linalg.solve_triangular(D, one, upper=False).mT
        turned = torch.linalg.solve_triangular(C.mT, W, upper=True)
        found: Tensor = torch.linalg.solve(back + x.mT @ turned, (one - y @ x.mT) @ before, left=False)
        return found

    @array_edge("x", "y")
    def squared_dist(self, x: Tensor, y: Tensor) -> Tensor:
        r"""Return :math:`\sum \operatorname{artanh}^2\sigma(\varphi_A(Z))`, ``(...)``; smooth also where x = y."""
        W, _, _ = self._image(x, y)
        if torch.is_grad_enabled() and W.requires_grad:
            return artanh_singular(W).square().sum((-2, -1))
        squares: Tensor = eigvalsh(W.mT @ W)  # their errors are relative to the largest, which is in the sum
        roots = squares.clamp_min(0).sqrt()
        return (torch.log1p(roots) - torch.log1p(-roots)).square().sum(-1) / 4

    @array_edge("x", "g")
    def riemannian_gradient(self, x: Tensor, g: Tensor) -> Tensor:
        r"""Return :math:`(I - ZZ^T) G (I - Z^T Z)` for the Euclidean gradient G."""
        check_pair(x, g, "x", "g")
        C, D = _frames(x)
        return C @ (C.mT @ g @ D) @ D.mT

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        """Return the mean by gradient descent in the tangent space at 0, from the arithmetic mean, which lies in the disk since that is convex."""
        check_disk(X, "X")
        W = w[..., None, None]
        K = (W * X).sum(-3) if init is None else init
        gaps, sizes = (A.abs().amax((-3, -2, -1)) for A in (X - K.unsqueeze(-3), X))
        same = gaps <= 64 * torch.finfo(X.dtype).eps * sizes
        step = torch.ones(w.shape[:-1], dtype=X.dtype, device=X.device)
        unit = before = None
        worst, count = float("inf"), 0
        for _ in range(max_iter):
            count += 1
            C, D = _frames(K)
            logs = artanh_singular(_translate(K.unsqueeze(-3), C.unsqueeze(-3), D.unsqueeze(-3), X))
            direction = (W * logs).sum(-3)
            residual = torch.linalg.matrix_norm(direction)
            if unit is None:
                unit = (W * logs.square()).sum((-3, -2, -1)).clamp_min(torch.finfo(X.dtype).tiny).sqrt()
            worst = float(torch.where(same, 0.0, residual / unit).max())
            if worst <= tol:
                break
            if before is not None:
                step = torch.where(residual > before, step / 2, step)
            before = residual
            K = _translate_back(K, C, D, tanh_singular(step[..., None, None] * direction))
        return K, Certificate("Riemannian gradient descent", count, worst, tol)
