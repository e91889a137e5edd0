"""The product with a matrix, however the matrix is given: sparse, dense, torch, an operator or a function.

Definition: ``as_product(A)`` is the function ``B -> A B`` on blocks of columns ``(n, m)``.
Convention: SciPy's sparse matrices go through :func:`erlangen.linalg.spmm`; torch tensors stay torch; an operator needs ``matmul`` or ``@``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.sparse_product import spmm
from erlangen.validation import check_finite, check_square, check_symmetric

__all__ = [
    "Product",
    "as_columns",
    "as_numbers",
    "as_product",
    "as_symmetric",
    "check_block",
    "is_matrix",
    "is_tensor",
    "one_kind",
]

Product = Callable[[Any], Any]


def is_matrix(A: object) -> bool:
    """Return whether the entries of ``A`` can be read: a sparse matrix or a dense NumPy array."""
    return sp.issparse(A) or isinstance(A, np.ndarray)


def is_tensor(x: object) -> bool:
    """Return whether ``x`` is a torch tensor, without loading torch."""
    return any(kind.__module__ == "torch" and kind.__name__ == "Tensor" for kind in type(x).__mro__)


def one_kind(A: Any, B: Any) -> tuple[Any, Any]:
    """Return a matrix and a block of one kind: where one is a torch tensor and the other NumPy's or SciPy's, both as tensors.

    A matrix that becomes a tensor takes the dtype and device of the block, a block those of the matrix; a tensor of
    integers becomes float64.
    """
    if is_tensor(B):
        torch = import_module("torch")
        B = B if B.is_floating_point() or B.is_complex() else B.to(torch.float64)
        if sp.issparse(A):
            entries = sp.coo_array(as_numbers(A))
            place = torch.from_numpy(np.stack([entries.row, entries.col]).astype(np.int64))
            values = torch.from_numpy(entries.data)
            matrix = torch.sparse_coo_tensor(place, values, entries.shape, check_invariants=True)
            return matrix.to(device=B.device, dtype=B.dtype), B
        return (torch.as_tensor(as_numbers(A), device=B.device, dtype=B.dtype) if is_matrix(A) else A), B
    if is_tensor(A) and isinstance(B, np.ndarray):
        return A, import_module("torch").as_tensor(B, device=A.device, dtype=A.dtype)
    return A, B


def as_numbers(A: Any, name: str = "A") -> Any:
    """Return a sparse matrix as finite real CSR, a dense one (or a list) as a finite real array; both square, float32 or float64.

    Raises
    ------
    ShapeError
        If it is not square.
    DomainError
        If it is complex, not numeric or not finite.

    Examples
    --------
    >>> as_numbers(sp.coo_array([[1, 2], [3, 4]])).dtype
    dtype('float64')
    """
    matrix = sp.csr_array(A) if sp.issparse(A) else np.asarray(A)
    if matrix.dtype.kind not in "fiub":
        message = f"{name} has dtype {matrix.dtype}; a real matrix is needed"
        raise DomainError(message, hint="convert to floats first")
    if len(matrix.shape) != 2:
        message = f"{name} must be one matrix (n, n), got shape {tuple(matrix.shape)}"
        raise ShapeError(message, hint="pass the matrices of a batch one by one")
    check_square(matrix, name)
    entries: Any = matrix.data if sp.issparse(matrix) else matrix
    check_finite(entries, f"{name}.data" if sp.issparse(matrix) else name)
    return matrix if matrix.dtype in (np.float32, np.float64) else matrix.astype(np.float64)


def as_product(A: Any, *, threads: int | None = None, name: str = "A") -> Product:
    """Return the function ``B -> A B``.

    Parameters
    ----------
    A : sparse matrix, ndarray, Tensor, operator or callable
        An operator has ``matmul`` or ``@``; a callable is returned as it is.
    threads : int, optional
        Threads of the sparse kernel.
    name : str
        How messages call ``A``.

    Raises
    ------
    ShapeError, DomainError
        If a matrix is not square, real and finite.

    Examples
    --------
    >>> as_product(sp.csr_array([[0.0, 2.0], [1.0, 0.0]]))(np.eye(2))
    array([[0., 2.],
           [1., 0.]])
    """
    if is_matrix(A):
        matrix = as_numbers(A, name)
        if sp.issparse(matrix):
            return lambda B: spmm(matrix, B, threads=threads)
        return lambda B: matrix @ B
    if hasattr(A, "shape"):
        check_square(A, name)
    if hasattr(A, "matmul"):
        own: Product = A.matmul
        return own
    if hasattr(A, "__matmul__"):
        return lambda B: A @ B
    if callable(A):
        product: Product = A
        return product
    message = f"{name} is a {type(A).__name__}; it cannot be multiplied with a block of columns"
    raise DomainError(message, hint="pass a matrix, an operator with matmul, or a function of the block")


def check_block(A: Any, B: Any, name: str = "B") -> NDArray[Any]:
    """Return ``B`` as a finite real NumPy block of columns ``(n,)`` or ``(n, m)`` that fits ``A``; float32 and float64 are kept.

    Raises
    ------
    ShapeError, DomainError
        If it does not fit, is complex or not finite.
    """
    if is_tensor(B):
        message = f"{name} is a torch tensor; this routine works on NumPy arrays"
        raise DomainError(message, hint="use chebyshev_action, or pass NumPy arrays")
    block = np.asarray(B)
    if block.dtype.kind not in "fiub":
        message = f"{name} has dtype {block.dtype}; real numbers are needed"
        raise DomainError(message, hint="convert to floats first")
    if block.ndim not in (1, 2):
        message = f"{name} must have shape (n,) or (n, m), got {block.shape}"
        raise ShapeError(message, hint="pass columns")
    rows = getattr(A, "shape", (block.shape[0],))[0]
    if block.shape[0] != rows:
        message = f"{name} must have {rows} rows as A has, got {block.shape[0]}"
        raise ShapeError(message, hint="rows of B are the columns of A")
    block = block if block.dtype in (np.float32, np.float64) else block.astype(np.float64)
    check_finite(block, name)
    return block


def as_columns(A: Any, B: Any) -> Any:
    """Return a block of columns ``(n,)`` or ``(n, m)`` as a floating array of its own kind, with as many rows as ``A``.

    Raises
    ------
    ShapeError, DomainError
        If it does not fit, is complex or not finite.
    """
    columns = np.asarray(B) if isinstance(B, (list, tuple, np.ndarray)) else B
    if isinstance(columns, np.ndarray):
        if columns.dtype.kind not in "fiub":
            message = f"B has dtype {columns.dtype}; real numbers are needed"
            raise DomainError(message, hint="convert to floats first")
        columns = columns if columns.dtype in (np.float32, np.float64) else columns.astype(np.float64)
        check_finite(columns, "B")
    elif is_tensor(columns) and not bool(columns.detach().isfinite().all()):
        message = "B holds NaN or infinity"
        raise DomainError(message, hint="remove or impute them first")
    rows = getattr(A, "shape", columns.shape)[0] if columns.shape else 0
    if len(columns.shape) not in (1, 2) or columns.shape[0] != rows:
        message = f"B must have shape ({rows},) or ({rows}, m), got {tuple(columns.shape)}"
        raise ShapeError(message, hint="rows of B are the columns of A")
    return columns


def as_symmetric(A: Any) -> Any:
    """Return a matrix as numbers and a tensor as it is, refusing asymmetric ones; an operator or function as it is.

    Raises
    ------
    ShapeError
        If it is not one square matrix.
    DomainError
        If it is not real, finite and symmetric up to 100 rounding units of its largest entry; the worst pair is named.
    """
    if is_matrix(A):
        matrix = as_numbers(A)
        if not sp.issparse(matrix):
            check_symmetric(matrix, "A")
            return matrix
        gap = abs(matrix - matrix.T).tocoo()
        _check_gap((gap.row, gap.col), gap.data, matrix.data)
        return matrix
    if is_tensor(A):
        if A.ndim != 2:
            message = f"A must be one matrix (n, n), got shape {tuple(A.shape)}"
            raise ShapeError(message, hint="pass the matrices of a batch one by one")
        check_square(A, "A")
        entries = A.detach().to_sparse_coo().coalesce()
        values = entries.values().cpu().numpy()
        check_finite(values, "A")
        gap = (entries - entries.transpose(0, 1)).coalesce()
        _check_gap(gap.indices().cpu().numpy(), abs(gap.values().cpu().numpy()), values)
    return A


def _check_gap(places: Any, gaps: NDArray[Any], values: NDArray[Any]) -> None:
    """Refuse gaps between mirrored entries beyond 100 rounding units of the largest entry."""
    limit = 100 * float(np.finfo(values.dtype).eps) * float(np.abs(values).max(initial=0.0))
    if gaps.size and not gaps.max() <= limit:
        worst = int(gaps.argmax())
        i, j = int(places[0][worst]), int(places[1][worst])
        message = f"A is not symmetric: |A[{i}, {j}] - A[{j}, {i}]| = {gaps[worst]:.3g} > {limit:.2g}"
        raise DomainError(message, hint="symmetrise it, e.g. (A + A.T) / 2")
