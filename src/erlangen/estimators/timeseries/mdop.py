r"""MDOP: an embedding of several series, one delayed series at a time, that maximises derivatives on projection.

Definition: each cycle appends the series and delay of largest β; it stops where the share of false neighbours is <= 0.05 or rises (Nichkawde 2013).
Convention: as DelayEmbeddings.jl returns it: one pair for each cycle run, the first of delay 0; the pair chosen in the last cycle is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from erlangen.estimators.timeseries.cycles import append_series, false_neighbour_share, reason_to_stop
from erlangen.estimators.timeseries.derivative_statistic import derivative_statistic
from erlangen.estimators.timeseries.theiler_neighbours import nearest_in_series, nearest_neighbours

__all__ = ["MDOPEmbedding", "mdop"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MDOPEmbedding:
    """Channels and delays of the embedding, and how they were found.

    ``beta`` has one array for each cycle: (n, n, m) in the first, (n, m) later, m the number of delays; ``fnn`` one share for each.
    """

    channels: tuple[int, ...]
    delays: tuple[int, ...]
    beta: tuple[Array, ...]
    fnn: tuple[float, ...]
    reason: str


def _first_cycle(epochs: list[Array], delays: NDArray[np.int64], window: int) -> Array:
    """Return β (n, n, m): start series, added series, delay."""
    n = epochs[0].shape[0]
    total, count = np.zeros((n, len(delays), n)), np.zeros((n, len(delays), n))
    for x in epochs:
        size = x.shape[1] - delays.max()
        indices, distances = nearest_in_series(x[:, :size], window)
        times = np.ascontiguousarray(x.T)
        for start in range(n):
            sums, pairs = derivative_statistic(times, delays, indices[start], distances[start])
            total[start] += sums
            count[start] += pairs
    return _mean(total, count).transpose(0, 2, 1)


def _later_cycle(epochs: list[Array], paths: list[Array], delays: NDArray[np.int64], window: int) -> Array:
    """Return β (n, m) of adding each series to the trajectories."""
    n = epochs[0].shape[0]
    total, count = np.zeros((len(delays), n)), np.zeros((len(delays), n))
    for x, path in zip(epochs, paths, strict=True):
        indices, distances = nearest_neighbours(path[: len(path) - delays.max()], window)
        sums, pairs = derivative_statistic(np.ascontiguousarray(x.T), delays, indices[:, 0], distances[:, 0])
        total += sums
        count += pairs
    return _mean(total, count).T


def _mean(total: Array, count: Array) -> Array:
    return np.where(count > 0, total / np.maximum(count, 1), -np.inf)


def mdop(
    epochs: list[Array],
    delays: NDArray[np.int64],
    window: int,
    *,
    threshold: float = 0.05,
    ratio: float = 2.0,
    max_cycles: int = 50,
) -> MDOPEmbedding:
    """Return the embedding of standardised epochs (n, T_i); statistics are means over all their points.

    Examples
    --------
    >>> x = np.sin(np.arange(800) * 0.3) + np.sin(np.arange(800) * 0.3 * 2**0.5)
    >>> found = mdop([(x / x.std(ddof=1))[None]], np.arange(12), 5)
    >>> found.channels[0], found.delays[0]
    (0, 0)
    """
    n, m = epochs[0].shape[0], len(delays)
    beta = [_first_cycle(epochs, delays, window)]
    start, added, at = (int(i) for i in np.unravel_index(int(np.argmax(beta[0])), (n, n, m)))
    channels, chosen = [start, added], [0, int(delays[at])]
    paths = [x[start][:, None] for x in epochs]
    old = [nearest_in_series(x[start : start + 1], window)[1][0] for x in epochs]
    shares: list[float] = []
    while True:
        paths = [append_series(path, x[channels[-1]], chosen[-1]) for path, x in zip(paths, epochs, strict=True)]
        new = [nearest_neighbours(path, window)[1][:, 0] for path in paths]
        before = np.concatenate([a[: len(b)] for a, b in zip(old, new, strict=True)])
        shares.append(false_neighbour_share(before, np.concatenate(new), ratio))
        reason = reason_to_stop(
            shares, threshold, max_cycles, min(len(path) for path in paths) - int(delays.max()) - window
        )
        if reason:
            cycles = len(shares)
            return MDOPEmbedding(tuple(channels[:cycles]), tuple(chosen[:cycles]), tuple(beta), tuple(shares), reason)
        beta.append(_later_cycle(epochs, paths, delays, window))
        added, at = (int(i) for i in np.unravel_index(int(np.argmax(beta[-1])), (n, m)))
        channels.append(added)
        chosen.append(int(delays[at]))
        old = new
