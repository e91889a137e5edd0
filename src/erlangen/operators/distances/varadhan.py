r"""Varadhan's distance: the geodesic that the logarithm of heat at small time measures.

Definition: :math:`d(i, j) = \sqrt{-4 t \ln H_{ij}}`, which tends to the geodesic as t falls to 0 (Varadhan, Comm. Pure Appl. Math. 20 (1967) 431–455).
Convention: unreached pairs are at infinity; where H > 1, as densities can be, the distance is zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.operators.distances.checks import check_kernel, zero_own
from erlangen.validation import check_memory, check_real

__all__ = ["varadhan_distance"]


def varadhan_distance(H: Any, t: float, *, sources: Any = None) -> NDArray[np.float64]:
    r"""Return :math:`\sqrt{\max(0, -4 t \ln H)}` with zeros for the vertices themselves.

    Parameters
    ----------
    H : array_like (m, n)
        Rows of a heat kernel, non-negative.
    t : float
        Its time.
    sources : array_like (m,), optional
        Vertices of the rows (default: all in order if H is square; unknown otherwise, and then no entry is set to zero).

    Returns
    -------
    ndarray (m, n)

    Raises
    ------
    DomainError
        If an entry is negative or not finite, or t is not positive.

    Examples
    --------
    >>> varadhan_distance([[0.5, np.exp(-1.0)], [0.0, 1.0]], 1.0)
    array([[ 0.,  2.],
           [inf,  0.]])
    """
    rows = check_kernel(H)
    t = check_real(t, "t", low=0.0, open_low=True)
    check_memory(8.0 * rows.size, f"distances {rows.shape}")
    with np.errstate(divide="ignore"):
        D = np.log(rows)
    D *= -4.0 * t
    np.maximum(D, 0.0, out=D)
    np.sqrt(D, out=D)
    return zero_own(D, sources)
