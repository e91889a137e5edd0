r"""Retractions of the Stiefel manifold: points near the geodesic, cheaply.

Definition: polar factor or Q factor of :math:`X + V`, or Cayley's transform of the skew matrix W with :math:`WX = V` (Wen & Yin 2013).
Convention: X is ``(..., n, p)`` with orthonormal columns, V tangent; the Q factor is the one whose R has a positive diagonal.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from erlangen.linalg.spectral import inv_sqrtm

__all__ = ["RETRACTIONS", "cayley", "polar_factor", "q_factor"]


def polar_factor(Y: Tensor) -> Tensor:
    r"""Return :math:`Y (Y^T Y)^{-1/2}`, the nearest matrix with orthonormal columns, for Y of full column rank.

    Examples
    --------
    >>> polar_factor(3 * torch.eye(2, dtype=torch.float64))
    tensor([[1., 0.],
            [0., 1.]], dtype=torch.float64)
    """
    return Y @ inv_sqrtm(Y.mT @ Y)


def q_factor(Y: Tensor) -> Tensor:
    """Return the Q factor of Y = QR with the diagonal of R positive.

    Examples
    --------
    >>> q_factor(-3 * torch.eye(1))
    tensor([[-1.]])
    """
    Q, R = torch.linalg.qr(Y)
    return Q * torch.where(R.diagonal(dim1=-2, dim2=-1).detach() < 0, -1.0, 1.0).to(Y.dtype).unsqueeze(-2)


def cayley(X: Tensor, V: Tensor) -> Tensor:
    r"""Return :math:`(I - W/2)^{-1}(I + W/2) X` with :math:`W = PVX^T - XV^TP`, :math:`P = I - XX^T/2`, by 2p x 2p solves.

    Examples
    --------
    >>> cayley(torch.eye(2)[:, :1], torch.tensor([[0.0], [2.0]])).ravel()
    tensor([0., 1.])
    """
    half = V - X @ (X.mT @ V) / 2
    U, Y = torch.cat([half, X], dim=-1), torch.cat([X, -half], dim=-1)
    one = torch.eye(U.shape[-1], dtype=U.dtype, device=U.device)
    return X + U @ torch.linalg.solve(one - Y.mT @ U / 2, Y.mT @ X)


RETRACTIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "polar": lambda x, v: polar_factor(x + v),
    "qr": lambda x, v: q_factor(x + v),
    "cayley": cayley,
}
