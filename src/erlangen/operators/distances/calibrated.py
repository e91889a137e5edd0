r"""Calibrated distances: geodesics in the units of the manifold, from the kernel of implicit steps inverted exactly.

Definition: the r at which the flat kernel of S implicit steps (:mod:`erlangen.operators.distances.matern`) equals the density computed.
Convention: u is a density, :math:`u_{ij} = H_{ij} / \sqrt{m_i m_j}` for the symmetric form of a mass Laplacian; t is in squared units of length.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.operators.distances.checks import check_kernel, zero_own
from erlangen.operators.distances.matern import MaternInverse
from erlangen.validation import check_memory

__all__ = ["calibrated_distance"]

_BLOCK_ENTRIES = 2**22


def calibrated_distance(u: Any, t: float, steps: int, dimension: float, *, sources: Any = None) -> NDArray[np.float64]:
    r"""Return the distances at which the kernel of implicit steps on flat space has the densities given.

    The square root of :math:`-4t \ln u` is wrong for implicit steps, whose far field falls as :math:`e^{-\kappa r}`; this inverts the kernel
    itself, :math:`u(r) \propto z^\nu K_\nu(z)`, :math:`z = r \sqrt{S/t}`, :math:`\nu = S - d/2`. Curvature enters at order t.

    Parameters
    ----------
    u : array_like (m, n)
        Densities, non-negative: ``heat_kernel(..., laplacian="mass", method="euler")`` over the roots of both masses.
    t : float
        Time; a few to some tens of squared spacings of the points.
    steps : int
        S of the kernel, 1 to 100.
    dimension : float
        Intrinsic dimension d.
    sources : array_like (m,), optional
        Vertices of the rows, see :func:`varadhan_distance`.

    Returns
    -------
    ndarray (m, n)

    Raises
    ------
    DomainError
        If an entry is negative or a parameter lies outside its range.

    Examples
    --------
    In three dimensions one step of t = 1 has the kernel exp(-r) / (4 pi r).

    >>> u = np.exp(-2.0) / (4 * np.pi * 2.0)
    >>> calibrated_distance([[1.0, u], [u, 1.0]], 1.0, 1, 3).round(9)
    array([[0., 2.],
           [2., 0.]])
    """
    rows = check_kernel(u, "u")
    check_memory(8.0 * rows.size, f"distances {rows.shape}")
    positive = float(rows.min(where=rows > 0, initial=np.inf))
    inverse = MaternInverse(t, steps, dimension, np.log(positive) if np.isfinite(positive) else 0.0)
    D = np.empty_like(rows)
    size = max(1, _BLOCK_ENTRIES // max(1, rows.shape[1]))
    for start in range(0, len(rows), size):
        block = slice(start, start + size)
        with np.errstate(divide="ignore"):
            D[block] = inverse(np.log(rows[block]))
    return zero_own(D, sources)
