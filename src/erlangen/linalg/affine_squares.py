r"""Squared affine-invariant distances from many small SPD matrices to one, where all of them are beyond doubt.

Definition: :math:`d^2(A, B) = \sum_j \log^2 \lambda_j(L^{-1} A L^{-T})`, :math:`B=LL^T`; singular values of :math:`L^{-1} F`, :math:`A = FF^T` if far spread.
Convention: nothing where a matrix is not exactly symmetric, or a pivot may be below :math:`4 n \varepsilon` of its diagonal entry: a pivot of A is at
least :math:`\lambda_{\min} r_B / \lambda_{\max}` of it, :math:`r_B` the least such ratio of B, so that the eigenvalues tell.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dtrtri

from erlangen import native
from erlangen.linalg.symmetric_eigen import lanes_pay

__all__ = ["plain_affine_squares"]

Array = NDArray[np.float64]

_EPS = float(np.finfo(np.float64).eps)
_GRADED = 5  # a status: done by singular values, since the eigenvalues are spread too far
_CLOSE = 1e-12


def plain_affine_squares(
    A: Array,
    B: Array,
    graded_below: float = 0.0,
    *,
    threads: int | None = None,
    backend: str = "auto",
    level: str = "auto",
) -> Array | None:
    r"""Return squared distances (N,) of matrices (N, n, n) to one, or nothing where one of them is in doubt.

    Parameters
    ----------
    A : ndarray (N, n, n)
        C-contiguous.
    B : ndarray (n, n)
        C-contiguous.
    graded_below : float
        Ratio of extreme eigenvalues below which singular values of factors serve: their digits go with the root of the spread.
    threads, backend, level
        As :func:`erlangen.linalg.eigh`.

    Examples
    --------
    >>> plain_affine_squares(np.array([[[np.e]], [[1.0]]]), np.array([[1.0]])).round(12)
    array([1., 0.])
    >>> plain_affine_squares(np.array([[[-1.0]]]), np.array([[1.0]])) is None
    True
    """
    square, status, floor = np.empty(len(A)), np.empty(len(A), np.int8), 4 * A.shape[-1] * _EPS
    if lanes_pay(len(A), A.shape[-1], backend, vectors=False):
        module: Any = native.kernels(backend)
        count = native.default_threads(threads)
        if not module.affine_common(A, B, floor, graded_below, square, status, count, level):
            return None
    elif not _twin(A, B, floor, graded_below, square, status):
        return None
    if not status.any():
        return square
    if (status % _GRADED).any():
        return None
    return _graded(A, B, square, status)


def _symmetric(A: Array) -> bool:
    return bool((A.swapaxes(-1, -2) == A).all())


def _frame(B: Array) -> Array:
    return np.ascontiguousarray(dtrtri(np.linalg.cholesky(B), lower=1)[0])


def _twin(A: Array, B: Array, floor: float, graded_below: float, square: Array, status: NDArray[Any]) -> bool:
    """Do what the kernel does, by LAPACK."""
    if not (_symmetric(B) and np.isfinite(B).all() and _symmetric(A) and np.isfinite(A).all()):
        return False
    try:
        factor = np.linalg.cholesky(B)
        frame = _frame(B)
        values = np.linalg.eigvalsh(frame @ A @ frame.T)
    except np.linalg.LinAlgError:
        return False
    steady = float(np.min(np.diagonal(factor) ** 2 / np.diagonal(B)))
    least, most = values[:, 0], values[:, -1]
    if not (steady > floor and (least > 0).all() and (least * steady > floor * most).all()):
        return False
    square[...] = np.square(np.log(values)).sum(axis=-1)
    square[(square < _CLOSE) & (A == B).all((-2, -1))] = 0.0
    status[...] = np.where(least < graded_below * most, _GRADED, 0)
    return True


def _graded(A: Array, B: Array, square: Array, status: NDArray[Any]) -> Array | None:
    """Return the squares, those that are far spread by singular values."""
    far = np.flatnonzero(status)
    try:
        singular = np.linalg.svd(_frame(B) @ np.linalg.cholesky(A[far]), compute_uv=False)
    except np.linalg.LinAlgError:
        return None
    square[far] = np.square(2 * np.log(singular)).sum(axis=-1)
    return square
