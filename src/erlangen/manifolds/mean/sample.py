"""Samples and weights, as every mean takes them.

Definition: points ``(..., N, *shape)`` with weights ``(..., N)`` that are at least zero and are divided by their sum.
Convention: the axis of the samples is moved to stand just before the axes of a point.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.validation import check_integer, check_real

__all__ = ["coincide", "reached", "spread", "starting_point", "weighted_sample"]


def weighted_sample(X: Tensor, weights: Tensor | None, axis: int | None, point_axes: int) -> tuple[Tensor, Tensor]:
    """Return the samples with their axis in place, and weights of sum one.

    Raises
    ------
    ShapeError, DomainError
        If there are no samples, or the weights do not fit, are negative, not finite, or of sum zero.

    Examples
    --------
    >>> X, w = weighted_sample(torch.ones(2, 3, 3), torch.tensor([1.0, 3.0]), -3, 2)
    >>> w
    tensor([0.2500, 0.7500])
    """
    if X.ndim <= point_axes:
        message = f"X must have an axis of samples before its {point_axes} axes of a point, got shape {tuple(X.shape)}"
        raise ShapeError(message, hint="pass an array (..., N, n, n)")
    axis = -point_axes - 1 if axis is None else axis
    place = check_integer(axis, "axis", low=-X.ndim, high=X.ndim - 1) % X.ndim
    if place >= X.ndim - point_axes:
        message = f"axis={axis} is one of the last {point_axes} axes of X, which hold a point"
        raise ShapeError(message, hint=f"samples lie along an axis before them, e.g. {-point_axes - 1}")
    X = X.movedim(place, -point_axes - 1)
    N = X.shape[-point_axes - 1]
    if X.numel() == 0:
        message = f"X holds no samples, its shape is {tuple(X.shape)}"
        raise ShapeError(message, hint="a mean needs one matrix at least")
    batch = X.shape[: -point_axes - 1]
    if weights is None:
        return X, torch.full((*batch, N), 1 / N, dtype=X.dtype, device=X.device)
    return X, _normalised(weights.to(X.dtype), (*batch, N))


def _normalised(weights: Tensor, shape: tuple[int, ...]) -> Tensor:
    if weights.ndim == 0 or weights.shape[-1] != shape[-1]:
        message = f"weights must have shape (..., {shape[-1]}), got {tuple(weights.shape)}"
        raise ShapeError(message, hint="give one weight a sample")
    w = weights.detach()
    bad = ~(torch.isfinite(w) & (w >= 0))
    if bool(bad.any()):
        index = tuple(int(i) for i in bad.nonzero()[0])
        message = f"weights{list(index)} = {float(w[index]):g} is not a finite number >= 0"
        raise DomainError(message, hint="weights of a mean are at least zero")
    total = weights.sum(-1, keepdim=True)
    if bool((total.detach() <= 0).any()):
        message = "weights sum to 0"
        raise DomainError(message, hint="one weight at least must be positive")
    try:
        return (weights / total).expand(shape)
    except RuntimeError as error:
        message = f"weights {tuple(weights.shape)} do not fit the samples {shape}"
        raise ShapeError(message, hint="give (N,), or one row a set") from error


def spread(w: Tensor, point_axes: int) -> Tensor:
    """Return weights with the axes of a point behind them.

    Examples
    --------
    >>> spread(torch.ones(4), 2).shape
    torch.Size([4, 1, 1])
    """
    return w.reshape(*w.shape, *(1,) * point_axes)


def coincide(logs: Tensor, X: Tensor, point_axes: int) -> Tensor:
    """Return which points their base point equals up to rounding, ``(..., N)``: the logarithm is no longer than 100 rounding units.

    Examples
    --------
    >>> coincide(torch.tensor([[[1e-8]], [[1.0]]]), torch.ones(2, 1, 1), 2)
    tensor([ True, False])
    """
    axes = tuple(range(-point_axes, 0))
    length, size = (A.square().sum(axes).sqrt() if point_axes else A.abs() for A in (logs, X))
    return length <= 100 * torch.finfo(X.dtype).eps * size


def reached(tol: float | None, usual: float, dtype: torch.dtype) -> float:
    """Return the tolerance asked for, or the usual one, which single precision does not reach.

    Examples
    --------
    >>> reached(None, 1e-10, torch.float64), reached(None, 1e-10, torch.float32), reached(1e-3, 1e-10, torch.float32)
    (1e-10, 1e-05, 0.001)
    """
    if tol is None:
        return usual if dtype == torch.float64 else max(usual, 1e-5)
    return check_real(tol, "tol", low=0.0, open_low=True)


def starting_point(init: Tensor, X: Tensor, point_axes: int) -> Tensor:
    """Return where an iteration starts, refused where it is not one point, or one a set.

    Raises
    ------
    ShapeError
        If init does not broadcast to ``(..., *shape)``.

    Examples
    --------
    >>> starting_point(torch.ones(3, 3), torch.ones(2, 5, 3, 3), 2).shape
    torch.Size([2, 3, 3])
    """
    place = X.ndim - point_axes - 1
    wanted = (*X.shape[:place], *X.shape[place + 1 :])
    fits = (
        init.ndim <= len(wanted) and init.shape[max(init.ndim - point_axes, 0) :] == wanted[len(wanted) - point_axes :]
    )
    try:
        if fits:
            return init.to(X.dtype).expand(wanted)
    except RuntimeError:
        pass
    message = f"init must have shape {wanted}, got {tuple(init.shape)}"
    raise ShapeError(message, hint="give one point, or one a set")
