r"""Functions of sets of symmetric matrices, and their packed form.

Definition: :math:`f(A) = V \operatorname{diag}(f(\lambda)) V^T`, by the kernels of :mod:`erlangen.linalg`.
Convention: sets are ``(N, n, n)``; the packed form is the upper triangle row by row, off the diagonal times :math:`\sqrt 2`, so that it keeps inner products.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.linalg import whitened_function

__all__ = ["function_of", "pack", "symmetric", "unpack"]

Array = NDArray[Any]


def symmetric(A: Array) -> Array:
    """Return the symmetric part."""
    return 0.5 * (A + np.swapaxes(A, -1, -2))


def function_of(A: Array, f: str | float) -> Array:
    """Return ``"log"``, ``"sqrt"``, ``"exp"``, ``"inv-sqrt"`` or a power of symmetric matrices ``(..., n, n)``."""
    return np.asarray(whitened_function(None, A, f))


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
