r"""What the representation of degree l knows before any rotation is given: its generators and one constant rotation.

Definition: :math:`X_a = \frac{d}{dt} D^l(R_a(t))|_{t=0}` for turns about the axes a = x, y, z; :math:`J` represents the half turn about x + y.
Convention: real harmonics, :math:`Y(Rx) = D(R) Y(x)`; double precision, made once and read-only.
"""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray

from erlangen.representations.couplings import wigner_3j_array

__all__ = ["TABLES", "axis_swap", "generators"]

_SWAP = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, -1.0]])


@functools.lru_cache(maxsize=256)
def generators(l: int) -> NDArray[np.float64]:
    r"""Return the generators of the turns about x, y and z, ``(3, 2l + 1, 2l + 1)``, antisymmetric.

    They are the invariant of three representations once more: :math:`X_a = \sqrt{l(l+1)(2l+1)}\; C^{l\,1\,l}_{\cdot a \cdot}`.

    Examples
    --------
    >>> generators(1)[2].round(12) + 0.0
    array([[ 0., -1.,  0.],
           [ 1.,  0.,  0.],
           [ 0.,  0.,  0.]])
    """
    scale = math.sqrt(l * (l + 1) * (2 * l + 1))
    table = np.zeros((3, 1, 1)) if l == 0 else scale * np.ascontiguousarray(wigner_3j_array(l, 1, l).swapaxes(0, 1))
    table.flags.writeable = False
    return table


def _next(l: int, before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix of degree l of the half turn from that of degree l - 1: the part of the product with degree 1."""
    coupling = wigner_3j_array(1, l - 1, l)
    moved = np.einsum("ai,bj,ijk->abk", _SWAP, before, coupling, optimize=True)
    return np.asarray((2 * l + 1) * np.einsum("abm,abk->mk", coupling, moved, optimize=True))


@functools.lru_cache(maxsize=256)
def axis_swap(l: int) -> NDArray[np.float64]:
    """Return the matrix J of the half turn that exchanges x and y, ``(2l + 1, 2l + 1)``, symmetric with ``J J = 1``.

    Examples
    --------
    >>> J = axis_swap(5)
    >>> bool(np.allclose(J @ J, np.eye(11), atol=1e-14))
    True
    """
    table = np.ones((1, 1))
    for degree in range(1, l + 1):
        table = _next(degree, table)
        table = (table + table.T) / 2
        table = table @ (3 * np.eye(2 * degree + 1) - table @ table) / 2  # one Newton step back to J J = 1
    table.flags.writeable = False
    return table


TABLES = {"axis_swap": axis_swap, "generators": generators}
