r"""The statistic β: how fast a delayed series unfolds the nearest neighbours of a trajectory.

Definition: :math:`\beta_s(\tau) = \langle \log_{10} |s(i + \tau) - s(j(i) + \tau)| / \|Y_i - Y_{j(i)}\| \rangle_i` (Nichkawde 2013, eqs. 12–16).
Convention: pairs with distance zero in either space are left out; -inf where none remains; the mean runs over i <= N - max τ.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["TINY", "derivative_statistic"]

TINY = 1e-12  # a distance of standardised series that is rounding
_TOGETHER = 16

Array = NDArray[np.float64]


def derivative_statistic(
    times: Array, delays: NDArray[np.int64], neighbours: NDArray[np.int64], distances: Array
) -> tuple[Array, NDArray[np.int64]]:
    """Return sums of the logarithms (len(delays), n) and how many pairs they hold.

    Parameters
    ----------
    times : ndarray (T, n)
        Standardised series, time first.
    delays : ndarray of int
        Delays τ.
    neighbours, distances : ndarray (N,)
        Of the trajectory's first N points; N + max τ <= T.

    Examples
    --------
    >>> s = np.array([[0.0], [1.0], [11.0]])
    >>> derivative_statistic(s, np.array([1]), np.array([1, 0]), np.array([1.0, 1.0]))
    (array([[2.]]), array([[2]]))
    """
    valid = np.flatnonzero((neighbours >= 0) & (distances > TINY))
    partners, lengths = neighbours[valid], np.log10(distances[valid])
    total, count = np.zeros((len(delays), times.shape[1])), np.zeros((len(delays), times.shape[1]), dtype=np.int64)
    if not len(valid):
        return total, count
    whole = lengths.sum()
    groups = np.arange(0, len(valid), _TOGETHER)
    for i, delay in enumerate(delays):
        gap = np.take(times, partners + delay, axis=0)
        gap -= np.take(times, valid + delay, axis=0)
        np.abs(gap, out=gap)
        if gap.min() > TINY:  # standardised: the product of sixteen stays within the range of numbers
            total[i] = np.log10(np.multiply.reduceat(gap, groups, axis=0)).sum(axis=0) - whole
            count[i] = len(valid)
        else:
            held = gap > TINY
            logs = np.log10(np.where(held, gap, 1.0)) - np.where(held, lengths[:, None], 0.0)
            total[i], count[i] = logs.sum(axis=0), held.sum(axis=0)
    return total, count
