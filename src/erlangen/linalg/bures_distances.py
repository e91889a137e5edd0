r"""Bures–Wasserstein distances between many small positive semidefinite matrices.

Definition: :math:`d^2(A, B) = \operatorname{tr} A + \operatorname{tr} B - 2 \|E^T F\|_*` for :math:`A = FF^T, B = EE^T` (Bhatia, Jain, Lim 2019, theorem 1).
Convention: singular values of :math:`E^T F`, never eigenvalues of its square; close pairs by :math:`\|F - E O\|_F`, O the polar factor of :math:`E^T F`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen import native
from erlangen.errors import ConvergenceError, NotSPDError, ShapeError
from erlangen.linalg.matrix_batch import MatrixBatch
from erlangen.linalg.symmetric_eigen import decomposed, lanes_pay

__all__ = ["bures_distances", "plain_bures_squares"]

_CLOSE = 1e-3
_DOUBT = 4  # a status: done, but not exactly symmetric and safely positive definite
_EPS = float(np.finfo(np.float64).eps)
_AT_ONCE = 4096

Array = NDArray[np.float64]


def bures_distances(
    A: Any,
    B: Any,
    *,
    paired: bool = False,
    squared: bool = False,
    threads: int | None = None,
    backend: str = "auto",
    level: str = "auto",
) -> Any:
    r"""Return Bures–Wasserstein distances between positive semidefinite matrices, without gradient.

    .. math:: d^2(A, B) = \operatorname{tr} A + \operatorname{tr} B - 2 \operatorname{tr} (A^{1/2} B A^{1/2})^{1/2}
              = \min_{O \in O(n)} \|F - E O\|_F^2

    The first form is used where it keeps its digits, the second where the matrices are close, so that a pair :math:`A, (1 + \delta) A` comes
    out to :math:`10^{-15} / \delta` and none is complex or NaN.

    Parameters
    ----------
    A : array_like or CPU Tensor (..., n, n)
        Symmetric positive semidefinite; the lower triangle is read.
    B : array_like or CPU Tensor (n, n), (k, n, n), or (..., n, n) with ``paired``
        One matrix, several, or a partner for each.
    paired : bool
        Whether B holds partners.
    squared : bool
        Return :math:`d^2`.
    threads, backend, level
        As :func:`erlangen.linalg.eigh`.

    Returns
    -------
    ndarray or Tensor (...), or (N, k) for k matrices B
        Distances, computed in float64 and given in the dtype of ``A``.

    Raises
    ------
    ShapeError, DomainError
        If shapes do not fit, or a number is not finite.
    NotSPDError
        If a matrix has an eigenvalue below zero by more than rounding; it is named.

    References
    ----------
    Bhatia, Jain & Lim, Expo. Math. 37 (2019) 165, theorem 1.

    Examples
    --------
    >>> bures_distances(np.diag([1.0, 4.0])[None], np.diag([4.0, 9.0]))
    array([1.41421356])
    """
    left, right = MatrixBatch(A, "A"), MatrixBatch(B, "B")
    if left.n != right.n:
        message = f"A and B must have the same order, got {left.n} and {right.n}"
        raise ShapeError(message, hint="compare matrices of one size")
    dtype = np.result_type(left.matrices, right.matrices)
    for batch in (left, right):
        batch.matrices = batch.matrices.astype(np.float64, copy=False)
    options = (native.default_threads(threads), backend, level)
    square = _paired(left, right, options) if paired else _all_pairs(left, right, options)
    out = (square if squared else np.sqrt(square)).astype(dtype, copy=False)
    return left.like(out)


def plain_bures_squares(A: Array, B: Array, *, threads: int | None = None) -> Array | None:
    r"""Return squared distances (N,) to one matrix, or nothing where one is not exactly symmetric and safely positive definite.

    Safely: each pivot of the Cholesky factorisation exceeds :math:`4 n \varepsilon` of its diagonal entry, see :func:`erlangen.linalg.check_spd`.

    Examples
    --------
    >>> plain_bures_squares(np.array([[[9.0]]]), np.array([[1.0]]))
    array([4.])
    >>> plain_bures_squares(np.array([[[0.0]]]), np.array([[1.0]])) is None
    True
    """
    module: Any = native.kernels()
    if module is None or A.size == 0 or not lanes_pay(len(A), A.shape[-1], "auto", vectors=False):
        return None
    square, status, of_one = np.empty((len(A), 1)), np.empty(len(A), np.int8), np.empty(1, np.int8)
    module.bures_common(A, B[None], square, status, of_one, native.default_threads(threads), "auto")
    return None if of_one[0] or status.any() else square[:, 0]


def _all_pairs(left: MatrixBatch, right: MatrixBatch, options: tuple[int, str, str]) -> Array:
    """Return squared distances (...) to one matrix, or (N, k) to several."""
    if len(right.leading) > 1 or (right.leading and len(left.leading) != 1):
        message = f"B must be (n, n), or (k, n, n) for A (N, n, n); got leading axes {left.leading} and {right.leading}"
        raise ShapeError(message, hint="pass paired=True for a partner for each matrix, or flatten the leading axes")
    square = np.empty((len(left), len(right)))
    threads, backend, level = options
    again = np.arange(len(left))
    if left.n and square.size and lanes_pay(len(left), left.n, backend, vectors=False):
        status, of_right = np.empty(len(left), dtype=np.int8), np.empty(len(right), dtype=np.int8)
        module: Any = native.kernels("native")
        module.bures_common(left.matrices, right.matrices, square, status, of_right, threads, level)
        if (of_right % _DOUBT == 0).all():
            again = np.flatnonzero(status % _DOUBT)
    else:
        right.check_finite()
    if again.size:
        _pairs_by_lapack(left, again, right, square)
    return square if right.leading else square.reshape(left.leading)


def _pairs_by_lapack(left: MatrixBatch, again: NDArray[Any], right: MatrixBatch, square: Array) -> None:
    """Write the squared distances of the matrices ``again`` to each of B: the twin of the kernel."""
    right.check_finite()
    left.check_finite()
    factors, F = _factors(right, range(len(right))), _factors(left, again.tolist())
    total = _traces(left)[again, None] + _traces(right)
    nuclear = np.array([_nuclear_norms(E.T @ F) for E in factors]).reshape(len(right), len(again))
    found = total - 2 * nuclear.T
    i, b = np.nonzero(found < _CLOSE * total)
    found[i, b] = _close_squares(left, again[i], right, b)
    square[again] = found


def _paired(left: MatrixBatch, right: MatrixBatch, options: tuple[int, str, str]) -> Array:
    """Return squared distances (...) between partners."""
    if left.leading != right.leading:
        message = f"A and B must have the same leading axes, got {left.leading} and {right.leading}"
        raise ShapeError(message, hint="one partner for each matrix")
    square = np.empty(len(left))
    threads, backend, level = options
    again = np.arange(len(left))
    if left.n and square.size and lanes_pay(len(left), left.n, backend, vectors=False):
        status = np.empty(len(left), dtype=np.int8)
        module: Any = native.kernels("native")
        module.bures_paired(left.matrices, right.matrices, square, status, threads, level)
        again = np.flatnonzero(status % _DOUBT)
    if again.size:
        left.check_finite()
        right.check_finite()
        F, E = _factors(left, again.tolist()), _factors(right, again.tolist())
        total = (_traces(left) + _traces(right))[again]
        found = total - 2 * _nuclear_norms(E.swapaxes(1, 2) @ F)
        near = np.flatnonzero(found < _CLOSE * total)
        found[near] = _close_squares(left, again[near], right, again[near])
        square[again] = found
    return square.reshape(left.leading)


def _traces(batch: MatrixBatch) -> Array:
    return np.asarray(np.trace(batch.matrices, axis1=1, axis2=2))


def _close_squares(left: MatrixBatch, i: NDArray[Any], right: MatrixBatch, b: NDArray[Any]) -> Array:
    r"""Return :math:`\|F - E O\|_F^2` for the pairs (i, b); an error of O counts to second order only."""
    out = np.zeros(len(i))
    for begin in range(0, len(i), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        F, E = _factors(left, i[part].tolist()), _factors(right, b[part].tolist())
        U, _, Vt = _svd(E.swapaxes(1, 2) @ F)
        gap = F - E @ (U @ Vt)
        same = (np.tril(left.matrices[i[part]]) == np.tril(right.matrices[b[part]])).all(axis=(1, 2))
        out[part] = np.where(same, 0.0, np.einsum("kij,kij->k", gap, gap))
    return out


def _svd(G: Array, vectors: bool = True) -> Any:
    """Return LAPACK's singular value decompositions."""
    svd: Any = np.linalg.svd
    try:
        return svd(G, compute_uv=vectors)
    except np.linalg.LinAlgError as error:
        message = f"a singular value decomposition failed: {error}"
        raise ConvergenceError(message, hint="rescale the matrices") from error


