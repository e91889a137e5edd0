r"""Unit quaternions as rotations.

Definition: :math:`q = w + xi + yj + zk` turns a vector v into :math:`q v q^{-1}`; q and -q are the same rotation.
Convention: ``(w, x, y, z)``, real part first; of the two the one with w >= 0 is returned.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.groups.checks import check_axes, check_rotation

__all__ = ["compose_quaternion", "matrix_to_quaternion", "quaternion_to_matrix"]


@array_edge("q")
def quaternion_to_matrix(q: Tensor) -> Tensor:
    """Return the rotations ``(..., 3, 3)`` of quaternions ``(..., 4)`` of any length but zero.

    Raises
    ------
    ShapeError
        If the last axis is not of length 4.
    DomainError
        If a quaternion is zero or not finite.

    References
    ----------
    J. B. Kuipers, Quaternions and Rotation Sequences, §5.14.

    Examples
    --------
    >>> quaternion_to_matrix([0.0, 0.0, 1.0, 0.0])
    array([[-1.,  0.,  0.],
           [ 0.,  1.,  0.],
           [ 0.,  0., -1.]])
    """
    check_axes(q, "q", (4,))
    square = (q * q).sum(-1)
    if not torch.compiler.is_compiling():
        bad = ~(square.detach() > 0) | square.detach().isinf()
        if bool(bad.any()):
            index = [int(i) for i in bad.nonzero()[0]]
            message = f"q{index if index else ''} has length {float(square.detach()[tuple(index)]) ** 0.5:g}: it is no rotation"
            raise DomainError(message, hint="pass finite quaternions that are not zero")
    w, x, y, z = (q * (2 / square).sqrt()[..., None]).unbind(-1)
    rows = [
        [1 - y * y - z * z, x * y - w * z, x * z + w * y],
        [x * y + w * z, 1 - x * x - z * z, y * z - w * x],
        [x * z - w * y, y * z + w * x, 1 - x * x - y * y],
    ]
    return torch.stack([torch.stack(row, -1) for row in rows], -2)


def quaternion_of(R: Tensor) -> Tensor:
    """Return the quaternions of rotations that are known to be rotations; see :func:`matrix_to_quaternion`."""
    (a, b, c), (d, e, f), (g, h, i) = (row.unbind(-1) for row in R.unbind(-2))
    rows = [
        [1 + a + e + i, h - f, c - g, d - b],
        [h - f, 1 + a - e - i, b + d, c + g],
        [c - g, b + d, 1 - a + e - i, f + h],
        [d - b, c + g, f + h, 1 - a - e + i],
    ]
    outer = torch.stack([torch.stack(row, -1) for row in rows], -2)
    best = outer.diagonal(dim1=-2, dim2=-1).argmax(-1)[..., None, None].expand(*R.shape[:-2], 1, 4)
    row = outer.gather(-2, best).squeeze(-2)
    q = row / row.norm(dim=-1, keepdim=True)
    return torch.where(q[..., :1] < 0, -q, q)


@array_edge("R")
def matrix_to_quaternion(R: Tensor) -> Tensor:
    r"""Return the unit quaternions ``(..., 4)``, ``w >= 0``, of rotations ``(..., 3, 3)``.

    Of the four rows of :math:`4 q q^T`, linear in R, the one with the greatest diagonal entry is taken: no digits are lost at any angle.

    Raises
    ------
    ShapeError
        If the last axes are not ``(3, 3)``.
    DomainError
        If a matrix is no rotation.

    Examples
    --------
    >>> import numpy as np
    >>> matrix_to_quaternion(np.diag([1.0, -1.0, -1.0]))
    array([0., 1., 0., 0.])
    """
    check_rotation(R, "R")
    return quaternion_of(R)


@array_edge("p", "q")
def compose_quaternion(p: Tensor, q: Tensor) -> Tensor:
    """Return Hamilton's product ``p q``, ``(..., 4)``: first the turn q, then the turn p.

    Raises
    ------
    ShapeError
        If a last axis is not of length 4.

    Examples
    --------
    >>> compose_quaternion([0.0, 1, 0, 0], [0.0, 0, 1, 0])
    array([0., 0., 0., 1.])
    """
    check_axes(p, "p", (4,))
    check_axes(q, "q", (4,))
    a, u = p[..., :1], p[..., 1:]
    b, v = q[..., :1], q[..., 1:]
    broadcast: Any = torch.broadcast_tensors
    u, v = broadcast(u, v)
    return torch.cat([a * b - (u * v).sum(-1, keepdim=True), a * v + b * u + torch.linalg.cross(u, v)], -1)
