r"""Potential distances: between logarithms of rows of a diffusion kernel, as PHATE measures them.

Definition: :math:`\|U_i - U_j\|_2`, :math:`U = -\ln H` (:math:`\gamma = 1`) or :math:`\tfrac{2}{1-\gamma} H^{(1-\gamma)/2}` (Moon et al. 2019).
Convention: with :math:`D^2 = -4t \ln H` it is the triplet distance of :math:`D^2` over 4t. No floor unless one is given (PHATE 2.0 adds 1e-7).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.operators.distances.checks import check_kernel
from erlangen.operators.distances.triplet import row_distances
from erlangen.validation import check_memory, check_real

__all__ = ["potential_distance"]


def potential_distance(H: Any, *, gamma: float = 1.0, floor: float | None = None) -> NDArray[np.float64]:
    r"""Return the potential distances between rows of a kernel.

    Parameters
    ----------
    H : array_like (m, n)
        Rows, non-negative.
    gamma : float
        In [-1, 1]: 1 logarithms, 0 square roots, -1 the entries themselves.
    floor : float, optional
        Added to H before the logarithm; without one, a pair of rows of which one reaches a vertex that the other does not is at infinity.

    Returns
    -------
    ndarray (m, m)

    Raises
    ------
    DomainError
        If an entry is negative or not finite, or a parameter is outside its range.

    Examples
    --------
    >>> potential_distance([[1.0, np.exp(-3.0)], [np.exp(-4.0), 1.0]])
    array([[0., 5.],
           [5., 0.]])
    """
    rows = check_kernel(H)
    gamma = check_real(gamma, "gamma", low=-1.0, high=1.0)
    check_memory(8.0 * rows.size, f"potentials {rows.shape}")
    if gamma != 1:
        return row_distances(2 / (1 - gamma) * rows ** ((1 - gamma) / 2))
    added = 0.0 if floor is None else check_real(floor, "floor", low=0.0)
    with np.errstate(divide="ignore"):
        potentials = np.log(rows + added) if added else np.log(rows)
    np.negative(potentials, out=potentials)
    return row_distances(potentials)
