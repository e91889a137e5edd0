r"""The logarithm of the Stiefel manifold, as a system of equations in p x p matrices.

Definition: with :math:`M = X^T Y`, :math:`L = Y - XM`, :math:`S = L^T L` find skew A and C with :math:`P(A, C^T S C) = M` and :math:`C\,Q(A, C^T S C) = I`.
Convention: then :math:`\log_X Y = XA + LC`; Newton along the path from X to Y; derivatives by Newton's steps at the solution, Jacobian held fixed.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spectral import inv_sqrtm
from erlangen.manifolds.stiefel_transport import flow, flow_matrix, skew, squarings

__all__ = ["refine", "solve_log"]

_PIECES = (1, 4, 16)
_NEWTON = 12


def _unpack(theta: Tensor, p: int) -> tuple[Tensor, Tensor]:
    """Return A and C from their p(p - 1)/2 + p² numbers."""
    rows, columns = torch.triu_indices(p, p, 1, device=theta.device)
    count = rows.numel()
    place = torch.zeros(count, p * p, dtype=theta.dtype, device=theta.device)
    each = torch.arange(count, device=theta.device)
    place[each, rows * p + columns], place[each, columns * p + rows] = 1.0, -1.0
    A = (theta[..., :count] @ place).reshape(*theta.shape[:-1], p, p)
    return A, theta[..., count:].reshape(*theta.shape[:-1], p, p)


def _pack(A: Tensor, C: Tensor) -> Tensor:
    rows, columns = torch.triu_indices(A.shape[-1], A.shape[-1], 1, device=A.device)
    return torch.cat([A[..., rows, columns], C.flatten(-2)], dim=-1)


def _defect(theta: Tensor, M: Tensor, S: Tensor, beta: float, halvings: int | None = None) -> Tensor:
    """Return both equations' defects in one axis of 2 p² numbers."""
    p = M.shape[-1]
    A, C = _unpack(theta, p)
    top, bottom = flow(A, C.mT @ S @ C, beta, halvings)
    one = torch.eye(p, dtype=M.dtype, device=M.device)
    return torch.cat([(top - M).flatten(-2), (C @ bottom - one).flatten(-2)], dim=-1)


def _jacobian(theta: Tensor, M: Tensor, S: Tensor, beta: float) -> Tensor:
    A, C = _unpack(theta, M.shape[-1])
    halvings = squarings(flow_matrix(A, C.mT @ S @ C, beta))

    def single(t: Tensor, m: Tensor, s: Tensor) -> Tensor:
        return _defect(t, m, s, beta, halvings)

    derivative: Any = torch.func.vmap(torch.func.jacfwd(single))
    found: Tensor = derivative(theta, M, S)
    return found


def _newton(theta: Tensor, M: Tensor, S: Tensor, beta: float, tol: float) -> tuple[Tensor, float, int]:
    """Return the solution, its largest defect and the steps; a step that makes things worse is halved."""
    defect = _defect(theta, M, S, beta)
    worst = defect.abs().amax(-1)
    count = 0
    while count < _NEWTON and not bool((worst <= tol).all()):
        count += 1
        step = torch.linalg.lstsq(_jacobian(theta, M, S, beta), defect.unsqueeze(-1)).solution.squeeze(-1)
        size = torch.ones_like(worst)
        for _ in range(6):
            tried = theta - size.unsqueeze(-1) * step
            found = _defect(tried, M, S, beta)
            bad = ~(found.norm(dim=-1) < defect.norm(dim=-1))
            if not bool(bad.any()):
                break
            size = torch.where(bad, size / 2, size)
        kept = found.norm(dim=-1) < defect.norm(dim=-1)
        if not bool(kept.any()):
            break
        theta = torch.where(kept.unsqueeze(-1), tried, theta)
        defect = torch.where(kept.unsqueeze(-1), found, defect)
        worst = defect.abs().amax(-1)
    return theta, float(worst.nan_to_num(torch.inf).amax()), count


def _follow(M: Tensor, S: Tensor, beta: float, pieces: int, tol: float) -> tuple[Tensor, float, int]:
    """Follow the polar path from X to Y in equal pieces, each solved from the last."""
    one = torch.eye(M.shape[-1], dtype=M.dtype, device=M.device).expand(M.shape)
    A, K = torch.zeros_like(M), one / pieces
    total, worst, theta = 0, torch.inf, _pack(A, K)
    for piece in range(1, pieces + 1):
        t = piece / pieces
        B = (1 - t) * one + t * M
        gram = B.mT @ B + t * t * S
        if bool((torch.linalg.eigvalsh(gram)[..., 0] < 1e-12).any()):
            return theta, torch.inf, total  # the path runs through a singular matrix
        R = inv_sqrtm(gram) if piece < pieces else one
        start = _pack(A if piece > 1 else skew(B @ R), torch.linalg.solve(t * R, K))
        theta, worst, count = _newton(start, B @ R, t * t * R @ S @ R, beta, tol)
        total += count
        if not worst < 0.1:
            break
        A, C = _unpack(theta, M.shape[-1])
        grow = (piece + 1) / piece
        A, K = grow * A, grow * (t * R @ C)
    return theta, worst, total


def solve_log(M: Tensor, S: Tensor, beta: float) -> tuple[Tensor, Tensor, Certificate]:
    """Return A, C and the record, without gradient; computed in float64.

    Examples
    --------
    >>> c = torch.tensor([[0.6]], dtype=torch.float64)
    >>> A, C, record = solve_log(c, 1 - c * c, 0.5)
    >>> record.converged, round(float(0.8 * C), 6)  # the angle whose cosine is 0.6
    (True, 0.927295)
    """
    p, kind = M.shape[-1], M.dtype
    tol = 20 * p * float(torch.finfo(kind).eps)
    flat = M.detach().reshape(-1, p, p).double(), S.detach().reshape(-1, p, p).double()
    theta, worst, total = flat[0].new_zeros(flat[0].shape[0], p * (p - 1) // 2 + p * p), 0.0, 0
    if flat[0].numel():
        for pieces in _PIECES:
            with torch.no_grad():
                theta, worst, count = _follow(*flat, beta, pieces, tol)
            total += count
            if worst <= tol:
                break
    A, C = (part.to(kind).reshape(M.shape) for part in _unpack(theta, p))
    return A, C, Certificate("Newton's iteration on p x p blocks", total, worst, tol)


def refine(M: Tensor, S: Tensor, A: Tensor, C: Tensor, beta: float) -> tuple[Tensor, Tensor]:
    """Return A and C with their first and second derivatives in M and S: two steps with the Jacobian of the solution.

    Examples
    --------
    >>> c = torch.tensor([[0.6]], dtype=torch.float64, requires_grad=True)
    >>> A, C, _ = solve_log(c, 1 - c * c, 0.5)
    >>> angle = refine(c, 1 - c * c, A, C, 0.5)[1] * (1 - c * c).sqrt()
    >>> torch.autograd.grad(angle.sum(), c)[0]  # -1/sqrt(1 - c²)
    tensor([[-1.2500]], dtype=torch.float64)
    """
    p = M.shape[-1]
    theta = _pack(A, C)
    flat = theta.reshape(-1, theta.shape[-1])
    with torch.no_grad():
        J = _jacobian(flat, M.detach().reshape(-1, p, p), S.detach().reshape(-1, p, p), beta)
        inverse = torch.linalg.pinv(J).reshape(*M.shape[:-2], J.shape[-1], J.shape[-2])
    for _ in range(2):
        theta = theta - (inverse @ _defect(theta, M, S, beta).unsqueeze(-1)).squeeze(-1)
    return _unpack(theta, p)
