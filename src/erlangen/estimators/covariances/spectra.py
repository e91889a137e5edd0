r"""Eigenvalues and functions of whitened matrices :math:`W A_i W^T`, for whole sets at a time.

Definition: :math:`f(W A W^T) = V \operatorname{diag}(f(\lambda)) V^T`.
Convention: sets are ``(N, n, n)``; the packed form is the upper triangle row by row, off the diagonal times :math:`\sqrt 2`, so that it keeps inner products.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.linalg import eigh, eigvalsh

__all__ = [
    "eigenvalues_whitened",
    "function_of",
    "function_whitened",
    "mean_log_whitened",
    "pack",
    "symmetric",
    "unpack",
]

Array = NDArray[Any]
Scalar = Callable[[Array], Array]


def symmetric(A: Array) -> Array:
    """Return the symmetric part."""
    return 0.5 * (A + np.swapaxes(A, -1, -2))


def function_of(A: Array, f: Scalar) -> Array:
    """Return f of symmetric matrices ``(..., n, n)``."""
    values, vectors = eigh(A)
    return symmetric((vectors * f(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2))


def eigenvalues_whitened(W: Array, A: Array) -> Array:
    """Return the eigenvalues ``(k, N, n)`` of ``W_k A_i W_k^T``, ascending."""
    return eigvalsh(W[:, None] @ A @ np.swapaxes(W, -1, -2)[:, None])


def function_whitened(W: Array, A: Array, f: Scalar) -> Array:
    """Return f of ``W A_i W^T``, shape ``(N, n, n)``."""
    return function_of(W @ A @ W.T, f)


def mean_log_whitened(W: Array, A: Array, weights: Array) -> Array:
    """Return the weighted sum ``(n, n)`` of the logarithms of ``W A_i W^T``."""
    return np.tensordot(weights, function_whitened(W, A, np.log), axes=1)


def pack(S: Array) -> Array:
    """Return the packed form ``(..., n (n + 1) / 2)`` of symmetric matrices.

    Examples
    --------
    >>> pack(np.array([[1.0, 2.0], [2.0, 3.0]])).round(4)
    array([1.    , 2.8284, 3.    ])
    """
    rows, columns = np.triu_indices(S.shape[-1])
    return S[..., rows, columns] * np.where(rows == columns, 1.0, np.sqrt(2.0))


def unpack(t: Array) -> Array:
    """Return the symmetric matrices ``(..., n, n)`` of a packed form.

    Examples
    --------
    >>> S = np.array([[1.0, 2.0], [2.0, 3.0]])
    >>> np.allclose(unpack(pack(S)), S)
    True
    """
    n = int((np.sqrt(1 + 8 * t.shape[-1]) - 1) / 2 + 0.5)
    rows, columns = np.triu_indices(n)
    out: Array = np.zeros((*t.shape[:-1], n, n))
    out[..., rows, columns] = t / np.where(rows == columns, 1.0, np.sqrt(2.0))
    out[..., columns, rows] = out[..., rows, columns]
    return out
