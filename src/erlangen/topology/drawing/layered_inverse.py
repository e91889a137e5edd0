"""The inverse of a large sparse positive definite matrix, as something that multiplies vectors.

Definition: layers of equal distance from an outer node make the matrix block tridiagonal; its blocks are eliminated one after the other.
Convention: the graph of the matrix is that of its entries; pieces of it follow one another; nodes that are not free get zero.
"""

from __future__ import annotations

from typing import final

import numpy as np
from numpy.typing import NDArray

__all__ = ["DENSE", "LayeredInverse"]

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
DENSE = 600  # nodes up to which an inverse in full is the faster


@final
class LayeredInverse:
    """The inverse of a symmetric matrix on its free nodes; ``inverse @ vector`` for vectors ``(n,)`` or ``(n, k)``.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Symmetric, positive definite on the free nodes.
    free : ndarray of int64
        The nodes that count.

    Examples
    --------
    >>> matrix = np.diag([2.0, 2, 2, 2]) - np.diag([1.0, 1, 1], 1) - np.diag([1.0, 1, 1], -1)
    >>> inverse = LayeredInverse(matrix, np.arange(4))
    >>> bool(np.allclose(matrix @ (inverse @ np.eye(4)), np.eye(4)))
    True
    """

    __slots__ = ("_couplings", "_inverses", "_layers")

    def __init__(self, matrix: Array, free: Indices) -> None:
        self._layers = _layers(matrix, free)
        self._inverses: list[Array] = []
        self._couplings: list[Array] = []
        for number, layer in enumerate(self._layers):
            block = matrix[np.ix_(layer, layer)]
            if number:
                coupling = matrix[np.ix_(layer, self._layers[number - 1])]
                block = block - coupling @ self._inverses[-1] @ coupling.T
                self._couplings.append(coupling)
            self._inverses.append(np.asarray(np.linalg.inv(block), dtype=np.float64))

    def __matmul__(self, vector: Array) -> Array:
        parts = [vector[layer] for layer in self._layers]
        for number, coupling in enumerate(self._couplings):
            parts[number + 1] = parts[number + 1] - coupling @ (self._inverses[number] @ parts[number])
        found = np.zeros_like(vector)
        for number in reversed(range(len(parts))):
            rest = parts[number]
            if number + 1 < len(parts):
                rest = rest - self._couplings[number].T @ found[self._layers[number + 1]]
            found[self._layers[number]] = self._inverses[number] @ rest
        return found


def _layers(matrix: Array, free: Indices) -> list[Indices]:
    """Return the free nodes in layers such that entries join equal or neighbouring ones."""
    near = matrix != 0
    open_ = np.zeros(len(matrix), dtype=bool)
    open_[free] = True
    layers: list[Indices] = []
    while open_.any():
        start = _walk(near, open_.copy(), np.array([int(np.argmax(open_))]))[-1][:1]  # a node far from some other
        for layer in _walk(near, open_, start):
            layers.append(layer)
            open_[layer] = False
    return layers


def _walk(near: NDArray[np.bool_], open_: NDArray[np.bool_], start: Indices) -> list[Indices]:
    """Return the layers around a start among the open nodes, which are closed on the way."""
    layers, layer = [], start
    open_[start] = False
    while len(layer):
        layers.append(layer)
        layer = np.flatnonzero(near[layer].any(axis=0) & open_)
        open_[layer] = False
    return layers
