"""What points and vectors must satisfy before a formula is applied to them.

Definition: real floating tensors whose last axes are the manifold's shape; singular values below 1 on the disk of contractions.
Convention: messages name the argument, the batch index and the measured number.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import eigvalsh

__all__ = ["check_disk", "check_pair", "check_points", "place"]

_SURELY_INSIDE = 0.9


def place(name: str, mask: Tensor) -> tuple[str, tuple[int, ...]]:
    """Return the name of the first true entry of a mask, and its index.

    Examples
    --------
    >>> place("x", torch.tensor([False, True]))
    ('x[1]', (1,))
    """
    index = tuple(int(i) for i in mask.nonzero()[0]) if mask.ndim else ()
    return (f"{name}[{', '.join(map(str, index))}]" if index else name), index


def check_points(x: Tensor, name: str, shape: tuple[int, ...]) -> None:
    """Refuse anything but finite real ``(..., *shape)``.

    Examples
    --------
    >>> check_points(torch.ones(2), "x", (3,))
    Traceback (most recent call last):
        ...
    erlangen.errors.ShapeError: x must have shape (..., 3), got (2,) (check the order of the axes)
    """
    if tuple(x.shape[max(x.ndim - len(shape), 0) :]) != shape:
        wanted = ", ".join(map(str, shape))
        message = f"{name} must have shape (..., {wanted}), got {tuple(x.shape)}"
        raise ShapeError(message, hint="check the order of the axes")
    if not x.is_floating_point():
        message = f"{name} has dtype {x.dtype}; real floating numbers are needed"
        raise DomainError(message, hint=f"convert it, e.g. {name}.to(torch.float64)")
    bad = ~torch.isfinite(x.detach())
    if bool(bad.any()):
        where, index = place(name, bad)
        message = f"{where} = {float(x[index])} is not finite"
        raise DomainError(message, hint="remove or repair it first")


def check_pair(x: Tensor, y: Tensor, name: str, other: str) -> None:
    """Refuse two tensors whose last two axes differ.

    Examples
    --------
    >>> check_pair(torch.ones(2, 2), torch.ones(5, 2, 2), "x", "y")
    """
    if x.ndim < 2 or x.shape[-2:] != y.shape[-2:]:
        message = f"{name} and {other} must be matrices of one shape, got {tuple(x.shape)} and {tuple(y.shape)}"
        raise ShapeError(message, hint="check the order of the axes")


def check_disk(x: Tensor, name: str, *, hint: str = "scale the matrix down; the disk is open") -> None:
    """Refuse square matrices whose largest singular value is not below 1.

    Examples
    --------
    >>> check_disk(torch.eye(2), "Z")
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: Z has largest singular value 1 >= 1 (scale the matrix down; the disk is open)
    """
    n = x.shape[-1] if x.ndim >= 2 else -1
    check_points(x, name, (n, n))
    values = x.detach()
    if x.numel() == 0 or bool((values.square().sum((-2, -1)) < _SURELY_INSIDE).all()):
        return
    squares: Tensor = eigvalsh(values.mT @ values)[..., -1]
    norms = squares.clamp_min(0).sqrt()
    bad = ~(norms < 1)
    if bool(bad.any()):
        where, index = place(name, bad)
        message = f"{where} has largest singular value {float(norms[index]):.16g} >= 1"
        raise DomainError(message, hint=hint)
