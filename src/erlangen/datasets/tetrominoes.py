"""The eight tetrominoes of space, among them a pair of mirror images.

Definition: four unit cubes joined at faces, up to proper rotation; two of the eight are mirror images of each other, the rest their own.
Convention: centres of the cubes, in the coordinates of the example of e3nn; the chiral pair comes first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Tetrominoes", "tetrominoes"]

_SHAPES = {
    "chiral-1": ((0, 0, 0), (0, 0, 1), (1, 0, 0), (1, 1, 0)),
    "chiral-2": ((0, 0, 0), (0, 0, 1), (1, 0, 0), (1, -1, 0)),
    "square": ((0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0)),
    "line": ((0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 0, 3)),
    "corner": ((0, 0, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0)),
    "L": ((0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 1, 0)),
    "T": ((0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 1, 1)),
    "zigzag": ((0, 0, 0), (1, 0, 0), (1, 1, 0), (2, 1, 0)),
}


class Tetrominoes(NamedTuple):
    """Shapes and their names.

    Attributes
    ----------
    names : tuple of str
        Of the eight shapes; the first two are mirror images.
    positions : ndarray (8, 4, 3)
        Centres of the cubes.

    Examples
    --------
    >>> Tetrominoes(("dot",), np.zeros((1, 1, 3))).names
    ('dot',)
    """

    names: tuple[str, ...]
    positions: NDArray[np.float64]


def tetrominoes() -> Tetrominoes:
    """Return the eight tetrominoes: neighbours are at distance one, so that a radius of 1.1 joins faces alone.

    Returns
    -------
    Tetrominoes

    References
    ----------
    Xie et al., "The price of freedom", arXiv 2506.13523, sec. 5 (after Thomas et al., arXiv 1802.08219).

    Examples
    --------
    >>> shapes = tetrominoes()
    >>> shapes.names[:2], shapes.positions.shape
    (('chiral-1', 'chiral-2'), (8, 4, 3))
    """
    return Tetrominoes(tuple(_SHAPES), np.array(list(_SHAPES.values()), dtype=np.float64))
