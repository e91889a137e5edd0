r"""Eigenvalues and eigenvectors of many small symmetric matrices at once.

Definition: :math:`A = V \operatorname{diag}(\lambda) V^T`, :math:`\lambda` ascending, V orthogonal (Golub & Van Loan, Matrix Computations, sec. 8.3).
Convention: the lower triangle is read; the kernel (Householder, implicit QL; n <= 128) has a matrix in each lane of a register; the twin is LAPACK.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen import native
from erlangen.errors import BackendError, ConvergenceError
from erlangen.linalg.matrix_batch import WIDEST, MatrixBatch

__all__ = ["eigh", "eigvalsh"]


def eigh(A: Any, *, threads: int | None = None, backend: str = "auto", level: str = "auto") -> tuple[Any, Any]:
    r"""Return the eigenvalues and eigenvectors of symmetric matrices, without gradient.

    .. math:: A = V \operatorname{diag}(\lambda) V^T, \qquad \lambda_1 \le \dots \le \lambda_n

    Residual and orthogonality are a few units of rounding times :math:`\sqrt n`, relative to the largest entry, for entries of any size
    (each matrix is scaled by a power of two).

    Parameters
    ----------
    A : array_like or CPU Tensor (..., n, n)
        Symmetric; the lower triangle is read. float32 is computed in float32.
    threads : int, optional
        Threads of the kernel (default: all processors of this process); the result does not depend on their number.
    backend : {"auto", "native", "python"}
        The kernel, or LAPACK; ``"auto"`` takes the kernel where n <= 128 and the batch fills its lanes enough to be faster.
    level : str
        Instruction set of the kernel, see :func:`erlangen.native.cpu_levels`.

    Returns
    -------
    values : ndarray or Tensor (..., n)
        Ascending.
    vectors : ndarray or Tensor (..., n, n)
        Orthonormal columns.

    Raises
    ------
    ShapeError, DomainError
        If ``A`` is not square, not real or not finite.
    BackendError
        If ``backend="native"`` and n > 128 or there is no kernel.
    ConvergenceError
        If LAPACK, too, gives up on a matrix.

    Examples
    --------
    >>> values, vectors = eigh(np.array([[2.0, 1.0], [1.0, 2.0]]))
    >>> values
    array([1., 3.])
    """
    batch = MatrixBatch(A, "A")
    values, vectors = decomposed(batch, True, threads, backend, level)
    return batch.back(values), batch.back(vectors)


def eigvalsh(A: Any, *, threads: int | None = None, backend: str = "auto", level: str = "auto") -> Any:
    r"""Return the eigenvalues of symmetric matrices, ascending, without gradient.

    .. math:: \det(A - \lambda I) = 0

    Parameters
    ----------
    A : array_like or CPU Tensor (..., n, n)
        Symmetric; the lower triangle is read.
    threads, backend, level
        As :func:`eigh`.

    Returns
    -------
    ndarray or Tensor (..., n)

    Raises
    ------
    ShapeError, DomainError, BackendError, ConvergenceError
        As :func:`eigh`.

    Examples
    --------
    >>> eigvalsh(np.diag([3.0, 1.0]))
    array([1., 3.])
    """
    batch = MatrixBatch(A, "A")
    values, _ = decomposed(batch, False, threads, backend, level)
    return batch.back(values)


def lanes_pay(count: int, n: int, backend: str, *, vectors: bool = True) -> bool:
    """Return whether the kernel serves, refusing ``backend="native"`` beyond its order.

    A block costs the same however many of its lanes are filled, so that a few matrices of higher order are left to LAPACK: one from
    n = 26 on, two from 52 on …; where no vectors are wanted, one from n = 50 on.
    """
    if native.kernels(backend) is None:
        return False
    if backend == "native" and n > WIDEST:
        message = f"backend='native' takes matrices up to n = {WIDEST}, got n = {n}"
        raise BackendError(message, hint="use backend='auto'")
    return n <= WIDEST and (backend == "native" or count > n // (26 if vectors else 50))


def decomposed(
    batch: MatrixBatch, with_vectors: bool, threads: int | None, backend: str, level: str
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return eigenvalues (N, n) and vectors (N, n, n), or no vectors, of a batch."""
    A, n, count = batch.matrices, batch.n, native.default_threads(threads)
    values = np.empty(A.shape[:2], dtype=A.dtype)
    vectors = np.empty(A.shape if with_vectors else (0, n, n), dtype=A.dtype)
    if A.size == 0:
        return values, vectors
    if not lanes_pay(len(A), n, backend, vectors=with_vectors):
        batch.check_finite()
        _lapack(batch, range(len(A)), values, vectors)
        return values, vectors
    status = np.empty(len(A), dtype=np.int8)
    module: Any = native.kernels("native")
    out = vectors if with_vectors else None
    module.symmetric_eigen(A, values, out, status, count, level)
    if status.any():
        batch.check_finite()
        _lapack(batch, np.flatnonzero(status).tolist(), values, vectors)
    return values, vectors


def _lapack(batch: MatrixBatch, which: Any, values: NDArray[Any], vectors: NDArray[Any]) -> None:
    """Write eigenvalues and, where there is room for them, vectors of some matrices by LAPACK."""
    everything = len(which) == len(batch)
    rows: Any = slice(None) if everything else which
    try:
        if len(vectors):
            values[rows], vectors[rows] = np.linalg.eigh(batch.matrices[rows])
        else:
            values[rows] = np.linalg.eigvalsh(batch.matrices[rows])
    except np.linalg.LinAlgError as error:
        message = f"the eigendecomposition of {batch.where(which[0])} or a later matrix failed: {error}"
        raise ConvergenceError(message, hint="rescale the matrix") from error
