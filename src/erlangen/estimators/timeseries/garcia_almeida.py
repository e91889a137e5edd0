r"""The embedding of García and Almeida: delays at which neighbours stay neighbours as time goes on.

Definition: :math:`N(\tau)` is the share of points of :math:`[Y, s(\cdot + \tau)]` whose nearest neighbour is more than r times as far away T samples
later; each cycle appends the series whose N has the earliest local minimum (Phys. Rev. E 71 (2005) 037204 and 72 (2005) 027205).
Convention: r = 10, T = 1 as in the papers; a plateau counts from its first delay, the global minimum where there is no local one; ends as MDOP does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from erlangen.estimators.timeseries.cycles import append_series, false_neighbour_share, reason_to_stop
from erlangen.estimators.timeseries.theiler_neighbours import nearest_in_series, nearest_neighbours

__all__ = ["GarciaAlmeidaEmbedding", "first_local_minimum", "garcia_almeida", "stretched_share"]

_TINY = 1e-12

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class GarciaAlmeidaEmbedding:
    """Channels and delays of the embedding, and how they were found.

    ``stretched`` has one array for each cycle: N (n, n, m) in the first, (n, m) later, m the number of delays that had to be looked
    at; ``fnn`` one share of false neighbours for each.
    """

    channels: tuple[int, ...]
    delays: tuple[int, ...]
    stretched: tuple[Array, ...]
    fnn: tuple[float, ...]
    reason: str


def stretched_share(path: Array, window: int, horizon: int = 1, ratio: float = 10.0) -> tuple[int, int]:
    """Return how many points of a trajectory (N, d) have a neighbour that is ``ratio`` times as far ``horizon`` samples later, and of how many.

    Points that coincide with their neighbour are left out: their distance has no ratio.

    Examples
    --------
    >>> stretched_share(np.array([[0.0], [0.1], [0.21], [9.0], [9.1], [30.0]]), 0)
    (3, 5)
    """
    count = len(path) - horizon
    index, distance = nearest_neighbours(path[:count], window)
    held = np.flatnonzero((index[:, 0] >= 0) & (distance[:, 0] > _TINY))
    later = np.linalg.norm(path[held + horizon] - path[index[held, 0] + horizon], axis=1)
    return int(np.count_nonzero(later > ratio * distance[held, 0])), len(held)


def _turn(values: Array) -> tuple[int | None, bool]:
    """Return where the values fell last before they rise for the first time, and whether they have risen yet."""
    start = None
    for i in range(1, len(values)):
        if values[i] < values[i - 1]:
            start = i
        elif values[i] > values[i - 1] and start is not None:
            return start, True
    return start, False


def first_local_minimum(values: Array) -> int:
    """Return the first index inside at which the values turn from falling to rising; the index of the least where they do not.

    Examples
    --------
    >>> first_local_minimum(np.array([3.0, 1.0, 1.0, 2.0])), first_local_minimum(np.array([1.0, 2.0, 3.0]))
    (1, 0)
    """
    start, risen = _turn(values)
    return start if risen and start is not None else int(np.argmin(values))


class _Search:
    """N of several candidates, delay by delay, until the earliest of their local minima is certain."""

    def __init__(self, epochs: list[Array], window: int, horizon: int, ratio: float) -> None:
        self._epochs, self._options = epochs, (window, horizon, ratio)

    def run(self, starts: list[list[Array]], delays: Indices) -> tuple[int, int, Array]:
        """Return the candidate of the earliest minimum, its place among the delays, and N (candidates, m).

        Candidates are the series appended to the first trajectories, then those appended to the second …; the first of equals wins.
        """
        rows: list[list[float]] = [[] for _ in range(len(starts) * self._epochs[0].shape[0])]
        for delay in delays:
            shares = (self._share(paths, c, int(delay)) for paths in starts for c in range(self._epochs[0].shape[0]))
            for row, share in zip(rows, shares, strict=True):
                row.append(share)
            if _is_certain(rows):
                break
        places = [first_local_minimum(np.array(row)) if _turn(np.array(row))[1] else len(delays) for row in rows]
        if min(places) == len(delays):
            places = [int(np.argmin(row)) for row in rows]
        return int(np.argmin(places)), min(places), np.array(rows)

    def _share(self, paths: list[Array], channel: int, delay: int) -> float:
        counts = [
            stretched_share(append_series(path, x[channel], delay), *self._options)
            for path, x in zip(paths, self._epochs, strict=True)
        ]
        return sum(part for part, _ in counts) / max(1, sum(total for _, total in counts))


def _is_certain(rows: list[list[float]]) -> bool:
    """Whether no row that has yet to rise can have an earlier minimum than those that have risen."""
    turns = [_turn(np.array(row)) for row in rows]
    least = min((start for start, risen in turns if risen and start is not None), default=None)
    return least is not None and all(risen or start is None or start > least for start, risen in turns)


def garcia_almeida(
    epochs: list[Array],
    delays: Indices,
    window: int,
    *,
    horizon: int = 1,
    threshold: float = 0.05,
    ratio: float = 10.0,
    max_cycles: int = 50,
) -> GarciaAlmeidaEmbedding:
    """Return the embedding of standardised epochs (n, T_i); shares are taken over all their points.

    Delays are looked at one after the other, for all series at once, and no further than the earliest minimum.

    Examples
    --------
    >>> x = np.sin(np.arange(800) * 0.3) + np.sin(np.arange(800) * 0.3 * 2**0.5)
    >>> found = garcia_almeida([(x / x.std(ddof=1))[None]], np.arange(12), 5)
    >>> found.channels[0], found.delays[0], len(found.fnn) == len(found.delays)
    (0, 0, True)
    """
    n, search = epochs[0].shape[0], _Search(epochs, window, horizon, ratio)
    pair, place, table = search.run([[x[c][:, None] for x in epochs] for c in range(n)], delays)
    start, added = divmod(pair, n)
    channels, chosen, statistics = [start, added], [0, int(delays[place])], [table.reshape(n, n, -1)]
    paths = [x[start][:, None] for x in epochs]
    old = [nearest_in_series(x[start : start + 1], window)[1][0] for x in epochs]
    shares: list[float] = []
    while True:
        paths = [append_series(path, x[channels[-1]], chosen[-1]) for path, x in zip(paths, epochs, strict=True)]
        new = [nearest_neighbours(path, window)[1][:, 0] for path in paths]
        before = np.concatenate([a[: len(b)] for a, b in zip(old, new, strict=True)])
        shares.append(false_neighbour_share(before, np.concatenate(new)))
        left = min(len(path) for path in paths) - int(delays.max()) - window - horizon
        if reason := reason_to_stop(shares, threshold, max_cycles, left):
            kept = len(shares)
            return GarciaAlmeidaEmbedding(
                tuple(channels[:kept]), tuple(chosen[:kept]), tuple(statistics), tuple(shares), reason
            )
        added, place, table = search.run([paths], delays)
        channels.append(added)
        chosen.append(int(delays[place]))
        statistics.append(table)
        old = new
