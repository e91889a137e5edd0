r"""Congruence of many small symmetric matrices by a common one, and what is usually wanted of the result.

Definition: :math:`C_i = W A_i W^T`; its eigenvalues; :math:`f(C_i) = V \operatorname{diag}(f(\lambda)) V^T` and weighted sums of these.
Convention: the lower triangle of A is read; W is any matrix, and one that is lower triangular (an inverse Cholesky factor) costs half; no gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen import native
from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.matrix_batch import MatrixBatch, as_array
from erlangen.linalg.scalar_image import ScalarImage, scalar_image
from erlangen.linalg.symmetric_eigen import decomposed, lanes_pay
from erlangen.validation import check_finite, check_shape

__all__ = ["congruence", "packed_triangle", "whitened_eigenvalues", "whitened_function"]


def congruence(W: Any, A: Any, *, threads: int | None = None, backend: str = "auto", level: str = "auto") -> Any:
    r"""Return the congruence of symmetric matrices by one matrix.

    .. math:: C = W A W^T

    Parameters
    ----------
    W : array_like or Tensor (m, n)
        Any real matrix.
    A : array_like or CPU Tensor (..., n, n)
        Symmetric; the lower triangle is read.
    threads, backend, level
        As :func:`erlangen.linalg.eigh`.

    Returns
    -------
    ndarray or Tensor (..., m, m)
        Exactly symmetric.

    Raises
    ------
    ShapeError, DomainError
        If shapes do not fit, or a number is not finite.

    Examples
    --------
    >>> congruence(np.array([[1.0, 2.0]]), np.eye(2))
    array([[5.]])
    """
    batch, (left,) = _arguments(W, A, square=False)
    m, n = left.shape
    out = np.empty((len(batch), m, m), dtype=left.dtype)
    if out.size and n and lanes_pay(len(batch), max(m, n), backend):
        status = np.empty(len(batch), dtype=np.int8)
        module: Any = native.kernels("native")
        module.congruence(left, batch.matrices, out, status, native.default_threads(threads), level)
        if status.any():
            batch.check_finite()
    else:
        batch.check_finite()
        out[...] = _congruence_twin(left, batch.matrices)
    return batch.back(out)


def whitened_eigenvalues(
    W: Any, A: Any, *, threads: int | None = None, backend: str = "auto", level: str = "auto"
) -> Any:
    r"""Return the eigenvalues of symmetric matrices after congruence by each of a few matrices.

    .. math:: \lambda(W_k A_i W_k^T)

    With :math:`W_k = L_k^{-1}`, :math:`B_k = L_k L_k^T`, these are the eigenvalues of :math:`B_k^{-1} A_i`, and the affine-invariant distance is
    :math:`\sqrt{\sum_j \log^2 \lambda_j}`.

    Parameters
    ----------
    W : array_like or Tensor (n, n) or (k, n, n)
        Any real matrices.
    A : array_like or CPU Tensor (N, n, n), or (..., n, n) with one W
        Symmetric; the lower triangle is read.
    threads, backend, level
        As :func:`erlangen.linalg.eigh`.

    Returns
    -------
    ndarray or Tensor (..., n), or (k, N, n) for several W
        Ascending.

    Raises
    ------
    ShapeError, DomainError
        If shapes do not fit, or a number is not finite.

    Examples
    --------
    >>> whitened_eigenvalues(np.diag([1.0, 0.5]), np.diag([3.0, 4.0]))
    array([1., 3.])
    """
    batch, left = _arguments(W, A)
    several = as_array(W, "W").ndim == 3
    values = np.empty((len(left), len(batch), batch.n), dtype=left.dtype)
    if values.size and lanes_pay(len(batch), batch.n, backend, vectors=False):
        status = np.empty(len(batch), dtype=np.int8)
        module: Any = native.kernels("native")
        module.whitened_eigenvalues(left, batch.matrices, values, status, native.default_threads(threads), level)
        if status.any():
            batch.check_finite()
            again = np.flatnonzero(status)
            values[:, again] = _eigenvalues_twin(left, batch.matrices[again])
    else:
        batch.check_finite()
        values[...] = _eigenvalues_twin(left, batch.matrices)
    if not several:
        return batch.back(values[0])
    if len(batch.leading) != 1:
        message = f"A must have shape (N, n, n) where W is (k, n, n), got {(*batch.leading, batch.n, batch.n)}"
        raise ShapeError(message, hint="flatten the leading axes")
    return batch.like(values)


def whitened_function(
    W: Any,
    A: Any,
    f: str | float,
    weights: Any = None,
    tangent: bool = False,
    *,
    each: bool = True,
    threads: int | None = None,
    backend: str = "auto",
    level: str = "auto",
) -> Any:
    r"""Return a function of symmetric matrices after congruence, and their weighted sum.

    .. math:: F_i = f(W A_i W^T), \qquad S = \sum_i w_i F_i

    Parameters
    ----------
    W : array_like or Tensor (n, n) or None
        Any real matrix; None for the identity.
    A : array_like or CPU Tensor (..., n, n)
        Symmetric; the lower triangle is read.
    f : {"log", "sqrt", "exp", "inv-sqrt", "inverse"} or float
        The function; a number is an exponent.
    weights : array_like (...), optional
        Weights of the sum.
    tangent : bool
        Give each result as a vector: rows of the upper triangle, times sqrt(2) off the diagonal, so that lengths are kept.
    each : bool
        Whether the single results are wanted; ``False`` with ``weights`` returns the sum alone.
    threads, backend, level
        As :func:`erlangen.linalg.eigh`; the sum goes by groups of 64 matrices and does not depend on the threads.

    Returns
    -------
    F : ndarray or Tensor (..., n, n), or (..., n(n+1)/2) with ``tangent``
    S : ndarray or Tensor (n, n)
        With ``weights`` only, as the second of a pair.

    Raises
    ------
    ShapeError, DomainError
        If shapes do not fit, a number is not finite, or f overflows.
    NotSPDError
        If an eigenvalue lies outside the domain of f; the matrix and the eigenvalue are named.

    Examples
    --------
    >>> whitened_function(None, np.diag([1.0, 4.0])[None], "sqrt", tangent=True)
    array([[1., 0., 2.]])
    """
    chosen = scalar_image(f)
    batch, left = _arguments(np.eye(as_array(A, "A").shape[-1]) if W is None else W, A, several=False)
    shares = _weights(weights, batch, left.dtype)
    if not (each or weights is not None):
        message = "each=False leaves nothing to return without weights"
        raise DomainError(message, hint="pass weights=")
    if batch.matrices.size and lanes_pay(len(batch), batch.n, backend):
        F, S = _function_native(None if W is None else left[0], batch, chosen, shares, tangent, each, threads, level)
    else:
        batch.check_finite()
        F = _function_twin(None if W is None else left[0], batch, chosen, range(len(batch)))
        S = np.zeros((batch.n, batch.n), left.dtype) if shares is None else np.tensordot(shares, F, 1)
        F = packed_triangle(F) if tangent else F
    if shares is None:
        return batch.back(F)
    return (batch.back(F), batch.like(S)) if each else batch.like(S)


def packed_triangle(F: NDArray[Any]) -> NDArray[Any]:
    """Return symmetric matrices (..., n, n) as vectors: rows of the upper triangle, times sqrt(2) off the diagonal.

    Examples
    --------
    >>> packed_triangle(np.array([[1.0, 2.0], [2.0, 3.0]])) ** 2
    array([1., 8., 9.])
    """
    rows, columns = np.triu_indices(F.shape[-1])
    weight = np.where(rows == columns, 1.0, np.sqrt(2.0)).astype(F.dtype)
    return np.ascontiguousarray(F[..., rows, columns] * weight)


def _arguments(W: Any, A: Any, *, square: bool = True, several: bool = True) -> tuple[MatrixBatch, NDArray[Any]]:
    """Return A as a batch and W as (k, m, n), of one dtype, refusing what does not fit."""
    batch, left = MatrixBatch(A, "A"), as_array(W, "W")
    n = batch.n
    if left.ndim not in ((2, 3) if square and several else (2,)):
        kinds = "(n, n) or (k, n, n)" if square and several else "(n, n)" if square else "(m, n)"
        message = f"W must have shape {kinds}, got {left.shape}"
        raise ShapeError(message, hint="one matrix for the whole batch")
    left = left if left.ndim == 3 else left[None]
    check_shape(left, "W", (None, n if square else None, n))
    check_finite(left, "W")
    dtype = np.result_type(left, batch.matrices)
    batch.matrices = batch.matrices.astype(dtype, copy=False)
    return batch, np.ascontiguousarray(left, dtype=dtype)


def _weights(weights: Any, batch: MatrixBatch, dtype: Any) -> NDArray[Any] | None:
    """Return the weights as an array (N,), or None."""
    if weights is None:
        return None
    shares = as_array(weights, "weights")
    check_shape(shares, "weights", batch.leading)
    check_finite(shares, "weights")
    return np.ascontiguousarray(shares.reshape(-1), dtype=dtype)


def _mirrored(A: NDArray[Any]) -> NDArray[Any]:
    """Return matrices with their lower triangle on both sides."""
    lower = np.tril(A)
    return lower + np.tril(A, -1).swapaxes(-1, -2)


def _congruence_twin(W: NDArray[Any], A: NDArray[Any]) -> NDArray[Any]:
    """Return W A W^T of stacked matrices, symmetric."""
    C = W @ _mirrored(A) @ W.T
    return (C + C.swapaxes(-1, -2)) / 2


def _eigenvalues_twin(W: NDArray[Any], A: NDArray[Any]) -> NDArray[Any]:
    """Return the eigenvalues (k, N, n) by LAPACK."""
    each = [
        decomposed(MatrixBatch(_congruence_twin(left, A), "W A W^T"), False, None, "python", "auto")[0] for left in W
    ]
    return np.stack(each) if each else np.empty((0, *A.shape[:-1]), A.dtype)


def _function_twin(W: NDArray[Any] | None, batch: MatrixBatch, f: ScalarImage, which: Any) -> NDArray[Any]:
    """Return f(W A W^T) of the matrices ``which`` by LAPACK, refusing what lies outside the domain."""
    A = batch.matrices[list(which)]
    C = A if W is None else _congruence_twin(W, A)
    values, vectors = decomposed(MatrixBatch(C, "W A W^T"), True, None, "python", "auto")
    image = np.empty_like(values)
    for k, position in enumerate(which):
        name = batch.where(position)
        image[k] = f.checked(values[k], name if W is None else f"W {name} W^T", batch.index(position))
    F = (vectors * image[:, None, :]) @ vectors.swapaxes(-1, -2)
    return np.asarray((F + F.swapaxes(-1, -2)) / 2)


def _function_native(
    W: NDArray[Any] | None,
    batch: MatrixBatch,
    f: ScalarImage,
    shares: NDArray[Any] | None,
    tangent: bool,
    each: bool,
    threads: int | None,
    level: str,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return single results (or an empty array) and the sum from the kernel; what it could not do is done by the twin."""
    A, n = batch.matrices, batch.n
    full = np.empty_like(A) if each and not tangent else None
    packed = np.empty((len(A), n * (n + 1) // 2), dtype=A.dtype) if each and tangent else None
    total = np.empty((n, n), dtype=A.dtype) if shares is not None else None
    status = np.empty(len(A), dtype=np.int8)
    module: Any = native.kernels("native")
    count = native.default_threads(threads)
    module.whitened_function(W, A, f.kind, f.kernel_domain, f.power, shares, full, packed, total, status, count, level)
    again = np.flatnonzero((status != 0) & (status != 4))
    out: Any = packed if tangent else full
    if again.size:
        batch.check_finite()
        F = _function_twin(W, batch, f, again.tolist())
        if total is not None and shares is not None:
            total += np.tensordot(shares[again], F, 1)
        if each:
            out[again] = packed_triangle(F) if tangent else F
    return np.empty(0) if out is None else out, np.empty(0) if total is None else total
