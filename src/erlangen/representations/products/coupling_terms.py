r"""The sparse terms of each kind of product on whole signals.

Definition: a kind couples (l1, l2) to l3 by a strength times Wigner's 3j tensor, see :mod:`coupling_scales`; the terms of all paths make one map.
Convention: signals have each degree once, components ``l*l + l + m``; coefficients of harmonics of integral one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.representations.couplings import gaunt_scale, wigner_3j_array
from erlangen.representations.products.bilinear_terms import BilinearTerms
from erlangen.representations.products.coupling_scales import bracket_scale, lift_degree, matrix_scale, path_degrees
from erlangen.representations.products.kept_table import kept_table

__all__ = ["bracket_terms", "gaunt_terms", "matrix_terms"]


def _terms(l1: int, l2: int, l3: int, parity: int | None, scale: Callable[[int, int, int], float]) -> BilinearTerms:
    """Return the terms of all paths up to the degrees given, each its strength times the 3j tensor."""
    lists: list[list[NDArray[Any]]] = [[], [], [], []]
    for a, b, c in path_degrees(l1, l2, l3, parity):
        strength = scale(a, b, c)
        if not strength:
            continue
        block = wigner_3j_array(a, b, c)
        places = np.nonzero(np.abs(block) > 1e-14)
        for found, place, l in zip(lists, places, (a, b, c), strict=False):
            found.append(place + l * l)
        lists[3].append(strength * block[places])
    i, j, k, values = (np.concatenate(found) if found else np.zeros(0, dtype=np.int64) for found in lists)
    d1, d2, d3 = ((l + 1) ** 2 for l in (l1, l2, l3))
    return BilinearTerms(i, j, k, values.astype(np.float64), d1, d2, d3)


@kept_table
def gaunt_terms(l1: int, l2: int, l3: int) -> BilinearTerms:
    r"""Return the terms of :math:`z_{lm} = \int F_x F_y Y_{lm}` for signals of degrees l1 and l2, l up to l3.

    Examples
    --------
    >>> len(gaunt_terms(1, 1, 2))
    21
    """
    return _terms(l1, l2, l3, 0, gaunt_scale)


@kept_table
def bracket_terms(l1: int, l2: int, l3: int) -> BilinearTerms:
    r"""Return the terms of :math:`z_{lm} = \int \{F_x, F_y\}\, Y_{lm}`.

    Examples
    --------
    >>> len(bracket_terms(1, 1, 2))
    6
    """
    return _terms(l1, l2, l3, 1, bracket_scale)


@kept_table
def matrix_terms(l1: int, l2: int, l3: int, parity: int | None = None) -> BilinearTerms:
    """Return the terms of the matrix product, or of its symmetric (0) or antisymmetric (1) half.

    Examples
    --------
    >>> len(matrix_terms(1, 1, 2)) == len(gaunt_terms(1, 1, 2)) + len(bracket_terms(1, 1, 2))
    True
    """
    t = lift_degree(l1, l2)
    return _terms(l1, l2, l3, parity, lambda a, b, c: matrix_scale(a, b, c, t))
