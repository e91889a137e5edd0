r"""Squared distances of numbers, without gradient, in one pass over the matrices.

Definition: :math:`\sum_j \log^2 \lambda_j(Q^{-1} P)` and :math:`\operatorname{tr}(P + Q) - 2 \|E^T F\|_*`, by the kernels of :mod:`erlangen.linalg`.
Convention: ``None`` wherever anything is unusual (not exactly symmetric, not finite, near singular, a gradient, another device); then the careful way
goes, which has the refusals. A pivot of P is at least :math:`\lambda_{\min} r_Q / \lambda_{\max}` of its diagonal, :math:`r_Q` the least such ratio of Q,
so that the eigenvalues tell that the Cholesky factorisation of P would stand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.linalg.lapack import dtrtri
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.linalg import whitened_eigenvalues
from erlangen.linalg.bures_distances import plain_bures_squares
from erlangen.manifolds.spd.graded_frame import graded_below

__all__ = ["affine_squares", "bures_squares"]

Array = NDArray[np.float64]
_SMALL = 1e-12


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
    if found is None or not all(map(_symmetric, found)):
        return None
    many, one = found
    if not np.isfinite(one).all():
        return None
    floor = _floor(many)
    try:
        factor = np.linalg.cholesky(one)
        steady = _least_pivot(factor, one)
        if steady <= floor:
            return None
        frame = np.ascontiguousarray(dtrtri(factor, lower=1)[0])
        values = whitened_eigenvalues(frame, many)
    except (DomainError, np.linalg.LinAlgError):
        return None
    if not (values[..., 0] * steady > floor * values[..., -1]).all():
        return None
    logs = np.log(values)
    graded = values[..., 0] < graded_below(x.dtype) * values[..., -1]
    if graded.any():
        logs[graded] = 2 * np.log(np.linalg.svd(frame @ np.linalg.cholesky(many[graded]), compute_uv=False))
    return _zero_where_equal(np.einsum("...i,...i->...", logs, logs), many, one)


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
    many, one = (np.ascontiguousarray(A) for A in found)
    squares = plain_bures_squares(many.reshape(-1, *one.shape), one)
    return None if squares is None else torch.from_numpy(squares.reshape(many.shape[:-2]))


def _floor(A: Array) -> float:
    """Return what a pivot must exceed, relative to its diagonal entry; see :func:`erlangen.linalg.check_spd`."""
    return 4 * A.shape[-1] * float(np.finfo(np.float64).eps)


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
        numbers = many.detach().numpy(), one.detach().numpy()
    except RuntimeError:  # a transform of torch.func holds no numbers
        return None
    return numbers


def _symmetric(A: Array) -> bool:
    """Return whether all matrices are exactly symmetric and free of NaN; an infinite entry shows in the eigenvalues."""
    return bool((A.swapaxes(-1, -2) == A).all())


def _least_pivot(factor: NDArray[Any], A: NDArray[Any]) -> float:
    """Return the least pivot relative to its diagonal entry, of all matrices."""
    pivots = np.diagonal(factor, axis1=-2, axis2=-1)
    return float(np.min(pivots * pivots / np.diagonal(A, axis1=-2, axis2=-1)))


def _zero_where_equal(squares: Any, many: Array, one: Array) -> Tensor:
    """Return the squares, exactly 0 where a matrix equals the one."""
    squares = np.asarray(squares)
    small = squares < _SMALL
    if small.any():
        squares[small] = np.where((many[small] == one).all((-2, -1)), 0.0, squares[small])
    return torch.from_numpy(squares)
