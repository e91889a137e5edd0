"""Crossings of closed polygons in the plane.

Definition: two segments cross if each separates the ends of the other strictly.
Convention: segment k of a polygon runs from its point k to the next; touching ends are no crossings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["polygon_crossings"]

Array = NDArray[np.float64]
_ROWS = 256


def _turn(a: Array, b: Array, c: Array) -> Array:
    """Return twice the area of the triangles a, b, c, positive if anticlockwise."""
    ab, ac = b - a, c - a
    return np.asarray(ab[..., 0] * ac[..., 1] - ab[..., 1] * ac[..., 0])


def _overlaps(starts: Array, ends: Array) -> NDArray[np.int64]:
    """Return the pairs ``(m, 2)`` of segments, first below second, whose boxes overlap."""
    low, high = np.minimum(starts, ends), np.maximum(starts, ends)
    pairs = []
    for first in range(0, len(starts), _ROWS):
        rows = slice(first, first + _ROWS)
        apart = (low[rows, None, 0] > high[None, first:, 0]) | (high[rows, None, 0] < low[None, first:, 0])
        apart |= (low[rows, None, 1] > high[None, first:, 1]) | (high[rows, None, 1] < low[None, first:, 1])
        i, j = np.nonzero(~apart)
        pairs.append(np.column_stack([i + first, j + first])[i < j])
    return np.concatenate(pairs) if pairs else np.zeros((0, 2), dtype=np.int64)


def polygon_crossings(
    polygons: Sequence[Array], *, closed: Sequence[bool] | None = None
) -> list[tuple[tuple[int, float], tuple[int, float]]]:
    """Return all crossings of polygons ``(n, 2)``, with each other and with themselves.

    Parameters
    ----------
    polygons : sequence of ndarray
        Their points.
    closed : sequence of bool, optional
        Which of them have a segment from the last point to the first; by default all.

    Returns
    -------
    list of ((polygon, place), (polygon, place))
        A place k + s lies on segment k at the fraction s.

    Examples
    --------
    >>> bow = np.array([[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]])
    >>> polygon_crossings([bow])
    [((0, 0.5), (0, 2.5))]
    """
    starts = np.concatenate([np.asarray(p, dtype=float) for p in polygons])
    ends = np.concatenate([np.roll(np.asarray(p, dtype=float), -1, axis=0) for p in polygons])
    owner = np.repeat(np.arange(len(polygons)), [len(p) for p in polygons])
    place = np.concatenate([np.arange(len(p)) for p in polygons])
    last = np.cumsum([len(p) for p in polygons]) - 1
    drawn = np.ones(len(starts), dtype=bool)
    drawn[last] = True if closed is None else np.asarray(closed, dtype=bool)
    i, j = _overlaps(starts, ends).T
    from_first, to_first = _turn(starts[i], ends[i], starts[j]), _turn(starts[i], ends[i], ends[j])
    from_second, to_second = _turn(starts[j], ends[j], starts[i]), _turn(starts[j], ends[j], ends[i])
    cross = (from_first * to_first < 0) & (from_second * to_second < 0) & drawn[i] & drawn[j]
    s = from_second[cross] / (from_second[cross] - to_second[cross])
    t = from_first[cross] / (from_first[cross] - to_first[cross])
    i, j = i[cross], j[cross]
    firsts = zip(owner[i].tolist(), (place[i] + s).tolist(), strict=True)
    seconds = zip(owner[j].tolist(), (place[j] + t).tolist(), strict=True)
    return list(zip(firsts, seconds, strict=True))
