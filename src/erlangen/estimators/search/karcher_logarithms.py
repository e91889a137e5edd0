r"""Logarithms of one set of covariances at the affine-invariant means of many of its subsets.

Definition: :math:`S_i = \log(W C_i W^T)`, W M W^T = I, M the mean of a subset: :math:`\sum_{i \in subset} S_i = 0` (Pennec, Fillard, Ayache 2006).
Convention: packed rows whose dot products do not depend on which W is taken; the mean of one subset starts from that of the one before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import ConvergenceWarning
from erlangen.estimators.remarks import remark
from erlangen.linalg import whitened_function

__all__ = ["Frame", "karcher_frame", "karcher_logarithms"]

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Frame = Array

TOLERANCE = 1e-8
_MOST = 60
_SMALL = 0.5


def karcher_logarithms(C: Array, subsets: Iterable[Index], tol: float = TOLERANCE) -> Iterator[tuple[Array, Frame]]:
    """Yield for every subset the packed logarithms (N, m (m + 1) / 2) of all N matrices at its mean, and the frame W (m, m).

    The logarithms of a subset are those of the last step of the search for its mean, and those of all matrices at one mean are the
    first step towards the next.

    Examples
    --------
    >>> C = np.exp(np.arange(4.0))[:, None, None] * np.eye(2)
    >>> [(F[:, 0].round(6) + 0.0).tolist() for F, W in karcher_logarithms(C, [np.array([0, 2]), np.array([1, 3])])]
    [[-1.0, 0.0, 1.0, 2.0], [-2.0, -1.0, 0.0, 1.0]]
    """
    W: Frame | None = None
    known: Array | None = None
    for subset in subsets:
        first: Array | None = None if known is None else _unpacked(known[subset].mean(axis=0))
        W, inside = karcher_frame(C[subset], W, first, tol)
        rest = np.setdiff1d(np.arange(len(C)), subset)
        known = np.empty((len(C), inside.shape[1]))
        known[subset] = inside
        if len(rest):
            known[rest] = whitened_function(W, C[rest], "log", tangent=True, threads=1)
        yield known, W


def karcher_frame(
    C: Array, start: Frame | None = None, first: Array | None = None, tol: float = TOLERANCE
) -> tuple[Frame, Array]:
    r"""Return W with W M W^T = I for the mean M of C (N, m, m), and the packed logarithms of C there.

    Descent along the mean logarithm J with Barzilai–Borwein steps: :math:`W \leftarrow e^{-\nu J / 2} W` carries the frame along, so that the J of
    consecutive points may be compared. It stops at :math:`\|J\|_F \le tol`.

    Parameters
    ----------
    C : ndarray (N, m, m)
        Positive definite.
    start : ndarray (m, m), optional
        Frame to start from (default: that of the arithmetic mean).
    first : ndarray (m, m), optional
        J there, where it is known.
    tol : float
        Where to stop.

    Examples
    --------
    >>> W, F = karcher_frame(np.array([[[1.0]], [[4.0]]]))
    >>> float(round(1 / W[0, 0] ** 2, 8))
    2.0
    """
    weights = np.full(len(C), 1.0 / len(C))
    W = np.linalg.inv(np.linalg.cholesky(C.mean(axis=0))) if start is None else start
    length, least = 1.0, np.inf
    step, former = None, None
    if first is not None:
        step, former, least = first, first, float(np.linalg.norm(first))
        W = _moved(W, step)
    for _ in range(_MOST):
        logarithms, J = whitened_function(W, C, "log", weights, tangent=True, threads=1)
        size = float(np.linalg.norm(J))
        if size <= tol:
            break
        if former is not None and step is not None:
            turn = float(np.sum(step * (former - J)))
            ratio = float(np.sum(step * step)) / turn if turn > 0 else 1.0
            length = min(max(ratio, 0.1), 1.0) if size < least else 0.5 * length
        least, former, step = min(size, least), J, length * J
        W = _moved(W, step)
    else:
        message = f"the mean of {len(C)} covariances stopped after {_MOST} steps at |J| = {size:.3g} > {tol:.2g}"
        remark(message, ConvergenceWarning)
    return W, logarithms


def _moved(W: Frame, step: Array) -> Frame:
    """exp(-step / 2) W; of a small step three terms, since any frame will do."""
    if np.linalg.norm(step) < _SMALL:
        once: Frame = 0.5 * (step @ W)
        return W - once + 0.25 * (step @ once)
    values, vectors = np.linalg.eigh(step)
    moved: Frame = (vectors * np.exp(-0.5 * values)) @ vectors.T @ W
    return moved


def _unpacked(row: Array) -> Array:
    """The symmetric matrix of a packed row."""
    m = (int(np.sqrt(8 * len(row) + 1)) - 1) // 2
    out = np.empty((m, m))
    rows, columns = np.triu_indices(m)
    out[rows, columns] = out[columns, rows] = row / np.where(rows == columns, 1.0, np.sqrt(2.0))
    return out
