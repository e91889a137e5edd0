"""Gaussian elimination of complexes: generators joined by a unit are cancelled.

Definition: a unit u: x -> y splits off as a contractible summand; every other a -> b becomes (a -> b) - (x -> b) u^-1 (a -> y) (Bar-Natan 2007, lemma 3.2).
Convention: where generators have labels, only units that keep the label are cancelled, so that the filtered homotopy type stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erlangen.exact.ring import Ring

__all__ = ["cancel"]

Columns = dict[int, dict[int, Any]]


def cancel(
    columns: Mapping[int, Columns], labels: Mapping[int, Sequence[int]], ring: Ring
) -> tuple[dict[int, list[int]], dict[int, Columns]]:
    """Return which generators are left in each degree, and the columns of the differentials between them (old numbers).

    Parameters
    ----------
    columns : mapping from degree to columns
        ``columns[k][j][i]`` is the entry from generator j of degree k to generator i of degree k + 1; not changed.
    labels : mapping from degree to labels
        One label a generator.
    ring : Ring
        Its units are cancelled.
    """
    gone: dict[int, set[int]] = {k: set() for k in labels}
    left: dict[int, Columns] = {}
    for k in sorted(labels):
        work = {j: dict(column) for j, column in columns.get(k, {}).items() if j not in gone[k]}
        if k + 1 in labels:
            sources, targets = _cancelled(work, labels[k], labels[k + 1], ring)
            gone[k] |= sources
            gone[k + 1] |= targets
        left[k] = work
    kept = {k: [j for j in range(len(labels[k])) if j not in gone[k]] for k in labels}
    for k, work in left.items():
        removed = gone[k]
        left[k] = {j: column for j, column in work.items() if j not in removed and column}
        below = gone.get(k + 1, set())
        for column in left[k].values():
            for i in below & column.keys():
                del column[i]
    return kept, {k: {j: column for j, column in work.items() if column} for k, work in left.items()}


def _unit(
    column: dict[int, Any], label: int, targets: Sequence[int], rows: dict[int, set[int]], ring: Ring
) -> int | None:
    """Return the row of the column's unit that keeps the label and meets fewest columns."""
    units = (i for i, value in column.items() if targets[i] == label and ring.is_unit(value))
    return min(units, key=lambda i: len(rows[i]), default=None)


def _cancelled(work: Columns, sources: Sequence[int], targets: Sequence[int], ring: Ring) -> tuple[set[int], set[int]]:
    """Cancel all units of one differential, in place; return the sources and targets that are gone."""
    rows: dict[int, set[int]] = {}
    for j, column in work.items():
        for i in column:
            rows.setdefault(i, set()).add(j)
    gone: set[int] = set()
    met: set[int] = set()
    waiting = sorted(work, key=lambda j: len(work[j]), reverse=True)
    while waiting:
        j = waiting.pop()
        if j not in work:
            continue
        unit = _unit(work[j], sources[j], targets, rows, ring)
        if unit is not None:
            waiting += _cancel_pair(work, rows, j, unit, ring)
            gone.add(j)
            met.add(unit)
    return gone, met


def _cancel_pair(work: Columns, rows: dict[int, set[int]], j: int, i: int, ring: Ring) -> list[int]:
    """Cancel the pair j -> i and return the columns that changed."""
    pivot = work.pop(j)
    inverse = ring.inverse(pivot.pop(i))
    others = rows.pop(i) - {j}
    for row in pivot:
        rows[row].discard(j)
    for k in others:
        column = work[k]
        factor = column.pop(i) * inverse
        for row, value in pivot.items():
            new = ring.element(column.get(row, 0) - factor * value)
            if new:
                column[row] = new
                rows[row].add(k)
            elif row in column:
                del column[row]
                rows[row].discard(k)
    return list(others)
