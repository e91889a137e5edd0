r"""Rotations as an axis and an angle, and the algebra so(3) of antisymmetric matrices.

Definition: the turn by the angle about the unit axis, :math:`R = \exp(\theta\,\hat n)` with :math:`\hat n v = n \times v`.
Convention: angles in radians from 0 to pi, counter-clockwise seen against the axis; the axis of the identity is y.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.groups.checks import check_axes
from erlangen.groups.quaternions import matrix_to_quaternion, quaternion_to_matrix

__all__ = [
    "axis_angle_to_matrix",
    "axis_angle_to_quaternion",
    "hat",
    "matrix_to_axis_angle",
    "quaternion_to_axis_angle",
    "vee",
]


@array_edge("w")
def hat(w: Tensor) -> Tensor:
    """Return the antisymmetric matrices ``(..., 3, 3)`` of vectors ``(..., 3)``: ``hat(w) v = w x v``.

    Raises
    ------
    ShapeError
        If the last axis is not of length 3.

    Examples
    --------
    >>> hat([0.0, 0.0, 1.0]) @ [1.0, 0.0, 0.0]
    array([0., 1., 0.])
    """
    check_axes(w, "w", (3,))
    x, y, z = w.unbind(-1)
    o = torch.zeros_like(x)
    return torch.stack([o, -z, y, z, o, -x, -y, x, o], -1).reshape(*w.shape, 3)


@array_edge("X")
def vee(X: Tensor) -> Tensor:
    """Return the vectors ``(..., 3)`` of antisymmetric matrices ``(..., 3, 3)``; of others, that of their antisymmetric part.

    Raises
    ------
    ShapeError
        If the last axes are not ``(3, 3)``.

    Examples
    --------
    >>> vee(hat([1.0, 2.0, 3.0]))
    array([1., 2., 3.])
    """
    check_axes(X, "X", (3, 3))
    return torch.stack([X[..., i, j] - X[..., j, i] for i, j in ((2, 1), (0, 2), (1, 0))], -1) / 2


@array_edge("axis", "angle")
def axis_angle_to_quaternion(axis: Tensor, angle: Tensor) -> Tensor:
    """Return the unit quaternions ``(..., 4)`` of turns by ``angle`` ``(...)`` about ``axis`` ``(..., 3)``, of any length but zero.

    Raises
    ------
    ShapeError
        If the last axis of ``axis`` is not of length 3.
    DomainError
        If an axis is zero or not finite.

    Examples
    --------
    >>> import numpy as np
    >>> axis_angle_to_quaternion([0.0, 0.0, 2.0], np.pi).round(12)
    array([0., 0., 0., 1.])
    """
    check_axes(axis, "axis", (3,))
    length = axis.norm(dim=-1, keepdim=True)
    if not torch.compiler.is_compiling():
        bad = ~((length.detach() > 0) & length.detach().isfinite()).squeeze(-1)
        if bool(bad.any()):
            index = [int(i) for i in bad.nonzero()[0]]
            message = (
                f"axis{index if index else ''} has length {float(length.detach()[tuple(index)]):g}: it has no direction"
            )
            raise DomainError(message, hint="pass finite axes that are not zero")
    half = angle[..., None] / 2
    broadcast: Any = torch.broadcast_tensors
    half, unit = broadcast(half, axis / length)
    return torch.cat([half[..., :1].cos(), half.sin() * unit], -1)


@array_edge("axis", "angle")
def axis_angle_to_matrix(axis: Tensor, angle: Tensor) -> Tensor:
    """Return the turns ``(..., 3, 3)`` by ``angle`` ``(...)`` about ``axis`` ``(..., 3)``, of any length but zero.

    Raises
    ------
    ShapeError
        If the last axis of ``axis`` is not of length 3.
    DomainError
        If an axis is zero or not finite.

    Examples
    --------
    >>> import numpy as np
    >>> (axis_angle_to_matrix([1.0, 1.0, 1.0], 2 * np.pi / 3) @ [1, 2, 3]).round(12)
    array([3., 1., 2.])
    """
    return quaternion_to_matrix(axis_angle_to_quaternion(axis, angle))


@array_edge("q")
def quaternion_to_axis_angle(q: Tensor) -> tuple[Tensor, Tensor]:
    """Return unit axes ``(..., 3)`` and angles ``(...)`` from 0 to pi of quaternions ``(..., 4)``.

    Raises
    ------
    ShapeError
        If the last axis is not of length 4.

    Examples
    --------
    >>> quaternion_to_axis_angle([1.0, 0.0, 0.0, 0.0])
    (array([0., 1., 0.]), array(0.))
    """
    check_axes(q, "q", (4,))
    q = torch.where(q[..., :1] < 0, -q, q)
    v = q[..., 1:]
    length = v.norm(dim=-1, keepdim=True)
    still = length == 0
    axis = torch.where(still, v.new_tensor([0.0, 1.0, 0.0]), v / torch.where(still, 1.0, length))
    return axis, 2 * torch.atan2(length, q[..., :1]).squeeze(-1)


@array_edge("R")
def matrix_to_axis_angle(R: Tensor) -> tuple[Tensor, Tensor]:
    """Return unit axes ``(..., 3)`` and angles ``(...)`` from 0 to pi of rotations ``(..., 3, 3)``; of a half turn, one of its two axes.

    Raises
    ------
    ShapeError
        If the last axes are not ``(3, 3)``.
    DomainError
        If a matrix is no rotation.

    Examples
    --------
    >>> import numpy as np
    >>> axis, angle = matrix_to_axis_angle(np.diag([-1.0, -1.0, 1.0]))
    >>> axis, bool(np.isclose(angle, np.pi))
    (array([0., 0., 1.]), True)
    """
    axis, angle = quaternion_to_axis_angle(matrix_to_quaternion(R))
    return axis, angle
