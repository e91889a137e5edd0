r"""Geodesic flow and parallel transport on the Stiefel manifold as a naturally reductive space of O(n) x O(p).

Definition: :math:`v(t) = (a, k)` in the frame that the geodesic carries solves :math:`v' = -\frac12 [\xi, v]_{\mathfrak m}`, constant in t.
Convention: :math:`\xi = (A, K)` is the velocity; :math:`[\xi, v]_{\mathfrak m} = ((4\beta - 1)[A, a] - K^T k + k^T K,\; 2\beta (K a - k A))`.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

__all__ = ["flow", "flow_matrix", "matrix_exp", "skew", "squarings", "transport"]

_DEGREE = 16  # 1/17! = 3e-15, times 1/2**17 for matrices of norm at most 1/2
_TERMS = 20  # 1/20! = 4e-19 for an operator of norm at most 1


def skew(a: Tensor) -> Tensor:
    """Return (a - aᵀ)/2.

    Examples
    --------
    >>> skew(torch.tensor([[1.0, 2.0], [0.0, 3.0]]))
    tensor([[ 0.,  1.],
            [-1.,  0.]])
    """
    return (a - a.mT) / 2


def squarings(a: Tensor) -> int:
    """Return how often a batch must be halved for its exponential's Taylor sum to be exact to rounding.

    Examples
    --------
    >>> squarings(torch.eye(2)), squarings(100 * torch.eye(2))
    (1, 8)
    """
    size = float(a.detach().abs().sum(-2).amax()) if a.numel() else 0.0
    return max(0, math.ceil(math.log2(2 * size))) if size > 0 else 0


def matrix_exp(a: Tensor, halvings: int | None = None) -> Tensor:
    """Return the exponential of any square matrices, by Taylor's sum and squarings.

    torch.linalg.matrix_exp loses six digits between norms 1e-3 and 0.05 (version 2.13), and asks for norms that torch.func cannot give.

    Examples
    --------
    >>> bool(torch.allclose(matrix_exp(torch.zeros(2, 2)), torch.eye(2)))
    True
    """
    count = squarings(a) if halvings is None else halvings
    one = torch.eye(a.shape[-1], dtype=a.dtype, device=a.device)
    a = a / 2**count
    found = one
    for j in range(_DEGREE, 0, -1):
        found = one + a @ found / j
    for _ in range(count):
        found = found @ found
    return found


def flow_matrix(A: Tensor, S: Tensor, beta: float) -> Tensor:
    r"""Return :math:`\begin{pmatrix} 2\beta A & -S \\ I & 0\end{pmatrix}`, the flow in the columns of [X, K], with S = KᵀK."""
    one = torch.eye(A.shape[-1], dtype=A.dtype, device=A.device).expand(A.shape)
    rows = torch.cat([2 * beta * A, -S], dim=-1), torch.cat([one, torch.zeros_like(A)], dim=-1)
    return torch.cat(rows, dim=-2)


def flow(A: Tensor, S: Tensor, beta: float, halvings: int | None = None) -> tuple[Tensor, Tensor]:
    """Return (P, Q) with exp_X(XA + K) = X P + K Q."""
    p = A.shape[-1]
    broadcast: Any = torch.broadcast_tensors
    A, S = broadcast(A, S)
    moved = matrix_exp(flow_matrix(A, S, beta), halvings)[..., :p]
    if beta != 0.5:
        moved = moved @ matrix_exp((1 - 2 * beta) * A, halvings)
    return moved[..., :p, :], moved[..., p:, :]


def _bracket(xi: tuple[Tensor, Tensor], v: tuple[Tensor, Tensor], beta: float) -> tuple[Tensor, Tensor]:
    (A, K), (a, k) = xi, v
    cross = K.mT @ k
    return (4 * beta - 1) * (A @ a - a @ A) - cross + cross.mT, 2 * beta * (K @ a - k @ A)


def _parallel(xi: tuple[Tensor, Tensor], v: tuple[Tensor, Tensor], beta: float) -> tuple[Tensor, Tensor]:
    """Return v(1), by Taylor sums over substeps short enough for 20 terms."""
    size = max((float(part.detach().norm(dim=(-2, -1)).amax()) if part.numel() else 0.0) for part in xi)
    steps = max(1, math.ceil(4 * size))
    for _ in range(steps):
        total, term = v, v
        for j in range(1, _TERMS):
            da, dk = _bracket(xi, term, beta)
            term = (-da / (2 * j * steps), -dk / (2 * j * steps))
            total = (total[0] + term[0], total[1] + term[1])
        v = total
    return v


def transport(x: Tensor, xi: tuple[Tensor, Tensor], v: tuple[Tensor, Tensor], beta: float) -> Tensor:
    """Return the tangent vector (a, k) at x carried in parallel along the geodesic of velocity xi = (A, K).

    Examples
    --------
    >>> x = torch.eye(3, dtype=torch.float64)[:, :1]
    >>> zero, k = torch.zeros(1, 1, dtype=torch.float64), torch.eye(3, dtype=torch.float64)[:, 1:2]
    >>> transport(x, (zero, torch.pi / 2 * k), (zero, k), 0.5).ravel().round(decimals=6) + 0.0
    tensor([-1.,  0.,  0.], dtype=torch.float64)
    """
    A, K = xi
    p = A.shape[-1]
    a, k = _parallel(xi, v, beta)
    N = flow_matrix(A, K.mT @ K, beta)
    one = torch.eye(2 * p, dtype=N.dtype, device=N.device).expand(N.shape)
    doubled = torch.cat([torch.cat([N, one], dim=-1), torch.zeros_like(torch.cat([N, N], dim=-1))], dim=-2)
    both = matrix_exp(doubled)
    moved, integral = both[..., : 2 * p, : 2 * p], both[..., : 2 * p, 2 * p :]
    along = moved[..., :p] @ a - integral[..., :p] @ (K.mT @ k)
    ambient = x @ along[..., :p, :] + K @ along[..., p:, :] + k
    return ambient if beta == 0.5 else ambient @ matrix_exp((1 - 2 * beta) * A)
