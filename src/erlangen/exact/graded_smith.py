"""Smith's normal form of a homogeneous matrix over F[H], by its entries at H = 1.

Definition: rows and columns have labels; the entry (i, j) stands for c H^k, k = label of row i - label of column j in units of H's degree.
Convention: pivots of least exponent go first, so that each divides what is left: the pivots' exponents are the elementary divisors.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from erlangen.errors import DomainError
from erlangen.exact.ring import Element, Ring

__all__ = ["Pivot", "graded_pivots"]


class Pivot(NamedTuple):
    """One elementary divisor: the pivot's column (source), row (target) and the exponent, in units of the labels."""

    source: int
    target: int
    exponent: int


def graded_pivots(
    columns: Mapping[int, Mapping[int, Element]], sources: Sequence[int], targets: Sequence[int], ring: Ring
) -> list[Pivot]:
    """Return the pivots of a matrix over a field that respects a filtration, in the order of exponents.

    Parameters
    ----------
    columns : mapping from column to mapping from row to element
        Not changed.
    sources, targets : sequence of int
        Labels of columns and rows.
    ring : Ring
        A field.

    Raises
    ------
    DomainError
        If the ring is no field, or an entry lowers the label.

    References
    ----------
    A. Zomorodian and G. Carlsson, Computing persistent homology, Discrete Comput. Geom. 33 (2005), sec. 4.2.
    """
    if not ring.is_field:
        message = f"{ring}[H] is no principal ideal domain: {ring} is no field"
        raise DomainError(message, hint="work over Q or a prime field")
    work = {j: dict(column) for j, column in columns.items() if column}
    rows: dict[int, set[int]] = {}
    queue: list[tuple[int, int, int]] = []
    for j, column in work.items():
        for i in column:
            rows.setdefault(i, set()).add(j)
            if targets[i] < sources[j]:
                message = f"the entry ({i}, {j}) lowers the label from {sources[j]} to {targets[i]}"
                raise DomainError(message, hint="a filtered differential keeps or raises labels")
            queue.append((targets[i] - sources[j], j, i))
    heapq.heapify(queue)
    pivots: list[Pivot] = []
    while queue:
        exponent, j, i = heapq.heappop(queue)
        if j not in work or i not in work[j]:
            continue
        pivots.append(Pivot(j, i, exponent))
        for k, row in _split(work, rows, j, i, ring):
            heapq.heappush(queue, (targets[row] - sources[k], k, row))
    return pivots


def _split(
    work: dict[int, dict[int, Element]], rows: dict[int, set[int]], j: int, i: int, ring: Ring
) -> list[tuple[int, int]]:
    """Split the pivot (i, j) off and return the places (column, row) that became different from zero."""
    pivot = work.pop(j)
    inverse = ring.inverse(pivot.pop(i))
    others = rows.pop(i) - {j}
    for row in pivot:
        rows[row].discard(j)
    born: list[tuple[int, int]] = []
    for k in others:
        column = work[k]
        factor = column.pop(i) * inverse
        for row, value in pivot.items():
            old = column.get(row, 0)
            new = ring.element(old - factor * value)
            if new:
                column[row] = new
                if not old:
                    rows[row].add(k)
                    born.append((k, row))
            elif old:
                del column[row]
                rows[row].discard(k)
        if not column:
            del work[k]
    return born
