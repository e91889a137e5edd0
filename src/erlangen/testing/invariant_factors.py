"""Invariant factors of a sparse integer matrix, in exact Python integers.

Definition: the diagonal ``d_1 | d_2 | … | d_r`` of the Smith normal form ``U A V`` with ``U, V`` unimodular (Hatcher, §2.2; Newman, Integral Matrices, II.9).
Convention: rows are mappings ``column -> entry``; the factors are positive and in order of divisibility, units included.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

__all__ = ["invariant_factors"]

Row = dict[int, int]


def _subtract(row: Row, factor: int, other: Row) -> None:
    for j, value in other.items():
        left = row.get(j, 0) - factor * value
        if left:
            row[j] = left
        else:
            row.pop(j, None)


def _smallest(rows: Sequence[Row]) -> tuple[int, int]:
    """Return row and column of an entry of least size, in the shortest such row."""
    _, _, i, j = min((abs(value), len(row), i, j) for i, row in enumerate(rows) for j, value in row.items())
    return i, j


def _clear(rows: list[Row], i: int, j: int) -> bool:
    """Reduce column ``j`` by row ``i`` and row ``i`` by column ``j``; return whether both are clear."""
    pivot = rows[i][j]
    for k, row in enumerate(rows):
        if k != i and j in row:
            _subtract(row, row[j] // pivot, rows[i])
    if any(k != i and j in row for k, row in enumerate(rows)):
        return False
    rows[i] = {column: value % pivot for column, value in rows[i].items() if column != j and value % pivot}
    clear = not rows[i]
    rows[i][j] = pivot
    return clear


def _divisibility(diagonal: list[int]) -> list[int]:
    """Return the factors in order of divisibility, by ``(a, b) -> (gcd, lcm)``."""
    for i in range(len(diagonal)):
        for j in range(i + 1, len(diagonal)):
            common = gcd(diagonal[i], diagonal[j])
            diagonal[i], diagonal[j] = common, diagonal[i] * diagonal[j] // common
    return diagonal


def invariant_factors(rows: Sequence[Row]) -> tuple[int, ...]:
    """Return the invariant factors of an integer matrix given by its rows.

    Examples
    --------
    >>> invariant_factors([{0: 2, 1: 4}, {0: 6, 1: 8}])
    (2, 4)
    """
    left = [dict(row) for row in rows if row]
    diagonal = []
    while left:
        i, j = _smallest(left)
        while not _clear(left, i, j):
            i, j = _smallest(left)
        diagonal.append(abs(left.pop(i)[j]))
        left = [row for row in left if row]
    return tuple(_divisibility(diagonal))
