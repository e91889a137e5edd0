"""The order in which vertices are eliminated, and what the factor will then cost.

Definition: nested dissection (George 1973) by METIS; the estimate counts the entries of each column of the factor from its elimination tree (Liu 1990).
Convention: ``order[k]`` is the vertex eliminated as the k-th.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pymetis
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen import native
from erlangen.errors import DomainError
from erlangen.linalg.sparse_product import row_arrays
from erlangen.validation import check_choice

__all__ = ["FactorEstimate", "elimination_order", "factor_estimate"]

_SMALL = 64


class FactorEstimate(NamedTuple):
    """Entries below the diagonal of a factor, and the floating-point operations that make it."""

    entries: int
    flops: float


def elimination_order(W: Any, ordering: str | NDArray[Any] = "nested-dissection") -> NDArray[np.int32]:
    """Return the elimination order of a graph with symmetric weights ``W`` (n, n).

    Parameters
    ----------
    W : sparse array (n, n)
        Only its pattern off the diagonal is used.
    ordering : {"nested-dissection", "natural"} or ndarray (n,)
        How to order, or the order itself.

    Raises
    ------
    DomainError
        If a given order is not a permutation.

    Examples
    --------
    >>> elimination_order(sp.csr_array((3, 3)), "natural")
    array([0, 1, 2], dtype=int32)
    """
    n = W.shape[0]
    if not isinstance(ordering, str):
        order = np.asarray(ordering)
        if order.shape != (n,) or not np.array_equal(np.sort(order), np.arange(n)):
            message = f"ordering must be a permutation of 0..{n - 1}, got shape {order.shape}"
            raise DomainError(message, hint="every vertex stands in it once")
        return order.astype(np.int32)
    check_choice(ordering, "ordering", ("nested-dissection", "natural"))
    if ordering == "natural" or n < _SMALL or W.nnz == 0:
        return np.arange(n, dtype=np.int32)
    W = _without_loops(W)
    adjacency = pymetis.CSRAdjacency(W.indptr.astype(np.int32), W.indices.astype(np.int32))
    order, _ = pymetis.nested_dissection(adjacency=adjacency)
    return np.asarray(order, dtype=np.int32)


def _without_loops(W: Any) -> Any:
    """Return the pattern in compressed rows without its diagonal, which METIS does not bear."""
    W = sp.coo_array(W)
    apart = W.row != W.col
    return sp.csr_array((np.ones(np.count_nonzero(apart)), (W.row[apart], W.col[apart])), shape=W.shape)


def factor_estimate(W: Any, *, order: NDArray[np.int32] | None = None, backend: str = "auto") -> FactorEstimate:
    """Return the entries and operations of the factor before it is computed.

    Parameters
    ----------
    W : sparse array (n, n)
        Weights of the graph.
    order : ndarray (n,), optional
        The elimination order (default: nested dissection).

    Examples
    --------
    >>> path = sp.diags_array([1.0, 1.0], offsets=[-1, 1], shape=(5, 5)).tocsr()
    >>> factor_estimate(path, order=np.arange(5, dtype=np.int32)).entries
    4
    """
    W = sp.csr_array(W)
    order = elimination_order(W) if order is None else order
    module = native.kernels(backend)
    indptr, indices, _ = row_arrays(W)
    if module is not None:
        return FactorEstimate(*module.m_matrix_estimate(indptr, indices, order))
    counts = _column_counts(indptr, indices, order)
    return FactorEstimate(int(counts.sum()), float((counts * (counts + 2.0)).sum()))


def _column_counts(
    indptr: NDArray[np.int64], indices: NDArray[np.int32], order: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Entries below the diagonal of each column: the reference for the kernel, by climbing row subtrees."""
    n = len(order)
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    parent = np.full(n, -1)
    mark = np.full(n, -1)
    counts = np.zeros(n, dtype=np.int64)
    for i in range(n):
        mark[i] = i
        vertex = order[i]
        for k in place[indices[indptr[vertex] : indptr[vertex + 1]]]:
            while k < i and mark[k] != i:
                if parent[k] == -1:
                    parent[k] = i
                mark[k] = i
                counts[k] += 1
                k = parent[k]  # noqa: PLW2901 - climbing the tree is the algorithm
    return counts
