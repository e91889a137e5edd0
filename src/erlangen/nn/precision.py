"""Full precision for matrices whose eigenvalues matter: no half types, no autocast inside a layer.

Definition: half and bfloat16 inputs become float32; layers of matrices cast integers to float64 with a notice and refuse complex ones;
under autocast the layer's own products stay in the dtype of their arguments.
Convention: input and parameters meet in the wider of their dtypes, so float32 features enter a float64 layer as float64.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from erlangen.edges import notice_cast
from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.spectral.checks import refuse_complex

__all__ = ["check_batch", "full_precision", "matrix_precision", "together"]


def full_precision(forward: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a layer's ``forward`` so that its first tensor is at least float32 and autocast does not reach inside."""

    @functools.wraps(forward)
    def wrapped(layer: Any, X: Tensor, *rest: Any, **options: Any) -> Any:
        if not isinstance(X, Tensor):
            message = f"{type(layer).__name__} takes a torch tensor, got {type(X).__name__}"
            raise DomainError(message, hint="torch.from_numpy makes one")
        if X.dtype in (torch.float16, torch.bfloat16):
            X = X.float()
        if not torch.is_autocast_enabled(X.device.type):
            return forward(layer, X, *rest, **options)
        with torch.autocast(X.device.type, enabled=False):
            return forward(layer, X, *rest, **options)

    return wrapped


def matrix_precision(forward: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate ``forward`` of a layer of matrices as :func:`full_precision`, integers cast with a notice and complex matrices refused."""
    inner = full_precision(forward)

    @functools.wraps(forward)
    def wrapped(layer: Any, X: Tensor, *rest: Any, **options: Any) -> Any:
        if isinstance(X, Tensor) and not X.is_floating_point():
            refuse_complex(X, "X")
            notice_cast(X, "X")
            X = X.to(torch.float64)
        return inner(layer, X, *rest, **options)

    return wrapped


def together(X: Tensor, *parameters: Tensor) -> tuple[Tensor, ...]:
    """Return tensors in the widest of their dtypes."""
    dtype = functools.reduce(torch.promote_types, (p.dtype for p in parameters), X.dtype)
    return tuple(item if item.dtype == dtype else item.to(dtype) for item in (X, *parameters))


def check_batch(X: Tensor, n: int, channels: int | None, name: str) -> None:
    """Refuse a tensor that is not ``(..., n, n)``, or with channels not ``(N, channels, n, n)``.

    Raises
    ------
    ShapeError
        With both shapes.
    """
    shape = tuple(X.shape)
    fits = len(shape) >= 2 and shape[-2:] == (n, n)
    if channels is not None:
        fits = fits and len(shape) == 4 and shape[1] == channels
    if not fits:
        wanted = f"(..., {n}, {n})" if channels is None else f"(N, {channels}, {n}, {n})"
        message = f"{name} takes matrices {wanted}, got shape {shape}"
        raise ShapeError(message, hint="check the number of channels and the order of the axes")
