r"""Euler's angles about y, x and y.

Definition: :math:`R = R_y(\alpha) R_x(\beta) R_y(\gamma)`, the turn by gamma first; radians, counter-clockwise seen against the axis.
Convention: e3nn's, so that alpha and beta are the azimuth and the polar angle of the image of y; beta from 0 to pi, the others from -pi to pi.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.groups.checks import check_rotation

__all__ = ["angles_to_matrix", "matrix_to_angles", "matrix_x", "matrix_y", "matrix_z"]


def _turn(angle: Tensor, axis: int) -> Tensor:
    """Return the turns about a coordinate axis, ``(..., 3, 3)``."""
    c, s, one, zero = angle.cos(), angle.sin(), torch.ones_like(angle), torch.zeros_like(angle)
    plane = ((1, 2), (2, 0), (0, 1))[axis]
    entries = {(axis, axis): one, (plane[0], plane[0]): c, (plane[1], plane[1]): c, plane: -s, plane[::-1]: s}
    return torch.stack([torch.stack([entries.get((i, j), zero) for j in range(3)], -1) for i in range(3)], -2)


@array_edge("angle")
def matrix_x(angle: Tensor) -> Tensor:
    """Return the turns about x, ``(..., 3, 3)``; angles ``(...)`` in radians.

    Examples
    --------
    >>> import numpy as np
    >>> matrix_x(np.pi / 2).round(12) @ [0, 1, 0]
    array([0., 0., 1.])
    """
    return _turn(angle, 0)


@array_edge("angle")
def matrix_y(angle: Tensor) -> Tensor:
    """Return the turns about y, ``(..., 3, 3)``; angles ``(...)`` in radians.

    Examples
    --------
    >>> import numpy as np
    >>> matrix_y(np.pi / 2).round(12) @ [0, 0, 1]
    array([1., 0., 0.])
    """
    return _turn(angle, 1)


@array_edge("angle")
def matrix_z(angle: Tensor) -> Tensor:
    """Return the turns about z, ``(..., 3, 3)``; angles ``(...)`` in radians.

    Examples
    --------
    >>> import numpy as np
    >>> matrix_z(np.pi / 2).round(12) @ [1, 0, 0]
    array([0., 1., 0.])
    """
    return _turn(angle, 2)


@array_edge("alpha", "beta", "gamma")
def angles_to_matrix(alpha: Tensor, beta: Tensor, gamma: Tensor) -> Tensor:
    """Return ``Ry(alpha) Rx(beta) Ry(gamma)``, ``(..., 3, 3)``; angles ``(...)`` in radians, broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> bool(np.allclose(angles_to_matrix(0.0, 0.0, 0.5), matrix_y(0.5)))
    True
    """
    broadcast: Any = torch.broadcast_tensors
    alpha, beta, gamma = broadcast(alpha, beta, gamma)
    return _turn(alpha, 1) @ _turn(beta, 0) @ _turn(gamma, 1)


def angles_of(R: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the angles of rotations that are known to be rotations; see :func:`matrix_to_angles`."""
    x, y, z = R[..., 0, 1], R[..., 1, 1], R[..., 2, 1]
    alpha, beta = torch.atan2(x, z), torch.atan2(torch.hypot(x, z), y)
    c, s = alpha.cos(), alpha.sin()
    gamma = torch.atan2(c * R[..., 0, 2] - s * R[..., 2, 2], c * R[..., 0, 0] - s * R[..., 2, 0])
    return alpha, beta, gamma


@array_edge("R")
def matrix_to_angles(R: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return angles ``alpha, beta, gamma``, each ``(...)`` in radians, of rotations ``(..., 3, 3)``.

    At the poles, beta = 0 or pi, only the sum or the difference of the other two is determined; what is returned composes to R to rounding there
    as well, but has no derivative.

    Raises
    ------
    ShapeError
        If the last axes are not ``(3, 3)``.
    DomainError
        If a matrix is no rotation.

    Examples
    --------
    >>> import numpy as np
    >>> np.round(matrix_to_angles(angles_to_matrix(0.3, 0.7, -1.1)), 12)
    array([ 0.3,  0.7, -1.1])
    """
    check_rotation(R, "R")
    return angles_of(R)
