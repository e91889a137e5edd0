r"""Solves with a symmetric diagonally dominant M-matrix to full relative accuracy in every entry.

Definition: :math:`A = \mathrm{diag}(s + W 1) - W`, :math:`W \ge 0`, eliminated without subtraction (Alfa, Xue, Ye, Math. Comp. 71 (2002) 217–236).
Convention: the matrix is given by weights and slacks, never by its diagonal: the slacks are what a diagonal would have rounded away.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import splu

from erlangen import native
from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.elimination_order import elimination_order, factor_estimate
from erlangen.linalg.sparse_product import row_arrays
from erlangen.validation import check_finite, check_integer, check_memory

__all__ = ["MMatrixFactor", "gth_inverse"]

_DENSE_TWIN = 600


class MMatrixFactor:
    r"""The factor :math:`A = (I - N) D (I - N)^\top`, :math:`N \ge 0`, of :math:`A = \mathrm{diag}(s + W1) - W`.

    Pivots are sums of slacks and of remaining off-diagonal magnitudes,

    .. math:: s_j = s_j^0 + \sum_k \ell_{jk} s_k, \quad a_{ij} = w_{ij} + \sum_k \ell_{ik} \ell_{jk} d_k, \quad
              d_j = s_j + \sum_{i > j} a_{ij}, \quad \ell_{ij} = a_{ij} / d_j,

    so that nothing cancels, and :math:`A^{-1} B` for :math:`B \ge 0` is right to a few units in the last place *entry by entry*, whatever the
    condition number.

    Parameters
    ----------
    W : sparse array (n, n)
        Symmetric, non-negative, zero diagonal.
    slack : array_like (n,) or float
        Non-negative; each connected component needs a positive one.
    ordering : {"nested-dissection", "natural"} or ndarray (n,)
        Elimination order.
    backend : {"auto", "native", "python"}
        The kernel; or its twin, which keeps the accuracy for n <= 600 (dense elimination in NumPy) and beyond uses SciPy's LU without pivoting,
        whose pivots do cancel: there the relative error grows with the dominance ratio (s + W1) / s.
    memory_limit : float, optional
        Bytes the factor may take (default: 60 % of what is free).

    Raises
    ------
    DomainError
        If a weight is negative, not finite or asymmetric, the diagonal is not zero, a slack is negative, or a component has no slack.
    ResourceLimitError
        If the factor would exceed the memory limit; nothing has been allocated then.

    Examples
    --------
    Two vertices joined by an edge of weight 1, slack 1e-12 each: the inverse is known in closed form.

    >>> factor = MMatrixFactor(sp.csr_array([[0.0, 1.0], [1.0, 0.0]]), 1e-12)
    >>> factor.solve(np.array([[1.0], [0.0]]))[:, 0] * 2e-12
    array([1., 1.])
    """

    def __init__(
        self,
        W: Any,
        slack: Any,
        *,
        ordering: str | NDArray[Any] = "nested-dissection",
        backend: str = "auto",
        memory_limit: float | None = None,
    ) -> None:
        W = _checked_weights(W)
        self.n: int = W.shape[0]
        self._slack = _checked_slack(slack, W)
        order = elimination_order(W, ordering)
        self.estimate = factor_estimate(W, order=order, backend=backend)
        self.nbytes = 12 * self.estimate.entries + 28 * self.n
        check_memory(self.nbytes, f"the factor of a graph of {self.n} vertices", limit=memory_limit)
        self._kernel: Any = None
        self._dense: NDArray[np.float64] | None = None
        self._lu: Any = None
        module = native.kernels(backend)
        if module is not None:
            indptr, indices, values = row_arrays(W)
            self._kernel = module.MMatrixFactor(indptr, indices, values, self._slack, order)
        elif self.n <= _DENSE_TWIN:
            self._dense = gth_inverse(W.toarray(), self._slack)
        else:
            matrix = sp.csc_array(sp.diags_array(self._slack + W.sum(axis=1)) - W)
            options = {"SymmetricMode": True}
            self._lu = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)

    def __repr__(self) -> str:
        return f"MMatrixFactor(n={self.n}, entries={self.estimate.entries})"

    @property
    def nnz(self) -> int:
        """Entries of the factor below its diagonal."""
        return self.estimate.entries

    def solve(
        self,
        B: Any,
        *,
        repeat: int = 1,
        scale: Any = None,
        threads: int | None = None,
        level: str = "auto",
    ) -> NDArray[np.float64]:
        r"""Return :math:`(A^{-1} S)^r B`, S the diagonal of ``scale`` and r = ``repeat``.

        Parameters
        ----------
        B : array_like (n,) or (n, m)
            Right-hand sides; the accuracy is entrywise relative where they are non-negative, normwise otherwise.
        repeat : int
            How many solves follow one another.
        scale : array_like (n,), optional
            Diagonal applied before each solve.
        threads : int, optional
            Threads, shared over blocks of 16 columns.
        level : str
            Instruction set.

        Returns
        -------
        ndarray (n,) or (n, m)

        Raises
        ------
        ShapeError
            If ``B`` has not n rows.
        """
        block = np.asarray(B, dtype=np.float64)
        if block.ndim not in (1, 2) or block.shape[0] != self.n:
            message = f"B must have {self.n} rows, got shape {block.shape}"
            raise ShapeError(message, hint="one row per vertex")
        check_finite(block, "B")
        rows = np.ascontiguousarray(block.reshape(self.n, -1).T)
        out = self._solve_rows(rows, repeat, scale, threads, level)
        return out[0] if block.ndim == 1 else np.ascontiguousarray(out.T)

    def columns(
        self,
        sources: Any,
        *,
        repeat: int = 1,
        scale: Any = None,
        threads: int | None = None,
        level: str = "auto",
    ) -> NDArray[np.float64]:
        r"""Return row i = :math:`(A^{-1} S)^r e_{\mathrm{sources}[i]}`, of shape (m, n), without building the right-hand sides.

        Raises
        ------
        DomainError
            If a source is not a vertex.
        """
        vertices = np.asarray(sources)
        bad = (vertices < 0) | (vertices >= self.n) if vertices.dtype.kind in "iu" else np.ones(vertices.shape, bool)
        if vertices.ndim != 1 or bad.any():
            where = int(np.argmax(bad)) if vertices.ndim == 1 else 0
            message = f"sources[{where}] is not a vertex of 0..{self.n - 1}"
            raise DomainError(message, hint="pass a list of vertex numbers")
        check_memory(8.0 * len(vertices) * self.n, f"{len(vertices)} columns of {self.n} entries")
        if self._kernel is None:
            rows = np.zeros((len(vertices), self.n))
            rows[np.arange(len(vertices)), vertices] = 1.0
            return self._solve_rows(rows, repeat, scale, threads, level)
        out = np.empty((len(vertices), self.n))
        arguments = (check_integer(repeat, "repeat", low=1), self._checked_scale(scale))
        self._kernel.columns(vertices.astype(np.int32), out, *arguments, native.default_threads(threads), level)
        return out

    def _checked_scale(self, scale: Any) -> NDArray[np.float64]:
        """Return the scale as an array (n,), or an empty one where none was given."""
        if scale is None:
            return np.empty(0)
        values = np.ascontiguousarray(scale, dtype=np.float64)
        if values.shape != (self.n,):
            message = f"scale must have shape ({self.n},), got {values.shape}"
            raise ShapeError(message, hint="one number per vertex")
        check_finite(values, "scale")
        return values

    def _solve_rows(
        self, rows: NDArray[np.float64], repeat: int, scale: Any, threads: int | None, level: str
    ) -> NDArray[np.float64]:
        """Solve for right-hand sides given as rows (m, n)."""
        repeat, values = check_integer(repeat, "repeat", low=1), self._checked_scale(scale)
        if self._kernel is not None:
            out = np.empty_like(rows)
            self._kernel.solve(rows, out, repeat, values, native.default_threads(threads), level)
            return out
        x = rows
        for _ in range(repeat):
            x = x * values if values.size else x
            x = x @ self._dense if self._dense is not None else self._lu.solve(np.ascontiguousarray(x.T)).T
        return np.ascontiguousarray(x)


def gth_inverse(W: NDArray[np.float64], slack: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Return :math:`(\mathrm{diag}(s + W1) - W)^{-1}` by dense elimination without subtraction: the reference for the kernel.

    Parameters
    ----------
    W : ndarray (n, n)
        Symmetric, non-negative.
    slack : ndarray (n,)
        Non-negative.

    Examples
    --------
    >>> gth_inverse(np.zeros((2, 2)), np.array([2.0, 4.0]))
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    n = len(W)
    a, s = W.copy(), slack.astype(np.float64)
    lower, pivots = np.zeros((n, n)), np.empty(n)
    for k in range(n):
        pivots[k] = s[k] + a[k + 1 :, k].sum()
        lower[k + 1 :, k] = a[k + 1 :, k] / pivots[k]
        a[k + 1 :, k + 1 :] += np.outer(lower[k + 1 :, k], a[k, k + 1 :])
        s[k + 1 :] += lower[k + 1 :, k] * s[k]
    x = np.eye(n)
    for k in range(n):
        x[k + 1 :] += np.outer(lower[k + 1 :, k], x[k])
    x /= pivots[:, None]
    for k in range(n - 1, -1, -1):
        x[k] += lower[k + 1 :, k] @ x[k + 1 :]
    return x


def _checked_weights(W: Any) -> Any:
    """Return the weights as sorted compressed rows, or refuse them naming the first offender."""
    W = sp.csr_array(W, dtype=np.float64, copy=True)
    W.sum_duplicates()
    if W.shape[0] != W.shape[1]:
        message = f"W must be square, got shape {W.shape}"
        raise ShapeError(message, hint="pass the weights of a graph (n, n)")
    check_finite(W.data, "W.data")
    rows = np.repeat(np.arange(W.shape[0]), np.diff(W.indptr))
    for bad, law in ((W.data < 0, "is negative"), ((rows == W.indices) & (W.data != 0), "lies on the diagonal")):
        if bad.any():
            p = int(np.argmax(bad))
            message = f"W[{rows[p]}, {W.indices[p]}] = {W.data[p]:g} {law}"
            raise DomainError(message, hint="weights are non-negative and the diagonal is zero")
    gap = abs(W - W.T).tocoo()
    if gap.nnz and gap.data.max() > 1e-12 * W.data.max():
        p = int(np.argmax(gap.data))
        i, j = int(gap.row[p]), int(gap.col[p])
        message = f"W is not symmetric: W[{i}, {j}] = {W[i, j]:g} but W[{j}, {i}] = {W[j, i]:g}"
        raise DomainError(message, hint="symmetrise it, e.g. (W + W.T) / 2")
    W.eliminate_zeros()
    return W


def _checked_slack(slack: Any, W: Any) -> NDArray[np.float64]:
    """Return the slacks as an array (n,), refusing negative ones and components without any."""
    n = W.shape[0]
    values = np.ascontiguousarray(np.broadcast_to(np.asarray(slack, dtype=np.float64), (n,)))
    check_finite(values, "slack")
    if (values < 0).any():
        i = int(np.argmax(values < 0))
        message = f"slack[{i}] = {values[i]:g} is negative"
        raise DomainError(message, hint="slacks are non-negative")
    count, label = sp.csgraph.connected_components(W, directed=False)
    total = np.bincount(label, weights=values, minlength=count)
    if (total <= 0).any():
        vertex = int(np.argmax(total[label] <= 0))
        message = f"the matrix is singular: no vertex of the component of vertex {vertex} has a positive slack"
        raise DomainError(message, hint="give each component a positive slack")
    return values