def _nuclear_norms(G: Array) -> Array:
    return np.asarray(_svd(G, vectors=False).sum(axis=-1))


def _factors(batch: MatrixBatch, which: Any) -> Array:
    """Return F with :math:`A = F F^T`: Cholesky's factor, or from the eigenvalues where there is none."""
    A = batch.matrices[list(which)]
    try:
        return np.asarray(np.linalg.cholesky(A))
    except np.linalg.LinAlgError:
        F = np.empty_like(A)
    for k, position in enumerate(which):
        try:
            F[k] = np.linalg.cholesky(A[k])
        except np.linalg.LinAlgError:
            F[k] = _root_factor(A[k], batch.where(position), batch.index(position))
    return F


def _root_factor(A: Array, name: str, index: tuple[int, ...]) -> Array:
    r"""Return :math:`V \lambda^{1/2}` of one matrix, refused where an eigenvalue is below zero by more than rounding."""
    values, vectors = decomposed(MatrixBatch(A, name), True, 1, "python", "auto")
    least, noise = float(values[0, 0]), A.shape[0] * _EPS * float(np.abs(values).max())
    if least < -4 * noise:
        message = f"{name} is not positive semidefinite: its smallest eigenvalue is {least:.6g}"
        rank = int(np.count_nonzero(values > noise))
        remedy = "repair it, e.g. by erlangen.linalg.nearest_spd"
        raise NotSPDError(message, index=index, smallest_eigenvalue=least, rank=rank, hint=remedy)
    return np.asarray(vectors[0] * np.sqrt(np.maximum(values[0], 0)))
