r"""From weights on all chains of couplings to weights on a basis, and back: the same function in fewer numbers.

Definition: a symmetrised chain is :math:`P_p = \sum_r A_{rp} B_r` with the basis B, so that :math:`W_B = A W_P`; back by the pseudo-inverse :math:`A^+`.
Convention: A acts on the axis of paths; :math:`A A^+ = I`, so that nothing is lost from basis to chains to basis.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.representations.products.symmetric_basis import SymmetricBasis
from erlangen.representations.products.symmetric_polynomials import inner_product

__all__ = ["conversion", "initial_scales"]


def conversion(maps: SymmetricBasis) -> NDArray[np.float64]:
    r"""Return A with :math:`W_B = A W_P`: from weights on all chains to weights on the basis of the same maps.

    Returns
    -------
    ndarray (basis, chains)
        Zero between paths of different output or degree.

    Examples
    --------
    >>> conversion(SymmetricBasis("0e+1o", "0e", 2)).round(4)
    array([[1., 0., 0.],
           [0., 1., 0.],
           [0., 0., 1.]])
    """
    return _conversion(maps).copy()


@functools.lru_cache(maxsize=64)
def _conversion(maps: SymmetricBasis) -> NDArray[np.float64]:
    few, many = maps.twin(reduced=True).paths, maps.twin(reduced=False).paths
    A = np.zeros((len(few), len(many)))
    places: dict[Any, list[int]] = {}
    for row, path in enumerate(few):
        places.setdefault((path.output, path.degree, path.type), []).append(row)
    for column, path in enumerate(many):
        rows = places.get((path.output, path.degree, path.type), [])
        if rows:
            B = np.stack([few[row].polynomial for row in rows])
            A[rows, column] = inner_product(maps.kinds_in, path.type, B, path.polynomial[None])[:, 0]
    A[np.abs(A) < 1e-13] = 0.0
    return A


def initial_scales(maps: SymmetricBasis) -> NDArray[np.float64]:
    """Return standard deviations (paths,) for initial weights: on all chains one over their number (MACE), on the basis what that amounts to.

    Examples
    --------
    >>> initial_scales(SymmetricBasis("0e+1o", "0e", 2))
    array([1. , 0.5, 0.5])
    """
    full = maps.twin(reduced=False)
    scales = np.array([1 / full.counts[path.output][path.degree - 1] for path in full.paths])
    if not maps.reduced:
        return scales
    found: NDArray[np.float64] = np.sqrt((_conversion(maps) ** 2) @ scales**2)
    return found
