r"""Squared distances of numbers, without gradient, in one pass over the matrices.

Definition: :math:`\sum_j \log^2 \lambda_j(Q^{-1} P)` and :math:`\operatorname{tr}(P + Q) - 2 \|E^T F\|_*`, by the kernels of :mod:`erlangen.linalg`.
Convention: ``None`` wherever anything is unusual (not exactly symmetric, not finite, near singular, a gradient, another device); then the careful way
goes, which has the refusals.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.linalg.affine_squares import plain_affine_squares
from erlangen.linalg.bures_distances import plain_bures_squares
from erlangen.manifolds.spd.graded_frame import graded_below

__all__ = ["affine_squares", "bures_squares"]

Array = NDArray[np.float64]


def affine_squares(x: Tensor, y: Tensor) -> Tensor | None:
    """Return squared affine-invariant distances of matrices ``(..., n, n)`` to one, or nothing.

    Examples
    --------
    >>> one = torch.eye(1, dtype=torch.float64)
    >>> affine_squares(torch.stack([one, torch.e * one]), one).round(decimals=12)
    tensor([0., 1.], dtype=torch.float64)
    >>> affine_squares(-one, one) is None
    True
    """
    found = _numbers(x, y)
    if found is None:
        return None
    many, one = found
    squares = plain_affine_squares(_stacked(many), one, graded_below(x.dtype))
    return None if squares is None else torch.from_numpy(squares.reshape(many.shape[:-2]))


def bures_squares(x: Tensor, y: Tensor) -> Tensor | None:
    """Return squared Bures–Wasserstein distances of matrices ``(..., n, n)`` to one, or nothing.

    Examples
    --------
    >>> one = torch.eye(1, dtype=torch.float64)
    >>> bures_squares(torch.stack([one, 9 * one]), one)
    tensor([0., 4.], dtype=torch.float64)
    """
    found = _numbers(x, y)
    if found is None:
        return None
    many, one = found
    squares = plain_bures_squares(_stacked(many), one)
    return None if squares is None else torch.from_numpy(squares.reshape(many.shape[:-2]))


def _numbers(x: Tensor, y: Tensor) -> tuple[Array, Array] | None:
    """Return many matrices and one, where both are numbers of double precision on the processor."""
    if torch.compiler.is_compiling() or (torch.is_grad_enabled() and (x.requires_grad or y.requires_grad)):
        return None
    many, one = (y, x) if x.ndim == 2 else (x, y)
    if one.ndim != 2 or many.ndim < 2 or many.shape[-2:] != one.shape or one.shape[0] != one.shape[1]:
        return None
    if many.numel() == 0 or any(A.device.type != "cpu" or A.dtype != torch.float64 for A in (many, one)):
        return None
    try:
        numbers = many.detach().contiguous().numpy(), one.detach().contiguous().numpy()
    except RuntimeError:  # a transform of torch.func holds no numbers
        return None
    return numbers


def _stacked(many: Array) -> Array:
    """Return matrices (..., n, n) as (N, n, n)."""
    return many.reshape(-1, *many.shape[-2:])
