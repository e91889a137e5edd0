"""Samples and weights, as every mean takes them.

Definition: points ``(..., N, *shape)`` with weights ``(..., N)`` that are at least zero and are divided by their sum.
Convention: the axis of the samples is moved to stand just before the axes of a point.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.validation import check_integer

__all__ = ["spread", "weighted_sample"]


def weighted_sample(X: Tensor, weights: Tensor | None, axis: int, point_axes: int) -> tuple[Tensor, Tensor]:
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
    place = check_integer(axis, "axis", low=-X.ndim, high=X.ndim - 1) % X.ndim
    if place >= X.ndim - point_axes:
        message = f"axis={axis} is one of the last {point_axes} axes of X, which hold a point"
        raise ShapeError(message, hint="samples lie along an axis before them, -3 for matrices")
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
