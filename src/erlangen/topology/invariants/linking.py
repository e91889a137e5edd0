"""Linking numbers and the writhe.

Definition: lk(K, K') is half the sum of the signs of the crossings between K and K'.
Convention: a positive crossing counts +1; components in the order of the link, those without crossings last.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.topology.diagrams.link import Link

__all__ = ["linking_matrix", "linking_number", "writhe"]


def writhe(link: Link) -> int:
    """Return the sum of the signs of all crossings.

    Examples
    --------
    >>> writhe(Link.from_braid([1, 1, -2]))
    1
    """
    return sum(link.signs)


def linking_matrix(link: Link) -> NDArray[np.int64]:
    """Return the symmetric matrix ``(c, c)`` of linking numbers of the ``c`` components, zero on the diagonal.

    Examples
    --------
    >>> linking_matrix(Link.from_braid([1, 1, 2, 2])).tolist()
    [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    """
    owner = {edge: index for index, component in enumerate(link.components) for edge in component}
    twice = np.zeros((link.n_components, link.n_components), dtype=np.int64)
    for (under, over, _, _), sign in zip(link.crossings, link.signs, strict=True):
        first, second = owner[under], owner[over]
        if first != second:
            twice[first, second] += sign
            twice[second, first] += sign
    return twice // 2


def linking_number(link: Link) -> int:
    """Return the sum of the linking numbers of all pairs of components.

    Examples
    --------
    >>> linking_number(Link.from_braid([1, 1])), linking_number(Link.from_braid([1, -2, 1, -2, 1, -2]))
    (1, 0)
    """
    return int(linking_matrix(link).sum()) // 2
