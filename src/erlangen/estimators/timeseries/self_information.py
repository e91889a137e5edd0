r"""Mutual information between a series and its delayed copies, on one adaptive partition.

Definition: :math:`I(\tau) = \sum_{ab} p_{ab} \log_2 \frac{p_{ab}}{p_a p_b}`, p_ab the share of times t with s(t) in cell a and s(t + τ) in cell b;
the cells halve the sorted series until a chi-square test finds each uniform (after Fraser, Swinney 1986).
Convention: bits; the partition is that of the first T - max τ values, and serves for the delayed copies as well.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError

__all__ = ["adaptive_partition", "first_minimum", "self_information"]

Array = NDArray[np.float64]


def _is_uniform(s: Array) -> bool:
    """Test sorted values for uniformity on two or four cells, at the level of ten per cent."""
    n = len(s)
    if n < 10:
        return True
    cells, critical = (2, 2.706) if n < 20 else (4, 6.251)
    expected = round(n / cells)
    edges = s[0] + np.arange(1, cells + 1) * (s[-1] - s[0]) / cells
    stops = np.searchsorted(s, edges, side="right")
    last = int(np.argmax(stops >= n)) if stops.max() >= n else cells - 1
    counts = np.diff(stops[: last + 1], prepend=0)
    return bool(np.square(counts - expected).sum() / expected < critical)


def adaptive_partition(s: Array) -> tuple[list[int], Array]:
    """Return how many of the sorted values lie in each cell, and the upper edges of the cells.

    Examples
    --------
    >>> counts, edges = adaptive_partition(np.r_[np.linspace(0, 1, 20), np.linspace(9, 10, 20)])
    >>> counts, edges
    ([20, 20], array([ 1., 10.]))
    """
    if _is_uniform(s):
        return [len(s)], s[-1:]
    half = len(s) // 2
    (few, low), (more, high) = adaptive_partition(s[:half]), adaptive_partition(s[half:])
    return few + more, np.concatenate([low, high])


def self_information(s: Array, delays: Sequence[int]) -> Array:
    """Return the mutual information (bits) of a series with itself at each delay.

    Raises
    ------
    DomainError
        If fewer than ten values are left beside the longest delay.

    References
    ----------
    A. M. Fraser, H. L. Swinney, Phys. Rev. A 33 (1986) 1134–1140.

    Examples
    --------
    >>> s = np.sin(np.arange(1000) / 10)
    >>> I = self_information(s, [1, 15, 31])
    >>> bool(I[1] < I[0] and I[1] < I[2])
    True
    """
    count = len(s) - max(delays)
    if count < 10:
        message = f"a series of {len(s)} samples leaves {count} beside the delay {max(delays)}"
        raise DomainError(message, hint=f"use delays <= {len(s) - 10}")
    order = np.argsort(s[:count], kind="stable")
    sizes, edges = adaptive_partition(s[order])
    cells = len(sizes)
    rows = np.empty(count, dtype=np.int64)
    rows[order] = np.repeat(np.arange(cells), sizes) * cells
    columns = np.minimum(np.searchsorted(edges, s, side="left"), cells - 1)
    margins = np.multiply.outer(np.array(sizes, dtype=np.float64), sizes).ravel()
    out = np.empty(len(delays))
    for i, delay in enumerate(delays):
        joint = np.bincount(rows + columns[delay : delay + count], minlength=cells * cells)
        held = joint > 0
        shares = joint[held] / count
        out[i] = np.sum(shares * np.log2(shares * count * count / margins[held]))
    return out


def first_minimum(values: Array) -> int:
    """Return the first i with ``values[i + 1] >= values[i]``, or the last index.

    Examples
    --------
    >>> first_minimum(np.array([3.0, 2.0, 1.0, 1.5, 0.0]))
    2
    """
    rising = np.flatnonzero(values[1:] >= values[:-1])
    return int(rising[0]) if len(rising) else len(values) - 1
