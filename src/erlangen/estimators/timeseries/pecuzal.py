r"""PECUZAL: an embedding of several series by continuity and by the cost of prediction.

Definition: candidates are the peaks over τ of the continuity statistic <ε*> (Pecora et al. 2007); of them the one is appended that lowers the
cost L (Uzal et al. 2011) most; it stops where none lowers it by more than a threshold (Krämer et al., New J. Phys. 23 (2021) 033017).
Convention: neighbours are of one epoch, means over the points of all; K = 13 for <ε*>, level 0.05 at p = 1/2, 3 neighbours for L, horizons
2 … max τ up to the first minimum, Euclidean distances.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.stats import binom

from erlangen.estimators.timeseries.cycles import append_series
from erlangen.estimators.timeseries.theiler_neighbours import nearest_neighbours

__all__ = ["PecuzalEmbedding", "continuity_statistic", "cost_decrease", "pecuzal"]

_NEIGHBOURS, _LEAST, _HORIZON_NEIGHBOURS = 13, 8, 3
_TOGETHER = 8  # horizons whose costs are computed at once
_RANKS = [int(rank) for rank in binom.ppf(0.95, range(_LEAST, _NEIGHBOURS + 1), 0.5)]

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PecuzalEmbedding:
    """Channels and delays, and for each cycle the decrease of L and the continuity statistic (n, m) of the trajectory it began with."""

    channels: tuple[int, ...]
    delays: tuple[int, ...]
    decreases: tuple[float, ...]
    continuity: tuple[Array, ...]
    reason: str


def continuity_statistic(epochs: list[Array], paths: list[Array], delays: Indices, window: int) -> Array:
    """Return <ε*> (n, m) of each series of epochs (n, T_i) at each delay, over the neighbours of their trajectories (N_i, d).

    Of the K nearest neighbours of a point, for K = 8 … 13, so many must lie within ε of its image that chance would not put them
    there; ε* is the smallest such ε.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(1, 300))
    >>> near, far = continuity_statistic([x], [x.T], np.array([0, 5]), 1)[0]
    >>> bool(near < 0.1 < 0.5 < far)
    True
    """
    counts = [len(path) - int(delays.max()) for path in paths]
    whole, partners = _members(paths, counts, [x.shape[1] for x in epochs], window, _NEIGHBOURS)
    times = np.ascontiguousarray(np.concatenate([x.T for x in epochs]))
    out = np.empty((times.shape[1], len(delays)))
    for i, delay in enumerate(delays):
        gaps = np.abs(times[partners + delay] - times[whole + delay])
        out[:, i] = _least_radius(gaps).mean(axis=0)
    return out


def _members(
    paths: list[Array], counts: list[int], lengths: list[int], window: int, neighbours: int
) -> tuple[Indices, Indices]:
    """Return points (N,) that have all their neighbours, and these (neighbours, N), as places in epochs of some lengths set end to end."""
    points, partners, offset = [], [], 0
    for path, count, length in zip(paths, counts, lengths, strict=True):
        index, _ = nearest_neighbours(path[:count], window, neighbours)
        whole = np.flatnonzero((index >= 0).all(axis=1))
        points.append(whole + offset)
        partners.append(index[whole].T + offset)
        offset += length
    return np.concatenate(points), np.ascontiguousarray(np.concatenate(partners, axis=1))


def _least_radius(gaps: Array) -> Array:
    """Return ε* from the distances (K, ...) of the images, nearest neighbour first; the largest five so far are kept in order."""
    largest: list[Array] = []
    best = np.full(gaps.shape[1:], np.inf)
    for count, gap in enumerate(gaps, start=1):
        rest = gap
        for j, held in enumerate(largest):
            largest[j], rest = np.maximum(held, rest), np.minimum(held, rest)
        if len(largest) <= _NEIGHBOURS - _RANKS[-1]:
            largest.append(rest)
        if count >= _LEAST:
            np.minimum(best, largest[count - _RANKS[count - _LEAST]], out=best)
    return best


class _Cost:
    """L of the first ``counts`` points of trajectories, horizon by horizon: the mean noise amplification, in the unit of the neighbourhoods."""

    def __init__(self, paths: list[Array], counts: list[int], window: int) -> None:
        points, partners = _members(paths, counts, [len(path) for path in paths], window, _HORIZON_NEIGHBOURS)
        members = np.concatenate([points[None], partners])
        self._columns = np.ascontiguousarray(np.concatenate(paths).T)
        self._last = min(len(path) - count for path, count in zip(paths, counts, strict=True))
        spread = 2 / _HORIZON_NEIGHBOURS * self._scatter(members, 1)[:, 0]
        self._members, self._weight = np.ascontiguousarray(members[:, spread > 0]), 1 / spread[spread > 0]
        self._total, self._known = np.zeros((self._members.shape[1], 1)), [np.inf, np.inf]

    def _scatter(self, members: Indices, width: int) -> Array:
        """Return the summed squares of neighbours about the centres of their balls, at ``width`` consecutive times (N, width)."""
        out = np.zeros((members.shape[1], width))
        for windows in sliding_window_view(self._columns, width, axis=1):
            apart = windows[members]
            apart -= apart.mean(axis=0)
            out += np.einsum("knw,knw->nw", apart, apart)
        return out

    def at(self, horizon: int) -> float:
        """Return L for the horizons 2 … ``horizon``."""
        while len(self._known) <= horizon:
            start = len(self._known)
            width = min(_TOGETHER, self._last + 1 - start)
            steps = self._scatter(self._members + start, width) / (_HORIZON_NEIGHBOURS + 1)
            sums = self._total + np.cumsum(steps, axis=1)
            amplification = self._weight @ sums / np.arange(start - 1, start - 1 + width)
            self._known += (0.5 * np.log10(amplification / self._weight.sum())).tolist()
            self._total = sums[:, -1:]
        return self._known[horizon]


def cost_decrease(
    paths: list[Array], trials: list[Array], horizon: int, window: int, known: dict[int, _Cost] | None = None
) -> float:
    """Return L(trials) - L(paths) at its first minimum over the horizons 2 … ``horizon``; negative where the trials predict better.

    Costs of the paths are kept in ``known``, by the number of points they are of.

    Examples
    --------
    >>> t = np.arange(900) * 0.11
    >>> circle = np.column_stack([np.sin(t), np.cos(t)])
    >>> cost_decrease([circle[:, :1]], [circle], 20, 3) < 0
    True
    """
    known, counts = {} if known is None else known, [len(trial) - horizon for trial in trials]
    if sum(counts) not in known:
        known[sum(counts)] = _Cost(paths, counts, window)
    before = known[sum(counts)]
    after = _Cost(trials, counts, window)
    former = np.inf
    for step in range(2, horizon + 1):
        gain = after.at(step) - before.at(step)
        if gain > former and former < 0:
            break
        former = gain
    return float(former)


def _peaks(values: Array) -> Iterable[int]:
    """Return the indices of local maxima, the first of each plateau; with a zero before the first value. The largest where there is none."""
    padded = np.concatenate([[0.0], values])
    found, i = [], 1
    while i < len(padded) - 1:
        stop = i
        while stop + 1 < len(padded) and padded[stop + 1] == padded[i]:
            stop += 1
        if padded[i - 1] < padded[i] and stop + 1 < len(padded) and padded[stop + 1] < padded[i]:
            found.append(i - 1)
        i = stop + 1
    return found or [int(np.argmax(values))]


def _best(epochs: list[Array], paths: list[Array], delays: Indices, window: int) -> tuple[float, int, int, Array]:
    """Return the largest decrease of L, its series and delay, and <ε*>."""
    continuity = continuity_statistic(epochs, paths, delays, window)
    candidates = [(c, int(delays[at])) for c in range(len(continuity)) for at in _peaks(continuity[c])]
    known: dict[int, _Cost] = {}
    gains = []
    for c, delay in candidates:
        trials = [append_series(path, x[c], delay) for path, x in zip(paths, epochs, strict=True)]
        gains.append(cost_decrease(paths, trials, int(delays.max()), window, known))
    least = int(np.argmin(gains))
    return gains[least], *candidates[least], continuity


def pecuzal(
    epochs: list[Array], delays: Indices, window: int, *, threshold: float = 0.0, max_cycles: int = 50
) -> PecuzalEmbedding:
    """Return the embedding of standardised epochs (n, T_i).

    Examples
    --------
    >>> found = pecuzal([np.random.default_rng(0).normal(size=(1, 400))], np.arange(8), 1)
    >>> found.delays, found.reason[:13]
    ((0,), 'L would chang')
    """
    series = range(epochs[0].shape[0])
    starts = [_best(epochs, [x[c][:, None] for x in epochs], delays, window) for c in series]
    first = int(np.argmin([start[0] for start in starts]))
    gain, added, delay, continuity = starts[first]
    paths, channels, chosen = [x[first][:, None] for x in epochs], [first], [0]
    decreases: list[float] = []
    statistics = [continuity]
    reason = ""
    while not reason:
        if gain > -threshold:
            reason = f"L would change by {gain:+.3f}"
            break
        channels.append(added)
        chosen.append(delay)
        decreases.append(gain)
        paths = [append_series(path, x[added], delay) for path, x in zip(paths, epochs, strict=True)]
        left = min(len(path) for path in paths) - 2 * int(delays.max()) - 2 * window - _NEIGHBOURS
        if left < 1:
            reason = "too few points for another cycle"
        elif len(decreases) == max_cycles:
            reason = f"{max_cycles} cycles without an end"
        else:
            gain, added, delay, continuity = _best(epochs, paths, delays, window)
            statistics.append(continuity)
    return PecuzalEmbedding(tuple(channels), tuple(chosen), tuple(decreases), tuple(statistics), reason)
