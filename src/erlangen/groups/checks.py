"""What is refused before a matrix is taken for a rotation.

Definition: orthogonal means ``|R^T R - 1| <= 1e-3`` in every entry; a rotation has determinant +1, a reflection -1.
Convention: the tolerance catches wrong input, not rounding; under a compiler, where no number can be looked at, nothing is refused.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError

__all__ = ["check_axes", "check_orthogonal", "check_rotation"]

_FAR = 1e-3


def _place(name: str, bad: Tensor) -> tuple[str, tuple[int, ...]]:
    """Return the name with the index of the first offender, and the index."""
    index = tuple(int(i) for i in bad.nonzero()[0])
    return f"{name}{list(index)}" if index else name, index


def check_axes(x: Tensor, name: str, shape: tuple[int, ...]) -> None:
    """Refuse an array whose last axes are not ``shape``.

    Raises
    ------
    ShapeError
        With the shape that came.
    """
    if tuple(x.shape[x.ndim - len(shape) :]) != shape or x.ndim < len(shape):
        wanted = ", ".join(map(str, ("...", *shape)))
        message = f"{name} must have shape ({wanted}), got {tuple(x.shape)}"
        raise ShapeError(message, hint="batches come first")


def check_orthogonal(R: Tensor, name: str) -> None:
    """Refuse matrices that are not orthogonal, naming the first.

    Raises
    ------
    ShapeError
        If the last axes are not ``(3, 3)``.
    DomainError
        With ``|R^T R - 1|``.
    """
    check_axes(R, name, (3, 3))
    if torch.compiler.is_compiling():
        return
    gap = (R.mT @ R - torch.eye(3, dtype=R.dtype, device=R.device)).detach().abs().amax((-2, -1))
    bad = ~(gap <= _FAR)
    if bool(bad.any()):
        where, index = _place(name, bad)
        message = f"{where} is not orthogonal: |R^T R - 1| = {float(gap[index]):.3g} > {_FAR:g}"
        raise DomainError(message, hint="pass rotations or reflections, (..., 3, 3)")


def check_rotation(R: Tensor, name: str) -> None:
    """Refuse matrices that are no rotations, naming the first.

    Raises
    ------
    ShapeError
        If the last axes are not ``(3, 3)``.
    DomainError
        If one is not orthogonal, or is a reflection.
    """
    check_orthogonal(R, name)
    if torch.compiler.is_compiling():
        return
    bad = torch.linalg.det(R.detach()) < 0
    if bool(bad.any()):
        message = f"{_place(name, bad)[0]} is a reflection: its determinant is -1"
        raise DomainError(message, hint="take the rotation det(R) R, and keep the sign apart")
