r"""Blocks of rows of a symmetric kernel turned into heat-geodesic distances, with one remark for all blocks.

Definition: :func:`erlangen.operators.harnack_distance` with the volumes of all columns.
Convention: a volume term above one is told once, with the numbers of the first block. Volumes that are estimates are raised, pair by pair, to
:math:`H_{jj} \ge H_{ij}^2 / H_{ii}`, which holds for every positive semi-definite kernel: no near pair falls together by chance.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainWarning
from erlangen.estimators.remarks import remark
from erlangen.operators import harnack_distance

__all__ = ["HarnackRows"]

Array = NDArray[np.float64]


class HarnackRows:
    """Distances from rows of kernels of one time.

    Parameters
    ----------
    t : float
        Time.
    sigma : float
        Weight of the volume term.
    estimated : bool
        Whether the volumes are estimates.

    Examples
    --------
    >>> HarnackRows(0.25, 1.0)(np.array([[0.75, 0.25]]), np.array([0]), np.array([0.75, 0.75])).round(6)
    array([[0.      , 1.048147]])
    """

    def __init__(self, t: float, sigma: float, *, estimated: bool = False) -> None:
        self.t, self.sigma, self._estimated = t, sigma, estimated
        self._told = False

    def __call__(self, H: Array, sources: NDArray[np.int64], volumes: Array) -> Array:
        """Return distances (m, n) for rows H (m, n) from ``sources`` (m,), given the diagonal ``volumes`` (n,)."""
        own = H[np.arange(len(sources)), sources]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DomainWarning)
            D, found = harnack_distance(
                H, self.t, row_diagonal=own, column_diagonal=volumes, sigma=self.sigma, sources=sources, report=True
            )
        if self.sigma > 1 and not self._told:
            self._told = True
            message = (
                f"sigma = {self.sigma:g} > 1: {found.clipped} of {found.pairs} radicands ({found.fraction:.1%}) are negative and "
                f"became zero, the lowest {found.lowest:.3g} * 4t; points collapse (take sigma <= 1)"
            )
            remark(message)
        if self._estimated:
            self._raise(D, H, own, sources, volumes)
        return D

    def _raise(self, D: Array, H: Array, own: Array, sources: NDArray[np.int64], volumes: Array) -> None:
        """Replace distances (m, n) whose volume is below its bound by those at the bound, in place."""
        low = own[:, None] * volumes < H**2
        low[np.arange(len(sources)), sources] = False
        i, j = np.nonzero(low)
        bound = H[i, j] * (H[i, j] / own[i])
        radicand = self.sigma * np.log((own[i] + bound) / 2) - np.log(H[i, j])
        D[i, j] = np.sqrt(4.0 * self.t * np.maximum(radicand, 0.0))
