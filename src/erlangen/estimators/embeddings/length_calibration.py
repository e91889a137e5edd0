r"""From a dissimilarity to a length: the power that makes midpoints lie in the middle, and the unit of the points.

Definition: on a geodesic space :math:`\min_k \max(D_{ik}, D_{kj}) = D_{ij}/2`; a dissimilarity
:math:`D = g^{1/p}`, g a length, has :math:`2^{-1/p} D_{ij}` there.
Convention: p is clipped to [1, 2] (Huguet et al. 2023 use 1 or 2, by hand); the unit is the median of shortest path over :math:`D^p`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.operators import graph_distance

__all__ = ["length_unit", "midpoint_power"]

_PAIRS = 2000
_ENTRIES = 5e7
_CANDIDATES = 100_000
_PATHS = 8
_PATH_ENTRIES = 200_000


def midpoint_power(D: NDArray[Any], columns: NDArray[np.int64], rng: np.random.Generator) -> float:
    r"""Return :math:`p = \ln 2 / -\ln r`, r the median of :math:`\min_k \max(D_{ki}, D_{kj}) / D_{ij}` over the longer half of sampled pairs.

    Parameters
    ----------
    D : ndarray (n, m)
        Dissimilarities of all points to m of them.
    columns : ndarray (m,)
        Which points these are.
    rng : Generator
        Chooses pairs, up to 2000.

    Examples
    --------
    >>> x = np.linspace(0, 1, 101)
    >>> D = np.sqrt(np.abs(x[:, None] - x))
    >>> round(midpoint_power(D, np.arange(101), np.random.default_rng(0)), 1)
    2.0
    """
    n, m = D.shape
    step = max(1, n // _CANDIDATES)
    count = int(min(_PAIRS, max(100, _ENTRIES // max(1, n // step))))
    i, j = rng.integers(m, size=count), rng.integers(m, size=count)
    pairs = D[columns[i], j].astype(np.float64)
    usable = (pairs > 0) & np.isfinite(pairs)
    if not usable.any():
        return 1.0
    usable &= pairs >= np.median(pairs[usable])
    candidates = np.ascontiguousarray(D[::step].T)
    halves = np.array(
        [np.maximum(candidates[a], candidates[b]).min() for a, b in zip(i[usable], j[usable], strict=True)]
    )
    ratio = float(np.median(halves / pairs[usable]))
    if not 0.5 < ratio < 1.0:
        return 1.0 if ratio <= 0.5 else 2.0
    return float(min(2.0, max(1.0, np.log(2.0) / -np.log(ratio))))


def length_unit(D: NDArray[Any], columns: NDArray[np.int64], lengths: Any) -> float:
    """Return the median of shortest path over ``D`` (n, m), over the pairs of some of its columns, at least eight; 1 where there is none.

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> path = sp.csr_array(np.array([[0, 3.0, 0], [3.0, 0, 3.0], [0, 3.0, 0]]))
    >>> length_unit(np.array([[0.0, 1, 2], [1, 0, 1], [2, 1, 0]]), np.arange(3), path)
    3.0
    """
    count = min(len(columns), max(_PATHS, _PATH_ENTRIES // len(D)))
    chosen = np.unique(np.linspace(0, len(columns) - 1, count).astype(np.int64))
    paths = graph_distance(lengths, columns[chosen]).T
    values = D[:, chosen]
    usable = (values > 0) & np.isfinite(values) & np.isfinite(paths) & (paths > 0)
    return float(np.median(paths[usable] / values[usable])) if usable.any() else 1.0
