"""The product of a sparse matrix with a dense block of columns.

Definition: ``(A B)_{ic} = sum_j A_{ij} B_{jc}`` for A in compressed sparse rows.
Convention: float32 and float64 are kept; the kernel shares the rows among threads, so the result does not depend on their number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen import native
from erlangen.errors import ShapeError

__all__ = ["row_arrays", "spmm"]

_LINE = 64


def row_arrays(A: Any) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[Any]]:
    """Return pointers (n + 1,), indices (nnz,) and values (nnz,) of a compressed-row matrix, as the kernels take them."""
    indptr = np.ascontiguousarray(A.indptr, dtype=np.int64)
    indices = np.ascontiguousarray(A.indices, dtype=np.int32)
    return indptr, indices, np.ascontiguousarray(A.data)


def _on_lines(shape: tuple[int, int], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return an array, not yet filled, that begins on a cache line: a product is often the block of the next one."""
    size = shape[0] * shape[1] * dtype.itemsize
    raw = np.empty(size + _LINE, dtype=np.uint8)
    begin = -raw.ctypes.data % _LINE
    return raw[begin : begin + size].view(dtype).reshape(shape)


def spmm(
    A: Any,
    B: NDArray[Any],
    *,
    out: NDArray[Any] | None = None,
    threads: int | None = None,
    backend: str = "auto",
    level: str = "auto",
) -> NDArray[Any]:
    r"""Return the sparse–dense product :math:`A B`.

    Parameters
    ----------
    A : sparse matrix or array (n, k)
        Compressed sparse rows are used as they are, other forms are converted.
    B : ndarray (k, m) or (k,)
        Dense columns; the result has its dtype joined with that of ``A`` (float32 only if both are).
    out : ndarray (n, m), optional
        Where to write; must be C-contiguous and of the result's dtype.
    threads : int, optional
        Threads of the kernel (default: all processors of this process).
    backend : {"auto", "native", "python"}
        The compiled kernel or SciPy's product.
    level : str
        Instruction set of the kernel, see :func:`erlangen.native.cpu_levels`.

    Returns
    -------
    ndarray (n, m) or (n,)

    Raises
    ------
    ShapeError
        If the inner lengths differ or ``out`` does not fit.

    Examples
    --------
    >>> spmm(sp.csr_array([[0.0, 2.0], [1.0, 0.0]]), np.array([[1.0], [3.0]]))
    array([[6.],
           [1.]])
    """
    A = sp.csr_array(A)
    B = np.asarray(B)
    if B.ndim not in (1, 2) or A.shape[1] != B.shape[0]:
        message = f"A {A.shape} and B {B.shape} cannot be multiplied: the inner lengths differ"
        raise ShapeError(message, hint="B must be (k, m) for A (n, k)")
    if B.ndim == 1:
        return spmm(A, B[:, None], threads=threads, backend=backend, level=level)[:, 0]
    dtype = np.float32 if A.dtype == B.dtype == np.float32 else np.float64
    shape = (A.shape[0], B.shape[1])
    if out is None:
        out = _on_lines(shape, np.dtype(dtype))
    elif out.shape != shape or out.dtype != dtype or not out.flags.c_contiguous:
        message = (
            f"out must be C-contiguous of shape {shape} and dtype {np.dtype(dtype)}, got {out.shape} and {out.dtype}"
        )
        raise ShapeError(message, hint="leave out= away to have it made")
    module = native.kernels(backend)
    if module is None:
        out[...] = A @ B
        return out
    indptr, indices, values = row_arrays(A)
    block = np.ascontiguousarray(B, dtype=dtype)
    module.spmm(indptr, indices, values.astype(dtype, copy=False), block, out, native.default_threads(threads), level)
    return out
